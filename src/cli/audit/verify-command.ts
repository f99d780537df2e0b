// `lienthong audit verify`: whether the trail is as it was written, and where it is not.

import { type Verified, verifyTrail } from '../../audit/verify.ts';
import type { ExitCode } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';
import { type AuditOptions, openTrail } from './open-trail.ts';
import { type PeriodOptions, readPeriod } from './period.ts';

/** Findings that are printed; all are counted. */
const SHOWN = 20;

/** @throws UsageError, StoreStartError */
export async function verifyCommand(
  given: PeriodOptions,
  options: AuditOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const period = readPeriod(given);
  const trail = await openTrail(options);
  try {
    const verified = await verifyTrail(trail.query, trail.keys, period);
    terminal.print(`${trail.where}: ${summaryOf(verified)}`);
    if (verified.unchecked > 0)
      terminal.print(
        `${verified.unchecked} roots were signed by a key that is not here: set AUDIT_SIGNING_KEY to it, or to its public key.`,
      );
    if (verified.unsealed.length > 0)
      terminal.print(
        `Without a daily root so far: ${verified.unsealed.join(', ')}. A running gateway makes it.`,
      );
    for (const { day, chain, seq, found, expected } of verified.findings.slice(0, SHOWN)) {
      const place = [day, chain, seq].filter((part) => part !== null).join(' ');
      terminal.printError(`${place}\n  found:    ${found}\n  expected: ${expected}`);
    }
    const { length } = verified.findings;
    if (length > SHOWN) terminal.printError(`… and ${length - SHOWN} more.`);
    terminal.print(
      length === 0
        ? 'The trail is as it was written.'
        : `The trail is not as it was written: ${length} findings.`,
    );
    return length === 0 ? 0 : 1;
  } finally {
    await trail.close();
  }
}

const summaryOf = ({ records, chains, days, roots, removed }: Verified): string =>
  `${records.toLocaleString('en')} records in ${chains} chains of ${days} days, ${roots} daily roots, ${removed} days removed after their time.`;
