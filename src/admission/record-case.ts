// Writes the result of a case into its text. Only `request` and `expect` change, and only where they differ, so that comments and
// layout stay.

import { Document, isMap, isNode, isPair, type Pair, parseDocument } from 'yaml';
import type { CaseReport } from './run-case.ts';

/** Wider than any line of a handwritten case. */
const LINE_WIDTH = 110;

/** The case's text with the differences applied; the same text when there are none. */
export function recordCase({ case: { text, content }, differences, findings }: CaseReport): string {
  const document = parseDocument(text);
  if (content.expect === undefined) document.setIn(['expect'], document.createNode(clean(findings.expect)));
  if (content.request !== undefined && content.expect === undefined && findings.request !== undefined) {
    document.setIn(['request'], document.createNode(clean(findings.request)));
  }
  // From the end, so that a list's items are deleted before those in front of them.
  for (const { path, kind, found } of differences.toReversed()) {
    const exists = document.hasIn(path);
    if (kind === 'missing') {
      if (exists) document.deleteIn(path);
    } else document.setIn(path, document.createNode(clean(found)));
  }
  return splice(text, document, ['request', 'expect']);
}

/** The text with the named top-level pairs written anew, and everything else as it was. */
function splice(text: string, document: Document, names: readonly string[]): string {
  const before = new Map(pairsOf(parseDocument(text)).map((pair) => [keyOf(pair), rangeOf(pair)]));
  let out = text.endsWith('\n') ? text : `${text}\n`;
  for (const pair of pairsOf(document).toReversed()) {
    const name = keyOf(pair);
    if (!names.includes(name)) continue;
    const written = new Document({ [name]: pair.value }).toString({ lineWidth: LINE_WIDTH });
    const range = before.get(name);
    if (range === undefined) out += written;
    else if (!isSame(text.slice(...range), written))
      out = out.slice(0, range[0]) + written + out.slice(range[1]);
  }
  return out;
}

const pairsOf = (document: Document): Pair[] =>
  isMap(document.contents) ? (document.contents.items.filter(isPair) as Pair[]) : [];

const keyOf = ({ key }: Pair): string => String(isNode(key) ? key.toJSON() : key);

function rangeOf({ key, value }: Pair): [start: number, end: number] {
  const start = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
  const end = (isNode(value) ? value.range?.[2] : isNode(key) ? key.range?.[2] : undefined) ?? start;
  return [start, end];
}

const isSame = (a: string, b: string): boolean =>
  JSON.stringify(parseDocument(a).toJS()) === JSON.stringify(parseDocument(b).toJS());

/** Without the keys that are `undefined`. */
const clean = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));
