// Unicode normalization form C in time linear in the string.

import { type RunState, spend } from '../budget.ts';
import { reportInvalid, type Site } from '../problem.ts';

/**
 * The most combining marks in a row, by the stream-safe text format of UAX #15. Normalization sorts the marks of a row,
 * which takes time quadratic in their number; no text of a language has more than a few.
 */
const MAX_MARKS = 30;
const SOME_MARKS = /\p{M}{4,31}/gu;

/** Normalizes a string. Missing (and reported) when it has more than 30 combining marks in a row. */
export function normalize(run: RunState, site: Site, text: string): string | undefined {
  spend(run, text.length * 4);
  if (text.length > MAX_MARKS && hasLongRow(text)) {
    return reportInvalid(run, site, `expected at most ${MAX_MARKS} combining marks in a row`);
  }
  return text.normalize('NFC');
}

function hasLongRow(text: string): boolean {
  for (const [marks] of text.matchAll(SOME_MARKS)) if (marks.length > MAX_MARKS) return true;
  return false;
}
