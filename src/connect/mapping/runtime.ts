// Functions that compiled mappings call: equality, writing and merging keys, and list indexes in the paths of problems.
// No JSON value makes them throw, except by exhausting the stack, which `run` catches.

import { kindName, type MappingProblem, reportInvalid, type Sink, type Site } from './problem.ts';

type JsonObject = Record<string, unknown>;

/** Deep equality of JSON values. The order of an object's keys does not matter. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isEqual((a as JsonObject)[key], (b as JsonObject)[key]),
  );
}

/** Writes an own property of any name, `__proto__` included. */
export function putKey(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else target[key] = value;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes a key that may exist already: two objects are merged, any other value replaces the old value. */
export function mergeKey(target: JsonObject, key: string, value: unknown): void {
  const old = Object.hasOwn(target, key) ? target[key] : undefined;
  if (isObject(old) && isObject(value)) {
    // Copied, because the old value may be part of the input.
    const both: JsonObject = {};
    for (const name of Object.keys(old)) putKey(both, name, old[name]);
    for (const name of Object.keys(value)) mergeKey(both, name, value[name]);
    putKey(target, key, both);
  } else putKey(target, key, value);
}

/** Merges all keys of a value; null and missing add none, a list or a scalar is reported. */
export function mergeAll(sink: Sink, site: Site, target: JsonObject, value: unknown): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) {
    reportInvalid(sink, site, `expected an object whose keys to add, found ${kindName(value)}`);
    return;
  }
  for (const key of Object.keys(value)) mergeKey(target, key, value[key]);
}

/** True when the object has no keys. */
export function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

/** Inserts a list index, after its marker, into the paths of the problems from `from` on. */
export function insertIndex(sink: MappingProblem[], from: number, marker: number, index: number): void {
  for (let i = from; i < sink.length; i++) {
    const path = sink[i]?.path as (string | number)[];
    const at = path.indexOf(marker);
    if (at !== -1) path.splice(at + 1, 0, index);
  }
}

/** Removes the markers of list indexes from the paths of the problems from `from` on. */
export function removeMarkers(sink: MappingProblem[], from: number): void {
  for (let i = from; i < sink.length; i++) {
    const path = sink[i]?.path as (string | number)[];
    for (let j = path.length - 1; j >= 0; j--) {
      const part = path[j];
      if (typeof part === 'number' && part < 0) path.splice(j, 1);
    }
  }
}

/** True when the value equals an element of the list, or equals `list` when that is not a list. */
export const isIn = (value: unknown, list: unknown): boolean =>
  Array.isArray(list) ? list.some((item) => isEqual(value, item)) : isEqual(value, list);

/** Reports a condition that is not a boolean, unless it is missing, which has been reported already. Returns missing. */
export const reportNotBoolean = (sink: Sink, site: Site, value: unknown): undefined =>
  value === undefined ? undefined : reportInvalid(sink, site, `expected a boolean, found ${kindName(value)}`);

/** Reads an own property, for keys that every object inherits. Lists and scalars have no keys. */
export const readOwnKey = (holder: unknown, key: string): unknown =>
  isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;

/** The object from which keys are read when there is no input. */
export const EMPTY_OBJECT: Readonly<JsonObject> = Object.freeze({});
