// The metrics of the request queue and of the event loop, read at each scrape.

import { Counter, Gauge, type Registry } from 'prom-client';

/** The requests of the gateway, and the event loop; counts since the start. */
export interface LoadReading {
  readonly running: number;
  readonly waiting: number;
  readonly refused: number;
  readonly stalledMs: number;
}

export interface LoadMetrics {
  /** Sets where the values are read. */
  read(read: () => LoadReading): void;
  collect(): void;
}

export function registerLoadMetrics(registry: Registry): LoadMetrics {
  const registers = [registry];
  const requests = new Gauge({
    name: 'lienthong_requests',
    help: 'GraphQL requests in the gateway: running, and waiting to be read.',
    labelNames: ['state'],
    registers,
  });
  const shed = new Counter({
    name: 'lienthong_requests_shed_total',
    help: 'Requests refused with OVERLOADED before they were read.',
    labelNames: ['route'],
    registers,
  });
  const loop = new Counter({
    name: 'lienthong_event_loop_seconds_total',
    help: 'Time in which the event loop did not react, in stalls of more than 20 ms: stalled.',
    labelNames: ['state'],
    registers,
  });
  let read: (() => LoadReading) | undefined;
  return {
    read: (source) => {
      read = source;
    },
    collect: () => {
      if (read === undefined) return;
      const load = read();
      requests.set({ state: 'running' }, load.running);
      requests.set({ state: 'waiting' }, load.waiting);
      shed.reset();
      shed.inc({ route: '/graphql' }, load.refused);
      loop.reset();
      loop.inc({ state: 'stalled' }, load.stalledMs / 1000);
    },
  };
}
