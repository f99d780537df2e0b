// The port of operators: metrics and the state of the gateway in full, apart from the port that clients reach. Whoever reaches it
// reads them, so it listens on this machine unless a setting says otherwise. Answers until the rest of the server has closed.

import { createServer, type Server } from 'node:http';
import { fastify } from 'fastify';
import type { PrepareAnswer } from './browser-headers.ts';
import type { HealthRoutes } from './health.ts';
import { createHostCheck } from './host-check.ts';
import { listenError } from './listeners.ts';

export interface OperatorsServer {
  /** @returns the address of the server, without a slash at its end @throws {ListenError} */
  readonly listen: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface OperatorsServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly routes: HealthRoutes;
  readonly prepareAnswer: PrepareAnswer;
}

/** Time for a request on this port, ms: a scrape of the metrics takes a few. */
const REQUEST_MS = 10_000;

export function createOperatorsServer({
  host,
  port,
  routes,
  prepareAnswer,
}: OperatorsServerOptions): OperatorsServer {
  const server = createServer({
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    maxHeaderSize: 16_384,
  });
  const isOwnHost = createHostCheck(host);
  const app = fastify({
    serverFactory: (handler): Server =>
      server.on('request', (request, response) => {
        prepareAnswer(request, response);
        if (isOwnHost(request.headers.host)) handler(request, response);
        else response.writeHead(421, TEXT).end(OTHER_HOST);
      }),
    forceCloseConnections: true,
  });
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).headers(TEXT).send(PATHS);
  });
  routes.addForOperators(app);
  return {
    listen: async () => {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw listenError(error, { host, port }, { host: 'OPERATORS_HOST', port: 'OPERATORS_PORT' });
      }
      const address = server.address();
      const open = typeof address === 'object' && address !== null ? address.port : port;
      return `http://${host.includes(':') ? `[${host}]` : host}:${open}`;
    },
    close: () => app.close(),
  };
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const OTHER_HOST = 'Use an address, localhost or the value of OPERATORS_HOST as the host of the URL.\n';
const PATHS = 'Nothing here: see /metrics, /status, /readyz and /livez.\n';
