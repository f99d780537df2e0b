// What machines ask: is the process alive, is it ready, what has it counted. Registered by `server.ts`. Readiness never
// depends on a connector: a dead ministry must not take the gateway out of the load balancer. Without a schema nothing
// listens at all.

import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../observe/metrics.ts';

export interface HealthOptions {
  readonly metrics: Metrics;
  /** Rejects when the store does not answer. */
  readonly checkStore: () => Promise<unknown>;
  readonly isClosing: () => boolean;
}

// A load balancer asks every few seconds and gives up after about as long.
const STORE_CHECK_MS = 1000;

/** Registers /livez, /readyz and /metrics. */
export const addHealthRoutes = (app: FastifyInstance, options: HealthOptions): void => {
  app.get('/livez', (_request, reply) => {
    reply.header('cache-control', 'no-store').send({ status: 'alive' });
  });

  app.get('/readyz', async (_request, reply) => {
    const store = await settlesWithin(STORE_CHECK_MS, options.checkStore);
    const ready = store && !options.isClosing();
    const status = ready ? 'ready' : options.isClosing() ? 'closing' : 'not ready';
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, store });
  });

  app.get('/metrics', async (_request, reply) => {
    const text = await options.metrics.text();
    return reply.header('content-type', options.metrics.contentType).send(text);
  });
};

const settlesWithin = async (limitMs: number, check: () => Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const answered = Promise.resolve()
    .then(check)
    .then(
      () => true,
      () => false,
    );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
};
