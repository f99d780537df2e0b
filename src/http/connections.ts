// The open connections of the server: which requests of each are unanswered, since when each is quiet, and whether its client
// takes the answer. Ends the connections of clients that do not read, and of clients that hold a connection without a request;
// Node ends those that send a request too slowly (`headersTimeout`, `requestTimeout`).

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connection {
  readonly socket: Socket;
  /** Answers that have not ended, in the order of their requests. A client that pipelines has several. */
  readonly open: ServerResponse[];
  /** Requests so far. */
  requests: number;
  /** `performance.now()` at which the connection was opened or its last answer ended. */
  quietSince: number;
  /** `socket.bytesRead` at that moment: more bytes belong to a request that has begun. */
  bytesAtQuiet: number;
  /** `performance.now()` at which such bytes were first seen; 0: there are none. */
  begunAt: number;
  /** Bytes of answers that the kernel had taken at `takenAt`. */
  taken: number;
  takenAt: number;
}

export interface ConnectionLimits {
  /** Time for the headers of a request, from its first byte, ms. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request, ms. */
  readonly requestTimeoutMs: number;
  /** Time without a byte taken from an unfinished answer, ms. */
  readonly answerStallMs: number;
  /** Time between two requests, ms. */
  readonly keepAliveMs: number;
}

export interface Connections {
  readonly all: ReadonlyMap<Socket, Connection>;
  /** Connections accepted so far. */
  accepted(): number;
  /** Called with each connection whose last open answer has ended, and when a connection has closed. */
  onChange: ((connection: Connection) => void) | undefined;
  /** Called with each new connection. */
  onConnection: ((connection: Connection) => void) | undefined;
  /** Called with a request before any route sees it. */
  onRequest: ((connection: Connection) => void) | undefined;
  /** A request was answered past Node's HTTP server. */
  answered(socket: Socket): void;
  /** Stops the checks. */
  stop(): void;
}

/** How often the limits are checked, ms: a client is cut at most this much later than its limit. */
export const CHECK_MS = 1_000;

/** Settings of Node, which checks what a client sends. */
export const nodeLimits = ({ headersTimeoutMs, requestTimeoutMs, keepAliveMs }: ConnectionLimits) => ({
  // Of a header that may stand once, such as Authorization, Node would keep the first: a proxy may have read the other.
  joinDuplicateHeaders: true,
  // Node requires that the headers have no more time than the whole request.
  headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
  requestTimeout: requestTimeoutMs,
  // Announced to the client; the connection stays open for a second longer (`keepAliveTimeoutBuffer`).
  keepAliveTimeout: keepAliveMs,
  connectionsCheckingInterval: CHECK_MS,
});

/** Whether a request has begun to arrive since the last answer. */
export const hasBegun = ({ socket, bytesAtQuiet }: Connection): boolean => socket.bytesRead > bytesAtQuiet;

export function trackConnections(server: Server, limits: ConnectionLimits): Connections {
  const all = new Map<Socket, Connection>();
  let accepted = 0;

  const becomeQuiet = (connection: Connection): void => {
    connection.quietSince = performance.now();
    connection.bytesAtQuiet = connection.socket.bytesRead;
    connection.begunAt = 0;
  };

  server.on('connection', (socket: Socket) => {
    accepted++;
    const quietSince = performance.now();
    const connection: Connection = {
      socket,
      open: [],
      requests: 0,
      quietSince,
      bytesAtQuiet: 0,
      begunAt: 0,
      taken: 0,
      takenAt: quietSince,
    };
    all.set(socket, connection);
    socket.once('close', () => {
      all.delete(socket);
      tracked.onChange?.(connection);
    });
    tracked.onConnection?.(connection);
  });

  // Before Fastify's listener, which may answer at once.
  server.prependListener('request', ({ socket }, response) => {
    const connection = all.get(socket);
    if (connection === undefined) return;
    connection.requests++;
    connection.open.push(response);
    response.once('close', () => {
      connection.open.splice(connection.open.indexOf(response), 1);
      if (connection.open.length > 0) return;
      becomeQuiet(connection);
      tracked.onChange?.(connection);
    });
    tracked.onRequest?.(connection);
  });

  const timer = setInterval(() => {
    const now = performance.now();
    for (const connection of all.values()) {
      // A reset, since the kernel would go on offering what it has taken.
      if (isStalled(connection, limits, now)) connection.socket.resetAndDestroy();
      else if (isHeldIdle(connection, limits, now)) connection.socket.destroySoon();
    }
  }, CHECK_MS).unref();

  const tracked: Connections = {
    all,
    accepted: () => accepted,
    onChange: undefined,
    onConnection: undefined,
    onRequest: undefined,
    answered: (socket) => {
      const connection = all.get(socket);
      if (connection === undefined) return;
      connection.requests++;
      if (connection.open.length === 0) becomeQuiet(connection);
    },
    stop: () => clearInterval(timer),
  };
  return tracked;
}

/** A part of libuv's stream that Node does not document; its own timeouts of sockets read it too. */
interface Handle {
  /** Bytes given to the stream. */
  readonly bytesWritten: number;
  /** Bytes that the kernel has not taken yet. */
  readonly writeQueueSize: number;
}

/** An answer is unfinished, and the client has taken none of it for `answerStallMs`. Any progress starts the time again. */
function isStalled(connection: Connection, { answerStallMs }: ConnectionLimits, now: number): boolean {
  const { _handle: handle } = connection.socket as unknown as { _handle: Handle | null };
  if (handle === null || handle.writeQueueSize === 0) {
    connection.takenAt = now;
    return false;
  }
  const taken = handle.bytesWritten - handle.writeQueueSize;
  if (taken !== connection.taken) {
    connection.taken = taken;
    connection.takenAt = now;
  }
  return now - connection.takenAt >= answerStallMs;
}

/**
 * A client holds a connection without a request. Node's timer of idle connections starts again with every byte, also with empty
 * lines, which belong to no request.
 */
function isHeldIdle(connection: Connection, limits: ConnectionLimits, now: number): boolean {
  if (connection.open.length > 0 || connection.requests === 0) return false;
  if (!hasBegun(connection)) return now - connection.quietSince >= limits.keepAliveMs + 2 * CHECK_MS;
  if (connection.begunAt === 0) connection.begunAt = now;
  // Node answers slow headers with 408 first.
  return now - connection.begunAt >= limits.headersTimeoutMs + CHECK_MS;
}
