// The executor against graphql-js over the gateway's own connectors: equal answers, and the sources receive the same
// requests in the same order. A field that a condition leaves out causes none, and only connectors that the plan names are
// called. EXECUTE_DOCUMENTS=100000 for the long run; EXECUTE_SEED repeats one.

import fc from 'fast-check';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  NoUnusedVariablesRule,
  parse,
  type SelectionNode,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { isGatewayError } from '../../../src/errors.ts';
import { OPEN_VIEW } from '../../../src/graph/access/access.ts';
import { createPlan } from '../../../src/graph/plan.ts';
import type { RequestContext } from '../../../src/request/context.ts';
import { aBoundSchema } from './a-bound-schema.ts';
import { aDocument, type DocumentOptions } from './a-document.ts';
import { aChoices, numbers } from './choices.ts';
import { settle, watchUnhandled } from './unhandled.ts';

const DOCUMENTS = Number(process.env.EXECUTE_DOCUMENTS ?? 1_500);
const SEED = Number(process.env.EXECUTE_SEED ?? Date.now() % 2 ** 31);

const OPTIONS: DocumentOptions = {
  depth: 6,
  literals: {
    DossierCode: ['"000.00.00.H26-260609-0002"'],
    ProcedureCode: ['"1.005129"'],
    DateTime: ['"2026-06-09T08:30:00+07:00"'],
  },
  values: {
    DossierCode: ['000.00.00.H26-260609-0002'],
    ProcedureCode: ['1.005129'],
    DateTime: ['2026-06-09T08:30:00Z'],
  },
  // Fields for operators are no part of this.
  without: (type, field) =>
    (type === 'Mutation' && field !== 'visit') || (type === 'Query' && field === 'connectorHealth'),
};
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);

const bound = aBoundSchema();
const { schema, connectorsAt } = bound;
const unhandled = watchUnhandled();

/** Ages are compared too: both runs see the same time. */
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 }));
afterAll(() => void vi.useRealTimers());

interface Seen {
  readonly answer: string;
  readonly requests: readonly string[];
}

function seen(result: ExecutionResult, context: RequestContext): Seen {
  const errors = (result.errors ?? []).map((error) => {
    const root = error.originalError;
    const code = isGatewayError(root) ? `${root.code} ${root.connector} ${root.operation}` : error.message;
    return JSON.stringify([code, error.path, error.locations]);
  });
  const rows = JSON.stringify(
    context.tally.rows(() => 'CLOSED').map(({ durationMs: _durationMs, ...row }) => row),
  );
  const requests = bound.requestsOf(context);
  return { answer: [JSON.stringify(result.data), ...errors, rows].join('\n'), requests };
}

/** The same document without what its conditions leave out; undefined where a condition has no value. */
function settled(
  document: DocumentNode,
  name: string,
  inputs: Record<string, unknown>,
): DocumentNode | undefined {
  const definitions = getOperationAST(document, name)?.variableDefinitions ?? [];
  const { coerced: variables } = getVariableValues(schema, definitions, inputs);
  if (variables === undefined) return undefined;
  const isOut = (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false;
  const leaveOut = (node: SelectionNode) => (isOut(node) ? null : undefined);
  try {
    const without = visit(document, { Field: leaveOut, InlineFragment: leaveOut, FragmentSpread: leaveOut });
    return visit(without, { Directive: () => null });
  } catch {
    return undefined;
  }
}

it(`documents at random · run by both · then equal answers and requests (seed ${SEED})`, async () => {
  let requested = 0;
  let failed = 0;
  let compared = 0;
  const property = fc.asyncProperty(numbers(200, 1500), numbers(50, 200), async (list, more) => {
    const { text, operationNames, variables } = aDocument(schema, aChoices(list), OPTIONS);
    const document = parse(text);
    fc.pre(validate(schema, document, RULES).length === 0);
    const choices = aChoices(more);
    const operationName = choices.pick(operationNames);
    const plan = createPlan(document, operationName, { schema, connectorsAt });
    for (let run = 1; run <= 4; run++) {
      const variableValues = variables(choices);
      const seed = choices.below(2 ** 32);
      const failures = choices.pick([0, 100, 500]);
      const about = `run ${run} of ${text}\n${operationName} ${JSON.stringify({ variableValues, seed, failures })}`;

      const ours = bound.context(seed, failures);
      const answered = await plan.run(ours, structuredClone(variableValues), OPEN_VIEW);
      // Blame: what neither a source's failure nor an argument explains is a value that does not fit.
      for (const error of answered.errors ?? []) {
        if (error.path === undefined || error.message.startsWith('Argument "')) continue;
        const isSource = isGatewayError(error.originalError);
        expect(plan.isMisfit(error), `${error.message} of ${about}`).toBe(!isSource);
        const named = isSource ? [] : (plan.ownerAt(error.path)?.connectors ?? []);
        for (const connector of named) expect(plan.connectors, about).toContain(connector);
      }
      const our = seen(answered, ours);
      await settle();
      unhandled.check();
      if (run === 2 || run === 3) continue;
      const theirs = bound.context(seed, failures);
      const result = await execute({
        schema,
        document,
        operationName,
        contextValue: theirs,
        variableValues: structuredClone(variableValues),
      });
      const their = seen(result, theirs);
      if (our.answer !== their.answer) expect(our.answer, about).toBe(their.answer);
      expect(our.requests, about).toEqual(their.requests);
      requested += our.requests.length;
      failed += result.errors?.length ?? 0;

      const other = settled(document, operationName, variableValues);
      if (other !== undefined) {
        const context = bound.context(seed, failures);
        const { requests } = seen(
          await execute({ schema, document: other, operationName, contextValue: context, variableValues }),
          context,
        );
        expect(our.requests, `without conditions: ${about}`).toEqual(requests);
        compared += 1;
      }
      await settle();
      unhandled.forget();
      for (const request of our.requests) expect(plan.connectors, about).toContain(request.split(' ', 1)[0]);
    }
  });
  await fc.assert(property, { numRuns: DOCUMENTS, seed: SEED, endOnFailure: true });
  expect(requested).toBeGreaterThan(DOCUMENTS);
  expect(failed).toBeGreaterThan(DOCUMENTS / 10);
  expect(compared).toBeGreaterThan(DOCUMENTS);
  console.log(`${DOCUMENTS} documents, ${requested} requests compared, seed ${SEED}`);
}, 3_600_000);
