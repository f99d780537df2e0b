// Metrics of the store: statements as they end, its state and its connections at each scrape.

import { Gauge, type Registry } from 'prom-client';
import { createHistogram } from './histogram.ts';

export interface StoreReading {
  /** `postgres` or `pglite`. */
  readonly kind: string;
  readonly isUp: boolean;
  /** Undefined for a store without connections. */
  readonly connections:
    | { readonly open: number; readonly idle: number; readonly waiting: number }
    | undefined;
}

export interface StoreMetrics {
  statement(statement: string, outcome: string, seconds: number): void;
  read(state: () => StoreReading): void;
}

export function registerStoreMetrics(registry: Registry, buckets: number[]): StoreMetrics {
  const registers = [registry];
  let read: (() => StoreReading) | undefined;
  const statements = createHistogram(registry, {
    name: 'lienthong_store_statement_duration_seconds',
    help: 'Duration of a statement of the store, by outcome: OK, FAILED, CANCELLED.',
    labels: ['statement', 'outcome'],
    buckets,
  });
  const up = new Gauge({
    name: 'lienthong_store_up',
    help: 'Does the store answer: 1 yes, 0 no.',
    labelNames: ['kind'],
    registers,
    collect: () => {
      const state = read?.();
      if (state !== undefined) up.set({ kind: state.kind }, state.isUp ? 1 : 0);
    },
  });
  const connections = new Gauge({
    name: 'lienthong_store_connections',
    help: 'Connections to PostgreSQL: busy, idle; and statements that wait for one.',
    labelNames: ['state'],
    registers,
    collect: () => {
      const state = read?.().connections;
      if (state === undefined) return;
      connections.set({ state: 'busy' }, state.open - state.idle);
      connections.set({ state: 'idle' }, state.idle);
      connections.set({ state: 'waiting' }, state.waiting);
    },
  });
  return {
    statement: (statement, outcome, seconds) => statements.series(statement, outcome).observe(seconds),
    read: (state) => {
      read = state;
    },
  };
}
