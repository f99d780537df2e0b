// `lienthong store backup <file>`: writes the content of the store into a compressed file, also while a gateway runs on it.
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { backupSocketOf } from '../../store/backup/backup-socket.ts';
import { openTexts } from '../../store/backup/open-texts.ts';
import { writeBackup } from '../../store/backup/write-backup.ts';
import type { StoreOptions } from '../../store/database.ts';
import { connectLocally } from '../../store/local-socket.ts';
import type { ExitCode } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError, StoreStartError */
export async function backupCommand(
  file: string,
  options: StoreOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (existsSync(file)) throw new UsageError(`The file ${file} exists already. Give the name of a new file.`);
  const draft = `${file}.partial`;
  try {
    const where = await writeInto(draft, options);
    const rows = await rowsOf(draft);
    if (rows === undefined) {
      terminal.printError(
        'The backup broke off before its end, and was not kept. Try again; the log of the gateway may say why.',
      );
      return 1;
    }
    await rename(draft, file);
    const { size } = await stat(file);
    terminal.print(
      `${where}: ${rows.toLocaleString('en')} rows in ${file}, ${size.toLocaleString('en')} bytes.`,
    );
    return 0;
  } finally {
    await rm(draft, { force: true });
  }
}

/** @returns which store it is, for people */
async function writeInto(file: string, options: StoreOptions): Promise<string> {
  const output = () => createWriteStream(file, { flags: 'wx', mode: 0o600 });
  const socket = options.databaseUrl ? undefined : await connectLocally(backupSocketOf(options.dataDir));
  if (socket !== undefined) {
    await pipeline(socket, createGzip(), output()).catch(() => {});
    return `Store of the running gateway in ${options.dataDir}`;
  }
  const store = await openTexts(options);
  try {
    const lines = new Readable({ read: () => {} });
    const written = pipeline(lines, createGzip(), output());
    await writeBackup(store.transaction, async (line) => {
      if (!lines.push(`${JSON.stringify(line)}\n`)) await new Promise((resolve) => setImmediate(resolve));
    });
    lines.push(null);
    await written;
    return store.where;
  } finally {
    await store.close();
  }
}

/** The rows that the end of a backup names; undefined where it has no end. */
async function rowsOf(file: string): Promise<number | undefined> {
  let last = '';
  try {
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) }))
      last = line;
    return (JSON.parse(last) as { end?: { rows: number } }).end?.rows;
  } catch {
    return undefined;
  }
}
