// The HTTP server: routes, failures outside the routes, start and stop. A request on an accepted connection receives its answer,
// also while the server closes, within a bounded time.

import { createServer, type Server } from 'node:http';
import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import type { ErrorCode, LocalizedText } from '../errors.ts';
import type { GraphExecutor } from '../graph/executor.ts';
import type { Channels } from '../observe/channels.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { requestIdOf } from '../request/headers.ts';
import type { Identification } from '../request/identity/create-identify.ts';
import { createBrowserHeaders, headerLinesOf } from './browser-headers.ts';
import { createClientErrorHandler } from './client-error.ts';
import { type ClosingTimes, createClosing } from './closing.ts';
import { type ConnectionLimits, nodeLimits, trackConnections } from './connections.ts';
import { addExplorerRoutes } from './explorer.ts';
import { EXPLORER_PATH } from './explorer-path.ts';
import { addExplorerPeople, type ExplorerPeople, PEOPLE_PATH } from './explorer-people.ts';
import { addGraphqlRoute, type GraphqlRouteOptions, sendFailure } from './graphql-route.ts';
import { createHealthRoutes, type StatusSource } from './health.ts';
import { addExactJsonParser } from './json-body.ts';
import { createListeners } from './listeners.ts';
import { addLoadShedding, GRAPHQL_PATH, type LoadShedding } from './load-shedding.ts';
import type { Documents } from './named-document.ts';
import { createOperatorsServer } from './operators-server.ts';
import { createProtocol } from './protocol.ts';
import { createRequestLog } from './request-log.ts';

/** The part of `Config` that this folder uses. */
export interface HttpConfig extends ConnectionLimits, ClosingTimes {
  readonly host: string;
  readonly port: number;
  readonly explorer: boolean;
  readonly requestDeadlineMs: number;
  readonly maxBodyBytes: number;
  readonly queueTargetMs: number;
  readonly queueIntervalMs: number;
  readonly maxRequests: number;
  readonly maxConnectorCalls: number;
  readonly operatorsHost: string;
  /** 0: any free port; null: none. */
  readonly operatorsPort: number | null;
  readonly corsOrigins: readonly string[];
  readonly hsts: boolean;
  /** A start with simulators is for development: pages on this machine may send queries. */
  readonly simulators: boolean;
}

export interface HttpServerOptions {
  readonly graph: Pick<GraphExecutor, 'answer'>;
  readonly config: HttpConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Total time in which the event loop of this process stood still, ms. Default: none. */
  readonly stalledMs?: (() => number) | undefined;
  /** Where each GraphQL request is published. */
  readonly channels: Channels;
  /** Rejects when the store cannot be reached; for /readyz and /status. */
  readonly checkStore: (signal: AbortSignal) => Promise<unknown>;
  readonly identification: Pick<Identification, 'identify' | 'known' | 'isNoOperator'>;
  /** Opens the audit trail of a request. Default: nothing is recorded. */
  readonly audit?: GraphqlRouteOptions['audit'];
  /** Charges the sender of credentials that were refused. Default: nobody is limited. */
  readonly chargeRefusal?: GraphqlRouteOptions['chargeRefusal'];
  /** The people of the development issuer, for the explorer; `undefined` without simulators. */
  readonly people?: ExplorerPeople | undefined;
  readonly status: StatusSource;
  /** Published documents; absent: every document may be sent, and none by its identifier. */
  readonly documents?: Documents | undefined;
  /** The query of a first visit of the explorer. */
  readonly exampleQuery: string;
}

export interface HttpServer {
  /** Opens the port. @throws {ListenError} */
  listen(): Promise<{
    readonly port: number;
    readonly graphqlUrl: string;
    readonly explorerUrl: string | null;
    /** Address of the port of operators, without a slash at its end. */
    readonly operatorsUrl: string | null;
  }>;
  /**
   * Announces the end, accepts requests for `closeDelayMs`, stops listening, waits for running requests (at most `closeGraceMs`),
   * then closes.
   */
  close(): Promise<void>;
}

/** Creates the server; `listen` opens its port. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { graph, config, log, metrics, channels } = options;
  const server = createServer(nodeLimits(config));
  const connections = trackConnections(server, config);
  const listeners = createListeners(server);
  const closing = createClosing(listeners.open, connections, config);
  const { isClosing } = closing;
  const protocol = await createProtocol(graph, log, options.documents);
  const { identify, known, isNoOperator } = options.identification;

  const answersPreflight = createBrowserHeaders({
    corsOrigins: config.corsOrigins,
    allowsLoopback: config.simulators,
    hsts: config.hsts,
  });
  let shedding: LoadShedding | undefined;
  const app = fastify({
    bodyLimit: config.maxBodyBytes,
    serverFactory: (handler): Server =>
      server.on('request', (request, response) => {
        if (answersPreflight(request, response)) return;
        if (shedding?.refuseEarly(request, response) !== true) handler(request, response);
      }),
    clientErrorHandler: createClientErrorHandler(connections.all, (status) =>
      metrics.httpRequest('none', status, 0),
    ),
    // Every request on an accepted connection is answered.
    return503OnClosing: false,
    // A HEAD request would execute the query and discard the answer.
    exposeHeadRoutes: false,
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id']),
    // A path that is no URL; the default answer repeats it.
    frameworkErrors: (_error, request, reply) => {
      metrics.httpRequest('none', 400, 0);
      void sendFailure(request, reply, 400, 'BAD_REQUEST', BAD_PATH);
    },
    // The protocol reads the query string itself.
    routerOptions: { querystringParser: () => ({}) },
  });
  app.removeContentTypeParser('text/plain');
  addExactJsonParser(app);
  answerFailures(app, config.maxBodyBytes, log, metrics);
  const onRefused = (status: number, durationMs: number): void =>
    metrics.httpRequest(GRAPHQL_PATH, status, durationMs / 1000);
  const load = addLoadShedding(app, {
    targetMs: config.queueTargetMs,
    intervalMs: config.queueIntervalMs,
    maxRunning: config.maxRequests,
    known,
    isNoOperator,
    log,
    connections,
    keepAliveMs: config.keepAliveMs,
    headerLines: headerLinesOf(answersPreflight),
    onRefused,
  });
  shedding = load;
  const { queue } = load;
  server.on('connection', queue.accepted);
  metrics.readLoad(() => ({ ...queue.figures(), stalledMs: options.stalledMs?.() ?? 0 }));
  addGraphqlRoute(app, {
    protocol,
    channels,
    identify,
    audit: options.audit,
    chargeRefusal: options.chargeRefusal,
    deadlineMs: config.requestDeadlineMs,
    maxCallsPerConnector: config.maxConnectorCalls,
    onAnswered: createRequestLog(log, metrics, channels),
    onRefused,
    shedding: load,
    stalledMs: options.stalledMs,
  });
  const health = createHealthRoutes({
    metrics,
    checkStore: options.checkStore,
    stalledMs: options.stalledMs ?? (() => 0),
    isClosing,
    status: options.status,
  });
  health.addPublic(app);
  const operators =
    config.operatorsPort === null
      ? undefined
      : createOperatorsServer({
          host: config.operatorsHost,
          port: config.operatorsPort,
          routes: health,
          prepareAnswer: createBrowserHeaders({ corsOrigins: [], allowsLoopback: false, hsts: false }),
        });
  if (config.explorer) {
    const { people, exampleQuery: query } = options;
    if (people !== undefined) addExplorerPeople(app, people, config.host);
    const path = people === undefined ? null : PEOPLE_PATH;
    await addExplorerRoutes(app, { endpoint: GRAPHQL_PATH, query, people: path });
  }

  const closeAll = async (): Promise<void> => {
    // Every request on an accepted connection is answered.
    load.held.end();
    await closing.close();
    connections.stop();
    // Ends Node's checks of slow requests; nothing listens any more.
    server.close();
    await app.close();
    await protocol.stop();
    await operators?.close();
  };
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= closeAll();
    return closed;
  };
  const closeAndThrow = async (error: unknown): Promise<never> => {
    await close();
    throw error;
  };

  return {
    listen: async () => {
      await app.ready();
      const port = await listeners.listen(config);
      const origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
      const explorerUrl = config.explorer ? `${origin}${EXPLORER_PATH}` : null;
      const operatorsUrl = (await operators?.listen().catch(closeAndThrow)) ?? null;
      return { port, graphqlUrl: `${origin}${GRAPHQL_PATH}`, explorerUrl, operatorsUrl };
    },
    close,
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

const BAD_PATH: LocalizedText = {
  vi: 'Đường dẫn không phải URL hợp lệ.',
  en: 'The path is not a valid URL.',
};

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
