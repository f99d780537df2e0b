// `lienthong audit retention`: removes whole days after their time, and leaves a signed stub for each.

import { firstDayKept, removeDays } from '../../audit/retention.ts';
import type { ExitCode } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type AuditOptions, openTrail } from './open-trail.ts';

export interface RetentionOptions {
  /** Months that records are kept. */
  readonly keep?: string;
  readonly dryRun?: true;
}

/** What the law asks of access logs is not a number; the guidance is two years at least. */
export const SHORTEST_MONTHS = 24;

const REASONS = {
  UNSEALED: 'it has no daily root yet',
  NOT_INTACT: 'it is not as it was written: see "lienthong audit verify"',
} as const;

/** @throws UsageError, StoreStartError */
export async function retentionCommand(
  { keep, dryRun }: RetentionOptions,
  options: AuditOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const months = keep === undefined ? SHORTEST_MONTHS : Number(keep);
  if (!Number.isInteger(months) || months < SHORTEST_MONTHS || months > 1200)
    throw new UsageError(
      `--keep: found "${keep}", expected a whole number of months from ${SHORTEST_MONTHS} to 1200.`,
    );
  const trail = await openTrail(options);
  try {
    const before = firstDayKept(Date.now(), months);
    const { removed, kept } = await removeDays(trail.query, trail.keys, before, Date.now(), dryRun === true);
    const records = removed.reduce((sum, day) => sum + day.records, 0);
    const verb = dryRun === true ? 'would be removed' : 'removed';
    terminal.print(
      `${trail.where}: ${removed.length} days before ${before} with ${records.toLocaleString('en')} records ${verb}.`,
    );
    for (const { day, why } of kept) terminal.printError(`${day} stays: ${REASONS[why]}.`);
    return kept.length === 0 ? 0 : 1;
  } finally {
    await trail.close();
  }
}
