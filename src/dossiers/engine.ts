// What database.ts needs of a database, whichever it is: the seam between the store and its two engines.
import type { Dialect } from 'kysely';
import type { StoreStartError } from './start-error.ts';
import type { Statement } from './statement.ts';
import type { Instant } from './tables.ts';

export interface StoreEngine {
  readonly kind: 'pglite' | 'postgres';
  readonly dialect: Dialect;
  /** A dialect of its own for the time of the migrations; undefined where the engine has one connection only. */
  readonly migrationDialect: (() => Dialect) | undefined;
  /** Runs a hot-path statement. @throws GatewayError `STORE_UNAVAILABLE` */
  run<Row>(statement: Statement<Row>, params: readonly unknown[]): Promise<Row[]>;
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
