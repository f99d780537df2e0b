// A pool of connections to PostgreSQL on which every statement ends in bounded time, whatever the server does: it is
// cancelled when its request ends, and a connection on which it is not answered in time is replaced.
import { createConnection } from 'node:net';
import pg from 'pg';
import type { Servers } from './database-url.ts';
import type { Statement } from './statement.ts';
import { causeCode } from './store-error.ts';

export interface PostgresPool {
  /** For Kysely. Its statements have the limit of `MAX_STATEMENT_MS`. */
  readonly pool: pg.Pool;
  /**
   * Runs a hot-path statement, prepared under its name.
   * @throws the reason of the signal, or the error of the driver
   */
  run<Row>(statement: Statement<Row>, params: readonly unknown[], signal?: AbortSignal): Promise<Row[]>;
  readonly connections: () => PoolConnections;
}

export interface PoolConnections {
  readonly open: number;
  readonly idle: number;
  /** Statements that wait for a connection. */
  readonly waiting: number;
}

/** Hot-path statements take milliseconds. */
const ANSWER_TIMEOUT_MS = 3_000;
/** The limit of every other statement. The server's own limit is shorter: where the server works, it ends the statement. */
export const MAX_STATEMENT_MS = 11_000;
/** Time for a server that works to end a cancelled statement; then the connection is closed. */
const CANCEL_TIMEOUT_MS = 500;

/**
 * Errors after which every idle connection is suspect: the server is shutting down, has failed over to another one, or has
 * become read-only.
 */
const MOVED = new Set(['25006', '57P01', '57P02', '57P03', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

const QUERY_CANCELED = '57014';

/** The parts of a client of pg that its types leave out. */
interface ClientInternals {
  readonly connection: { readonly stream: { destroy(error?: Error): void } };
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

export function createPostgresPool(servers: Servers, settings: pg.PoolConfig): PostgresPool {
  const pool = new pg.Pool({ ...settings, ...connectionsTo(servers) });
  // The pool replaces a broken idle connection. Without a listener, the event would end the process.
  pool.on('error', ignore);
  pool.on('connect', (client) => {
    // The same for a connection that breaks while it is in use: the statement fails, which is enough.
    client.on('error', ignore);
    limitStatements(client);
  });

  /** Closes the connections that are idle now: each would fail the statement that finds it dead. */
  const dropIdle = (): void => {
    for (let left = pool.idleCount; left > 0; left--) {
      pool.connect().then((client) => {
        destroy(client);
        client.release(true);
      }, ignore);
    }
  };

  return {
    pool,
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    run: async <Row>(
      { name, sql }: Statement<Row>,
      params: readonly unknown[],
      signal: AbortSignal | undefined,
    ): Promise<Row[]> => {
      signal?.throwIfAborted();
      const client = await connect(pool, servers, signal);
      const limits = watch(client, signal);
      let failure: Error | undefined;
      try {
        const { rows } = await client.query({ name, text: sql, values: params as unknown[] });
        return rows;
      } catch (error) {
        failure = error as Error;
        if (limits.isUnanswered() || MOVED.has(causeCode(error))) dropIdle();
        if (signal?.aborted) throw signal.reason;
        throw error;
      } finally {
        limits.end();
        client.release(limits.isUsable(failure) ? undefined : true);
      }
    },
  };
}

/**
 * Each connection goes to the server that is current when it is made. Of several servers, one that cannot be reached or does not
 * accept writes is skipped.
 */
function connectionsTo(servers: Servers): pg.PoolConfig {
  class CurrentClient extends pg.Client {
    readonly url: string;
    constructor(settings: pg.ClientConfig) {
      const url = servers.current();
      super({ ...settings, connectionString: url });
      this.url = url;
      this.once('error', () => servers.skip(url));
    }
  }
  const onConnect = async (client: pg.ClientBase): Promise<void> => {
    const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only');
    if (rows[0]?.transaction_read_only !== 'on') return;
    servers.skip((client as CurrentClient).url);
    throw Object.assign(new Error('the server is read-only'), { code: '25006' });
  };
  const Client = CurrentClient as unknown as new () => pg.ClientBase;
  // `onConnect` is missing in the types of pg.
  return (servers.count === 1 ? { Client } : { Client, onConnect }) as pg.PoolConfig;
}

/** A connection to the first server that gives one. */
async function connect(
  pool: pg.Pool,
  servers: Servers,
  signal: AbortSignal | undefined,
): Promise<pg.PoolClient> {
  for (let left = servers.count; ; left--) {
    try {
      return await connectUnlessAborted(pool, signal);
    } catch (error) {
      if (left <= 1 || signal?.aborted) throw error;
    }
  }
}

/** A connection, unless the signal is aborted first: then a connection that comes later goes back to the pool. */
function connectUnlessAborted(pool: pg.Pool, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  if (signal === undefined) return pool.connect();
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    pool.connect().then(
      (client) => {
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) client.release();
        else resolve(client);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}

interface Limits {
  /** Whether the server left the statement without an answer. */
  readonly isUnanswered: () => boolean;
  /** Whether the connection may be used again after the statement has succeeded or failed. */
  readonly isUsable: (failure: Error | undefined) => boolean;
  readonly end: () => void;
}

/** Ends the statement that runs on the connection when time is up or the signal is aborted. */
function watch(client: pg.PoolClient, signal: AbortSignal | undefined): Limits {
  let isUnanswered = false;
  const giveUp = () => {
    isUnanswered = true;
    destroy(client);
  };
  let timer = setTimeout(giveUp, ANSWER_TIMEOUT_MS);
  const onAbort = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, CANCEL_TIMEOUT_MS);
    cancelOnServer(client);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    isUnanswered: () => isUnanswered,
    // A statement that the server refused or cancelled leaves the connection as it was.
    isUsable: (failure) =>
      !isUnanswered &&
      // A cancel request that was too late for its statement may reach the next one.
      (signal?.aborted !== true || causeCode(failure) === QUERY_CANCELED) &&
      (failure === undefined || (failure instanceof pg.DatabaseError && !MOVED.has(causeCode(failure)))),
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Asks the server to cancel what the connection runs, on a connection of its own, as the protocol requires. */
function cancelOnServer(client: pg.PoolClient): void {
  const { host, port, processID, secretKey } = client as unknown as ClientInternals;
  if (processID === null || secretKey === null) return;
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(CANCEL_REQUEST, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  const isPath = host.startsWith('/');
  const socket = isPath ? createConnection(`${host}/.s.PGSQL.${port}`) : createConnection(port, host);
  socket.on('error', ignore);
  socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy());
  socket.end(request);
}

/** The code of a cancel request: 1234 and 5678 in 16 bits each. */
const CANCEL_REQUEST = 80_877_102;

/** Gives every statement of the connection a limit: one that is not answered closes the connection. */
function limitStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((...args: unknown[]): unknown => {
    const timer = setTimeout(() => destroy(client), MAX_STATEMENT_MS);
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (...results: unknown[]) => {
        clearTimeout(timer);
        callback(...results);
      };
      return query(...args);
    }
    const result = query(...args);
    const done = () => clearTimeout(timer);
    if (result instanceof Promise) result.then(done, done);
    else done();
    return result;
  }) as typeof client.query;
}

/** Closes the socket without a goodbye, which a silent server would not read. What runs on it fails. */
const destroy = (client: pg.PoolClient): void =>
  (client as unknown as ClientInternals).connection.stream.destroy(new Error('no answer in time'));

function ignore(): void {}
