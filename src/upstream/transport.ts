// Step "send" of an attempt: bytes out, bytes in, over undici's dispatch API (no streams, no timers).
// `upstream.ts` and the token requests call it. Guarantees: at most `maxResponseBytes` held, redirects never followed, an abort
// reaches the socket, every failure is a GatewayError without host, URL or upstream text.
import type { Dispatcher } from 'undici';
import { GatewayError, isGatewayError } from '../errors.ts';
import type { Addresses } from './addresses.ts';
import { type ClientPool, createClientPool, type Job } from './client-pool.ts';
import type { Tls } from './contract.ts';
import { inflate } from './inflate.ts';
import { createConnector } from './tls.ts';
import { transportError } from './transport-error.ts';

export interface RawRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

export interface Transport {
  /** @throws GatewayError UPSTREAM_UNREACHABLE, UPSTREAM_TOO_LARGE, UPSTREAM_INVALID, BAD_USER_INPUT, CANCELLED, or the signal's reason. */
  send(request: RawRequest, signal: AbortSignal): Promise<RawAnswer>;
  close(): Promise<void>;
  stats(): { running: number; waiting: number; clients: number };
}

export interface TransportOptions {
  readonly addresses: Addresses;
  readonly tls?: Tls | undefined;
  readonly connections: number;
  readonly maxResponseBytes: number;
  readonly maxHeaderBytes: number;
}

/** Sockets with certificates are replaced now and then, so that a renewed certificate comes into use under steady traffic too. */
const REQUESTS_PER_TLS_SOCKET = 1_000;

const NO_BYTES = Buffer.alloc(0);

/** What an aborted attempt rejects with: the guard's own reason, else CANCELLED. */
export const abortReason = (signal: AbortSignal): GatewayError =>
  isGatewayError(signal.reason) ? signal.reason : new GatewayError('CANCELLED');

const tooLarge = (limit: number): GatewayError =>
  new GatewayError('UPSTREAM_TOO_LARGE', {
    detail: `the answer is larger than ${limit} bytes; raise limits.maxResponseBytes if that is right for this source`,
  });

export const createTransport = (options: TransportOptions): Transport => {
  const { addresses, connections, maxResponseBytes, maxHeaderBytes } = options;
  const connect = createConnector(addresses, options.tls);
  const requestsPerSocket = options.tls === undefined ? 0 : REQUESTS_PER_TLS_SOCKET;
  const pools = new Map<string, ClientPool>();
  let closed = false;

  const poolOf = (origin: string): ClientPool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      if (closed) throw new GatewayError('CANCELLED', { detail: 'this source is closed' });
      // Origins are fixed at registration, so this is once per source.
      addresses.assertAllowed(origin);
      pool = createClientPool(origin, { connections, maxHeaderBytes, connect, requestsPerSocket });
      pools.set(origin, pool);
    }
    return pool;
  };

  const inflated = async (
    status: number,
    headers: RawAnswer['headers'],
    bytes: Buffer,
    encoding: string | string[],
  ): Promise<RawAnswer> => ({ status, headers, bytes: await inflate(bytes, encoding, maxResponseBytes) });

  const send = (request: RawRequest, signal: AbortSignal): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(abortReason(signal));
        return;
      }
      const pool = poolOf(request.origin);
      let controller: Dispatcher.DispatchController | undefined;
      let status = 0;
      let headers: RawAnswer['headers'] = {};
      let first: Buffer | undefined;
      let more: Buffer[] | undefined;
      let size = 0;
      let settled = false;

      const fail = (error: GatewayError): void => {
        if (settled) return;
        settled = true;
        signal.removeEventListener('abort', onAbort);
        reject(error);
      };

      const onAbort = (): void => {
        const reason = abortReason(signal);
        fail(reason);
        if (controller === undefined) pool.abandon(job);
        else controller.abort(reason);
      };

      const job: Job = {
        client: undefined,
        options: {
          method: request.method,
          path: request.path,
          headers: request.headers as Record<string, string>,
          body: request.body ?? null,
        },
        handler: {
          onRequestStart: (started) => {
            controller = started;
            if (settled) started.abort(new GatewayError('CANCELLED'));
          },
          onResponseStart: (_, code, received) => {
            status = code;
            headers = received;
            if (Number(received['content-length']) > maxResponseBytes) throw tooLarge(maxResponseBytes);
          },
          onResponseData: (_, chunk) => {
            size += chunk.length;
            if (size > maxResponseBytes) throw tooLarge(maxResponseBytes);
            if (first === undefined) first = chunk;
            else if (more === undefined) more = [first, chunk];
            else more.push(chunk);
          },
          onResponseEnd: () => {
            pool.finish(job);
            if (settled) return;
            settled = true;
            signal.removeEventListener('abort', onAbort);
            const bytes = more === undefined ? (first ?? NO_BYTES) : Buffer.concat(more, size);
            const encoding = headers['content-encoding'];
            if (encoding === undefined) resolve({ status, headers, bytes });
            else resolve(inflated(status, headers, bytes, encoding));
          },
          onResponseError: (_, error) => {
            pool.finish(job);
            fail(isGatewayError(error) ? error : transportError(error));
          },
        },
      };
      signal.addEventListener('abort', onAbort);
      pool.start(job);
    });

  return {
    send,
    close: async () => {
      closed = true;
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.close()));
    },
    stats: () => {
      const total = { running: 0, waiting: 0, clients: 0 };
      for (const pool of pools.values()) {
        const { running, waiting, clients } = pool.stats();
        total.running += running;
        total.waiting += waiting;
        total.clients += clients;
      }
      return total;
    },
  };
};
