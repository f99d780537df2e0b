// The run itself: fields, values, lists and objects, step by step as graphql-js 16 executes them. Promises are chained as
// there, too, so that where several fields fail at once the same errors are reported.

import { defaultTypeResolver, GraphQLError, type GraphQLObjectType } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { runtimeType } from './abstract-types.ts';
import { readArguments } from './arguments.ts';
import { spendObject, spendValues } from './budget.ts';
import { locate } from './errors.ts';
import { infoOf } from './info.ts';
import { isUnchanged, serialize } from './leaves.ts';
import type { FieldPlan, Info, Path, Run, Selection, Values } from './model.ts';
import { abandon, isPromise } from './promises.ts';
import type { AbstractValue, LeafValue, ListValue, ValueType } from './value-types.ts';

/** Objects inside each other that are completed on one stack; deeper ones continue on an empty stack. */
const MAX_DEPTH = 300;
/** Estimated bytes of a value in a list. */
const LEAF_BYTES = 24;

// —— the fields of an object ——

export function executeFields(
  run: Run,
  selection: Selection,
  source: unknown,
  path: Path | undefined,
): Values | Promise<Values> {
  const result: Values = { ...selection.template };
  const { fields } = selection;
  const readable = isReadable(source) ? source : undefined;
  let pending: Pending | undefined;
  run.depth += 1;
  try {
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as FieldPlan;
      const completed = field.isPlainLeaf
        ? readLeaf(run, field, readable, path)
        : executeField(run, field, source, path);
      if (isPromise(completed)) {
        pending ??= { fields: [], promises: [] };
        pending.fields.push(field);
        pending.promises.push(completed);
      } else if (completed === undefined) delete result[field.key];
      else result[field.key] = completed;
    }
  } catch (error) {
    if (pending === undefined) throw error;
    // Fields that have begun may fail as well: the error waits for them.
    return fillIn(result, pending).finally(() => {
      throw error;
    });
  } finally {
    run.depth -= 1;
  }
  return pending === undefined ? result : fillIn(result, pending);
}

const isReadable = (source: unknown): source is Values =>
  typeof source === 'object' ? source !== null : typeof source === 'function';

/** Fields whose values are still to come. */
interface Pending {
  readonly fields: FieldPlan[];
  readonly promises: PromiseLike<unknown>[];
}

const fillIn = (result: Values, { fields, promises }: Pending): Promise<Values> =>
  Promise.all(promises).then((values) => {
    for (let i = 0; i < fields.length; i++) result[(fields[i] as FieldPlan).key] = values[i];
    return result;
  });

// —— one field ——

/** A leaf that is a property: neither a promise nor a path nor an `info` unless the value is an unusual one. */
function readLeaf(run: Run, field: FieldPlan, source: Values | undefined, parent: Path | undefined): unknown {
  const type = field.type as LeafValue;
  try {
    const value = source?.[field.name];
    if (isUnchanged(type, value)) return value;
    if (value == null) return type.isNonNull ? refuseNull(run, field) : null;
    if (typeof value !== 'object' && typeof value !== 'function') {
      const completed = completeLeaf(run, type, value);
      // A scalar may serialize to a promise.
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error) => fail(run, field, type, pathOf(field, parent), error));
    }
    return settleRead(run, field, source as Values, value, pathOf(field, parent));
  } catch (error) {
    return fail(run, field, type, pathOf(field, parent), error);
  }
}

/** One field of any kind. */
export function executeField(run: Run, field: FieldPlan, source: unknown, parent: Path | undefined): unknown {
  const path = pathOf(field, parent);
  const { resolve } = field;
  try {
    if (resolve !== undefined) {
      const info = infoOf(run, field, path);
      const args = readArguments(run, field);
      return settle(run, field, path, info, resolve(source, args, run.context, info));
    }
    // Refused arguments are an error even where nothing reads them.
    const args = field.arguments.when === 'never' ? undefined : readArguments(run, field);
    const value = isReadable(source) ? source[field.name] : undefined;
    return settleRead(run, field, source as Values, value, path, args);
  } catch (error) {
    return fail(run, field, field.type, path, error);
  }
}

const pathOf = ({ key, parentType }: FieldPlan, parent: Path | undefined): Path => ({
  prev: parent,
  key,
  typename: parentType.name,
});

/** What a property holds; a method is called. */
function settleRead(
  run: Run,
  field: FieldPlan,
  source: Values,
  value: unknown,
  path: Path,
  args?: Values,
): unknown {
  if (typeof value !== 'function') {
    return settle(run, field, path, field.needsInfo ? infoOf(run, field, path) : undefined, value);
  }
  const info = infoOf(run, field, path);
  const methods = source as Readonly<Record<string, Method>>;
  const result = (methods[field.name] as Method)(args ?? readArguments(run, field), run.context, info);
  return settle(run, field, path, info, result);
}

type Method = (args: Values, context: unknown, info: Info) => unknown;

/** Completes what a field resolved to, a value or a promise of one. */
function settle(run: Run, field: FieldPlan, path: Path, info: Info | undefined, resolved: unknown): unknown {
  const { type } = field;
  const completed = isPromise(resolved)
    ? resolved.then((value) => completeValue(run, field, type, path, info, value))
    : completeValue(run, field, type, path, info, resolved);
  return isPromise(completed)
    ? completed.then(undefined, (error: unknown) => fail(run, field, type, path, error))
    : completed;
}

/** Null where the type allows it, with the error noted; else the error goes on to the parent. */
function fail(run: Run, field: FieldPlan, { isNonNull }: ValueType, path: Path, error: unknown): null {
  const located = locate(error, field, path);
  if (isNonNull) throw located;
  run.errors.add(located, path);
  return null;
}

// —— values ——

function completeValue(
  run: Run,
  field: FieldPlan,
  type: ValueType,
  path: Path,
  info: Info | undefined,
  value: unknown,
): unknown {
  if (value instanceof Error) throw value;
  if (value == null) return type.isNonNull ? refuseNull(run, field) : null;
  switch (type.kind) {
    case 'leaf':
      return isUnchanged(type, value) ? value : completeLeaf(run, type, value);
    case 'list':
      return completeList(run, field, type, path, info, value);
    case 'object':
      return completeObject(run, field, type.type, path, info, value);
    case 'abstract':
      return completeAbstract(run, field, type, path, info, value);
  }
}

function refuseNull(run: Run, { parentType, name }: FieldPlan): never {
  return run.misfit(new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`));
}

function completeLeaf(run: Run, type: LeafValue, value: unknown): unknown {
  try {
    return serialize(type, value);
  } catch (error) {
    return run.misfit(error);
  }
}

function completeList(
  run: Run,
  field: FieldPlan,
  { item: type }: ListValue,
  path: Path,
  info: Info | undefined,
  list: unknown,
): unknown[] | Promise<unknown[]> {
  if (!isIterable(list)) {
    const place = `${field.parentType.name}.${field.name}`;
    return run.misfit(new GraphQLError(`Expected Iterable, but did not find one for field "${place}".`));
  }
  const items: unknown[] = [];
  let hasPromise = false;
  try {
    for (const item of list) {
      const at = { prev: path, key: items.length, typename: undefined };
      const completed = completeItem(run, field, type, at, info, item);
      if (isPromise(completed)) hasPromise = true;
      items.push(completed);
    }
  } catch (error) {
    // Other items may fail as well, those behind this one too; the error of the list is this one.
    abandon(items);
    abandon(list);
    throw error;
  }
  if (type.kind === 'leaf') spendValues(run.budget, LEAF_BYTES * items.length);
  return hasPromise ? Promise.all(items) : items;
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' &&
  typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function';

function completeItem(
  run: Run,
  field: FieldPlan,
  type: ValueType,
  path: Path,
  info: Info | undefined,
  item: unknown,
): unknown {
  try {
    const completed = isPromise(item)
      ? item.then((value) => completeValue(run, field, type, path, info, value))
      : completeValue(run, field, type, path, info, item);
    return isPromise(completed)
      ? completed.then(undefined, (error: unknown) => fail(run, field, type, path, error))
      : completed;
  } catch (error) {
    return fail(run, field, type, path, error);
  }
}

function completeAbstract(
  run: Run,
  field: FieldPlan,
  { type }: AbstractValue,
  path: Path,
  info: Info | undefined,
  value: unknown,
): unknown {
  const complete = (name: unknown) => {
    let objectType: GraphQLObjectType;
    try {
      objectType = runtimeType(run.operation, field, type, name, value);
    } catch (error) {
      return run.misfit(error);
    }
    return completeObject(run, field, objectType, path, info, value);
  };
  const name: unknown = (type.resolveType ?? defaultTypeResolver)(value, run.context, info as Info, type);
  return isPromise(name) ? name.then(complete) : complete(name);
}

function completeObject(
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  path: Path,
  info: Info | undefined,
  value: unknown,
): unknown {
  const { last } = field;
  const selection = last?.type === type ? last : run.selections.under(field, type);
  if (selection.refusal !== undefined) throw selection.refusal;
  spendObject(run.budget, selection);
  const execute = (isOne: unknown) => {
    if (!isOne) {
      const text = `Expected value of type "${type.name}" but got: ${inspect(value)}.`;
      return run.misfit(new GraphQLError(text, { nodes: field.nodes }));
    }
    // A deep answer must not end in a stack overflow.
    return run.depth < MAX_DEPTH
      ? executeFields(run, selection, value, path)
      : Promise.resolve().then(() => executeFields(run, selection, value, path));
  };
  if (type.isTypeOf == null) return execute(true);
  const isOne: unknown = type.isTypeOf(value, run.context, info as Info);
  return isPromise(isOne) ? isOne.then(execute) : execute(isOne);
}
