// The real HTTP server with a schema that shows who asks, an issuer of its own and a clock that the test moves.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { parseAccessFile } from '../../../src/access-file.ts';
import { OPEN_ACCESS } from '../../../src/graph/access/access.ts';
import { createGraphExecutor } from '../../../src/graph/executor.ts';
import { createHttpServer } from '../../../src/http/server.ts';
import { createChannels } from '../../../src/observe/channels.ts';
import { createLog } from '../../../src/observe/log.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import type { RequestContext } from '../../../src/request/context.ts';
import { createIdentification } from '../../../src/request/identity/create-identify.ts';
import { AUDIENCE, GATEWAY } from './an-issuer.ts';

export interface IdentityServer {
  /** The caller as the resolvers see it, or the refusal. */
  ask(headers?: Record<string, string>): Promise<{
    status: number;
    who?: unknown;
    code?: string;
    message?: string;
    retryAfterMs?: number;
    headers: Headers;
  }>;
  withToken(token: string): ReturnType<IdentityServer['ask']>;
  readonly graphqlUrl: string;
  readonly log: string[];
  close(): Promise<void>;
}

const schema = makeExecutableSchema({
  typeDefs: 'type Query { who: String }',
  resolvers: {
    Query: {
      who: (_: unknown, __: unknown, { identity, callerClass }: RequestContext) =>
        JSON.stringify({
          ...identity,
          roles: [...identity.roles],
          scopes: [...identity.scopes],
          callerClass,
          accessKey: undefined,
        }),
    },
  },
});

/** @param access the access file, YAML; `ISSUER` in it is replaced by the address of the issuer */
export async function anIdentityServer(
  access: string,
  now: () => number = Date.now,
  operatorToken?: string,
): Promise<IdentityServer> {
  const log: string[] = [];
  const logger = createLog({ level: 'debug', write: (line) => void log.push(line) });
  const channels = createChannels();
  const metrics = createMetrics(channels, { process: false });
  const identification = createIdentification({
    settings: parseAccessFile(access, 'access.yaml'),
    operatorToken,
    references: { readEnv: (name) => (name === 'SECRET' ? GATEWAY.clientSecret : undefined) },
    log: logger,
    now,
  });
  identification.start();
  const server = await createHttpServer({
    graph: createGraphExecutor({
      schema,
      connectorsAt: () => [],
      access: OPEN_ACCESS,
      breakerOf: () => undefined,
      onRetired: () => {},
    }),
    config: {
      host: '127.0.0.1',
      port: 0,
      explorer: false,
      requestDeadlineMs: 10_000,
      maxBodyBytes: 10_000,
      queueTargetMs: 1_000,
      queueIntervalMs: 10_000,
      maxRequests: 10_000,
      maxConnectorCalls: 2000,
      operatorsHost: '127.0.0.1',
      operatorsPort: 0,
      corsOrigins: [],
      hsts: false,
      simulators: false,
      closeDelayMs: 0,
      closeGraceMs: 1_000,
      headersTimeoutMs: 10_000,
      requestTimeoutMs: 15_000,
      answerStallMs: 10_000,
      keepAliveMs: 15_000,
    },
    log: logger,
    metrics,
    channels,
    checkStore: async () => {},
    identification,
    exampleQuery: '',
    status: async () => ({ status: 'pass' }),
  });
  const { graphqlUrl } = await server.listen();
  const ask: IdentityServer['ask'] = async (headers = {}) => {
    const response = await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'en', ...headers },
      body: '{"query":"{ who }"}',
    });
    const { data, errors } = (await response.json()) as {
      data?: { who: string };
      errors?: [{ message: string; extensions: { code: string; retryAfterMs?: number } }];
    };
    return {
      status: response.status,
      headers: response.headers,
      ...(data !== undefined && { who: JSON.parse(data.who) }),
      ...(errors !== undefined && { ...errors[0].extensions, message: errors[0].message }),
    };
  };
  return {
    ask,
    graphqlUrl,
    withToken: (token) => ask({ authorization: `Bearer ${token}` }),
    log,
    close: async () => {
      metrics.close();
      await server.close();
      await identification.close();
    },
  };
}

/** The entry of a test issuer in the access file. */
export const anEntry = (url: string, more = 'kind: officer'): string =>
  `issuers:\n  - name: test\n    issuer: ${url}\n    audience: [${AUDIENCE}]\n${more
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}`;
