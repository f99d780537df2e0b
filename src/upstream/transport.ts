// Step "send" of an attempt: bytes out, bytes in, over undici's dispatch API (no streams, no timers). At most `maxResponseBytes`
// are held, redirects are never followed, an abort reaches the socket, and every failure is a GatewayError without host, URL or
// upstream text.
import type { X509Certificate } from 'node:crypto';
import { type Dispatcher, errors } from 'undici';
import { abortReason, GatewayError } from '../errors.ts';
import type { Addresses } from './addresses.ts';
import type { PoolStats } from './client-pool.ts';
import type { Job } from './connection.ts';
import type { Tls } from './contract.ts';
import { inflate } from './inflate.ts';
import { createOpeningSocket } from './opening-socket.ts';
import { createOriginPools, type OriginPoolOptions, sourceClosed } from './origin-pools.ts';
import type { OwnCertificate } from './own-certificate.ts';
import { sizeOf, withoutTransportHeaders } from './raw-headers.ts';
import { createConnector } from './tls.ts';
import {
  isRefusedUnprocessed,
  isSentByClientAgain,
  sentByClientAgain,
  transportError,
} from './transport-error.ts';
import { createTurns } from './turns.ts';

export interface RawRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
  /**
   * The request may reach the source twice: it is sent again when the source closes a kept socket as the request is written. A request
   * that the source certainly did not process is sent again in any case.
   */
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
  /** A name leads to these addresses now: sockets to other ones receive no more requests. */
  moved(name: string, addresses: ReadonlySet<string>): void;
  certificateError(): string | undefined;
  close(): Promise<void>;
  stats(): PoolStats;
}

export interface TransportOptions extends OriginPoolOptions {
  readonly addresses: Addresses;
  readonly tls?: Tls | undefined;
  /** Our certificate, if there is `tls`. */
  readonly own?: OwnCertificate | undefined;
  readonly maxResponseBytes: number;
}

/** Pauses before a request that the source did not process is sent again, ms. The first time, a new connection is enough. */
const REPEAT_PAUSES_MS = [0, 10, 20, 40, 80, 160];

/** Answers by which a server says that it has not processed the request: RFC 9110 section 15.5.20, RFC 8470 section 5.2. */
const NOT_PROCESSED_STATUSES: ReadonlySet<number> = new Set([421, 425]);

/** Answers of one source that are decompressed at once on the thread pool: half of its four threads. */
const INFLATING = 2;

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
  const { addresses, maxResponseBytes, maxHeaderBytes } = options;
  const connector = createConnector(addresses, options.own, options.tls?.serverName, options.http2);
  const pools = createOriginPools(options, connector.connect);
  const turns = createTurns(INFLATING);

  const inflated = async (
    status: number,
    headers: RawAnswer['headers'],
    bytes: Buffer,
    encoding: string | string[],
  ): Promise<RawAnswer> => ({
    status,
    headers,
    bytes: await inflate(bytes, encoding, maxResponseBytes, turns),
  });

  const send = (request: RawRequest, signal: AbortSignal): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(abortReason(signal));
        return;
      }
      const pool = pools.of(request.origin);
      let controller: Dispatcher.DispatchController | undefined;
      let status = 0;
      let headers: RawAnswer['headers'] = {};
      let first: Buffer | undefined;
      let more: Buffer[] | undefined;
      let size = 0;
      let settled = false;
      let repeats = 0;

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

      /** Sends the request anew, on whatever connection has room. */
      const sendAgain = (hasFailed: boolean): void => {
        const pauseMs = REPEAT_PAUSES_MS[repeats++] ?? 0;
        controller = undefined;
        status = 0;
        first = undefined;
        more = undefined;
        size = 0;
        pool.finish(job, hasFailed);
        const begin = (): void => {
          if (pools.isClosed()) fail(sourceClosed());
          else if (!settled) pool.start(job);
        };
        if (pauseMs === 0) queueMicrotask(begin);
        else setTimeout(begin, pauseMs);
      };

      const job: Job = {
        connection: undefined,
        activityAtStart: 0,
        options: {
          method: request.method,
          path: request.path,
          headers: withoutTransportHeaders(request.headers),
          body: request.body ?? null,
        },
        handler: {
          onRequestStart: (started) => {
            const isStartedAgain = controller !== undefined;
            // Queued behind a session that has said goodbye: the client has opened another one beside it.
            const isMisplaced = !isStartedAgain && (job.connection?.goAways ?? 0) > 0;
            if (isMisplaced && !settled) {
              started.abort(sentByClientAgain());
              return;
            }
            controller = started;
            job.connection?.expectAnswer();
            if (settled) stop(new GatewayError('CANCELLED'));
            // undici sends a request again by itself: here is decided whether it may be, and on which connection.
            else if (isStartedAgain) started.abort(sentByClientAgain());
          },
          onResponseStart: (_, code, received) => {
            const { connection } = job;
            if (connection !== undefined) connection.activity += 1;
            // An interim answer over HTTP/2; over HTTP/1.1 the socket skips them.
            if (code < 200) return;
            status = code;
            headers = received;
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
            if (!settled && repeats === 0 && NOT_PROCESSED_STATUSES.has(status)) {
              pool.retire(job);
              sendAgain(false);
              return;
            }
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
            const isUnsent = controller === undefined;
            const isUnprocessed = isUnsent || (status === 0 && isRefusedUnprocessed(error, job.connection));
            const isAnew = isSentByClientAgain(error);
            const mayRepeat =
              !settled && (!isUnsent || isAnew) && status === 0 && repeats < REPEAT_PAUSES_MS.length;
            if (mayRepeat && (isUnprocessed || (request.idempotent && isAnew))) {
              sendAgain(true);
              return;
            }
            if (mayRepeat && request.idempotent && repeats === 0 && isKeepAliveRace(job, error)) {
              repeats += 1;
              controller = undefined;
              pool.repeat(job);
              return;
            }
            pool.finish(job, true);
            fail(transportError(error, isUnprocessed));
          },
        },
      };
      signal.addEventListener('abort', onAbort);
      pool.start(job);
    });

  const open = (origin: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (pools.isClosed()) throw sourceClosed();
      addresses.assertAllowed(origin);
      if (signal.aborted) throw abortReason(signal);
      const opening = createOpeningSocket(connector.connect, options.stalledMs);
      const onAbort = (): void => {
        reject(abortReason(signal));
        opening.giveUp();
      };
      signal.addEventListener('abort', onAbort);
      const { protocol, host, hostname, port } = new URL(origin);
      opening.connect({ protocol, host, hostname: withoutBrackets(hostname), port }, (error, socket) => {
        signal.removeEventListener('abort', onAbort);
        // Called even after an abort.
        socket?.on('error', () => {}).destroy();
        if (error === null) resolve();
        else reject(transportError(error, true));
      });
    });

  return {
    send,
    open,
    certificates: connector.certificates,
    certificateError: connector.certificateError,
    moved: pools.moved,
    close: pools.close,
    stats: pools.stats,
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
