// Keys and selections where an expression stands: a quoted key as a path of the root, a selection as an object.

import type { ObjectLiteral, Path, Property, Selection, Spread, Step } from './ast.ts';

/** True when the bare key is a path inside an expression, where quoted texts, `true`, `false` and `null` are literals. */
const isPlainKey = (name: string): boolean =>
  /^[A-Za-z_][0-9A-Za-z_]*$/.test(name) && !['true', 'false', 'null'].includes(name);

/** `"a b"` as `$."a b"`. */
function keyOfRoot(path: Path, name: string): Path {
  const { start, end } = path.head;
  const step: Step = { kind: 'key', name, start, end };
  return { ...path, head: { kind: 'variable', name: '$', start, end: start }, steps: [step, ...path.steps] };
}

/** A selection as an object: its entries read the same `$`. */
export function objectOf({ entries, start, end }: Selection): ObjectLiteral {
  const properties = entries.map((entry): Property | Spread => {
    const { start, end } = entry;
    if (entry.kind === 'merged')
      return { kind: 'spread', explicit: entry.spread, value: entry.value, start, end };
    const { key, value } = entry;
    if (value.kind === 'selection') return { kind: 'property', key, value: objectOf(value), start, end };
    const isQuoted = !entry.aliased && value.kind === 'path' && !isPlainKey(key);
    return { kind: 'property', key, value: isQuoted ? keyOfRoot(value, key) : value, start, end };
  });
  return { kind: 'object', properties, start, end };
}
