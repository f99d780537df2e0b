// Numbers in texts for people. Grouped by a regular expression: the first use of a locale takes longer than a refusal may.

import type { LocalizedText } from '../../errors.ts';

/** A whole number with its thousands apart: `20.000` in Vietnamese, `20,000` in English. */
export function numberText(value: number): LocalizedText {
  const digits = String(Math.min(value, Number.MAX_SAFE_INTEGER));
  const grouped = (separator: string) => digits.replace(/(?<=\d)(?=(?:\d{3})+$)/g, separator);
  return { vi: grouped('.'), en: grouped(',') };
}
