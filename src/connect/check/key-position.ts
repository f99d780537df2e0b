// Locates a key of a mapping's output in the mapping's text. Runs only for a finding.

import type { Mapping } from '../mapping/index.ts';

interface Node {
  readonly kind?: unknown;
  readonly key?: unknown;
  readonly start?: unknown;
  readonly end?: unknown;
}

/** Offset of the innermost entry around `offset` that writes `key`, else `offset` itself. */
export function keyPosition(mapping: Mapping, key: string, offset: number): number {
  let found = offset;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) around(value, offset).forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      const { kind, key: name, start, end } = value as Node;
      if (typeof start === 'number' && typeof end === 'number' && (offset < start || offset > end)) return;
      if ((kind === 'named' || kind === 'property') && name === key && typeof start === 'number')
        found = start;
      Object.values(value).forEach(visit);
    }
  };
  visit(mapping.body);
  return found;
}

/** The nodes of a list, which are in the order of the text, that may contain an offset: two where one ends as the next starts. */
function around(nodes: readonly Node[], offset: number): readonly Node[] {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(nodes[middle]?.start) <= offset) low = middle + 1;
    else high = middle;
  }
  return nodes.slice(Math.max(0, low - 2), low);
}

/** The text of a range for a message: on one line, at most 60 characters. */
export function sourceText(source: string, [start, end]: readonly [number, number]): string {
  const text = source.slice(start, end).replace(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
