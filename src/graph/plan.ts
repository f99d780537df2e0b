// A document made ready once: which connectors it may call, how it runs, and whose value is at a place of its answer.

import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import type { AccessView } from './access/access.ts';
import { refusedFields } from './access/refused-fields.ts';
import { createExecution } from './execute/execution.ts';
import type { AnswerBudget } from './execute/model.ts';
import { expectedConnectors } from './expected-connectors.ts';
import { type Owner, ownerAt } from './owner.ts';

export interface Plan {
  /** Ids of the connectors that the operation may call, in the order of its fields. */
  readonly connectors: readonly string[];
  /** Answers exactly as graphql-js's `execute` does; a result at once where no resolver returned a promise. */
  readonly run: (
    context: unknown,
    variables: Record<string, unknown> | undefined,
    access: AccessView,
    budget?: AnswerBudget,
  ) => ExecutionResult | Promise<ExecutionResult>;
  /** The fields that a caller may not ask, one error each. */
  readonly refusedFields: (access: AccessView) => readonly GraphQLError[];
  /** Whether an error of a run is about a value that does not fit the type of its field, not one that a resolver threw. */
  readonly isMisfit: (error: GraphQLError) => boolean;
  /** Whose value is at a path of the answer; undefined for the store's. For errors only: it walks the document. */
  readonly ownerAt: (path: readonly (string | number)[]) => Owner | undefined;
}

export interface PlanOptions {
  readonly schema: GraphQLSchema;
  readonly connectorsAt: ConnectorsAt;
}

export function createPlan(
  document: DocumentNode,
  operationName: string | null,
  { schema, connectorsAt }: PlanOptions,
): Plan {
  const { operation, run, isMisfit } = createExecution(document, operationName, schema);
  return {
    connectors: operation === undefined ? [] : expectedConnectors(operation, connectorsAt),
    run,
    refusedFields: (access) => (operation === undefined ? [] : refusedFields(operation, access)),
    isMisfit,
    ownerAt: (path) => (operation === undefined ? undefined : ownerAt(path, operation, connectorsAt)),
  };
}
