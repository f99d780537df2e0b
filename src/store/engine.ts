// What database.ts needs of a database, whichever it is: the seam between the store and its two engines.
import type { Dialect } from 'kysely';
import type { StoreStartError } from './start-error.ts';
import type { Statement } from './statement.ts';
import type { Instant } from './tables.ts';

/** Who hears what is said on a channel of the database. */
export interface Listener {
  onMessage(payload: string): void;
  /** The connection had been lost and is back: what was said meanwhile was not heard, and is to be read. */
  onReturn(): void;
}

export interface Listening {
  /**
   * Runs a statement on the listening connection: it waits for no other statement, and finds out when that connection is dead.
   * @throws GatewayError `STORE_UNAVAILABLE`
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[]): Promise<Row[]>;
  /** Nothing is heard any more; the connection is closed. */
  close(): Promise<void>;
}

export interface StoreEngine {
  readonly kind: 'pglite' | 'postgres';
  readonly dialect: Dialect;
  /** A dialect of its own for the time of the migrations; undefined where the engine has one connection only. */
  readonly migrationDialect: (() => Dialect) | undefined;
  /** Runs a hot-path statement. @throws GatewayError `STORE_UNAVAILABLE` */
  run<Row>(statement: Statement<Row>, params: readonly unknown[]): Promise<Row[]>;
  /** Hears what any client of the database says with NOTIFY. @throws GatewayError `STORE_UNAVAILABLE` */
  listen(channel: string, listener: Listener): Promise<Listening>;
  /** For people: where the store is. Without password. */
  describe(): string;
  /** Says in one sentence why the store cannot be opened. */
  startError(error: unknown): StoreStartError;
  /** Called after Kysely has let go of the database. */
  close(): Promise<void>;
}

/** `2026-06-09 01:30:00.5+00`, as a database in UTC writes it, to RFC 3339. Slices in place of a Date: it is per value. */
export const instantFromText = (text: string): Instant =>
  text.endsWith('+00') && text.charCodeAt(10) === 32
    ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z`
    : new Date(text).toISOString();
