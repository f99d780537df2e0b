// Opens the store, on PostgreSQL where a URL is set and on PGlite in the data folder otherwise, and runs the migrations.
import { Kysely } from 'kysely';
import { createAvailability, type StatementOutcome, type StoreObserver } from './availability.ts';
import type { Listener, Listening, StoreEngine } from './engine.ts';
import { migrate } from './migrations/index.ts';
import type { PoolConnections } from './postgres-pool.ts';
import type { Statement } from './statement.ts';
import { storeError } from './store-error.ts';
import type { Database } from './tables.ts';

export type { StoreObserver } from './availability.ts';
export type { Listener, Listening } from './engine.ts';

export interface StoreOptions {
  /** `postgres://user:password@host:5432/name`. Unset: PGlite. */
  readonly databaseUrl?: string | undefined;
  /** The folder of PGlite, created when missing. PostgreSQL does not use it. */
  readonly dataDir: string;
  /** Receives what statements do, and outages. */
  readonly observer?: StoreObserver | undefined;
}

export interface StoreState {
  readonly kind: Store['kind'];
  readonly isUp: boolean;
  /** Undefined on PGlite, which has no connections. */
  readonly connections: PoolConnections | undefined;
}

export interface Store {
  readonly kind: 'pglite' | 'postgres';
  /** For everything that is not on a hot path: seeding, jobs, administration. */
  readonly db: Kysely<Database>;
  /**
   * Runs a compiled statement; PostgreSQL keeps it prepared under its name. The signal cancels it, in the database too.
   * @throws GatewayError `STORE_UNAVAILABLE`; the reason of the signal
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[], signal?: AbortSignal): Promise<Row[]>;
  /**
   * Receives what this process or any other sends on a channel with NOTIFY, and reconnects when the connection is lost.
   * @param channel a plain lower-case name
   * @throws GatewayError `STORE_UNAVAILABLE` when the first connection fails
   */
  listen(channel: string, listener: Listener): Promise<Listening>;
  /** Resolves when the database answers. @throws GatewayError `STORE_UNAVAILABLE`; the reason of the signal */
  check(signal: AbortSignal): Promise<void>;
  /** For metrics. */
  state(): StoreState;
  /** Which database this is and where, for people. Contains no password. */
  describe(): string;
  /** Waits for running statements, closes the connections and releases the data folder. */
  close(): Promise<void>;
}

const ALIVE: Statement<{ one: number }> = { name: 'lt_alive', sql: 'select 1 as one' };

const PROBE_TIMEOUT_MS = 1_000;

/** @throws StoreStartError with one clear sentence when the store cannot be opened. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const engine = await openEngine(options);
  const db = new Kysely<Database>({ dialect: engine.dialect });
  let closing: Promise<void> | undefined;
  const availability = createAvailability(options.observer, () =>
    run(ALIVE, [], AbortSignal.timeout(PROBE_TIMEOUT_MS)),
  );
  const close = (): Promise<void> => {
    availability.close();
    closing ??= db.destroy().finally(() => engine.close());
    return closing;
  };
  const run: Store['run'] = async (statement, params, signal) => {
    const startedAt = performance.now();
    const ended = (outcome: StatementOutcome): void =>
      options.observer?.statement(statement.name, outcome, performance.now() - startedAt);
    try {
      const rows = await engine.run(statement, params, signal);
      availability.succeeded();
      ended('OK');
      return rows;
    } catch (error) {
      const isCancelled = signal?.aborted === true && error === signal.reason;
      ended(isCancelled ? 'CANCELLED' : 'FAILED');
      if (isCancelled) throw error;
      availability.failed(error);
      throw storeError(error, statement.name);
    }
  };
  try {
    await runMigrations(engine, db);
  } catch (error) {
    await close().catch(() => {});
    throw engine.startError(error);
  }
  const { kind, listen, describe } = engine;
  const check = async (signal: AbortSignal): Promise<void> => void (await run(ALIVE, [], signal));
  const state = (): StoreState => ({
    kind,
    isUp: availability.downSince() === undefined,
    connections: engine.connections?.(),
  });
  return { kind, db, run, check, state, listen, describe, close };
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
