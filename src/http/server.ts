// The HTTP server: routes, failures outside the routes, start and stop. A request that is being handled when `close` is called
// still receives its answer, within a bounded time.

import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import type { ErrorCode, LocalizedText } from '../errors.ts';
import type { GraphExecutor } from '../graph/executor.ts';
import type { Channels } from '../observe/channels.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { requestIdOf } from '../request/headers.ts';
import { createOperatorCheck } from '../request/operator.ts';
import { createProtocol } from './apollo.ts';
import { addExplorerRoutes, EXPLORER_PATH } from './explorer.ts';
import { addGraphqlRoute, GRAPHQL_PATH, sendFailure } from './graphql-route.ts';
import { addHealthRoutes, type StatusSource } from './health.ts';
import { addExactJsonParser } from './json-body.ts';
import { createRequestLog } from './request-log.ts';

/** The part of `Config` that this folder uses. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly explorer: boolean;
  readonly requestDeadlineMs: number;
  readonly maxBodyBytes: number;
  readonly closeGraceMs: number;
  readonly devOfficer: string;
  readonly devAgency: string;
}

export interface HttpServerOptions {
  readonly graph: Pick<GraphExecutor, 'answer'>;
  readonly config: HttpConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Where each GraphQL request is published. */
  readonly channels: Channels;
  /** Rejects when the store cannot be reached; for /readyz and /status. */
  readonly checkStore: (signal: AbortSignal) => Promise<unknown>;
  /** Returns the current token of operators; `undefined`: there are no operators. */
  readonly operatorToken?: (() => string) | undefined;
  readonly status: StatusSource;
  /** The query of a first visit of the explorer. */
  readonly exampleQuery: string;
}

export interface HttpServer {
  /** Opens the port. @throws {ListenError} */
  listen(): Promise<{
    readonly port: number;
    readonly graphqlUrl: string;
    readonly explorerUrl: string | null;
  }>;
  /** Stops accepting requests, waits for running ones (at most `closeGraceMs`), then closes. */
  close(): Promise<void>;
}

/** The address cannot be used; `message` is a sentence with the reason and the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

// Time for a client to send a whole request; slower clients would occupy sockets.
const READ_REQUEST_MS = 30_000;

/** Creates the server; `listen` opens its port. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { graph, config, log, metrics, channels } = options;
  let closing = false;
  const isClosing = () => closing;
  const protocol = await createProtocol(graph, log);
  const checkOperator = createOperatorCheck(options.operatorToken);

  const app = fastify({
    bodyLimit: config.maxBodyBytes,
    requestTimeout: READ_REQUEST_MS,
    // A HEAD request would execute the query and discard the answer.
    exposeHeadRoutes: false,
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id']),
    // The protocol reads the query string itself.
    routerOptions: { querystringParser: () => ({}) },
  });
  app.removeContentTypeParser('text/plain');
  addExactJsonParser(app);
  answerFailures(app, config.maxBodyBytes, log, metrics);
  addGraphqlRoute(app, {
    protocol,
    channels,
    actor: { kind: 'officer', officer: config.devOfficer, agency: config.devAgency },
    checkOperator,
    deadlineMs: config.requestDeadlineMs,
    isClosing,
    onAnswered: createRequestLog(log, metrics, channels),
    onRefused: (status, durationMs) => metrics.httpRequest(GRAPHQL_PATH, status, durationMs / 1000),
  });
  addHealthRoutes(app, {
    metrics,
    checkStore: options.checkStore,
    isClosing,
    status: options.status,
    checkOperator,
  });
  if (config.explorer) await addExplorerRoutes(app, { endpoint: GRAPHQL_PATH, query: options.exampleQuery });

  const closeAll = async (): Promise<void> => {
    closing = true;
    const graceTimer = setTimeout(() => app.server.closeAllConnections(), config.closeGraceMs);
    try {
      await app.close();
      await protocol.stop();
    } finally {
      clearTimeout(graceTimer);
    }
  };
  let closed: Promise<void> | undefined;

  return {
    listen: async () => {
      try {
        await app.listen({ host: config.host, port: config.port });
      } catch (error) {
        throw listenError(error, config);
      }
      const address = app.server.address();
      const port = typeof address === 'object' && address ? address.port : config.port;
      const origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
      const explorerUrl = config.explorer ? `${origin}${EXPLORER_PATH}` : null;
      return { port, graphqlUrl: `${origin}${GRAPHQL_PATH}`, explorerUrl };
    },
    close: () => {
      closed ??= closeAll();
      return closed;
    },
  };
}

/** Answers failures outside the routes: unreadable bodies, unknown paths, unexpected errors. */
function answerFailures(app: FastifyInstance, maxBodyBytes: number, log: Log, metrics: Metrics): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, code, reason } = failureOf(error.statusCode, maxBodyBytes);
    if (status >= 500) log.error({ requestId: request.id, err: error }, 'a request failed');
    metrics.httpRequest(request.routeOptions.url ?? 'none', status, reply.elapsedTime / 1000);
    return sendFailure(request, reply, status, code, reason);
  });
  app.setNotFoundHandler((request, reply) => {
    metrics.httpRequest('none', 404, reply.elapsedTime / 1000);
    return sendFailure(request, reply, 404, 'BAD_REQUEST', {
      vi: `Không có gì ở đường dẫn này: hãy gửi truy vấn đến ${GRAPHQL_PATH}.`,
      en: `Unknown path: send queries to ${GRAPHQL_PATH}.`,
    });
  });
}

interface Failure {
  readonly status: number;
  readonly code: ErrorCode;
  readonly reason?: LocalizedText;
}

/** Derived from the status only: error texts of Fastify and of parsers may quote the body. */
function failureOf(status: number | undefined, maxBodyBytes: number): Failure {
  if (status === undefined || status < 400 || status >= 500)
    return { status: 500, code: 'INTERNAL_SERVER_ERROR' };
  const code = status === 413 ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST';
  const reasons: Readonly<Record<number, LocalizedText>> = {
    413: { vi: `Tối đa ${maxBodyBytes} byte.`, en: `The limit is ${maxBodyBytes} bytes.` },
    415: { vi: 'Hãy gửi nội dung dạng application/json.', en: 'Send the body as application/json.' },
  };
  const unreadable = {
    vi: 'Nội dung không phải JSON hợp lệ.',
    en: 'The body is not valid JSON.',
  };
  return { status, code, reason: reasons[status] ?? unreadable };
}

function listenError(error: unknown, { host, port }: HttpConfig): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another process. Stop that process, or set PORT to a free port.`,
    EACCES: `Port ${port} is not allowed for this user. Set PORT to a number above 1023.`,
    EADDRNOTAVAIL: `The address ${host} does not belong to this machine. Set HOST to an address of this machine, such as 127.0.0.1.`,
    ENOTFOUND: `The host name ${host} cannot be resolved. Set HOST to an address of this machine, such as 127.0.0.1.`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? (error as Error) : new ListenError(reason, { cause: error });
}
