// Kinds of JSON values. An exact number is an object for JavaScript and a number for the mapping language.

import { isExactNumber } from '../../exact-number.ts';

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/** The kind of a JSON value, as messages name it. */
export function kindName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isExactNumber(value)) return 'a number';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** True when objects and lists are nested in more than `depth` levels. */
export function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(item, depth - 1));
  for (const key in value) if (isDeeperThan((value as JsonObject)[key], depth - 1)) return true;
  return false;
}

// The size of a value is about the length of its JSON text, separators included.
const SCALAR_SIZE = 3;
const LONG_NUMBER_SIZE = 8;
const CONTAINER_SIZE = 3;
const QUOTES_SIZE = 3;
/** Deeper values than any reader of a result can process. */
const MAX_DEPTH = 1_000;

/**
 * The size of a value, counted as a tree: a part that occurs twice counts twice. Counting ends above `limit`.
 * A value nested deeper than 1,000 levels has infinite size.
 */
export function sizeOf(value: unknown, limit: number, depth = 0): number {
  if (typeof value === 'string') return value.length + QUOTES_SIZE;
  if (typeof value === 'number')
    return Number.isInteger(value) && value > -100 && value < 1000 ? SCALAR_SIZE : LONG_NUMBER_SIZE;
  if (typeof value !== 'object' || value === null) return SCALAR_SIZE;
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  let size = CONTAINER_SIZE;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && size <= limit; i++) size += sizeOf(value[i], limit - size, depth + 1);
    return size;
  }
  if (isExactNumber(value)) return String(value).length;
  for (const key in value) {
    size += key.length + QUOTES_SIZE + sizeOf((value as JsonObject)[key], limit - size, depth + 1);
    if (size > limit) return size;
  }
  return size;
}
