// The stores that a suite runs on: PGlite always, PostgreSQL when a server answers. Each test file gets an empty one
// of its own and drops it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { StoreOptions } from '../../src/store/database.ts';

export interface StorePlace {
  readonly options: StoreOptions;
  drop(): Promise<void>;
}

export interface StoreCase {
  readonly kind: 'pglite' | 'postgres';
  place(): Promise<StorePlace>;
}

const serverUrl = process.env.TEST_DATABASE_URL ?? 'postgres://root@127.0.0.1:5432/test';

/** Waits for no longer than a second, so that a machine without a server is not slowed down. */
async function isReachable(): Promise<boolean> {
  const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

export function aFolder(): { readonly path: string; drop(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lienthong-test-'));
  return { path, drop: () => rmSync(path, { recursive: true, force: true }) };
}

const onPglite: StoreCase = {
  kind: 'pglite',
  place: async () => {
    const folder = aFolder();
    return { options: { dataDir: folder.path }, drop: async () => folder.drop() };
  },
};

const onPostgres: StoreCase = {
  kind: 'postgres',
  place: async () => {
    const name = `lienthong_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
    await administer(`create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return {
      options: { databaseUrl: url.href, dataDir: join(tmpdir(), 'lienthong-unused') },
      drop: () => administer(`drop database if exists ${name} with (force)`),
    };
  },
};

/** Runs one statement in the server's own database: whole databases are made and shut from there. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export const postgres: StoreCase | null = (await isReachable()) ? onPostgres : null;
export const storeCases: readonly StoreCase[] = postgres === null ? [onPglite] : [onPglite, postgres];
