// The store on a PostgreSQL server (15 or later). Called by database.ts at start; gives the engine that it runs on.
import { PostgresDialect } from 'kysely';
import pg from 'pg';
import { instantFromText, type StoreEngine } from './engine.ts';
import { listenOnPostgres } from './listen-on-postgres.ts';
import { StoreStartError } from './start-error.ts';
import { causeCode, storeError } from './store-error.ts';

/** Enough for 16 concurrent pages with their three statements; a server takes 100 by default, for all replicas. */
const CONNECTIONS = 20;
const CONNECT_MS = 5_000;
/** No statement of ours needs more than milliseconds; one that hangs must not hold its connection for ever. */
const STATEMENT_MS = 10_000;
const OLDEST_VERSION = 150_000;
/** Pages stand in memory or on flash: the default, made for turning disks, reads a small table whole for twenty rows. */
const SESSION = '-c TimeZone=UTC -c random_page_cost=1.1';

const { INT8, TIMESTAMPTZ } = pg.types.builtins;
const textParsers = new Map<number, (text: string) => unknown>([
  // Ids and amounts in đồng stay far below 2^53.
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
  const where = describeUrl(databaseUrl);
  const { url, options } = withoutOptions(databaseUrl);
  const settings: pg.PoolConfig = {
    connectionString: url,
    application_name: 'lienthong',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types,
  };
  const pool = new pg.Pool({
    ...settings,
    max: CONNECTIONS,
    options: `${options} ${SESSION} -c statement_timeout=${STATEMENT_MS}`,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  try {
    const { rows } = await pool.query<{ version: string; zone: string }>(
      `select current_setting('server_version_num') as version, current_setting('TimeZone') as zone`,
    );
    const version = Number(rows[0]?.version);
    if (version < OLDEST_VERSION) {
      throw new StoreStartError(
        `The database ${where} is PostgreSQL ${Math.floor(version / 10_000)}; version 15 or later is needed.`,
      );
    }
    // Times are read as text in UTC; in another zone they would be wrong without anyone noticing.
    if (rows[0]?.zone !== 'UTC') {
      throw new StoreStartError(
        `The database ${where} is in time zone ${rows[0]?.zone} although UTC was asked for: let the connection pooler in front of it pass startup options on, or connect directly.`,
      );
    }
  } catch (error) {
    await pool.end().catch(() => {});
    throw error instanceof StoreStartError ? error : startError(error, where);
  }
  return {
    kind: 'postgres',
    dialect: new PostgresDialect({ pool }),
    // Migrations may wait for another replica's or build an index: one connection, no time limit.
    migrationDialect: () =>
      new PostgresDialect({ pool: new pg.Pool({ ...settings, max: 1, options: `${options} ${SESSION}` }) }),
    run: async (statement, params) => {
      try {
        const { rows } = await pool.query({
          name: statement.name,
          text: statement.sql,
          values: params as unknown[],
        });
        return rows;
      } catch (error) {
        throw storeError(error, statement.name);
      }
    },
    listen: (channel, listener) =>
      listenOnPostgres({ ...settings, options: `${options} ${SESSION}` }, channel, listener),
    describe: () => `PostgreSQL at ${where}`,
    startError: (error) => startError(error, where),
    // Kysely ends the pool when it is destroyed.
    close: async () => {},
  };
}

function describeUrl(databaseUrl: string): string {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    throw notAUrl();
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw notAUrl();
  return `${url.hostname || 'localhost'}:${url.port || '5432'}${url.pathname}`;
}

/** Options in the URL would replace ours: they are taken out, to be given together. */
function withoutOptions(databaseUrl: string): { readonly url: string; readonly options: string } {
  const url = new URL(databaseUrl);
  const options = url.searchParams.get('options');
  if (options === null) return { url: databaseUrl, options: '' };
  url.searchParams.delete('options');
  return { url: url.href, options };
}

const notAUrl = (): StoreStartError =>
  new StoreStartError(
    'DATABASE_URL is not the address of a PostgreSQL database: expected postgres://user:password@host:5432/name.',
  );

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
      return 'does not let this user create tables (42501): grant the right, or use another user';
    case '53300':
      return 'has no connection left (53300): stop another client, or raise max_connections';
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
        return `did not answer in ${CONNECT_MS / 1_000} s: start it, or correct DATABASE_URL`;
      }
      if (/SCRAM|password must be/i.test(message)) return 'asks for a password: put it into DATABASE_URL';
      return code === 'UNKNOWN' ? 'cannot be used as a store' : `cannot be used as a store (${code})`;
    }
  }
}
