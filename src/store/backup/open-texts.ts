// Opens a store for a backup or a restore, without migrating it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { StoreOptions } from '../database.ts';
import { readDatabaseUrl } from '../database-url.ts';
import { lockFolder } from '../folder-lock.ts';
import { openPgliteConnection } from '../pglite/connection.ts';
import { textTransactionOf } from '../pglite/text-transaction.ts';
import { StoreStartError } from '../start-error.ts';
import { causeCode } from '../store-error.ts';
import type { TextTransaction } from './text-query.ts';

export interface TextStore {
  readonly transaction: TextTransaction;
  /** Which database this is, for people. */
  readonly where: string;
  close(): Promise<void>;
}

/** @throws StoreStartError */
export async function openTexts({ databaseUrl, dataDir }: StoreOptions): Promise<TextStore> {
  if (databaseUrl !== undefined && databaseUrl !== '') return openPostgresTexts(databaseUrl);
  const folder = join(dataDir, 'store');
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    throw new StoreStartError(`There is no store in ${dataDir}: set DATA_DIR, or DATABASE_URL.`);
  }
  const lock = lockFolder(dataDir);
  const pglite = await openPgliteConnection(folder).catch((error) => {
    lock.release();
    throw new StoreStartError(`The store in ${folder} cannot be opened (${causeCode(error)}).`, {
      cause: error,
    });
  });
  return {
    transaction: textTransactionOf(pglite),
    where: `PGlite in ${folder}`,
    close: async () => {
      await pglite.close();
      lock.release();
    },
  };
}

async function openPostgresTexts(databaseUrl: string): Promise<TextStore> {
  const { where, options, servers } = readDatabaseUrl(databaseUrl);
  const client = new pg.Client({
    connectionString: servers.current(),
    application_name: 'lienthong backup',
    connectionTimeoutMillis: 5_000,
    options: `${options} -c TimeZone=UTC -c statement_timeout=0`,
    types: { getTypeParser: () => (text: string) => text },
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new StoreStartError(`The database ${where} cannot be reached (${causeCode(error)}).`, {
      cause: error,
    });
  }
  return {
    transaction: async (run) => {
      await client.query('begin');
      try {
        const value = await run((sql, params = []) =>
          client.query<(string | null)[]>({ text: sql, values: [...params], rowMode: 'array' }),
        );
        await client.query('commit');
        return value;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      }
    },
    where: `PostgreSQL at ${where}`,
    close: () => client.end(),
  };
}
