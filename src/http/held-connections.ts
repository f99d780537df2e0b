// Connections whose request has just been refused. What their clients send next is looked at before Node parses it: a further GraphQL
// request that is no operator's, whole and plain, waits here when it comes before the announced time, until the queue has room for it, and is
// refused at that time by bytes written to the socket. Both cost a fraction of a refusal by Node's HTTP server. Everything else passes at
// once: a proxy may send health checks, and requests of operators, over the same connection.
import type { Socket } from 'node:net';
import { type RequestHead, readRequestHead } from './request-head.ts';

export interface HeldConnections {
  /** Looks at what comes next on a connection whose request was refused and answered. @param retryAfterMs as announced */
  hold(socket: Socket, retryAfterMs: number): void;
  /** Lets all requests pass, and holds no more. */
  end(): void;
}

export interface HeldConnectionsDeps {
  /** Of the requests that wait. */
  readonly path: string;
  /** How many more requests can begin in time. */
  readonly room: () => number;
  /** May this request wait? Those of operators pass. */
  readonly mayWait: (head: RequestHead) => boolean;
  /** Has a request that arrives now no chance? */
  readonly isRefused: () => boolean;
  /**
   * Writes the refusal to the socket.
   * @param wasEarly whether the request came before the announced time
   * @returns the time that it announces, ms
   */
  readonly refuse: (socket: Socket, head: RequestHead, wasEarly: boolean) => number;
}

/** Interval of the checks for room while requests wait, ms: shorter than a turn of a busy event loop. */
const CHECK_MS = 5;

/** Interval at which requests are looked for whose time has come, ms. */
const EXPIRY_MS = 50;

/** Most requests that pass at once for which there is room. */
const MOST_AT_ONCE = 64;

type OnData = (chunk: Buffer) => void;

interface Held {
  /** Node's listeners: its HTTP parser. */
  readonly parse: readonly OnData[];
  readonly look: OnData;
  /** `performance.now()` of the time that was announced. */
  until: number;
  /** The request that waits. */
  waiting: { readonly chunk: Buffer; readonly head: RequestHead } | undefined;
}

export function createHeldConnections(deps: HeldConnectionsDeps): HeldConnections {
  const { room, isRefused } = deps;
  const requestLine = Buffer.from(`POST ${deps.path} HTTP/1.1\r\n`);
  const held = new Map<Socket, Held>();
  /** In the order in which their requests came. */
  const waiting = new Set<Socket>();
  let expiryAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;

  /** Returns the connection to Node, with what it has sent. */
  const pass = (socket: Socket, one: Held, chunk?: Buffer): void => {
    held.delete(socket);
    waiting.delete(socket);
    socket.removeListener('close', onClose);
    socket.removeListener('data', one.look);
    for (const parse of one.parse) socket.on('data', parse);
    if (chunk === undefined || socket.destroyed) return;
    for (const parse of one.parse) parse.call(socket, chunk);
    socket.resume();
  };

  const refuse = (socket: Socket, one: Held, head: RequestHead, wasEarly: boolean): void => {
    one.until = performance.now() + deps.refuse(socket, head, wasEarly);
    one.waiting = undefined;
    waiting.delete(socket);
    socket.resume();
  };

  function onClose(this: Socket): void {
    held.delete(this);
    waiting.delete(this);
  }

  const check = (): void => {
    const now = performance.now();
    let left = Math.min(MOST_AT_ONCE, room());
    const isExpiryDue = now >= expiryAt;
    if (isExpiryDue) expiryAt = now + EXPIRY_MS;
    for (const socket of waiting) {
      const one = held.get(socket) as Held;
      const { chunk, head } = one.waiting as NonNullable<Held['waiting']>;
      if (left >= 1) {
        left--;
        pass(socket, one, chunk);
      } else if (!isExpiryDue) break;
      // It has waited, and there is still no room.
      else if (now >= one.until) refuse(socket, one, head, true);
    }
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    hold: (socket, retryAfterMs) => {
      if (hasEnded || !socket.writable || held.has(socket)) return;
      const one: Held = {
        until: performance.now() + retryAfterMs,
        parse: socket.listeners('data') as OnData[],
        look: (chunk) => {
          const head = readRequestHead(chunk, requestLine);
          // More than one piece is left to Node, and so is a second request.
          if (head === undefined || one.waiting !== undefined || room() >= 1 || !deps.mayWait(head)) {
            const first = one.waiting?.chunk;
            pass(socket, one, first === undefined ? chunk : Buffer.concat([first, chunk]));
          } else if (performance.now() < one.until) {
            one.waiting = { chunk, head };
            // The kernel keeps what follows.
            socket.pause();
            waiting.add(socket);
            timer ??= setInterval(check, CHECK_MS).unref();
          } else if (isRefused()) refuse(socket, one, head, false);
          else pass(socket, one, chunk);
        },
        waiting: undefined,
      };
      held.set(socket, one);
      for (const parse of one.parse) socket.removeListener('data', parse);
      // Node's parser then no longer reads from the socket by itself.
      socket.on('data', one.look);
      socket.once('close', onClose);
    },
    end: () => {
      hasEnded = true;
      clearInterval(timer);
      for (const [socket, one] of [...held]) pass(socket, one, one.waiting?.chunk);
    },
  };
}
