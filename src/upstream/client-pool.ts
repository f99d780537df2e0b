// The connections of one origin, with a queue behind them: over HTTP/1.1 a free list of undici Clients, one request each at a
// time; over HTTP/2 as many streams on one session as the source takes. `transport.ts` calls it. A free list in place of undici's
// Pool because a Pool scans its clients one after the other for every request; `npm run bench -- guard` measures both.
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import { createOpeningSocket, type OpeningSocket } from './opening-socket.ts';

/** A request that waits for, or has, a connection. `options` and `handler` are undici's. */
export interface Job {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  /** Set while the job has a connection. */
  connection: Connection | undefined;
  /** What its connection had heard when the job was given to it. */
  heard: number;
}

export interface Connection {
  readonly client: Client;
  readonly opening: OpeningSocket;
  /** Settled by ALPN at each new socket. */
  isH2: boolean;
  /** A new socket is on its way, or a new session has not said yet how many streams it takes. */
  isOpening: boolean;
  /** Given no more requests, and closed after its last one. */
  isRetired: boolean;
  running: number;
  /** Requests that ended on the present socket. */
  served: number;
  /** Counts signs of life: answers that began, pieces of them, ends. */
  heard: number;
}

export interface ClientPool {
  /** Sends now when a connection has room, else in turn. */
  start(job: Job): void;
  /** Sends the job once more, over a new socket of its own connection: the one before is gone. */
  repeat(job: Job): void;
  /** The job is over and its connection may serve the next one: at once, or, when it failed, after undici's callback. */
  finish(job: Job, hasFailed: boolean): void;
  /** The job was given up: while it waited, or before its request was on the wire. */
  abandon(job: Job): void;
  /** The job was given up after its request was sent. Call it before `finish`. */
  giveUp(job: Job): void;
  close(): Promise<void>;
  stats(): PoolStats;
}

export interface PoolStats {
  /** Requests that have a connection. */
  readonly running: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** Open sockets without a request. */
  readonly idle: number;
  /** Sockets, open or to be opened at the next request. */
  readonly clients: number;
}

export interface ClientPoolOptions {
  /** Requests at once at most, ≥ 1: sockets over HTTP/1.1, streams over HTTP/2. */
  readonly connections: number;
  readonly maxHeaderBytes: number;
  /** Opens a socket. */
  readonly connect: buildConnector.connector;
  /** Requests after which a socket is replaced; 0: never. */
  readonly requestsPerSocket: number;
  /** May the source choose HTTP/2? */
  readonly http2: boolean;
}

// Deadlines are the caller's abort signal: undici's own timers are coarse and would only add cost.
const CLIENT_OPTIONS: Client.Options = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };

// What a handler is told of a request that never had a connection.
const NOT_STARTED: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};

export function createClientPool(origin: string, pool: ClientPoolOptions): ClientPool {
  const { connections: most, requestsPerSocket, http2 } = pool;
  const all = new Set<Connection>();
  // With room for a request. Last in, first out: few warm sockets rather than many that the source closes for idleness.
  const free: Connection[] = [];
  const waiting: Job[] = [];
  let running = 0;
  let isServingSoon = false;
  /** The source chose HTTP/1.1, or nobody asked it: each request needs a socket of its own. */
  let isH1 = !http2;

  const open = (): Connection => {
    const opening = createOpeningSocket(pool.connect);
    const connection: Connection = {
      opening,
      client: new Client(origin, {
        ...CLIENT_OPTIONS,
        allowH2: http2,
        h2Options: { maxConcurrentStreams: most },
        maxHeaderSize: pool.maxHeaderBytes,
        maxRequestsPerClient: requestsPerSocket,
        connect: (options, callback) => {
          connection.isOpening = true;
          return opening.connect(options, (...result) => {
            opened(connection, result[1]);
            callback(...result);
          });
        },
      }),
      isH2: false,
      isOpening: true,
      isRetired: false,
      running: 0,
      served: 0,
      heard: 0,
    };
    if (http2) {
      // The session has said how many streams it takes, or one of them has ended.
      connection.client.on('drain', () => connection.isH2 && hasRoom(connection));
      // The session says goodbye or is lost. undici fails all that its client holds with what ails one of them: nothing new goes there.
      connection.client.on('disconnect', () => {
        if (connection.isH2 && connection.running > 0) retire(connection);
      });
    }
    all.add(connection);
    return connection;
  };

  const opened = (connection: Connection, socket: unknown): void => {
    connection.served = 0;
    connection.isH2 = socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
    // undici's measure of how much a client takes before its session is up: after a GOAWAY, calls need not wait for the last
    // stream of the old one. Over HTTP/1.1 it would pipeline.
    if (http2) connection.client.pipelining = connection.isH2 ? most : 1;
    if (connection.isH2) isH1 = false;
    else {
      connection.isOpening = false;
      if (isH1 || !(socket instanceof Socket)) return;
      // Whoever waited to share a session needs sockets after all.
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

  /** A connection with room; `undefined`: wait, for another request to end or for a session to come up. */
  const take = (): Connection | undefined => {
    if (running >= most) return undefined;
    const connection = free.pop();
    if (connection !== undefined) return connection;
    if (!isH1) for (const one of all) if (one.isOpening && !one.isRetired) return undefined;
    return open();
  };

  const dispatch = (job: Job, connection: Connection): void => {
    job.connection = connection;
    job.heard = connection.heard;
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

  /** After undici's callback: a request that is given to a client while it fails another one fails with it, or an assertion does. */
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

  /** undici forgets a socket on its way. */
  const destroy = ({ client, opening }: Connection): Promise<void> => {
    const destroyed = client.destroy();
    opening.giveUp();
    return destroyed;
  };

  const drop = (connection: Connection): void => {
    if (!all.delete(connection)) return;
    const place = free.indexOf(connection);
    if (place >= 0) free.splice(place, 1);
    running -= connection.running;
    // What runs is given up; what ended may not have left its client's queue yet.
    void (connection.running > 0 ? destroy(connection) : connection.client.close());
    serveSoon();
  };

  return {
    start: (job) => {
      const connection = take();
      if (connection === undefined) waiting.push(job);
      else dispatch(job, connection);
    },

    repeat: (job) => {
      const { connection } = job;
      queueMicrotask(() => {
        // It may have been given up in between.
        if (job.connection === connection) connection?.client.dispatch(job.options, job.handler);
      });
    },

    finish: (job, hasFailed) => {
      const { connection } = job;
      if (connection === undefined) return;
      job.connection = undefined;
      if (!all.has(connection)) return;
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
      // Others are under way on this session: the job leaves it when its turn comes.
      if (connection.isH2 && connection.running > 1) return;
      // Still connecting, perhaps to an address that never answers: such a connection would hold its place for seconds.
      job.connection = undefined;
      drop(connection);
    },

    giveUp: ({ connection, heard }) => {
      // Over HTTP/1.1 the socket goes with its request. A session on which nothing was heard all the while may be dead, which
      // TCP notices late: it gets no more requests.
      if (connection?.isH2 === true && connection.heard === heard) retire(connection);
    },

    close: async () => {
      const given = waiting.splice(0);
      free.length = 0;
      const connections = [...all];
      all.clear();
      running = 0;
      for (const job of given) job.handler.onResponseError?.(NOT_STARTED, new GatewayError('CANCELLED'));
      await Promise.all(connections.map(destroy));
    },

    stats: () => {
      let idle = 0;
      for (const one of all) if (one.running === 0 && one.client.stats.connected) idle += 1;
      return { running, waiting: waiting.length, idle, clients: all.size };
    },
  };
}
