// Step "send" of an attempt: bytes out, bytes in, over undici's dispatch API (no streams, no timers).
// `upstream.ts` and the token requests call it. Guarantees: at most `maxResponseBytes` held, redirects never followed, an abort
// reaches the socket, every failure is a GatewayError without host, URL or upstream text.
import type { X509Certificate } from 'node:crypto';
import { type Dispatcher, errors } from 'undici';
import { GatewayError, isGatewayError } from '../errors.ts';
import type { Addresses } from './addresses.ts';
import { type ClientPool, createClientPool, type Job, type PoolStats } from './client-pool.ts';
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
  /** May it reach the source twice? Then a socket that the source closed just as we wrote to it fails nobody. */
  readonly idempotent: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

export interface Transport {
  /** @throws GatewayError UPSTREAM_UNREACHABLE, UPSTREAM_TOO_LARGE, UPSTREAM_INVALID, BAD_USER_INPUT, CANCELLED, or the signal's reason. */
  send(request: RawRequest, signal: AbortSignal): Promise<RawAnswer>;
  /** Opens a socket, over TLS with its handshake, and lets it go again. @throws GatewayError as `send` */
  open(origin: string, signal: AbortSignal): Promise<void>;
  /** What each host showed at its last TLS handshake. */
  certificates(): readonly X509Certificate[];
  close(): Promise<void>;
  stats(): PoolStats;
}

export interface TransportOptions {
  readonly addresses: Addresses;
  readonly tls?: Tls | undefined;
  readonly connections: number;
  readonly maxResponseBytes: number;
  readonly maxHeaderBytes: number;
  /** Is HTTP/2 offered to sources over TLS? */
  readonly http2: boolean;
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

const headersTooLarge = (): GatewayError =>
  new GatewayError('UPSTREAM_TOO_LARGE', {
    detail:
      "the answer's headers are too large; raise limits.maxHeaderBytes if that is right for this source",
  });

export function createTransport(options: TransportOptions): Transport {
  const { addresses, connections, maxResponseBytes, maxHeaderBytes } = options;
  const connector = createConnector(addresses, options.tls, options.http2);
  const requestsPerSocket = options.tls === undefined ? 0 : REQUESTS_PER_TLS_SOCKET;
  const pools = new Map<string, ClientPool>();
  let closed = false;

  const poolOf = (origin: string): ClientPool => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      if (closed) throw new GatewayError('CANCELLED', { detail: 'this source is closed' });
      // Origins are fixed at registration, so this is once per source.
      addresses.assertAllowed(origin);
      pool = createClientPool(origin, {
        connections,
        maxHeaderBytes,
        connect: connector.connect,
        requestsPerSocket,
        http2: options.http2 && origin.startsWith('https:'),
      });
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
      let isRepeated = false;

      const fail = (error: GatewayError): void => {
        if (settled) return;
        settled = true;
        signal.removeEventListener('abort', onAbort);
        reject(error);
      };

      /** Fails with this error and lets undici go of the request: over HTTP/2 with a reason that it keeps to this one stream. */
      const stop = (error: GatewayError): void => {
        fail(error);
        controller?.abort(job.connection?.isH2 === true ? new errors.InformationalError() : error);
      };

      const onAbort = (): void => {
        const reason = abortReason(signal);
        if (controller === undefined) {
          fail(reason);
          pool.abandon(job);
        } else {
          pool.giveUp(job);
          stop(reason);
        }
      };

      const job: Job = {
        connection: undefined,
        heard: 0,
        options: {
          method: request.method,
          path: request.path,
          headers: request.headers as Record<string, string>,
          body: request.body ?? null,
        },
        handler: {
          onRequestStart: (started) => {
            controller = started;
            if (settled) stop(new GatewayError('CANCELLED'));
          },
          onResponseStart: (_, code, received) => {
            status = code;
            headers = received;
            const { connection } = job;
            if (connection !== undefined) connection.heard += 1;
            // Over HTTP/1.1 the parser counts as it reads; over HTTP/2 Node itself holds at most 64 KiB.
            if (connection?.isH2 === true && sizeOf(received) > maxHeaderBytes) stop(headersTooLarge());
            else if (Number(received['content-length']) > maxResponseBytes) stop(tooLarge(maxResponseBytes));
          },
          onResponseData: (_, chunk) => {
            size += chunk.length;
            if (job.connection !== undefined) job.connection.heard += 1;
            if (size > maxResponseBytes) {
              stop(tooLarge(maxResponseBytes));
              return;
            }
            if (first === undefined) first = chunk;
            else if (more === undefined) more = [first, chunk];
            else more.push(chunk);
          },
          onResponseEnd: () => {
            pool.finish(job, false);
            if (settled) return;
            settled = true;
            signal.removeEventListener('abort', onAbort);
            const bytes = more === undefined ? (first ?? NO_BYTES) : Buffer.concat(more, size);
            const encoding = headers['content-encoding'];
            if (encoding === undefined) resolve({ status, headers, bytes });
            else resolve(inflated(status, headers, bytes, encoding));
          },
          onResponseError: (_, error) => {
            if (
              request.idempotent &&
              !isRepeated &&
              !settled &&
              status === 0 &&
              isKeepAliveRace(job, error)
            ) {
              isRepeated = true;
              controller = undefined;
              pool.repeat(job);
              return;
            }
            pool.finish(job, true);
            fail(isGatewayError(error) ? error : transportError(error));
          },
        },
      };
      signal.addEventListener('abort', onAbort);
      pool.start(job);
    });

  const open = (origin: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (closed) throw new GatewayError('CANCELLED', { detail: 'this source is closed' });
      addresses.assertAllowed(origin);
      if (signal.aborted) throw abortReason(signal);
      const onAbort = (): void => reject(abortReason(signal));
      signal.addEventListener('abort', onAbort);
      const { protocol, host, hostname, port } = new URL(origin);
      connector.connect({ protocol, host, hostname: withoutBrackets(hostname), port }, (error, socket) => {
        signal.removeEventListener('abort', onAbort);
        // Comes even when nobody waits any more: the connector has a limit of its own.
        socket?.on('error', () => {}).destroy();
        if (error === null) resolve();
        else reject(isGatewayError(error) ? error : transportError(error));
      });
    });

  return {
    send,
    open,
    certificates: connector.certificates,
    close: async () => {
      closed = true;
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.close()));
    },
    stats: () => {
      const total = { running: 0, waiting: 0, idle: 0, clients: 0 };
      for (const pool of pools.values()) {
        const { running, waiting, idle, clients } = pool.stats();
        total.running += running;
        total.waiting += waiting;
        total.idle += idle;
        total.clients += clients;
      }
      return total;
    },
  };
}

/** `[::1]` is a URL's spelling of an address. */
const withoutBrackets = (hostname: string): string =>
  hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;

/** The socket had served before, and was gone before a word of the answer: the source closed it while it was idle, as we wrote. */
const isKeepAliveRace = ({ connection }: Job, error: Error): boolean =>
  connection !== undefined &&
  !connection.isH2 &&
  connection.served > 0 &&
  CLOSED_SOCKET.has(String((error as { code?: unknown }).code));

const CLOSED_SOCKET: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** As HTTP/2 counts a header list (RFC 9113 §6.5.2), without its overhead per field: names and values. */
function sizeOf(headers: RawAnswer['headers']): number {
  let size = 0;
  for (const name in headers) size += name.length + String(headers[name]).length;
  return size;
}
