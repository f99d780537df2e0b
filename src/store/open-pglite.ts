// The engine of a store inside this process: PGlite on a folder, in a worker thread. The folder is locked first, so that only
// one process uses it.
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGliteDialect, type PGliteDialectConfig } from 'kysely';
import { backupSocketOf, serveBackups } from './backup/backup-socket.ts';
import type { StoreEngine } from './engine.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { FLOOR_BYTES, openPgliteConnection, type PgliteConnection } from './pglite/connection.ts';
import { objectsOf } from './pglite/rows.ts';
import { textTransactionOf } from './pglite/text-transaction.ts';
import { StoreStartError } from './start-error.ts';
import { causeCode, storeError } from './store-error.ts';

/** Codes of a full disk: of the file system, and of the database. */
const FULL = new Set(['ENOSPC', 'EDQUOT', '53100']);

/** @throws StoreStartError when the folder is in use, is not writable, or contains something else */
export async function openPglite(dataDir: string): Promise<StoreEngine> {
  const folder = join(dataDir, 'store');
  makeFolder(dataDir);
  const lock = takeLock(dataDir);
  const startError = (error: unknown): StoreStartError => {
    if (error instanceof StoreStartError) return error;
    const code = causeCode(error);
    const text = FULL.has(code)
      ? `its disk is full. Free at least ${FLOOR_BYTES / 2 ** 20} MB, or set DATA_DIR to a folder on another disk.`
      : code === 'NOT_CREATED'
        ? 'creating it was interrupted. Start again.'
        : 'it is damaged or was made by another version. Move that folder away to start with an empty store.';
    return new StoreStartError(`The store in ${folder} cannot be opened (${code}): ${text}`, {
      cause: error,
    });
  };
  let pglite: PgliteConnection;
  try {
    pglite = await openPgliteConnection(folder);
  } catch (error) {
    lock.release();
    throw startError(error);
  }
  closeToOthers(folder);
  // Without it the store works, and a backup needs the gateway to be stopped.
  const stopBackups = await serveBackups(backupSocketOf(dataDir), textTransactionOf(pglite)).catch(
    () => undefined,
  );
  const run: StoreEngine['run'] = async (statement, params, signal) =>
    objectsOf(await pglite.query(statement.sql, params, signal));
  return {
    kind: 'pglite',
    dialect: new PGliteDialect({ pglite: adapterOf(pglite) }),
    migrationDialect: undefined,
    run,
    connections: undefined,
    listen: async (channel, { onMessage, onReconnect }) => {
      try {
        const end = await pglite.listen(channel, onMessage, onReconnect);
        return {
          run: (statement, params) =>
            run(statement, params).catch((error) => {
              throw storeError(error, statement.name);
            }) as Promise<never[]>,
          close: async () => end(),
        };
      } catch (error) {
        throw storeError(error, `listen ${channel}`);
      }
    },
    describe: () => `PGlite in ${folder}`,
    startError,
    close: async () => {
      try {
        stopBackups?.();
        await pglite.close();
      } finally {
        lock.release();
      }
    },
  };
}

type KyselyPglite = Exclude<PGliteDialectConfig['pglite'], (...args: never[]) => unknown>;

/** The connection as the object that Kysely expects. */
function adapterOf(pglite: PgliteConnection): KyselyPglite {
  const queryOn =
    (query: PgliteConnection['query']) =>
    async <Row>(sql: string, params: unknown[] = []) => {
      const result = await query(sql, params);
      return { rows: objectsOf<Row>(result), fields: [], affectedRows: result.affected ?? 0 };
    };
  let isClosed = false;
  return {
    ready: true,
    waitReady: Promise.resolve(),
    get closed() {
      return isClosed;
    },
    close: async () => {
      isClosed = true;
      await pglite.close();
    },
    query: queryOn(pglite.query),
    transaction: (run) =>
      pglite.transaction((query) =>
        run({
          query: queryOn(query),
          // Kysely rolls back by failing.
          rollback: () => Promise.reject(new Error('not used')),
        }),
      ),
  };
}

/** Creates the folder where it is missing. @throws StoreStartError when that fails, or when the folder is not writable */
function makeFolder(dataDir: string): void {
  try {
    makeMissingFolders(resolve(dataDir));
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderError(dataDir, error);
  }
}

/** In place of the `recursive` option, which never returns where a parent exists and refuses new entries, as `/proc` does. */
function makeMissingFolders(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent)) makeMissingFolders(parent);
  try {
    // Dossiers and the audit trail are for the user of the gateway only.
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have created the folder in between.
    if (causeCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/** PGlite makes its files writable for everybody: the folder around them keeps others out, in an older data folder, too. */
function closeToOthers(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // Of another owner: it is as its owner made it.
  }
}

function takeLock(dataDir: string): FolderLock {
  try {
    return lockFolder(dataDir);
  } catch (error) {
    throw folderError(dataDir, error);
  }
}

const FOLDER_PROBLEMS: Readonly<Record<string, string>> = {
  EEXIST: 'is not a folder',
  ENOTDIR: 'is not a folder',
  EACCES: 'is not writable',
  EPERM: 'is not writable',
  EROFS: 'is not writable',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is on a full disk',
};

function folderError(dataDir: string, error: unknown): StoreStartError {
  if (error instanceof StoreStartError) return error;
  const code = causeCode(error);
  const problem = FOLDER_PROBLEMS[code] ?? 'cannot be created';
  return new StoreStartError(
    `The data folder ${dataDir} ${problem} (${code}): set DATA_DIR to a writable folder.`,
    { cause: error },
  );
}
