// The engine of a store on a PostgreSQL server, version 15 or later.
import { PostgresDialect } from 'kysely';
import pg from 'pg';
import { readDatabaseUrl } from './database-url.ts';
import { instantFromText, type StoreEngine } from './engine.ts';
import { listenOnPostgres } from './listen-on-postgres.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { StoreStartError } from './start-error.ts';
import { causeCode } from './store-error.ts';

/** Enough for 16 concurrent pages. A server accepts 100 connections by default, from all replicas together. */
const CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 5_000;
/** Statements take milliseconds; a statement that hangs must release its connection. */
const STATEMENT_TIMEOUT_MS = 10_000;
const OLDEST_VERSION = 150_000;
/** Data is in memory or on flash. With the default, which is meant for rotating disks, the planner scans small tables. */
const SESSION = '-c TimeZone=UTC -c random_page_cost=1.1';

const { INT8, TIMESTAMPTZ } = pg.types.builtins;
const textParsers = new Map<number, (text: string) => unknown>([
  // Ids and amounts in đồng stay below 2^53.
  [INT8, Number],
  [TIMESTAMPTZ, instantFromText],
]);
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && textParsers.get(oid)) ||
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** @throws StoreStartError in one sentence: address, password, database, version. */
export async function openPostgres(databaseUrl: string): Promise<StoreEngine> {
  const { where, options, servers } = readDatabaseUrl(databaseUrl);
  const settings: pg.PoolConfig = {
    application_name: 'lienthong',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types,
    options: `${options} ${SESSION}`,
  };
  const { pool, run, connections } = createPostgresPool(servers, {
    ...settings,
    max: CONNECTIONS,
    options: `${settings.options} -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  });
  try {
    const { rows } = await pool.query<{ version: string; zone: string }>(
      `select current_setting('server_version_num') as version, current_setting('TimeZone') as zone`,
    );
    const version = Number(rows[0]?.version);
    if (version < OLDEST_VERSION) {
      throw new StoreStartError(
        `The database ${where} is PostgreSQL ${Math.floor(version / 10_000)}; version 15 or later is required.`,
      );
    }
    // Times are read as text in UTC; in another zone they would be wrong, and nothing would detect it.
    if (rows[0]?.zone !== 'UTC') {
      throw new StoreStartError(
        `The database ${where} uses the time zone ${rows[0]?.zone} although the gateway requested UTC: configure the connection pooler in front of it to forward startup options, or connect directly.`,
      );
    }
  } catch (error) {
    await pool.end().catch(() => {});
    throw error instanceof StoreStartError ? error : startError(error, where);
  }
  return {
    kind: 'postgres',
    dialect: new PostgresDialect({ pool }),
    // A migration may wait for another replica or build an index: one connection, without a time limit.
    migrationDialect: () =>
      new PostgresDialect({
        pool: new pg.Pool({ ...settings, connectionString: servers.current(), max: 1 }),
      }),
    run,
    connections,
    listen: (channel, listener) => listenOnPostgres(servers, settings, channel, listener),
    describe: () => `PostgreSQL at ${where}`,
    startError: (error) => startError(error, where),
    // Destroying Kysely ends the pool.
    close: async () => {},
  };
}

function startError(error: unknown, where: string): StoreStartError {
  if (error instanceof StoreStartError) return error;
  const code = causeCode(error);
  return new StoreStartError(`The database ${where} ${reason(code, error)}.`, { cause: error });
}

function reason(code: string, error: unknown): string {
  switch (code) {
    case '28P01':
    case '28000':
      return `refused the user or the password (${code}): correct DATABASE_URL`;
    case '3D000':
      return 'does not exist on that server (3D000): create it, or correct DATABASE_URL';
    case '42501':
      return 'does not allow this user to create tables (42501): grant the privilege, or use another user';
    case '53300':
      return 'has no free connection (53300): stop another client, or raise max_connections';
    case '57P03':
      return 'is starting up or shutting down (57P03): try again in a moment';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `cannot be found (${code}): correct the host in DATABASE_URL`;
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `cannot be reached (${code}): start it, or correct DATABASE_URL`;
    default: {
      const message = error instanceof Error ? error.message : '';
      if (/timeout/i.test(message)) {
        return `did not answer in ${CONNECT_TIMEOUT_MS / 1_000} s: start it, or correct DATABASE_URL`;
      }
      if (/SCRAM|password must be/i.test(message)) return 'requires a password: add it to DATABASE_URL';
      return code === 'UNKNOWN' ? 'cannot be used as a store' : `cannot be used as a store (${code})`;
    }
  }
}
