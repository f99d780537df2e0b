// Keys in camelCase: `FIRST_NAME`, `first-name` and `FirstName` become `firstName`.

import { type RunState, spend } from '../budget.ts';
import { isObject, type JsonObject } from '../json.ts';
import { listKeys, putKey } from '../runtime.ts';
import { isWhiteSpace } from './characters.ts';

const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** White space, `_` and `-`. */
const isSeparator = (code: number): boolean => code === 95 || code === 45 || isWhiteSpace(code);

/**
 * A word ends at white space, `_` and `-`, between a lower-case letter or digit and an upper-case letter (`aB`), and
 * before the last of several upper-case letters that precedes a lower-case letter (`HTTPServer` is `HTTP`, `Server`).
 * A key without words is unchanged.
 */
export function camelCase(key: string): string {
  const words: string[] = [];
  let start = 0;
  const end = (at: number): void => {
    if (at > start) words.push(key.slice(start, at));
    start = at;
  };
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (isSeparator(code)) {
      end(i);
      start = i + 1;
    } else if (isUpper(code) && i > start) {
      const before = key.charCodeAt(i - 1);
      const startsWord =
        isLower(before) || isDigit(before) || (isUpper(before) && isLower(key.charCodeAt(i + 1)));
      if (startsWord) end(i);
    }
  }
  end(key.length);
  if (words.length === 0) return key;
  return words
    .map(
      (word, i) =>
        (i === 0 ? '' : (word[0] as string).toUpperCase()) + word.slice(i === 0 ? 0 : 1).toLowerCase(),
    )
    .join('');
}

/** The object with its keys in camelCase; `convert` converts the values. */
export function camelKeys(
  run: RunState,
  value: JsonObject,
  convert: (inner: unknown) => unknown,
): JsonObject {
  const out: JsonObject = {};
  for (const key of listKeys(run, value)) {
    spend(run, key.length * 4);
    putKey(out, camelCase(key), convert(value[key]));
  }
  return out;
}

/** The value with the keys of all objects in camelCase. */
export function camelKeysDeep(run: RunState, value: unknown): unknown {
  if (Array.isArray(value)) {
    spend(run, value.length * 2);
    return value.map((item) => camelKeysDeep(run, item));
  }
  return isObject(value) ? camelKeys(run, value, (inner) => camelKeysDeep(run, inner)) : value;
}
