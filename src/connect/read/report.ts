// How readers and rules report: a finding with the node, or the offset in a text, that it refers to. `createReport`
// turns findings into diagnostics of one file and drops duplicates at the same position. The number of findings and the
// length of their texts are bounded, so that a file of nothing but mistakes costs as little to check as a correct file.

import type { ASTNode, StringValueNode } from 'graphql';
import { type Diagnostic, furtherFindings, MAX_FINDINGS, type Severity } from '../../diagnostic.ts';
import { CODES } from '../check/codes.ts';
import type { Text } from './model.ts';
import { type Place, placeOf, placesIn } from './values.ts';

export interface Finding {
  readonly code: string;
  /** Default: that of the code. */
  readonly severity?: Severity;
  /** A node of the document, a place in the file, or an offset in the value of a text. */
  readonly at: ASTNode | Place | { readonly text: Text; readonly offset: number } | undefined;
  readonly coordinate?: string | undefined;
  readonly message: string;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly wayOut?: string | undefined;
}

/** @throws EnoughFindings, which `untilEnough` catches */
export type Report = (finding: Finding) => void;

/** Characters of a text of a finding. */
const MAX_TEXT = 1000;

/** Ends the rules after an error too many: the connector is refused already. */
export class EnoughFindings extends Error {
  override readonly name = 'EnoughFindings';
}

/** Runs rules until they are done or have reported `MAX_FINDINGS` errors. */
export function untilEnough(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof EnoughFindings)) throw error;
  }
}

export function createReport(file: string, into: Diagnostic[]): Report {
  const seen = new Set<string>();
  const places = new Map<StringValueNode, (offset: number) => Place>();
  const placesOf = (node: StringValueNode): ((offset: number) => Place) => {
    const known = places.get(node) ?? placesIn(node);
    places.set(node, known);
    return known;
  };
  const counts = { error: 0, warning: 0 };
  return ({ at, code, severity, coordinate, message, found, expected, wayOut }) => {
    const entry = CODES[code];
    const kind = severity ?? entry?.severity ?? 'error';
    if (counts[kind] === MAX_FINDINGS) {
      if (!seen.has(kind)) into.push(furtherFindings(file, kind));
      seen.add(kind);
      if (kind === 'error') throw new EnoughFindings();
      return;
    }
    const place =
      at === undefined
        ? { line: 1, column: 1 }
        : 'text' in at
          ? placesOf(at.text.node)(at.offset)
          : 'line' in at
            ? { line: at.line, column: at.column }
            : placeOf(at);
    const identity = `${code} ${place.line}:${place.column} ${message}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    counts[kind]++;
    into.push({
      code,
      severity: kind,
      // The milder cases of an error are a matter of quality.
      tier: entry?.tier === 'bronze' && kind === 'warning' ? 'silver' : entry?.tier,
      message: shortened(message),
      file,
      ...place,
      coordinate: shortened(coordinate),
      found: shortened(found),
      expected: shortened(expected),
      wayOut: shortened(wayOut),
    });
  };
}

const shortened = <T extends string | undefined>(text: T): T =>
  (text === undefined || text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`) as T;

/** The first names of a list, and how many follow. */
export const listNames = (names: readonly string[], limit: number): string =>
  names.length <= limit
    ? names.join(', ')
    : `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`;
