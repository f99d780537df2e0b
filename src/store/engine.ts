// The contract between the store (database.ts) and its two engines, PostgreSQL and PGlite.
import type { Dialect } from 'kysely';
import type { PoolConnections } from './postgres-pool.ts';
import type { StoreStartError } from './start-error.ts';
import type { Statement } from './statement.ts';
import type { Instant } from './tables.ts';

/** Receives the messages of a channel of the database. */
export interface Listener {
  onMessage(payload: string): void;
  /** The connection was lost and has been restored. Messages sent in between were not received; read the state again. */
  onReconnect(): void;
}

export interface Listening {
  /**
   * Runs a statement on the listening connection, which is never queued behind other statements and detects a dead connection.
   * @throws GatewayError `STORE_UNAVAILABLE`
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[]): Promise<Row[]>;
  /** Ends the subscription and closes the connection. */
  close(): Promise<void>;
}

export interface StoreEngine {
  readonly kind: 'pglite' | 'postgres';
  readonly dialect: Dialect;
  /** A separate dialect for migrations; undefined where the engine has a single connection. */
  readonly migrationDialect: (() => Dialect) | undefined;
  /**
   * Runs a hot-path statement; the signal cancels it in the database too.
   * @throws the error of the driver; the reason of the signal
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[], signal?: AbortSignal): Promise<Row[]>;
  /** Undefined where the engine has a single connection. */
  readonly connections: (() => PoolConnections) | undefined;
  /** Receives what any client of the database sends with NOTIFY. @throws GatewayError `STORE_UNAVAILABLE` */
  listen(channel: string, listener: Listener): Promise<Listening>;
  /** Where the store is, for people. Contains no password. */
  describe(): string;
  /** The error that states in one sentence why the store cannot be opened. */
  startError(error: unknown): StoreStartError;
  /** Called after Kysely has been destroyed. */
  close(): Promise<void>;
}

/**
 * `2026-06-09 01:30:00.5+00`, as a database in UTC writes a timestamp, in RFC 3339. Slices the text instead of parsing a Date,
 * because this runs for every value.
 */
export const instantFromText = (text: string): Instant =>
  text.endsWith('+00') && text.charCodeAt(10) === 32
    ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z`
    : new Date(text).toISOString();
