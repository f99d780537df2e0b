// Functions that compiled mappings call: equality, writing and merging keys, own keys. They charge the steps of a run in
// proportion to their work and throw nothing but MappingLimitError.

import { compareNumbers, isExactNumber } from '../../exact-number.ts';
import { type RunState, spend, spendText } from './budget.ts';
import { isObject, type JsonObject, kindName } from './json.ts';
import { type ProblemSink, reportInvalid, type Site } from './problem.ts';

/** Comparing this many characters costs a step. */
const COMPARED_CHARACTERS = 16;

/** Steps of comparing two values, besides the characters of long texts and the keys of objects. */
const COMPARISON_STEPS = 4;

/** Deep equality of JSON values. The order of an object's keys does not matter. */
export function isEqual(run: RunState, a: unknown, b: unknown): boolean {
  spend(run, COMPARISON_STEPS);
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length !== b.length) return false;
    if (a.length > COMPARED_CHARACTERS) spendText(run, a.length, COMPARED_CHARACTERS);
    return a === b;
  }
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(run, item, b[i]));
  }
  if (Array.isArray(b)) return false;
  if (isExactNumber(a) || isExactNumber(b)) {
    return isExactNumber(a) && isExactNumber(b) && compareNumbers(a, b) === 0;
  }
  const keys = listKeys(run, a as JsonObject);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isEqual(run, (a as JsonObject)[key], (b as JsonObject)[key]),
  );
}

// Objects with very many keys are hash tables: listing or adding a key takes ten times as long.
const MANY_KEYS = 128;
const KEY_STEPS = 8;
const KEY_STEPS_OF_MANY = 150;

/** The keys of an object. Charges for listing them and for writing each to another object or list. */
export function listKeys(run: RunState, object: JsonObject): string[] {
  const keys = Object.keys(object);
  spend(run, keys.length * (keys.length > MANY_KEYS ? KEY_STEPS_OF_MANY : KEY_STEPS));
  return keys;
}

/** Writes an own property of any name, `__proto__` included. */
export function putKey(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else target[key] = value;
}

/** Writes a key that may exist already: two objects are merged, any other value replaces the old value. */
export function mergeKey(run: RunState, target: JsonObject, key: string, value: unknown): void {
  const old = Object.hasOwn(target, key) ? target[key] : undefined;
  if (isObject(old) && isObject(value)) {
    // Copied, because the old value may be part of the input.
    const both: JsonObject = {};
    const oldNames = listKeys(run, old);
    for (const name of oldNames) putKey(both, name, old[name]);
    mergeKeys(run, both, value);
    putKey(target, key, both);
  } else putKey(target, key, value);
}

function mergeKeys(run: RunState, target: JsonObject, added: JsonObject): void {
  for (const name of listKeys(run, added)) mergeKey(run, target, name, added[name]);
}

/** Merges all keys of a value; null and missing add none, a list or a scalar is reported. */
export function mergeAll(run: RunState, site: Site, target: JsonObject, value: unknown): void {
  if (value === undefined || value === null) return;
  if (isObject(value)) mergeKeys(run, target, value);
  else reportInvalid(run, site, `expected an object whose keys to add, found ${kindName(value)}`);
}

/** True when no key was found: `value`, from which the object's keys were read, is a scalar, and the object is empty. */
export function hasNothing(object: object | null, value: unknown): boolean {
  if (Array.isArray(value) || isObject(value)) return false;
  for (const _key in object) return false;
  return true;
}

/** True when the value equals an element of the list. Reports anything but a list. */
export const isIn = (run: RunState, site: Site, value: unknown, list: unknown): boolean | undefined =>
  Array.isArray(list)
    ? list.some((item) => isEqual(run, value, item))
    : reportInvalid(run, site, `expected a list, found ${kindName(list)}`);

/** Reports a condition that is not a boolean, unless it is missing, which has been reported already. Returns missing. */
export const reportNotBoolean = (sink: ProblemSink, site: Site, value: unknown): undefined =>
  value === undefined ? undefined : reportInvalid(sink, site, `expected a boolean, found ${kindName(value)}`);

/** Reads an own property, for keys that every object inherits. Lists and scalars have no keys. */
export const readOwnKey = (holder: unknown, key: string): unknown =>
  isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;

/** The object from which keys are read when there is no input. */
export const EMPTY_OBJECT: Readonly<JsonObject> = Object.freeze({});
