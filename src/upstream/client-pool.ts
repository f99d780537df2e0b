// The sockets of one origin: a free list of undici Clients, one request each at a time, with a queue behind them.
// `transport.ts` calls it. A free list in place of undici's Pool because a Pool scans its clients one after the other for
// every request; `npm run bench -- guard` measures both.
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import { createOpeningSocket, type OpeningSocket } from './opening-socket.ts';

/** A request that waits for, or has, a Client. `options` and `handler` are undici's. */
export interface Job {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  /** Set while the job has a Client. */
  client: Client | undefined;
}

export interface ClientPool {
  /** Sends now when a Client is free, else in turn. */
  start(job: Job): void;
  /** The job is over and its Client may serve the next one. */
  finish(job: Job): void;
  /** The job was given up: while it waited, or before its request was on the wire. Its Client is not kept. */
  abandon(job: Job): void;
  close(): Promise<void>;
  stats(): { running: number; waiting: number; clients: number };
}

// Deadlines are the caller's abort signal: undici's own timers are coarse and would only add cost.
const CLIENT_OPTIONS: Client.Options = {
  pipelining: 1,
  headersTimeout: 0,
  bodyTimeout: 0,
  allowH2: false,
};

// What a handler is told of a request that never had a Client.
const NOT_STARTED: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};

export interface ClientPoolOptions {
  /** Sockets at most, ≥ 1. */
  readonly connections: number;
  readonly maxHeaderBytes: number;
  /** Opens a socket. */
  readonly connect: buildConnector.connector;
  /** Requests after which a socket is replaced; 0: never. */
  readonly requestsPerSocket: number;
}

export const createClientPool = (
  origin: string,
  { connections, maxHeaderBytes, connect, requestsPerSocket }: ClientPoolOptions,
): ClientPool => {
  const options: Client.Options = {
    ...CLIENT_OPTIONS,
    maxHeaderSize: maxHeaderBytes,
    maxRequestsPerClient: requestsPerSocket,
  };
  const clients = new Map<Client, OpeningSocket>();
  // Last in, first out: few warm sockets rather than many that the source closes for idleness.
  const idle: Client[] = [];
  const waiting: Job[] = [];

  const open = (): Client => {
    const opening = createOpeningSocket(connect);
    const client = new Client(origin, { ...options, connect: opening.connect });
    clients.set(client, opening);
    return client;
  };

  const dispatch = (job: Job, client: Client): void => {
    job.client = client;
    client.dispatch(job.options, job.handler);
  };

  const serveNext = (client: Client | undefined): void => {
    const next = waiting.shift();
    if (next !== undefined) dispatch(next, client ?? open());
    else if (client !== undefined) idle.push(client);
  };

  return {
    start: (job) => {
      const client = idle.pop() ?? (clients.size < connections ? open() : undefined);
      if (client === undefined) waiting.push(job);
      else dispatch(job, client);
    },

    finish: (job) => {
      const client = job.client;
      if (client === undefined) return;
      job.client = undefined;
      if (clients.has(client)) serveNext(client);
    },

    abandon: (job) => {
      const client = job.client;
      if (client === undefined) {
        const place = waiting.indexOf(job);
        if (place >= 0) waiting.splice(place, 1);
        return;
      }
      // Still connecting, perhaps to an address that never answers: such a Client would hold its place for seconds.
      job.client = undefined;
      const opening = clients.get(client);
      if (!clients.delete(client)) return;
      void client.destroy();
      opening?.giveUp();
      serveNext(undefined);
    },

    close: async () => {
      const given = waiting.splice(0);
      idle.length = 0;
      const all = [...clients];
      clients.clear();
      for (const job of given) job.handler.onResponseError?.(NOT_STARTED, new GatewayError('CANCELLED'));
      await Promise.all(
        all.map(([client, opening]) => {
          const destroyed = client.destroy();
          opening.giveUp();
          return destroyed;
        }),
      );
    },

    stats: () => ({ running: clients.size - idle.length, waiting: waiting.length, clients: clients.size }),
  };
};
