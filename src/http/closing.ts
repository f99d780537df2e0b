// How the server stops: it announces the end, goes on accepting for a time, stops listening at a moment at which no connection
// waits in the kernel's queue, answers every request of the connections that it has accepted, and closes each connection when
// its client has nothing under way.

import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Connection, type Connections, hasBegun } from './connections.ts';

export interface ClosingTimes {
  /** Time between the announcement and the end of listening, ms. */
  readonly closeDelayMs: number;
  /** Time that requests in progress have after the end of listening, ms. */
  readonly closeGraceMs: number;
}

export interface Closing {
  /** Whether the end was announced. */
  isClosing(): boolean;
  /** Resolves when the last connection has closed. */
  close(): Promise<void>;
}

/** A quiet connection is closed after this time at most, ms: its client may be sending a request at this moment. */
const QUIET_MS = 1_000;
/** The least time that a connection has for its first request, ms. */
const FIRST_REQUEST_MS = 100;
/** Interval of the checks for quiet connections, ms. */
const CHECK_QUIET_MS = 20;

/** A turn of the event loop that took less than this was idle, ms: the queue of the kernel was looked at just now. */
const IDLE_TURN_MS = 0.1;
/** Time without a new connection before listening ends, ms: busy clients are then waiting for their answers. */
const NO_ARRIVALS_MS = 20;
/** Time to wait for that, ms; afterwards an idle turn without a new connection will do. */
const FIND_NO_ARRIVALS_MS = 500;
/** Time to wait for an idle turn, ms. */
const FIND_IDLE_TURN_MS = 1_000;

/** @param listeners every listening socket of the server */
export function createClosing(
  listeners: () => readonly NetServer[],
  connections: Connections,
  { closeDelayMs, closeGraceMs }: ClosingTimes,
): Closing {
  let closing = false;
  const quietMs = Math.min(QUIET_MS, closeDelayMs);

  const announce = (): void => {
    closing = true;
    connections.onRequest = announceTo;
    for (const connection of connections.all.values()) announceTo(connection);
  };

  const closeQuiet = (): void => {
    const now = performance.now();
    for (const connection of connections.all.values()) {
      // A request that has begun to arrive is read and answered.
      if (connection.open.length > 0 || hasBegun(connection)) continue;
      const mayBeQuietMs = connection.requests === 0 ? Math.max(FIRST_REQUEST_MS, quietMs) : quietMs;
      if (now - connection.quietSince >= mayBeQuietMs) connection.socket.destroySoon();
    }
  };

  const closeConnections = async (): Promise<void> => {
    for (;;) {
      // Requests that have arrived are read first: the first turn starts reading, the second reads.
      await nextTurn();
      await nextTurn();
      closeQuiet();
      if (connections.all.size === 0) return;
      const changed = new AbortController();
      connections.onChange = () => changed.abort();
      await pause(CHECK_QUIET_MS, undefined, { signal: changed.signal }).catch(() => {});
    }
  };

  return {
    isClosing: () => closing,
    close: async () => {
      announce();
      if (listeners().length > 0) {
        if (closeDelayMs > 0) await pause(closeDelayMs);
        await stopListening(listeners(), connections);
      }
      const grace = setTimeout(() => {
        for (const { socket } of connections.all.values()) socket.destroy();
      }, closeGraceMs);
      try {
        await closeConnections();
      } finally {
        clearTimeout(grace);
      }
    },
  };
}

/** Only the last answer of a connection ends it: requests that were pipelined behind another are answered too. */
function announceTo({ open }: Connection): void {
  for (const [index, response] of open.entries()) {
    if (response.headersSent) continue;
    if (index === open.length - 1) response.setHeader('connection', 'close');
    else response.removeHeader('connection');
  }
}

/**
 * Closing a listening socket resets the connections that the kernel has accepted and the process has not. The event loop empties
 * that queue in each turn, so the sockets are closed right after an idle turn, when no connection has come for a time. Until then
 * no request is read: answers would make busy clients connect again, and a busy loop has no idle turn.
 */
function stopListening(listeners: readonly NetServer[], connections: Connections): Promise<void> {
  const begunAt = performance.now();
  let isHolding = true;
  const hold = ({ socket }: Connection): void => {
    if (isHolding) socket.pause();
  };
  // A new socket begins to read after its event.
  connections.onConnection = (connection) => void setImmediate(hold, connection);
  for (const connection of connections.all.values()) hold(connection);
  return new Promise((resolve) => {
    let arrivedAt = begunAt;
    const turn = (startedAt: number, accepted: number): void => {
      const now = performance.now();
      const acceptedNow = connections.accepted();
      if (acceptedNow !== accepted) arrivedAt = now;
      const isIdle = acceptedNow === accepted && now - startedAt < IDLE_TURN_MS;
      const isQuiet = now - arrivedAt >= NO_ARRIVALS_MS || now - begunAt >= FIND_NO_ARRIVALS_MS;
      if (!(isIdle && isQuiet) && now - begunAt < FIND_IDLE_TURN_MS) {
        setImmediate(() => turn(now, acceptedNow));
        return;
      }
      // `http.Server.close` would also close idle connections, and end the checks of slow clients.
      for (const listener of listeners) NetServer.prototype.close.call(listener);
      isHolding = false;
      connections.onConnection = undefined;
      for (const { socket } of connections.all.values()) socket.resume();
      resolve();
    };
    setImmediate(() => turn(Number.NEGATIVE_INFINITY, -1));
  });
}
