// One document run by the gateway's executor and by graphql-js over the same world, and what differs.

import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { OPEN_VIEW } from '../../../src/graph/access/access.ts';
import type { Plan } from '../../../src/graph/plan.ts';
import { aWorld, textOf, type World } from './a-world.ts';
import type { Choices } from './choices.ts';
import { settle } from './unhandled.ts';

export interface Subject {
  readonly schema: GraphQLSchema;
  readonly text: string;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly plan: Plan;
  readonly variables: (choices: Choices) => Record<string, unknown>;
}

export interface Comparison {
  readonly ours: string;
  readonly theirs: string;
  /** What is needed to see the difference again. */
  readonly about: string;
}

/** @param afterOurs called when everything that our run has begun is over */
export async function compare(
  subject: Subject,
  choices: Choices,
  afterOurs: () => void = () => {},
): Promise<Comparison> {
  const { schema, document, operationName, plan } = subject;
  const variables = subject.variables(choices);
  const seed = choices.below(2 ** 32);
  const failures = choices.pick([0, 4, 20, 100]);
  const promises = choices.pick([0, 200, 700]);

  const ourWorld = aWorld(seed, failures, promises);
  const ours = seen(await plan.run(ourWorld, structuredClone(variables), OPEN_VIEW), ourWorld);
  if (promises > 0) await settle(() => ourWorld.pending > 0);
  afterOurs();

  const theirWorld = aWorld(seed, failures, promises);
  const theirs = seen(
    await execute({
      schema,
      document,
      operationName,
      contextValue: theirWorld,
      variableValues: structuredClone(variables),
    }),
    theirWorld,
  );
  if (promises > 0) await settle(() => theirWorld.pending > 0);
  return {
    ours,
    theirs,
    about: `${subject.text}\n${operationName} ${JSON.stringify({ variables, seed, failures, promises })}`,
  };
}

/** What can be seen of an answer: data with the order of its keys, errors and calls in their order. */
const seen = (result: ExecutionResult, { calls }: World): string =>
  [
    Object.keys(result).join(),
    'data' in result ? textOf(result.data) : '',
    ...(result.errors ?? []).map(shown),
    ...calls,
  ].join('\n');

const shown = (error: GraphQLError): string =>
  JSON.stringify([
    error.message,
    error.path,
    error.locations,
    error.originalError?.name,
    (error.originalError as { code?: unknown } | undefined)?.code,
    error.extensions,
  ]);
