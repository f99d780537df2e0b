// The root fields of a mutation, one after the other.

import { executeField } from './complete.ts';
import type { FieldPlan, Run, Selection, Values } from './model.ts';
import { isPromise } from './promises.ts';

/** Field after field: the next begins when the one before has ended. */
export function executeFieldsSerially(
  run: Run,
  selection: Selection,
  source: unknown,
): Values | PromiseLike<Values> {
  const put = (result: Values, field: FieldPlan): Values | PromiseLike<Values> => {
    const completed = executeField(run, field, source, undefined);
    if (completed === undefined) {
      delete result[field.key];
      return result;
    }
    const set = (value: unknown) => {
      result[field.key] = value;
      return result;
    };
    return isPromise(completed) ? completed.then(set) : set(completed);
  };
  let result: Values | PromiseLike<Values> = { ...selection.template };
  for (const field of selection.fields) {
    result = isPromise(result)
      ? (result as PromiseLike<Values>).then((settled) => put(settled, field))
      : put(result as Values, field);
  }
  return result;
}
