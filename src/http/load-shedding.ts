// Puts the requests of /graphql through the request queue, before their bodies are read. Refuses with 503, Retry-After and a GraphQL
// error. Operators never wait; health routes and the explorer do not pass here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError, type Locale } from '../errors.ts';
import { formatError } from '../graph/format-error.ts';
import type { Log } from '../observe/log.ts';
import { localeOf, requestIdOf } from '../request/headers.ts';
import type { Identification } from '../request/identity/create-identify.ts';
import type { Identity } from '../request/identity/identity.ts';
import type { Connections } from './connections.ts';
import { createHeldConnections, type HeldConnections } from './held-connections.ts';
import { JSON_TYPE, mediaTypeOf } from './media-type.ts';
import type { RequestHead } from './request-head.ts';
import { createRequestQueue, type RequestQueue, type RequestQueueOptions } from './request-queue.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Time in the request queue, ms: part of the time limit of the request. */
    queuedMs: number;
    /** Who sends the request, where that is known without waiting. */
    identity: Identity | undefined;
  }
}

export interface LoadShedding {
  readonly queue: RequestQueue;
  /** Connections whose request was refused, and what they send next. */
  readonly held: HeldConnections;
  /** Refuses a request that has no chance, before any route sees it. @returns whether it did */
  readonly refuseEarly: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The `onRequest` hook of the routes that wait. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
}

export interface LoadSheddingOptions extends RequestQueueOptions {
  readonly known: Identification['known'];
  readonly isNoOperator: Identification['isNoOperator'];
  readonly log: Log;
  readonly connections: Pick<Connections, 'answered'>;
  /** Announced to clients, ms. */
  readonly keepAliveMs: number;
  /** Further headers of every answer, as lines. */
  readonly headerLines: readonly string[];
  /** Called when a request is refused. */
  readonly onRefused: (status: number, durationMs: number) => void;
}

/** Clients that were refused together must not come back together: the delay is a random second out of these. */
const RETRY_AFTER_S = 3;

const randomSeconds = (): number => 1 + Math.floor(Math.random() * RETRY_AFTER_S);

/** The path of the requests that wait. */
export const GRAPHQL_PATH = '/graphql';

const BODY_ID = 'request-id';

/** The answers, made once: an error object with its stack costs more than the rest of a refusal. */
const BODIES = Object.fromEntries(
  (['vi', 'en'] as const).map((locale) => [
    locale,
    Array.from({ length: RETRY_AFTER_S }, (_, i) => {
      const error = new GatewayError('OVERLOADED', { retryAfterMs: (i + 1) * 1000 });
      const body = JSON.stringify({ errors: [formatError(error, { locale, requestId: BODY_ID })] });
      return body.split(JSON.stringify(BODY_ID)) as [string, string];
    }),
  ]),
) as Record<Locale, [string, string][]>;

function bodyOf(locale: Locale, seconds: number, id: string): string {
  const [before, after] = BODIES[locale][seconds - 1] as [string, string];
  return `${before}${JSON.stringify(id)}${after}`;
}

/** Writes the answer past Fastify: the cheaper a refusal is, the more time is left for the others. */
function refuse({ headers }: IncomingMessage, response: ServerResponse, id: string, seconds: number): void {
  const body = bodyOf(localeOf(headers['accept-language']), seconds, id);
  response.writeHead(503, {
    'content-type': mediaTypeOf(headers.accept) ?? JSON_TYPE,
    'content-length': Buffer.byteLength(body),
    'retry-after': String(seconds),
    'x-request-id': id,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** The same answer as bytes, for a request that Node has not parsed. */
function rawRefusal(
  head: RequestHead,
  seconds: number,
  { keepAliveMs, headerLines }: Pick<LoadSheddingOptions, 'keepAliveMs' | 'headerLines'>,
): string {
  const id = requestIdOf(head.header('x-request-id'));
  const body = bodyOf(localeOf(head.header('accept-language')), seconds, id);
  return [
    'HTTP/1.1 503 Service Unavailable',
    `content-type: ${mediaTypeOf(head.header('accept')) ?? JSON_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `retry-after: ${seconds}`,
    `x-request-id: ${id}`,
    'cache-control: no-store',
    `date: ${new Date().toUTCString()}`,
    'connection: keep-alive',
    `keep-alive: timeout=${Math.floor(keepAliveMs / 1_000)}`,
    ...headerLines,
    '',
    body,
  ].join('\r\n');
}

export function addLoadShedding(app: FastifyInstance, options: LoadSheddingOptions): LoadShedding {
  const { known, isNoOperator, log, onRefused } = options;
  app.decorateRequest('queuedMs', 0);
  app.decorateRequest('identity', undefined);
  const queue = createRequestQueue(options, {
    onOverload: (isOverloaded) => {
      const { running, waiting, refused } = queue.figures();
      if (isOverloaded) log.warn({ running, waiting }, 'overloaded: requests are refused');
      else log.info({ refused }, 'no longer overloaded');
    },
  });
  const held = createHeldConnections({
    path: GRAPHQL_PATH,
    room: queue.room,
    isRefused: queue.refusesArrival,
    mayWait: (head) => isNoOperator(head.header('authorization')),
    refuse: (socket, head, wasEarly) => {
      // A client that did not wait for the announced time gets the longest one.
      const seconds = wasEarly ? RETRY_AFTER_S : randomSeconds();
      socket.write(rawRefusal(head, seconds, options));
      options.connections.answered(socket);
      queue.countRefused();
      onRefused(503, 0);
      return seconds * 1_000;
    },
  });
  const refuseAndHold = (request: IncomingMessage, response: ServerResponse, id: string): void => {
    const seconds = randomSeconds();
    // Until then the rest of the request is read.
    response.once('close', () => held.hold(request.socket, seconds * 1_000));
    refuse(request, response, id, seconds);
  };
  const hook: LoadShedding['hook'] = (request, reply, done) => {
    const { headers } = request;
    if (headers.authorization !== undefined) {
      const identity = known(headers);
      request.identity = identity;
      if (identity?.roles.has('operator') === true) {
        done();
        return;
      }
    }
    queue.enter({
      begin: (waitedMs) => {
        request.queuedMs = waitedMs;
        done();
      },
      refuse: (waitedMs) => {
        onRefused(503, waitedMs);
        reply.hijack();
        refuseAndHold(request.raw, reply.raw, request.id);
      },
      isGone: () => reply.raw.destroyed || request.raw.destroyed,
    });
  };
  const refuseEarly: LoadShedding['refuseEarly'] = (request, response) => {
    const { url, headers } = request;
    if (url !== GRAPHQL_PATH || !queue.refusesArrival() || !isNoOperator(headers.authorization)) return false;
    queue.countRefused();
    onRefused(503, 0);
    refuseAndHold(request, response, requestIdOf(headers['x-request-id']));
    return true;
  };
  return { queue, held, hook, refuseEarly };
}
