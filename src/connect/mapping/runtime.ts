// What compiled mappings call while they run: equality, safe writes, merging, and placing list indexes in problems.
// Every function is total: no JSON value makes it throw (but for exhausting the stack, which `run` catches).

import { kindName, type MappingProblem, refuse, type Sink, type Site } from './problem.ts';

type JsonObject = Record<string, unknown>;

/** Equality of JSON values: by value, lists in order, objects by their own keys. */
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

/** Writes an own property, whatever its name: `__proto__` is a key like any other. */
export function putKey(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else target[key] = value;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes a key that may be there already: two objects become one, anything else replaces. */
export function mergeKey(target: JsonObject, key: string, value: unknown): void {
  const old = Object.hasOwn(target, key) ? target[key] : undefined;
  if (isObject(old) && isObject(value)) {
    // A copy: the old value may be a part of the input.
    const both: JsonObject = {};
    for (const name of Object.keys(old)) putKey(both, name, old[name]);
    for (const name of Object.keys(value)) mergeKey(both, name, value[name]);
    putKey(target, key, both);
  } else putKey(target, key, value);
}

/** Adds all keys of a value; null and missing add none, a list or a scalar is reported. */
export function mergeAll(sink: Sink, site: Site, target: JsonObject, value: unknown): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) {
    refuse(sink, site, `expected an object whose keys to add, found ${kindName(value)}`);
    return;
  }
  for (const key of Object.keys(value)) mergeKey(target, key, value[key]);
}

/** Is there no key in it? */
export function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

/** Writes the index of a list element into the problems that its element made (those from `from` on). */
export function placeIndex(sink: MappingProblem[], from: number, marker: number, index: number): void {
  for (let i = from; i < sink.length; i++) {
    const path = sink[i]?.path as (string | number)[];
    const at = path.indexOf(marker);
    if (at !== -1) path.splice(at + 1, 0, index);
  }
}

/** Takes out the markers where indexes could have been. */
export function finishPaths(sink: MappingProblem[], from: number): void {
  for (let i = from; i < sink.length; i++) {
    const path = sink[i]?.path as (string | number)[];
    for (let j = path.length - 1; j >= 0; j--) {
      const part = path[j];
      if (typeof part === 'number' && part < 0) path.splice(j, 1);
    }
  }
}

/** Is the value an element of the list? Anything but a list is compared itself. */
export const isIn = (value: unknown, list: unknown): boolean =>
  Array.isArray(list) ? list.some((item) => isEqual(value, item)) : isEqual(value, list);

/** Reports a condition that is no boolean; a missing one has been reported where it is missing. */
export const notBoolean = (sink: Sink, site: Site, value: unknown): undefined =>
  value === undefined ? undefined : refuse(sink, site, `expected a boolean, found ${kindName(value)}`);

/** A property of an object's own, for keys that every object inherits; lists and scalars have none. */
export const ownKey = (holder: unknown, key: string): unknown =>
  isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;

/** What keys are read from where there is no value at all. */
export const NO_KEYS: Readonly<JsonObject> = Object.freeze({});
