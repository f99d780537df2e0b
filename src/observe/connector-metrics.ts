// The metrics that are read from the connectors at each scrape, one row of the table each. Nothing is kept between scrapes.

import type { Metric, Registry } from 'prom-client';
import type { BreakerState } from '../errors.ts';
import type { Channels, ConnectorReading } from './channels.ts';
import { registerStatusMetrics } from './status-metrics.ts';

/** Label values, then the value. */
type Sample = readonly [labels: readonly string[], value: number];

interface Row {
  readonly name: string;
  /** While a connector is replaced there are two readings: a gauge or counter is their sum, a state that of the newer connector. */
  readonly type: 'gauge' | 'state' | 'counter';
  readonly help: string;
  /** In addition to `connector`. */
  readonly labels: readonly string[];
  readonly read: (reading: ConnectorReading) => readonly Sample[];
}

const BREAKER_VALUE: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

const single = (value: number): readonly Sample[] => [[[], value]];

const gauge = (name: string, help: string, labels: readonly string[], read: Row['read']): Row => ({
  name: `lienthong_${name}`,
  type: 'gauge',
  help,
  labels,
  read,
});
const counter = (...row: Parameters<typeof gauge>): Row => ({ ...gauge(...row), type: 'counter' });
const state = (...row: Parameters<typeof gauge>): Row => ({ ...gauge(...row), type: 'state' });

const ROWS: readonly Row[] = [
  state(
    'breaker_state',
    'State of a circuit breaker: 0 closed, 1 half open, 2 open.',
    ['operation'],
    ({ breakers }) => breakers.map(({ operation, state }) => [[operation], BREAKER_VALUE[state]]),
  ),
  state('gate_open', 'Do calls pass the gate: 1 yes, 0 closed or under maintenance.', [], ({ gatePasses }) =>
    single(gatePasses ? 1 : 0),
  ),
  gauge('bulkhead_running_calls', 'Calls under way.', [], ({ bulkhead }) => single(bulkhead.running)),
  gauge('bulkhead_waiting_calls', 'Calls that wait for a place.', [], ({ bulkhead }) =>
    single(bulkhead.waiting),
  ),
  state('bulkhead_limit_calls', 'Limit of calls under way.', [], ({ bulkhead }) => single(bulkhead.limit)),
  counter(
    'guard_refusals_total',
    'Calls that a step rejected before they reached the source: gate, throttle, quota, bulkhead, breaker.',
    ['step'],
    ({ rejected }) => Object.entries(rejected).map(([step, count]) => [[step], count]),
  ),
  gauge('cache_entries', 'Answers in memory.', [], ({ cache }) => single(cache.entries)),
  gauge('cache_size_bytes', 'Approximate memory of the answers in memory.', [], ({ cache }) =>
    single(cache.bytes),
  ),
  counter(
    'cache_lookups_total',
    'Look-ups of the answer cache by result: hit, stale, miss.',
    ['result'],
    ({ cache }) => [
      [['hit'], cache.hits],
      [['stale'], cache.stale],
      [['miss'], cache.misses],
    ],
  ),
  counter('coalesced_calls_total', 'Calls that joined an equal call under way.', [], ({ coalesced }) =>
    single(coalesced),
  ),
  state(
    'quota_limit_calls',
    'Calls that the quota allows in a window: second or day.',
    ['window'],
    ({ quotas }) => quotas.map(({ window, limit }) => [[window], limit]),
  ),
  gauge(
    'quota_used_calls',
    'Calls used in the current window, as known to this process.',
    ['window'],
    ({ quotas }) => quotas.map(({ window, used }) => [[window], used]),
  ),
  counter('retries_total', 'Further attempts of calls that failed.', [], ({ retries }) => single(retries)),
  state('retry_budget_attempts', 'Further attempts that the retry budget allows.', [], ({ retryBudget }) =>
    retryBudget === null ? [] : single(retryBudget),
  ),
  counter(
    'hedges_total',
    'Second attempts beside a slow first attempt: sent, and won if their answer was used.',
    ['result'],
    ({ hedges }) => [
      [['sent'], hedges.sent],
      [['won'], hedges.won],
    ],
  ),
  gauge(
    'upstream_sockets',
    'Sockets to a source: running, idle; and requests that wait for one.',
    ['state'],
    ({ sockets }) => [
      [['running'], sockets.running],
      [['idle'], sockets.idle],
      [['waiting'], sockets.waiting],
    ],
  ),
  state(
    'expiry_timestamp_seconds',
    'When a certificate or a credential of a source ends, Unix time.',
    ['what'],
    ({ expiries }) => expiries.map(({ what, at }) => [[what.toLowerCase()], at / 1000]),
  ),
];

/** Registers every row. @returns a function that collects the readings; call it before the registry is read */
export function registerConnectorMetrics(registry: Registry, channels: Channels): () => void {
  let readings: ConnectorReading[] = [];
  const statuses = registerStatusMetrics(registry);
  for (const row of ROWS) {
    const type = row.type === 'counter' ? 'counter' : 'gauge';
    const read = () => ({ ...row, type, aggregator: 'sum', values: valuesOf(row, readings) });
    // The registry uses only `name`, `get` and `reset`.
    const metric = { name: row.name, get: async () => read(), reset: () => {} };
    registry.registerMetric(metric as unknown as Metric<string>);
  }
  return () => {
    readings = [];
    statuses.reset();
    channels.collection.publish({
      add: (reading) => void readings.push(reading),
      addStatus: statuses.status,
      addSkew: statuses.skew,
    });
  };
}

function valuesOf(row: Row, readings: readonly ConnectorReading[]) {
  const values = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const reading of readings) {
    for (const [labelValues, value] of row.read(reading)) {
      const key = [reading.connector, ...labelValues].join('\0');
      const known = values.get(key);
      if (known !== undefined) {
        known.value = row.type === 'state' ? value : known.value + value;
        continue;
      }
      const labels: Record<string, string> = { connector: reading.connector };
      row.labels.forEach((label, index) => {
        labels[label] = labelValues[index] ?? '';
      });
      values.set(key, { labels, value });
    }
  }
  return [...values.values()];
}
