// The connections of one origin and the queue of requests waiting for them. Over HTTP/1.1: a free list of undici Clients, each with
// one request at a time. Over HTTP/2: as many streams on one session as the source accepts. A free list replaces undici's Pool,
// which scans all its clients for every request; `npm run bench -- guard` measures both.
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  destroyConnection,
  type Job,
} from './connection.ts';

export type { Job } from './connection.ts';

export interface ClientPool {
  /** Dispatches the job when a connection has room, else queues it. */
  start(job: Job): void;
  /** Dispatches the job again on its connection, which opens a new socket in place of the lost one. */
  repeat(job: Job): void;
  /** The job's connection receives no more requests. Call it before `finish`. */
  retire(job: Job): void;
  /** The job has ended and its connection may serve the next one: immediately, or after undici's callback when the job failed. */
  finish(job: Job, hasFailed: boolean): void;
  /** The job was aborted while it waited, or before its request was sent. */
  abandon(job: Job): void;
  /** The job was aborted after its request was sent. Call it before `finish`. */
  giveUp(job: Job): void;
  /** The origin's name leads to these addresses: sockets to other ones receive no more requests. */
  keepOnly(addresses: ReadonlySet<string>): void;
  close(): Promise<void>;
  stats(): PoolStats;
}

export interface PoolStats {
  /** Requests that have a connection. */
  readonly running: number;
  /** Requests waiting for a connection. */
  readonly waiting: number;
  /** Open sockets without a request. */
  readonly idle: number;
  /** Sockets that are open or will be opened by the next request. */
  readonly clients: number;
}

// Passed to the handler of a request that never had a connection.
const NOT_STARTED: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};

export function createClientPool(origin: string, pool: ConnectionOptions): ClientPool {
  const { connections: most, requestsPerSocket, http2, tick } = pool;
  const all = new Set<Connection>();
  // Connections with room. Last in, first out: a few warm sockets rather than many that the source closes when idle.
  const free: Connection[] = [];
  const waiting: Job[] = [];
  let running = 0;
  let isServingSoon = false;
  /** The source chose HTTP/1.1, or HTTP/2 was not offered: each request needs its own socket. */
  let isH1 = !http2;

  const open = (): Connection => {
    const connection = createConnection(origin, pool, {
      opened,
      drained: (drained) => hasRoom(drained),
      // undici fails all requests of a client with the error of one, so the connection receives no new ones.
      lost: (lost) => retire(lost),
    });
    all.add(connection);
    return connection;
  };

  const opened = ({ isH2 }: Connection, socket: Socket | undefined): void => {
    if (isH2) isH1 = false;
    else if (!isH1 && socket !== undefined) {
      // Requests that waited to share a session need sockets of their own.
      isH1 = true;
      serveWaiting();
    }
  };

  const hasRoom = (connection: Connection): void => {
    connection.isOpening = false;
    if (connection.isRetired || !all.has(connection)) return;
    if (!free.includes(connection)) free.push(connection);
    serveSoon();
  };

  const isOld = ({ oldAt }: Connection): boolean => tick() >= oldAt;

  /** A connection with room, or `undefined` when the request must wait for another one to end or a session to open. */
  const take = (): Connection | undefined => {
    if (running >= most) return undefined;
    for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
      if (!isOld(connection)) return connection;
      retire(connection);
    }
    if (!isH1) for (const other of all) if (other.isOpening && !other.isRetired) return undefined;
    return open();
  };

  const dispatch = (job: Job, connection: Connection): void => {
    job.connection = connection;
    job.activityAtStart = connection.activity;
    connection.running += 1;
    running += 1;
    const hasMoreRoom = connection.client.dispatch(job.options, job.handler) && !connection.isOpening;
    if (!connection.isH2) return;
    if (requestsPerSocket > 0 && connection.served + connection.running >= requestsPerSocket)
      retire(connection);
    else if (hasMoreRoom && !connection.isRetired && !free.includes(connection)) free.push(connection);
  };

  const serveWaiting = (): void => {
    while (waiting.length > 0) {
      const connection = take();
      if (connection === undefined) return;
      dispatch(waiting.shift() as Job, connection);
    }
  };

  /** Runs after undici's callback: a request dispatched on a client while it is failing another one would fail as well. */
  const serveSoon = (): void => {
    if (isServingSoon || waiting.length === 0) return;
    isServingSoon = true;
    queueMicrotask(() => {
      isServingSoon = false;
      serveWaiting();
    });
  };

  const retire = (connection: Connection): void => {
    connection.isRetired = true;
    const place = free.indexOf(connection);
    if (place >= 0) free.splice(place, 1);
    if (connection.running === 0) drop(connection);
    else serveSoon();
  };

  const drop = (connection: Connection): void => {
    if (!all.delete(connection)) return;
    const place = free.indexOf(connection);
    if (place >= 0) free.splice(place, 1);
    running -= connection.running;
    // Running requests are aborted; one that ended may not have left its client's queue yet.
    void (connection.running > 0 ? destroyConnection(connection) : connection.client.close());
    serveSoon();
  };

  return {
    start: (job) => {
      const connection = take();
      if (connection === undefined) waiting.push(job);
      else dispatch(job, connection);
    },

    retire: ({ connection }) => {
      if (connection !== undefined) retire(connection);
    },

    repeat: (job) => {
      const { connection } = job;
      queueMicrotask(() => {
        // The job may have been aborted meanwhile.
        if (job.connection === connection) connection?.client.dispatch(job.options, job.handler);
      });
    },

    finish: (job, hasFailed) => {
      const { connection } = job;
      if (connection === undefined) return;
      job.connection = undefined;
      if (!all.has(connection)) return;
      if (!connection.isRetired && isOld(connection)) retire(connection);
      connection.running -= 1;
      connection.served += 1;
      running -= 1;
      if (connection.isRetired) {
        if (connection.running === 0) drop(connection);
        else serveSoon();
      } else if (!connection.isH2) {
        const next = hasFailed ? undefined : waiting.shift();
        if (next !== undefined) dispatch(next, connection);
        else {
          free.push(connection);
          serveSoon();
        }
      } else if (connection.running === 0) hasRoom(connection);
      else serveSoon();
    },

    abandon: (job) => {
      const { connection } = job;
      if (connection === undefined) {
        const place = waiting.indexOf(job);
        if (place >= 0) waiting.splice(place, 1);
        return;
      }
      // Other requests are running on this session: the job is removed when undici reaches it.
      if (connection.isH2 && connection.running > 1) return;
      // Still connecting, perhaps to an address that never answers: the connection would occupy a slot for seconds.
      job.connection = undefined;
      drop(connection);
    },

    giveUp: ({ connection, activityAtStart }) => {
      // Over HTTP/1.1 the socket is closed with its request. A session without any activity since the request began may be dead,
      // which TCP notices late: it receives no more requests.
      if (connection?.isH2 === true && connection.activity === activityAtStart) retire(connection);
    },

    keepOnly: (addresses) => {
      for (const connection of [...all]) {
        const { address } = connection;
        if (address !== undefined && !addresses.has(address)) retire(connection);
      }
    },

    close: async () => {
      const given = waiting.splice(0);
      free.length = 0;
      const connections = [...all];
      all.clear();
      running = 0;
      for (const job of given) job.handler.onResponseError?.(NOT_STARTED, new GatewayError('CANCELLED'));
      await Promise.all(connections.map(destroyConnection));
    },

    stats: () => {
      let idle = 0;
      for (const { running: requests, client } of all)
        if (requests === 0 && client.stats.connected) idle += 1;
      return { running, waiting: waiting.length, idle, clients: all.size };
    },
  };
}
