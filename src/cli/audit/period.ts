// The options --from and --to of the audit commands: days in Vietnam, both included.

import { ALL_DAYS, type Period } from '../../audit/verify.ts';
import { UsageError } from '../usage-error.ts';

export interface PeriodOptions {
  readonly from?: string;
  readonly to?: string;
}

/** @throws UsageError for a text that is no day, and for a period that ends before it begins */
export function readPeriod({ from, to }: PeriodOptions): Period {
  for (const [name, text] of [
    ['--from', from],
    ['--to', to],
  ] as const) {
    if (text !== undefined && !isDay(text))
      throw new UsageError(`${name}: found "${text}", expected a day such as 2026-06-09.`);
  }
  if (from !== undefined && to !== undefined && from > to)
    throw new UsageError(`--from ${from} is after --to ${to}. Exchange them.`);
  return { from: from ?? ALL_DAYS.from, to: to ?? ALL_DAYS.to };
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
