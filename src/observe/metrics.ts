// The metrics of a gateway as Prometheus text, by prom-client: base units, labels from bounded sets only.
// Requests are counted by method calls; calls, breakers and connectors by the diagnostics channels.

import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { type AuditReading, registerAuditMetrics } from './audit-metrics.ts';
import type { Channels, OperationOutcome } from './channels.ts';
import { registerConnectorMetrics } from './connector-metrics.ts';
import { createHistogram } from './histogram.ts';
import { type LoadReading, registerLoadMetrics } from './load-metrics.ts';
import { registerStoreMetrics, type StoreReading } from './store-metrics.ts';

export interface Metrics {
  /** Counts an answered HTTP request. `route` is the pattern of the route, never the path. */
  httpRequest(route: string, status: number, seconds: number): void;
  operation(type: string, outcome: OperationOutcome): void;
  /** Reads the load of the gateway at each scrape. */
  readLoad(read: () => LoadReading): void;
  /** Reads the state of the audit trail at each scrape. */
  readAudit(read: () => AuditReading): void;
  /** Counts an entry of `errors` that was sent. */
  error(code: string): void;
  /** Counts a statement of the store. `outcome`: OK, FAILED or CANCELLED. */
  storeStatement(statement: string, outcome: string, seconds: number): void;
  /** Reads the state of the store at each scrape. */
  readStore(state: () => StoreReading): void;
  readonly contentType: string;
  text(): Promise<string>;
  /** Ends the subscriptions. */
  close(): void;
}

export interface MetricsOptions {
  /** Adds metrics of the process (memory, event loop, garbage collection). Default: true. */
  readonly process?: boolean;
}

/** Seconds: fine for the gateway's own work, coarse up to the longest deadline. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Creates the metrics of one gateway and subscribes to the channels. */
export function createMetrics(channels: Channels, options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // 20 ms: a finer measurement of the event loop wakes an idle process too often.
  if (options.process ?? true) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  }

  const http = createHistogram(registry, {
    name: 'lienthong_http_request_duration_seconds',
    help: 'Time from reading an HTTP request to writing its answer.',
    labels: ['route', 'status'],
    buckets: BUCKETS,
  });
  const calls = createHistogram(registry, {
    name: 'lienthong_upstream_call_duration_seconds',
    help: 'Duration of a call to a source, by outcome: OK, NOT_FOUND or an error code.',
    labels: ['connector', 'operation', 'outcome'],
    buckets: BUCKETS,
    maxSeries: 5000,
  });
  const operations = new Counter({
    name: 'lienthong_graphql_operations_total',
    help: 'GraphQL operations by type and outcome: ok, partial, failed, rejected.',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const errors = new Counter({
    name: 'lienthong_graphql_errors_total',
    help: 'Errors sent to clients, by code.',
    labelNames: ['code'],
    registers,
  });
  const transitions = new Counter({
    name: 'lienthong_breaker_transitions_total',
    help: 'Changes of a circuit breaker by its new state: OPEN, HALF_OPEN, CLOSED.',
    labelNames: ['connector', 'operation', 'to'],
    registers,
  });
  const problems = new Counter({
    name: 'lienthong_mapping_problems_total',
    help: 'Answers, or parts of them, that did not fit their mapping.',
    labelNames: ['connector', 'operation'],
    registers,
  });

  const store = registerStoreMetrics(registry, BUCKETS);
  const load = registerLoadMetrics(registry);
  const audit = registerAuditMetrics(registry);
  const collectFromConnectors = registerConnectorMetrics(registry, channels);

  const subscriptions = [
    channels.upstreamCall.subscribe(({ connector, operation, outcome, durationMs }) => {
      calls.series(connector, operation, outcome).observe(durationMs / 1000);
    }),
    channels.breaker.subscribe(({ connector, operation, to }) => {
      transitions.inc({ connector, operation, to });
    }),
    channels.mappingProblem.subscribe(({ connector, operation, count }) => {
      problems.inc({ connector, operation }, count);
    }),
  ];

  return {
    httpRequest: (route, status, duration) => http.series(route, String(status)).observe(duration),
    operation: (type, outcome) => operations.inc({ type, outcome }),
    readLoad: load.read,
    readAudit: audit.read,
    error: (code) => errors.inc({ code }),
    storeStatement: store.statement,
    readStore: store.read,
    contentType: registry.contentType,
    text: () => {
      collectFromConnectors();
      load.collect();
      audit.collect();
      return registry.metrics();
    },
    close: () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    },
  };
}
