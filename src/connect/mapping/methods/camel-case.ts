// Keys in camelCase: `FIRST_NAME`, `first-name` and `FirstName` become `firstName`.

import { type RunState, spend, spendText } from '../budget.ts';
import { isObject, type JsonObject } from '../json.ts';
import { putKey } from '../runtime.ts';

const LOWER_OR_DIGIT = /[a-z0-9]/;
const LOWER = /[a-z]/;
const UPPER = /[A-Z]/;
const SEPARATOR = /[\s_-]/;

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
    const char = key[i] as string;
    if (SEPARATOR.test(char)) {
      end(i);
      start = i + 1;
    } else if (UPPER.test(char) && i > start) {
      const before = key[i - 1] as string;
      const startsWord = LOWER_OR_DIGIT.test(before) || (UPPER.test(before) && LOWER.test(key[i + 1] ?? ''));
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
  for (const key of Object.keys(value)) {
    spend(run, 8);
    spendText(run, key.length, 1);
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
