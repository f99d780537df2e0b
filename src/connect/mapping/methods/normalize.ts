// Unicode normalization form C for methods, which charge it and report a string that cannot be normalized.

import { MAX_MARKS, normalizeText } from '../../../normal-form.ts';
import { type RunState, spend } from '../budget.ts';
import { reportInvalid, type Site } from '../problem.ts';

/** Normalizes a string. Missing (and reported) when it has more than 30 combining marks in a row. */
export function normalize(run: RunState, site: Site, text: string): string | undefined {
  spend(run, text.length * 4);
  return (
    normalizeText(text) ?? reportInvalid(run, site, `expected at most ${MAX_MARKS} combining marks in a row`)
  );
}
