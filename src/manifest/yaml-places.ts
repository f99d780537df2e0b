// Where the values of a YAML file stand, by path or by the dotted coordinate of a finding.

import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';

export type YamlPath = readonly (string | number)[];

/** 1-based. Of a value that is not there, the place of its nearest holder. */
export type PlaceOf = (path: YamlPath) => { readonly line: number; readonly column: number };

export const placesIn =
  (document: Document.Parsed, lines: LineCounter): PlaceOf =>
  (path) => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { line, column: col };
  };

/** Offset of the last step's key where it has one, else of the deepest node on the path that the file has. */
function offsetOf(document: Document.Parsed, path: YamlPath): number {
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(holder)
      ? holder.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[length - 1]))
      : undefined;
    const node = pair === undefined ? document.getIn(path.slice(0, length), true) : pair.key;
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/**
 * Findings about a file that have a coordinate and no line, with the line of that coordinate. Other findings are returned as they are.
 * @param text the YAML of the file; findings keep no line when it cannot be parsed
 */
export function withPlaces(
  findings: readonly Diagnostic[],
  file: string,
  text: string | undefined,
): readonly Diagnostic[] {
  const isPlaceless = (row: Diagnostic) => row.file === file && row.line === undefined;
  if (text === undefined || !findings.some(isPlaceless)) return findings;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0) return findings;
  const placeOf = placesIn(document, lines);
  return findings.map((row) =>
    isPlaceless(row) ? { ...row, ...placeOf(pathOf(document.contents, row.coordinate ?? '')) } : row,
  );
}

/** The path of a dotted coordinate. Keys may contain dots: at each level the longest key that fits is taken. */
function pathOf(node: unknown, coordinate: string): YamlPath {
  if (coordinate === '') return [];
  if (isMap(node)) {
    const keys = node.items
      .flatMap(({ key }) => (isScalar(key) ? String(key.value) : []))
      .filter((key) => coordinate === key || coordinate.startsWith(`${key}.`))
      .sort((a, b) => b.length - a.length);
    const [key] = keys;
    if (key === undefined) return [coordinate];
    return [key, ...pathOf(node.get(key, true), coordinate.slice(key.length + 1))];
  }
  if (isSeq(node)) {
    const [first = '', ...rest] = coordinate.split('.');
    return [Number(first), ...pathOf(node.get(Number(first), true), rest.join('.'))];
  }
  return [];
}
