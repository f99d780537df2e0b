// One connection of a pool: an undici Client, the socket that it opens, and what the pool has to know about it.
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { skipInterimAnswers } from './interim-answers.ts';
import { createOpeningSocket, type OpeningSocket } from './opening-socket.ts';
import { isGoAway } from './transport-error.ts';

/** A request that has a connection or waits for one. `options` and `handler` are undici's. */
export interface Job {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  /** Set while the job has a connection. */
  connection: Connection | undefined;
  /** The connection's `activity` when the job was dispatched on it. */
  activityAtStart: number;
}

export interface Connection {
  readonly client: Client;
  readonly opening: OpeningSocket;
  /** Settled by ALPN at each new socket. */
  isH2: boolean;
  /** A socket is being opened, or a new session has not announced yet how many streams it accepts. */
  isOpening: boolean;
  /** Receives no more requests; closed after its last one. */
  isRetired: boolean;
  running: number;
  /** Requests that ended on the current socket. */
  served: number;
  /** Counts responses that began and chunks that arrived. */
  activity: number;
  /** Where the current socket leads. */
  address: string | undefined;
  /** Tick from which the current socket receives no more requests. */
  oldAt: number;
  /** Over HTTP/2: sessions that ended by a GOAWAY while calls ran on them. */
  goAways: number;
  /** Over HTTP/2: a session with calls was lost without a GOAWAY. */
  isBroken: boolean;
  /** Over HTTP/1.1: an answer is expected next on the current socket. */
  expectAnswer: () => void;
}

export interface ConnectionOptions {
  /** Concurrent requests at most, 1 or more: sockets over HTTP/1.1, streams over HTTP/2. */
  readonly connections: number;
  readonly maxHeaderBytes: number;
  /** Opens a socket. */
  readonly connect: buildConnector.connector;
  /** Requests after which a socket is replaced; 0: never. */
  readonly requestsPerSocket: number;
  /** Age after which a socket receives no more requests, ms; varied by a tenth, so that sockets are not replaced together. */
  readonly maxAgeMs: number;
  /** Monotonic ms. */
  readonly tick: () => number;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs: () => number;
  /** Offers HTTP/2 to the source. */
  readonly http2: boolean;
}

export interface ConnectionEvents {
  /** A socket is open, or could not be opened: `undefined`. */
  opened(connection: Connection, socket: Socket | undefined): void;
  /** Over HTTP/2: the session has announced how many streams it accepts, or a stream has ended. */
  drained(connection: Connection): void;
  /** Over HTTP/2: a session with calls ends or is lost. */
  lost(connection: Connection): void;
}

// Deadlines are the caller's abort signal: undici's own timers are coarse and would only add cost.
const CLIENT_OPTIONS: Client.Options = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };

/** Share by which the age of a socket varies. */
const AGE_VARIATION = 0.1;

const nothing = (): void => {};

export function createConnection(
  origin: string,
  options: ConnectionOptions,
  events: ConnectionEvents,
): Connection {
  const { connections, requestsPerSocket, http2, maxAgeMs, tick, maxHeaderBytes } = options;
  const opening = createOpeningSocket(options.connect, options.stalledMs);

  const opened = (socket: unknown): void => {
    connection.served = 0;
    connection.isH2 = socket instanceof TLSSocket && socket.alpnProtocol === 'h2';
    // For undici, the number of requests a client accepts before its session is ready: after a GOAWAY, requests need not wait for
    // the last stream of the old session. Over HTTP/1.1 it would pipeline.
    if (http2) connection.client.pipelining = connection.isH2 ? connections : 1;
    if (!connection.isH2) connection.isOpening = false;
    const isOpen = socket instanceof Socket;
    connection.address = isOpen ? plainAddress(socket.remoteAddress) : undefined;
    connection.oldAt = tick() + maxAgeMs * (1 + AGE_VARIATION * (2 * Math.random() - 1));
    connection.expectAnswer =
      isOpen && !connection.isH2 ? skipInterimAnswers(socket, maxHeaderBytes) : nothing;
    events.opened(connection, isOpen ? socket : undefined);
  };

  const connection: Connection = {
    opening,
    client: new Client(origin, {
      ...CLIENT_OPTIONS,
      allowH2: http2,
      h2Options: { maxConcurrentStreams: connections },
      maxHeaderSize: maxHeaderBytes,
      maxRequestsPerClient: requestsPerSocket,
      connect: (target, callback) => {
        connection.isOpening = true;
        return opening.connect(target, (...result) => {
          opened(result[1]);
          callback(...result);
        });
      },
    }),
    isH2: false,
    isOpening: true,
    isRetired: false,
    running: 0,
    served: 0,
    activity: 0,
    address: undefined,
    oldAt: Number.POSITIVE_INFINITY,
    goAways: 0,
    isBroken: false,
    expectAnswer: nothing,
  };
  if (http2) {
    connection.client.on('drain', () => connection.isH2 && events.drained(connection));
    connection.client.on('disconnect', (_, __, error) => {
      // Without calls, the next session of this client begins anew.
      if (!connection.isH2 || connection.running === 0) return;
      if (isGoAway(error)) connection.goAways += 1;
      else connection.isBroken = true;
      events.lost(connection);
    });
  }
  return connection;
}

/** undici does not close a socket that is still opening. */
export function destroyConnection({ client, opening }: Connection): Promise<void> {
  const destroyed = client.destroy();
  opening.giveUp();
  return destroyed;
}

/** An IPv4 address of a socket that listens to both families is written `::ffff:10.0.0.1`. */
const plainAddress = (address: string | undefined): string | undefined =>
  address?.replace(/^::ffff:(?=\d+\.)/, '');
