// One operation made ready to run: conditions settled by the values of their variables, fields planned as objects occur,
// and every run answered as graphql-js's `execute` answers.

import {
  assertValidSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
} from 'graphql';
import { toError } from 'graphql/jsutils/toError.js';
import { LRUCache } from 'lru-cache';
import { type AccessView, OPEN_VIEW } from '../access/access.ts';
import { createAnswerBudget } from './budget.ts';
import { executeFields } from './complete.ts';
import { conditionKey, conditionValues, conditionVariables } from './conditions.ts';
import { createErrorList } from './errors.ts';
import type { AnswerBudget, Run, Selections, Values } from './model.ts';
import { type SelectedOperation, selectOperation } from './operation.ts';
import { isPromise } from './promises.ts';
import { createSelections } from './selections.ts';
import { executeFieldsSerially } from './serial.ts';
import { prepareVariables } from './variables.ts';

export interface Execution {
  /** Undefined where the document has no such operation: `run` returns graphql-js's error about that. */
  readonly operation: SelectedOperation | undefined;
  /** A result at once where no resolver returned a promise. Never rejects. */
  readonly run: (
    context: unknown,
    variables: Values | undefined,
    access?: AccessView,
    budget?: AnswerBudget,
  ) => ExecutionResult | Promise<ExecutionResult>;
  /** Whether an error of a run is about a value that does not fit the type of its field, not one that a resolver threw. */
  readonly isMisfit: (error: GraphQLError) => boolean;
}

/** Combinations of access rules and condition values whose plans are kept, the least recently used go. */
const MAX_COMBINATIONS = 32;
/** Field plans that a combination may leave in memory after a run. A page has about 70. */
const MAX_FIELD_PLANS = 20_000;

export function createExecution(
  document: DocumentNode,
  operationName: string | null | undefined,
  schema: GraphQLSchema,
): Execution {
  const operation = selectOperation(document, operationName, schema);
  if (operation === undefined) {
    return {
      operation,
      run: () => execute({ schema, document, operationName }) as ExecutionResult,
      isMisfit: () => false,
    };
  }

  const misfits = new WeakSet<Error>();
  const misfit = (thrown: unknown): never => {
    const error = toError(thrown);
    misfits.add(error);
    throw error;
  };
  const selectionsFor = rememberSelections(operation);
  const { definition } = operation;
  const isSerial = definition.operation === 'mutation';

  const start = (run: Run): Values | PromiseLike<Values> => {
    const type = schema.getRootType(definition.operation);
    if (type == null) {
      throw new GraphQLError(`Schema is not configured to execute ${definition.operation} operation.`, {
        nodes: definition,
      });
    }
    const selection = run.selections.root(type);
    if (selection.refusal !== undefined) throw selection.refusal;
    return isSerial
      ? executeFieldsSerially(run, selection, undefined)
      : executeFields(run, selection, undefined, undefined);
  };

  return {
    operation,
    isMisfit: (error) =>
      misfits.has(error) || (error.originalError !== undefined && misfits.has(error.originalError)),
    run: (context, variables = {}, access = OPEN_VIEW, budget = createAnswerBudget()) => {
      assertValidSchema(schema);
      const declared = definition.variableDefinitions ?? [];
      const prepared = prepareVariables(schema, declared, variables);
      if (prepared.values === undefined) return { errors: prepared.errors };
      const { coerced, errors: refused } = getVariableValues(schema, declared, prepared.values, {
        maxErrors: MAX_VARIABLE_ERRORS,
      });
      if (coerced === undefined) return { errors: refused };
      const errors = createErrorList();
      const run: Run = {
        operation,
        selections: selectionsFor(coerced, access),
        context,
        variables: coerced,
        errors,
        misfit,
        arguments: new Map(),
        budget,
        depth: 0,
      };
      const result = (data: Values | null): ExecutionResult =>
        errors.errors.length === 0 ? { data } : { errors: errors.errors, data };
      const failed = (error: unknown): ExecutionResult => {
        errors.add(error as GraphQLError, undefined);
        return result(null);
      };
      try {
        const data = start(run);
        return isPromise(data)
          ? (data.then(result as never, failed) as Promise<ExecutionResult>)
          : result(data as Values);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** As `execute` of graphql-js has it. */
const MAX_VARIABLE_ERRORS = 50;

/** The selections for the access rules of a caller and the values that the conditions have in a run. */
function rememberSelections(
  operation: SelectedOperation,
): (variables: Values, access: AccessView) => Selections {
  const names = conditionVariables(operation);
  const combinations = new LRUCache<string, Selections>({ max: MAX_COMBINATIONS });
  return (variables, access) => {
    const key = conditionKey(names, variables) + access.id;
    let selections = combinations.get(key);
    if (selections === undefined || selections.size() > MAX_FIELD_PLANS) {
      selections = createSelections(operation, conditionValues(names, variables), access);
      combinations.set(key, selections);
    }
    return selections;
  };
}
