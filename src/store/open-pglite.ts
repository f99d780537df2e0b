// The engine of a store inside this process: PGlite on a folder. The folder is locked first, so that only one process uses it.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { PGliteDialect } from 'kysely';
import { instantFromText, type StoreEngine } from './engine.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { StoreStartError } from './start-error.ts';
import { causeCode, storeError } from './store-error.ts';

const parsers = {
  [types.INT8]: Number,
  [types.TIMESTAMPTZ]: instantFromText,
};

/** @throws StoreStartError when the folder is in use, is not writable, or contains something else */
export async function openPglite(dataDir: string): Promise<StoreEngine> {
  const folder = join(dataDir, 'store');
  makeFolder(dataDir);
  const lock = takeLock(dataDir);
  const startError = (error: unknown): StoreStartError =>
    error instanceof StoreStartError
      ? error
      : new StoreStartError(
          `The store in ${folder} cannot be opened (${causeCode(error)}): it is damaged or was made by another version. ` +
            'Move that folder away to start with an empty store.',
          { cause: error },
        );
  let pglite: PGlite;
  try {
    pglite = await PGlite.create({ dataDir: folder, parsers });
    // The same settings as on a server (open-postgres.ts): UTC, and a preference for indexes.
    await pglite.exec(`set timezone to 'UTC'; set random_page_cost to 1.1`);
  } catch (error) {
    lock.release();
    throw startError(error);
  }
  const run: StoreEngine['run'] = async (statement, params) => {
    try {
      const { rows } = await pglite.query(statement.sql, params as unknown[]);
      return rows as never[];
    } catch (error) {
      throw storeError(error, statement.name);
    }
  };
  return {
    kind: 'pglite',
    dialect: new PGliteDialect({ pglite }),
    migrationDialect: undefined,
    run,
    listen: async (channel, { onMessage }) => {
      try {
        const close = await pglite.listen(channel, onMessage);
        return { run, close: () => close() };
      } catch (error) {
        throw storeError(error, `listen ${channel}`);
      }
    },
    describe: () => `PGlite in ${folder}`,
    startError,
    close: async () => {
      try {
        if (!pglite.closed) await pglite.close();
      } finally {
        lock.release();
      }
    },
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
    mkdirSync(path);
  } catch (error) {
    // Another process may have created the folder in between.
    if (causeCode(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
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
