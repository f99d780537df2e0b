// Unicode normalization form C in time linear in the text.

/**
 * The most combining marks in a row, by the stream-safe text format of UAX #15. Normalization sorts the marks of a row,
 * which takes time quadratic in their number; no text of a language has more than a few.
 */
export const MAX_MARKS = 30;
const SOME_MARKS = /\p{M}{4,31}/gu;

/** The text in normalization form C; `undefined` when it has more than 30 combining marks in a row. */
export function normalizeText(text: string): string | undefined {
  return text.length > MAX_MARKS && hasLongRow(text) ? undefined : text.normalize('NFC');
}

function hasLongRow(text: string): boolean {
  for (const [marks] of text.matchAll(SOME_MARKS)) if (marks.length > MAX_MARKS) return true;
  return false;
}
