// The HTTP server: Fastify with few hooks, Apollo behind it. Made by `gateway.ts`. Guarantees that a request under way
// when `close` is called gets its answer, within a bounded time.

import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import type { ErrorCode, LocalizedText } from '../errors.ts';
import type { GraphExecutor } from '../graph/executor.ts';
import type { Channels } from '../observe/channels.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createOperatorCheck } from '../request/operator.ts';
import { requestIdOf } from '../request/request-id.ts';
import { createProtocol } from './apollo.ts';
import { addExplorerRoutes, EXPLORER_PATH } from './explorer.ts';
import { addGraphqlRoute, GRAPHQL_PATH, sendFailure } from './graphql-route.ts';
import { addHealthRoutes, type StatusSource } from './health.ts';
import { pageQuery } from './page-query.ts';
import { createRequestLog } from './request-log.ts';

/** The settings that this folder needs; `Config` has them all. */
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
  /** Told of each GraphQL request. */
  readonly channels: Channels;
  /** Rejects when the store does not answer; for /readyz and /status. */
  readonly checkStore: () => Promise<unknown>;
  /** The token by which operators are known, read at each use; `undefined` where there are none. */
  readonly operatorToken?: (() => string) | undefined;
  /** The document of /status; with details for operators. */
  readonly status: StatusSource;
}

export interface HttpServer {
  /** Starts to accept. @throws {ListenError} */
  listen(): Promise<{
    readonly port: number;
    readonly graphqlUrl: string;
    readonly explorerUrl: string | null;
  }>;
  /** Stops accepting, lets requests under way end (at most `closeGraceMs`), then closes. */
  close(): Promise<void>;
}

/** The address cannot be used; `message` is one sentence that says why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

// Time to send a whole request: keeps slow senders from holding sockets.
const READ_REQUEST_MS = 30_000;

/** Creates the server and loads the schema; `listen` opens it. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { graph, config, log, metrics, channels } = options;
  let closing = false;
  const isClosing = () => closing;
  const protocol = await createProtocol(graph, log);
  const checkOperator = createOperatorCheck(options.operatorToken);

  const app = fastify({
    bodyLimit: config.maxBodyBytes,
    requestTimeout: READ_REQUEST_MS,
    // HEAD would run the query and throw the answer away.
    exposeHeadRoutes: false,
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id']),
    // Apollo reads the query string itself.
    routerOptions: { querystringParser: () => ({}) },
  });
  app.removeContentTypeParser('text/plain');
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
  if (config.explorer) await addExplorerRoutes(app, { endpoint: GRAPHQL_PATH, query: pageQuery });

  const closeAll = async (): Promise<void> => {
    closing = true;
    const cut = setTimeout(() => app.server.closeAllConnections(), config.closeGraceMs);
    try {
      await app.close();
      await protocol.stop();
    } finally {
      clearTimeout(cut);
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

/** What fails outside the routes: unreadable bodies, unknown paths, and anything nobody thought of. */
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
      en: `Nothing is served at this path: queries go to ${GRAPHQL_PATH}.`,
    });
  });
}

interface Failure {
  readonly status: number;
  readonly code: ErrorCode;
  readonly reason?: LocalizedText;
}

/** By the status alone: the texts of Fastify and of parsers may quote the body. */
function failureOf(status: number | undefined, maxBodyBytes: number): Failure {
  if (status === undefined || status < 400 || status >= 500)
    return { status: 500, code: 'INTERNAL_SERVER_ERROR' };
  const code = status === 413 ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST';
  const reasons: Readonly<Record<number, LocalizedText>> = {
    413: { vi: `Tối đa ${maxBodyBytes} byte.`, en: `The limit is ${maxBodyBytes} bytes.` },
    415: { vi: 'Hãy gửi nội dung dạng application/json.', en: 'Send the body as application/json.' },
  };
  const unreadable = {
    vi: 'Nội dung không phải JSON đọc được.',
    en: 'The body is not JSON that can be read.',
  };
  return { status, code, reason: reasons[status] ?? unreadable };
}

function listenError(error: unknown, { host, port }: HttpConfig): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another process. Stop it, or set PORT to a free one.`,
    EACCES: `Port ${port} may not be used by this user. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `The address ${host} is not one of this machine. Set HOST to one that is, such as 127.0.0.1.`,
    ENOTFOUND: `The host name ${host} is not known. Set HOST to an address of this machine, such as 127.0.0.1.`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? (error as Error) : new ListenError(reason, { cause: error });
}
