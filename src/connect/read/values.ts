// Constant argument values of directives as plain data, and the positions of their texts in the file.

import { type ConstValueNode, Kind, type StringValueNode } from 'graphql';

export type Const = string | number | boolean | null | Const[] | { [key: string]: Const };

/** Converts a GraphQL constant to plain data; enum values become strings. */
export function readConst(node: ConstValueNode): Const {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.BOOLEAN:
      return node.value;
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map(readConst);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((f) => [f.name.value, readConst(f.value)]));
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A position in a file, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface PlacedNode {
  readonly loc?: StringValueNode['loc'];
  readonly description?: StringValueNode | undefined;
  readonly name?: { readonly loc?: StringValueNode['loc'] } | undefined;
}

/** The position at which a node starts; of a definition with a description, the position of its name. */
export function placeOf(node: PlacedNode | undefined): Place {
  const token = (node?.description === undefined ? node : node.name)?.loc?.startToken;
  return { line: token?.line ?? 1, column: token?.column ?? 1 };
}

/**
 * The position in the file of an offset in a string's *value*. GraphQL removes the common indentation and leading blank
 * lines of block strings, and escapes are longer in the file than in the value; this function compensates for both.
 */
export const placeInString = (node: StringValueNode, offset: number): Place => placesIn(node)(offset);

/** `placeInString` for many offsets of one string: the lines of a block string are found once. */
export function placesIn(node: StringValueNode): (offset: number) => Place {
  const start = placeOf(node);
  if (node.loc === undefined) return () => start;
  const written = node.loc.source.body.slice(node.loc.start, node.loc.end);
  if (node.block !== true)
    return (offset) => ({ line: start.line, column: start.column + writtenOffset(written, offset) });
  const lines = node.value.split('\n');
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) as number) + line.length + 1);
  const raw = written.slice(3, -3).split(/\r\n|[\n\r]/);
  const blank = Math.max(
    0,
    raw.findIndex((text) => text.trim() !== ''),
  );
  const indents = new Map<number, number>();
  const indentOf = (line: number): number => {
    const known = indents.get(line);
    if (known !== undefined) return known;
    const wanted = lines[line] ?? '';
    const indent = wanted === '' ? 0 : Math.max(0, (raw[blank + line] ?? '').indexOf(wanted));
    indents.set(line, indent);
    return indent;
  };
  return (offset) => {
    const line = lineAt(starts, offset);
    const rawLine = blank + line;
    const opening = rawLine === 0 ? start.column + 2 : 0;
    const column = offset - (starts[line] ?? 0);
    return { line: start.line + rawLine, column: opening + indentOf(line) + column + 1 };
  };
}

/** The index of the last line that starts at or before an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index, in a quoted string as written, of the character that is at `offset` of its value. */
function writtenOffset(written: string, offset: number): number {
  let at = 1;
  for (let i = 0; i < offset && at < written.length - 1; i++) {
    const escaped = written[at] === '\\' ? written[at + 1] : undefined;
    if (escaped === undefined) at += 1;
    else if (escaped !== 'u') at += 2;
    else if (written[at + 2] === '{') at = written.indexOf('}', at) + 1;
    else at += 6;
  }
  return at;
}
