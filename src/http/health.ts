// Routes for machines: liveness, readiness, the state of the parts, metrics. Readiness does not depend on connectors: a source
// that is down must not take the gateway out of the load balancer.

import type { FastifyInstance } from 'fastify';
import type { Locale } from '../errors.ts';
import { startFairLimit } from '../observe/fair-limit.ts';
import type { Metrics } from '../observe/metrics.ts';
import { localeOf } from '../request/headers.ts';

/** Builds the document of /status (health+json). With `detailed`, on the port of operators, it describes the calls too. */
export type StatusSource = (request: {
  readonly storeAnswers: boolean;
  readonly detailed: boolean;
  readonly locale: Locale;
}) => Promise<{ readonly status: 'pass' | 'warn' | 'fail' }>;

export interface HealthOptions {
  readonly metrics: Metrics;
  /** Rejects when the store cannot be reached, or when the signal is aborted. */
  readonly checkStore: (signal: AbortSignal) => Promise<unknown>;
  /** Total time in which the event loop of this process stood still, ms. */
  readonly stalledMs: () => number;
  readonly isClosing: () => boolean;
  readonly status: StatusSource;
}

/** Load balancers check every few seconds, with a timeout of about that length. Own stalls are added, at most as much again. */
const STORE_CHECK_MS = 1000;

/** Load balancers ask with HEAD, too. */
const HEAD_TOO = { exposeHeadRoute: true };

export interface HealthRoutes {
  /** /livez, /readyz and the short /status: for load balancers and everybody else. */
  readonly addPublic: (app: FastifyInstance) => void;
  /** The same with what they depend on, /status in full, and /metrics: for operators, on a port of their own. */
  readonly addForOperators: (app: FastifyInstance) => void;
}

export function createHealthRoutes(options: HealthOptions): HealthRoutes {
  /** What the last check showed. */
  let answeredLast = true;
  /** A gateway that stood still for the whole time knows nothing new about the store. */
  const storeAnswers = async (): Promise<boolean> => {
    const limit = new AbortController();
    let wasOwnLag = false;
    const cancel = startFairLimit(STORE_CHECK_MS, options.stalledMs, (stalled) => {
      wasOwnLag = stalled >= STORE_CHECK_MS;
      limit.abort();
    });
    try {
      await options.checkStore(limit.signal);
      answeredLast = true;
      return true;
    } catch {
      if (wasOwnLag) return answeredLast;
      answeredLast = false;
      return false;
    } finally {
      cancel();
    }
  };

  const addBoth = (app: FastifyInstance, isDetailed: boolean): void => {
    app.get('/livez', HEAD_TOO, (_request, reply) => {
      reply.header('cache-control', 'no-store').send({ status: 'alive' });
    });

    app.get('/readyz', HEAD_TOO, async (_request, reply) => {
      const store = await storeAnswers();
      const ready = store && !options.isClosing();
      const status = ready ? 'ready' : options.isClosing() ? 'closing' : 'not ready';
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(isDetailed ? { status, store } : { status });
    });

    app.get('/status', HEAD_TOO, async (request, reply) => {
      const document = await options.status({
        storeAnswers: await storeAnswers(),
        detailed: isDetailed,
        locale: localeOf(request.headers['accept-language']),
      });
      return reply
        .code(document.status === 'fail' ? 503 : 200)
        .header('content-type', 'application/health+json; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(JSON.stringify(document));
    });
  };

  return {
    addPublic: (app) => addBoth(app, false),
    addForOperators: (app) => {
      addBoth(app, true);
      app.get('/metrics', HEAD_TOO, async (_request, reply) => {
        const text = await options.metrics.text();
        return reply.header('content-type', options.metrics.contentType).send(text);
      });
    },
  };
}
