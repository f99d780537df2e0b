// Opens the city's store: PostgreSQL where a URL is given, PGlite in the data folder otherwise, and brings its tables
// up to date. Called once by gateway.ts; everything that reads or writes dossiers gets the `Store` it gives.
import { Kysely } from 'kysely';
import type { Listener, Listening, StoreEngine } from './engine.ts';
import { migrate } from './migrations/index.ts';
import type { Statement } from './statement.ts';
import type { Database } from './tables.ts';

export type { Listener, Listening } from './engine.ts';

export interface StoreOptions {
  /** `postgres://user:password@host:5432/name`; without it, PGlite. */
  readonly databaseUrl?: string | undefined;
  /** Where PGlite keeps its data; made when missing. Not touched with PostgreSQL. */
  readonly dataDir: string;
}

export interface Store {
  readonly kind: 'pglite' | 'postgres';
  /** For everything that is not a hot path: seeding, jobs, administration. */
  readonly db: Kysely<Database>;
  /**
   * Runs a compiled statement; on PostgreSQL as a named prepared one.
   * @throws GatewayError `STORE_UNAVAILABLE`
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[]): Promise<Row[]>;
  /**
   * Hears what is said on a channel with NOTIFY, by this process or another; comes back by itself when the connection is lost.
   * @param channel a plain lower-case name. @throws GatewayError `STORE_UNAVAILABLE` when it cannot begin
   */
  listen(channel: string, listener: Listener): Promise<Listening>;
  /** For people: which database, and where; without password. */
  describe(): string;
  /** Lets running statements end, closes the connections and gives the data folder free. */
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

// Each engine is loaded only where it is used: PGlite is 20 MB, and pg is of no use to it.
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
