// Retention: removes whole days after their time. A day that is not sealed, or not as it was written, stays.

import type { AuditKeys } from './keys.ts';
import { dayOf } from './record.ts';
import { type Removal, removalText } from './removals.ts';
import { digestOfRoot, readRoots } from './roots.ts';
import type { AuditQuery } from './statements.ts';
import { ALL_DAYS, verifyTrail } from './verify.ts';

export interface Retained {
  readonly removed: readonly Removal[];
  /** Days that are old enough and stay: they are not sealed, or not as they were written. */
  readonly kept: readonly { readonly day: string; readonly why: 'UNSEALED' | 'NOT_INTACT' }[];
}

/** The first day that stays: `months` before today, in Vietnam. */
export function firstDayKept(now: number, months: number): string {
  const [year = 0, month = 1, day = 1] = dayOf(now).split('-').map(Number);
  const start = new Date(Date.UTC(year, month - 1 - months, 1));
  const lastOfMonth = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  start.setUTCDate(Math.min(day, lastOfMonth));
  return start.toISOString().slice(0, 10);
}

/** @param before the first day that stays. @param isDry removes nothing. @throws what `query` throws */
export async function removeDays(
  query: AuditQuery,
  keys: AuditKeys,
  before: string,
  now: number,
  isDry = false,
): Promise<Retained> {
  const heads = JSON.parse((await query('heads', [ALL_DAYS.from, before])) ?? '[]') as [
    string,
    string,
    number,
    string,
    string,
    number | null,
  ][];
  const days = [...new Set(heads.map(([day]) => day))].filter((day) => day < before);
  const removed: Removal[] = [];
  const kept: Retained['kept'][number][] = [];
  for (const day of days) {
    if (heads.some(([of, , , , , root]) => of === day && root === null)) {
      kept.push({ day, why: 'UNSEALED' });
      continue;
    }
    const { records, findings } = await verifyTrail(query, keys, { from: day, to: day });
    if (findings.some((finding) => finding.day === day)) {
      kept.push({ day, why: 'NOT_INTACT' });
      continue;
    }
    const roots = (await readRoots(query)).filter((root) => root.day === day).map(digestOfRoot);
    const unsigned = { day, removedAt: now, records, roots };
    const removal: Removal = { ...unsigned, ...keys.sign(removalText(unsigned)) };
    if (!isDry)
      await query('remove', [day, now, records, JSON.stringify(roots), removal.key, removal.signature]);
    removed.push(removal);
  }
  return { removed, kept };
}
