// How readers and rules report: a finding with the node, or the offset in a text, that it refers to. `createReport`
// turns findings into diagnostics of one file and drops duplicates at the same position.

import type { ASTNode } from 'graphql';
import type { Diagnostic, Severity } from '../../diagnostic.ts';
import type { Text } from './model.ts';
import { placeInString, placeOf } from './values.ts';

export interface Finding {
  readonly code: string;
  /** Default: `error`. */
  readonly severity?: Severity;
  /** A node of the document, or an offset in the value of a text. */
  readonly at: ASTNode | { readonly text: Text; readonly offset: number } | undefined;
  readonly coordinate?: string | undefined;
  readonly message: string;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly wayOut?: string | undefined;
}

export type Report = (finding: Finding) => void;

export function createReport(file: string, into: Diagnostic[]): Report {
  const seen = new Set<string>();
  return ({ at, code, severity, coordinate, message, found, expected, wayOut }) => {
    const place =
      at === undefined
        ? { line: 1, column: 1 }
        : 'text' in at
          ? placeInString(at.text.node, at.offset)
          : placeOf(at);
    const identity = `${code} ${place.line}:${place.column} ${message}`;
    if (seen.has(identity)) return;
    seen.add(identity);
    into.push({ code, severity, message, file, ...place, coordinate, found, expected, wayOut });
  };
}
