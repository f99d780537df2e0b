// `lienthong store restore <file>`: reads a backup into an empty store, of the same engine or of the other.
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openTexts } from '../../store/backup/open-texts.ts';
import { BackupError, readBackup } from '../../store/backup/read-backup.ts';
import { openStore, type StoreOptions } from '../../store/database.ts';
import type { ExitCode } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError, StoreStartError */
export async function restoreCommand(
  file: string,
  options: StoreOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  await access(file).catch(() => {
    throw new UsageError(`The file ${file} cannot be read. Give a file that "lienthong store backup" wrote.`);
  });
  // Creates the tables.
  await (await openStore(options)).close();
  const store = await openTexts(options);
  try {
    const rows = await readBackup(store.transaction, linesOf(file));
    terminal.print(`${store.where}: ${rows.toLocaleString('en')} rows restored from ${file}.`);
    return 0;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    terminal.printError(error.message);
    return 1;
  } finally {
    await store.close();
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const text = createReadStream(file).pipe(createGunzip());
  try {
    yield* createInterface({ input: text });
    await finished(text);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(
      `The file ${file} is not a whole backup: it cannot be decompressed. Nothing was restored.`,
    );
  } finally {
    text.destroy();
  }
}
