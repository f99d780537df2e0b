// A gateway that is as small as can be, behind the real server on a real socket; used by the tests of this folder.

import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { parseAccessFile } from '../../src/access-file.ts';
import { GatewayError } from '../../src/errors.ts';
import { OPEN_ACCESS } from '../../src/graph/access/access.ts';
import {
  createGraphExecutor,
  type Generation,
  type GraphExecutor,
  type GraphExecutorOptions,
} from '../../src/graph/executor.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import {
  createHttpServer,
  type HttpConfig,
  type HttpServer,
  type HttpServerOptions,
} from '../../src/http/server.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { createLog } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import type { RequestContext } from '../../src/request/context.ts';
import { createIdentification } from '../../src/request/identity/create-identify.ts';
import { nameOf } from '../../src/request/identity/identity.ts';

export const SECRET = 'connect ECONNREFUSED 10.1.2.3:8443 https://csdl.example.vn/?token=s3cret';

export const OPERATOR_TOKEN = 'operators-of-this-server';

const typeDefs = `
  type Query {
    hello(name: String = "you"): String
    officer: String
    callerClass: String
    standing: String
    broken: String
    ill: String
    later: String
  }
  type Mutation { touch: Boolean }
`;

const standingOf = ({ identity }: RequestContext): string => [...identity.roles, nameOf(identity)].join(' ');

export interface Waiting {
  readonly context: RequestContext;
  readonly answer: (text: string) => void;
}

export interface TestServer extends HttpServer {
  readonly url: string;
  readonly origin: string;
  /** The port of operators; empty where it is off. */
  readonly operatorsUrl: string;
  readonly lines: Record<string, unknown>[];
  /** Requests that stand in the field `later`. */
  readonly waiting: Waiting[];
  swap(schema: GraphQLSchema): void;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export const aSchema = (waiting: Waiting[] = [], greeting = 'Hello'): GraphQLSchema =>
  makeExecutableSchema({
    typeDefs,
    resolvers: {
      Query: {
        hello: (_: unknown, { name }: { name: string }) => `${greeting}, ${name}`,
        officer: (_: unknown, __: unknown, { identity: { actor } }: RequestContext) =>
          actor.kind === 'officer' ? actor.officer : null,
        callerClass: (_: unknown, __: unknown, context: RequestContext) => context.callerClass ?? null,
        standing: (_: unknown, __: unknown, context: RequestContext) => standingOf(context),
        broken: () => {
          throw new Error(SECRET);
        },
        ill: (_: unknown, __: unknown, context: RequestContext) => {
          const error = new GatewayError('UPSTREAM_TIMEOUT', { connector: 'population', detail: SECRET });
          context.tally.failed('population', error);
          throw error;
        },
        later: (_: unknown, __: unknown, context: RequestContext) =>
          new Promise((resolve, reject) => {
            waiting.push({ context, answer: resolve });
            context.signal.addEventListener('abort', () => reject(context.signal.reason));
          }),
      },
      Mutation: { touch: () => true },
    },
  });

const aGeneration = (schema: GraphQLSchema): Generation => ({
  schema,
  connectorsAt: () => [],
  access: OPEN_ACCESS,
  breakerOf: () => undefined,
  onRetired: () => {},
});

/** A server on a free port of loopback. */
export async function aServer(
  more: Partial<HttpConfig> &
    Partial<Pick<HttpServerOptions, 'checkStore' | 'stalledMs' | 'people' | 'documents' | 'chargeRefusal'>> &
    Pick<GraphExecutorOptions, 'admit'> & {
      /** The access file, YAML. Default: no issuers. */
      readonly access?: string;
    } = {},
): Promise<TestServer> {
  const waiting: Waiting[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'info', write: (line) => void lines.push(JSON.parse(line)) });
  const channels = createChannels();
  const metrics = createMetrics(channels, { process: false });
  const executor = createGraphExecutor(aGeneration(aSchema(waiting)), { admit: more.admit });
  const swap = (schema: GraphQLSchema) => executor.swap(aGeneration(schema));
  const graph: Pick<GraphExecutor, 'answer'> = {
    answer: async (request, context) => {
      if (request.operationName === 'Explode') throw new Error(SECRET);
      return executor.answer(request, context);
    },
  };
  const config: HttpConfig = {
    host: '127.0.0.1',
    port: 0,
    explorer: true,
    requestDeadlineMs: 5000,
    maxBodyBytes: 10_000,
    queueTargetMs: 300,
    queueIntervalMs: 1000,
    maxRequests: 1000,
    maxConnectorCalls: 2000,
    operatorsHost: '127.0.0.1',
    operatorsPort: 0,
    corsOrigins: [],
    hsts: false,
    simulators: false,
    closeDelayMs: 0,
    closeGraceMs: 1000,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 15_000,
    answerStallMs: 10_000,
    keepAliveMs: 15_000,
    ...more,
  };
  const checkStore = more.checkStore ?? (async () => {});
  const identification = createIdentification({
    settings:
      more.access === undefined
        ? { issuers: [], clients: {}, trustedProxies: [] }
        : parseAccessFile(more.access, 'access.yaml'),
    operatorToken: OPERATOR_TOKEN,
    references: { readEnv: () => undefined },
    log,
  });
  const server = await createHttpServer({
    graph,
    config,
    log,
    metrics,
    channels,
    checkStore,
    identification,
    stalledMs: more.stalledMs,
    exampleQuery: pageQuery,
    people: more.people,
    documents: more.documents,
    chargeRefusal: more.chargeRefusal,
    status: async ({ storeAnswers, ...asked }) => ({ status: storeAnswers ? 'warn' : 'fail', ...asked }),
  });
  const { graphqlUrl: url, operatorsUrl } = await server.listen();
  return {
    ...server,
    url,
    origin: new URL(url).origin,
    operatorsUrl: operatorsUrl ?? '',
    lines,
    waiting,
    swap,
    post: (body, headers = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': 'en', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close: async () => {
      metrics.close();
      await server.close();
      await identification.close();
    },
  };
}
