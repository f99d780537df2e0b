// Opens the store, on PostgreSQL where a URL is set and on PGlite in the data folder otherwise, and runs the migrations.
import { Kysely } from 'kysely';
import type { Listener, Listening, StoreEngine } from './engine.ts';
import { migrate } from './migrations/index.ts';
import type { Statement } from './statement.ts';
import type { Database } from './tables.ts';

export type { Listener, Listening } from './engine.ts';

export interface StoreOptions {
  /** `postgres://user:password@host:5432/name`. Unset: PGlite. */
  readonly databaseUrl?: string | undefined;
  /** The folder of PGlite, created when missing. PostgreSQL does not use it. */
  readonly dataDir: string;
}

export interface Store {
  readonly kind: 'pglite' | 'postgres';
  /** For everything that is not on a hot path: seeding, jobs, administration. */
  readonly db: Kysely<Database>;
  /**
   * Runs a compiled statement; PostgreSQL keeps it prepared under its name.
   * @throws GatewayError `STORE_UNAVAILABLE`
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[]): Promise<Row[]>;
  /**
   * Receives what this process or any other sends on a channel with NOTIFY, and reconnects when the connection is lost.
   * @param channel a plain lower-case name
   * @throws GatewayError `STORE_UNAVAILABLE` when the first connection fails
   */
  listen(channel: string, listener: Listener): Promise<Listening>;
  /** Which database this is and where, for people. Contains no password. */
  describe(): string;
  /** Waits for running statements, closes the connections and releases the data folder. */
  close(): Promise<void>;
}

/** @throws StoreStartError with one clear sentence when the store cannot be opened. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const engine = await openEngine(options);
  const db = new Kysely<Database>({ dialect: engine.dialect });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= db.destroy().finally(() => engine.close());
    return closing;
  };
  try {
    await runMigrations(engine, db);
  } catch (error) {
    await close().catch(() => {});
    throw engine.startError(error);
  }
  const { kind, run, listen, describe } = engine;
  return { kind, db, run, listen, describe, close };
}

// Loads only the engine in use: PGlite alone takes 20 MB.
async function openEngine({ databaseUrl, dataDir }: StoreOptions): Promise<StoreEngine> {
  if (databaseUrl !== undefined && databaseUrl !== '') {
    const { openPostgres } = await import('./open-postgres.ts');
    return openPostgres(databaseUrl);
  }
  const { openPglite } = await import('./open-pglite.ts');
  return openPglite(dataDir);
}

async function runMigrations(engine: StoreEngine, db: Kysely<Database>): Promise<void> {
  if (engine.migrationDialect === undefined) {
    await migrate(db as unknown as Kysely<never>);
    return;
  }
  const own = new Kysely<never>({ dialect: engine.migrationDialect() });
  try {
    await migrate(own);
  } finally {
    await own.destroy();
  }
}
