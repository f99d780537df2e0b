// Puts the requests of /graphql through the request queue, before their bodies are read. Refuses with 503, Retry-After and a GraphQL
// error. Operators never wait; health routes and the explorer do not pass here.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../observe/log.ts';
import { type CheckOperator, isOperator } from '../request/operator.ts';
import { sendFailure } from './graphql-route.ts';
import { createRequestQueue, type RequestQueue, type RequestQueueOptions } from './request-queue.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Time in the request queue, ms: part of the time limit of the request. */
    queuedMs: number;
  }
}

export interface LoadShedding {
  readonly queue: RequestQueue;
  /** The `onRequest` hook of the routes that wait. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
}

export interface LoadSheddingOptions extends RequestQueueOptions {
  readonly checkOperator: CheckOperator;
  readonly log: Log;
  /** Called when a request is refused. */
  readonly onRefused: (status: number, durationMs: number) => void;
}

/** Clients that were refused together must not come back together: the delay is a random second out of these. */
const RETRY_AFTER_S = 3;

export function addLoadShedding(app: FastifyInstance, options: LoadSheddingOptions): LoadShedding {
  const { checkOperator, log, onRefused } = options;
  app.decorateRequest('queuedMs', 0);
  const queue = createRequestQueue(options, {
    onOverload: (isOverloaded) => {
      const { running, waiting, refused } = queue.figures();
      if (isOverloaded) log.warn({ running, waiting }, 'overloaded: requests are refused');
      else log.info({ refused }, 'no longer overloaded');
    },
  });
  const hook: LoadShedding['hook'] = (request, reply, done) => {
    const { authorization } = request.headers;
    if (authorization !== undefined && isOperator(checkOperator(authorization))) {
      done();
      return;
    }
    queue.enter({
      begin: (waitedMs) => {
        request.queuedMs = waitedMs;
        done();
      },
      refuse: (waitedMs) => {
        onRefused(503, waitedMs);
        const seconds = 1 + Math.floor(Math.random() * RETRY_AFTER_S);
        reply.header('retry-after', String(seconds));
        sendFailure(request, reply, 503, 'OVERLOADED', undefined, seconds * 1000);
      },
      isGone: () => reply.raw.destroyed || request.raw.destroyed,
    });
  };
  return { queue, hook };
}
