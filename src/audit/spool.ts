// The spool: files in the data folder that hold records until the store has them. A written record survives the end of the
// process; with `syncEach` also that of the machine. Each line carries the mac of its chain's head.

import { constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Links } from './chain.ts';
import type { AuditKeys } from './keys.ts';
import { headText } from './record.ts';

/** A line of the spool: records that follow each other, and the head after them. */
export interface SpooledLinks extends Omit<Links, 'texts'> {
  readonly mac: string;
  /** A JSON array of records. */
  readonly records: string;
}

export interface Spool {
  /** Bytes on disk that the store does not have. */
  bytes(): number;
  /** Writes the links so that they survive. @throws the error of the system; then nothing counts as written */
  write(links: readonly Links[]): Promise<void>;
  /** Ends the current file, so that it can be shipped. */
  rotate(): Promise<void>;
  /** The files that are not written any more, the oldest first. */
  finished(): readonly string[];
  /** Deletes a finished file. */
  remove(file: string): Promise<void>;
  close(): Promise<void>;
}

/** A file that has grown beyond this is ended: what the store receives in one statement, some 1,500 records. */
const FILE_BYTES = 1_048_576;

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;

export interface SpoolOptions {
  /** Every write reaches the disk before it counts as written: some milliseconds each. Default: files do when they end. */
  readonly syncEach?: boolean | undefined;
}

/** @param folder of this process alone; created when missing */
export function createSpool(
  folder: string,
  keys: Pick<AuditKeys, 'mac'>,
  { syncEach = false }: SpoolOptions = {},
): Spool {
  const flags = syncEach ? FLAGS | constants.O_DSYNC : FLAGS;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let finished = spoolFiles(folder);
  let bytes = finished.reduce((sum, file) => sum + statSync(file).size, 0);
  let number = finished.length === 0 ? 0 : Number(/(\d+)\.spool$/.exec(finished.at(-1) ?? '')?.[1] ?? 0);
  let current: { readonly file: string; readonly handle: FileHandle; bytes: number } | undefined;

  const finish = async (): Promise<void> => {
    if (current === undefined) return;
    const { file, handle } = current;
    finished = [...finished, file];
    current = undefined;
    if (!syncEach) await handle.datasync();
    await handle.close();
  };

  const currentFile = async () => {
    if (current !== undefined) return current;
    number += 1;
    const file = join(folder, `${String(number).padStart(9, '0')}.spool`);
    current = { file, handle: await open(file, flags, 0o600), bytes: 0 };
    await syncFolder(folder);
    return current;
  };

  // A file must not be ended while it is written: one after the other.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = turn.then(run);
    turn = result.catch(() => {});
    return result;
  };

  const writeNow = async (links: readonly Links[]): Promise<void> => {
    const text = links.map((each) => lineOf(each, keys)).join('');
    const to = await currentFile();
    const size = Buffer.byteLength(text);
    try {
      const { bytesWritten } = await to.handle.write(text);
      if (bytesWritten !== size) throw Object.assign(new Error('a short write'), { code: 'ENOSPC' });
      to.bytes += size;
      bytes += size;
    } catch (error) {
      // A part may be there: what follows goes into another file, and its reader skips what has no mac.
      await finish().catch(() => {});
      bytes = sizeOf(finished);
      throw error;
    }
    if (to.bytes >= FILE_BYTES) await finish();
  };

  return {
    bytes: () => bytes,
    write: (links) => inTurn(() => writeNow(links)),
    rotate: () => inTurn(finish),
    finished: () => finished,
    remove: async (file) => {
      const { size } = statSync(file);
      await rm(file);
      finished = finished.filter((each) => each !== file);
      bytes = Math.max(0, bytes - size);
    },
    close: () => inTurn(finish),
  };
}

const sizeOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return sum + size;
  }, 0);

/** A new file may be lost with the power of the machine until its folder is written. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function lineOf({ day, chain, seq, hash, texts }: Links, keys: Pick<AuditKeys, 'mac'>): string {
  const head = headText(day, chain, seq, hash);
  return `${keys.mac(head)} ${head} [${texts.join(',')}]\n`;
}

/** The files of a folder in the order in which they were written. */
export const spoolFiles = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.spool'))
    .sort()
    .map((name) => join(folder, name));

const LINE = /^(\S+) (\d{4}-\d\d-\d\d) (\S+) (\d+) (\S+) (\[.*\])$/;

/** The whole lines of a file. What was being written when a process ended has no answer that depends on it, and is left out. */
export async function readSpoolFile(
  file: string,
  keys: Pick<AuditKeys, 'isMac'>,
): Promise<readonly SpooledLinks[]> {
  const text = await readFile(file, 'utf8');
  const whole: SpooledLinks[] = [];
  for (const line of text.split('\n')) {
    const [, mac = '', day = '', chain = '', seq = '', hash = '', records = ''] = LINE.exec(line) ?? [];
    if (mac === '' || !keys.isMac(headText(day, chain, Number(seq), hash), mac)) continue;
    whole.push({ mac, day, chain, seq: Number(seq), hash, records });
  }
  return whole;
}
