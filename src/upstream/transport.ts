// Step "send" of an attempt: bytes out, bytes in, over undici's dispatch API (no streams, no timers). At most `maxResponseBytes`
// are held, redirects are never followed, an abort reaches the socket, and every failure is a GatewayError without host, URL or
// upstream text.
import type { X509Certificate } from 'node:crypto';
import { type Dispatcher, errors } from 'undici';
import { abortReason, GatewayError, isGatewayError } from '../errors.ts';
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
  /** The request may reach the source twice: it is sent again when the source closes a kept socket as the request is written. */
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
  /** Opens a socket, with its TLS handshake, and closes it. @throws GatewayError as `send` */
  open(origin: string, signal: AbortSignal): Promise<void>;
  /** The certificate that each host presented at its last TLS handshake. */
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
  /** Offers HTTP/2 to sources over TLS. */
  readonly http2: boolean;
}

/** Sockets with client certificates are replaced after this many requests, so that a renewed certificate takes effect under steady traffic. */
const REQUESTS_PER_TLS_SOCKET = 1_000;

const NO_BYTES = Buffer.alloc(0);

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

      /** Fails with this error and aborts undici's request: over HTTP/2 with a reason that undici limits to this stream. */
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
        activityAtStart: 0,
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
            if (connection !== undefined) connection.activity += 1;
            // Over HTTP/1.1 the parser counts as it reads; over HTTP/2 Node itself holds at most 64 KiB.
            if (connection?.isH2 === true && sizeOf(received) > maxHeaderBytes) stop(headersTooLarge());
            else if (Number(received['content-length']) > maxResponseBytes) stop(tooLarge(maxResponseBytes));
          },
          onResponseData: (_, chunk) => {
            size += chunk.length;
            if (job.connection !== undefined) job.connection.activity += 1;
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
        // Called even after an abort: the connector has its own time limit.
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

/** URLs write IPv6 addresses in brackets. */
const withoutBrackets = (hostname: string): string =>
  hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;

/** The socket had served before and closed before any answer arrived: the source closed the idle connection as we wrote to it. */
const isKeepAliveRace = ({ connection }: Job, error: Error): boolean =>
  connection !== undefined &&
  !connection.isH2 &&
  connection.served > 0 &&
  CLOSED_SOCKET.has(String((error as { code?: unknown }).code));

const CLOSED_SOCKET: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Size of a header list as HTTP/2 counts it (RFC 9113 section 6.5.2), without the overhead per field. */
function sizeOf(headers: RawAnswer['headers']): number {
  let size = 0;
  for (const name in headers) size += name.length + String(headers[name]).length;
  return size;
}
