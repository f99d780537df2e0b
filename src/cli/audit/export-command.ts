// `lienthong audit export`: the records of a period as lines of JSON, with what proves them. A selection by officer or person keeps
// the digests, so that each exported record can be found in the whole trail again.

import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { AT, type RecordRow } from '../../audit/record.ts';
import { readRemovals } from '../../audit/removals.ts';
import { digestOfRoot, readRoots } from '../../audit/roots.ts';
import { verifyTrail } from '../../audit/verify.ts';
import { AUDIT_RECORD_COLUMNS } from '../../store/tables.ts';
import type { ExitCode } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type AuditOptions, openTrail } from './open-trail.ts';
import { type PeriodOptions, readPeriod } from './period.ts';

export interface ExportOptions extends PeriodOptions {
  readonly officer?: string;
  /** The keyed digest of a person, or an enterprise code. */
  readonly subject?: string;
}

const NAMES = Object.keys(AUDIT_RECORD_COLUMNS);

/** Writes nothing when the period is not intact. @throws UsageError, StoreStartError */
export async function exportCommand(
  file: string,
  given: ExportOptions,
  options: AuditOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { officer, subject } = given;
  const period = readPeriod(given);
  if (existsSync(file)) throw new UsageError(`The file ${file} exists already. Give the name of a new file.`);
  const draft = `${file}.partial`;
  const trail = await openTrail(options);
  const output = createWriteStream(draft, { flags: 'wx', mode: 0o600 });
  const write = async (line: object): Promise<void> => {
    if (!output.write(`${JSON.stringify(line)}\n`)) await once(output, 'drain');
  };
  try {
    await write({ format: 'lienthong-audit/1', columns: NAMES, ...period, officer, subject });
    let exported = 0;
    const isChosen = (row: RecordRow): boolean =>
      (officer === undefined || row[AT.actor] === officer) &&
      (subject === undefined || row[AT.subject] === subject);
    const { findings } = await verifyTrail(trail.query, trail.keys, period, async (rows) => {
      for (const row of rows) {
        if (!isChosen(row)) continue;
        exported += 1;
        await write({ record: row });
      }
    });
    const [first] = findings;
    if (first !== undefined) {
      terminal.printError(
        `The trail is not as it was written (${first.day} ${first.chain ?? ''} ${first.seq ?? ''}: ${first.found}), and was not exported. "lienthong audit verify" lists everything.`,
      );
      return 1;
    }
    for (const root of await readRoots(trail.query)) {
      if (root.day >= period.from && root.day <= period.to)
        await write({ root: { ...root, digest: digestOfRoot(root) } });
    }
    for (const removal of await readRemovals(trail.query)) {
      if (removal.day >= period.from && removal.day <= period.to) await write({ removal });
    }
    await write({ end: { records: exported } });
    output.end();
    await once(output, 'close');
    await rename(draft, file);
    terminal.print(`${trail.where}: ${exported.toLocaleString('en')} records in ${file}.`);
    return 0;
  } finally {
    output.destroy();
    await rm(draft, { force: true });
    await trail.close();
  }
}
