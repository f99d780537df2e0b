// The empty answer of a selection: every response key in its order, constants in place, null elsewhere. Answers are copies
// of it, so that all objects of a selection have one hidden class, which `JSON.stringify` writes fastest.

import type { Values } from './model.ts';

/** @param constants by response key; null for what a run fills in */
export function createTemplate(constants: ReadonlyMap<string, string | null>): Readonly<Values> {
  const keys = [...constants.keys()];
  // Each key holds a number, a fraction and a text first: V8 then keeps fields of any kind, and no copy changes its class.
  for (const value of [0, 0.5, 'text']) fromEntries(keys.map((key) => [key, value]));
  return fromEntries([...constants]);
}

/** `JSON.parse` makes `__proto__` an own property, and keeps objects of any size out of dictionary mode. */
const fromEntries = (entries: readonly (readonly [string, unknown])[]): Readonly<Values> =>
  JSON.parse(
    `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
  );
