// The metrics that are read from the connectors when /metrics is scraped: one row of the table each. Registered by
// `metrics.ts`. Nothing is kept between scrapes: what a connector says at the moment is what is shown.

import type { Metric, Registry } from 'prom-client';
import type { BreakerState } from '../errors.ts';
import type { Channels, ConnectorReading } from './channels.ts';

/** Label values, then the value. */
type Sample = readonly [labels: readonly string[], value: number];

interface Row {
  readonly name: string;
  /** Of a connector that is being replaced, and the one in its place: a gauge adds up, a state is that of the newer one. */
  readonly type: 'gauge' | 'state' | 'counter';
  readonly help: string;
  /** Beside `connector`. */
  readonly labels: readonly string[];
  readonly read: (reading: ConnectorReading) => readonly Sample[];
}

const BREAKER_VALUE: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

const one = (value: number): readonly Sample[] => [[[], value]];

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
    one(gatePasses ? 1 : 0),
  ),
  gauge('bulkhead_running_calls', 'Calls under way.', [], ({ bulkhead }) => one(bulkhead.running)),
  gauge('bulkhead_waiting_calls', 'Calls that wait for a place.', [], ({ bulkhead }) =>
    one(bulkhead.waiting),
  ),
  state('bulkhead_limit_calls', 'Calls that may be under way at once.', [], ({ bulkhead }) =>
    one(bulkhead.limit),
  ),
  counter(
    'guard_refusals_total',
    'Calls that a step turned away before they reached the source: gate, quota, bulkhead, breaker.',
    ['step'],
    ({ rejected }) => Object.entries(rejected).map(([step, count]) => [[step], count]),
  ),
  gauge('cache_entries', 'Answers in memory.', [], ({ cache }) => one(cache.entries)),
  gauge('cache_size_bytes', 'About how much memory they take.', [], ({ cache }) => one(cache.bytes)),
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
  counter('coalesced_calls_total', 'Asks that joined a call under way.', [], ({ coalesced }) =>
    one(coalesced),
  ),
  state(
    'quota_limit_calls',
    'Calls that the quota allows in a window: second or day.',
    ['window'],
    ({ quotas }) => quotas.map(({ window, limit }) => [[window], limit]),
  ),
  gauge(
    'quota_used_calls',
    'Calls of the present window that are used, as far as this process knows.',
    ['window'],
    ({ quotas }) => quotas.map(({ window, used }) => [[window], used]),
  ),
  counter('retries_total', 'Further attempts of calls that failed.', [], ({ retries }) => one(retries)),
  state('retry_budget_attempts', 'Retries that the budget has room for.', [], ({ retryBudget }) =>
    retryBudget === null ? [] : one(retryBudget),
  ),
  counter(
    'hedges_total',
    'Second attempts beside a slow first one: sent, and won where theirs was the answer.',
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

/** Registers every row. The function asks all connectors anew; call it before the registry is read. */
export function registerConnectorMetrics(registry: Registry, channels: Channels): () => void {
  let readings: ConnectorReading[] = [];
  for (const row of ROWS) {
    const type = row.type === 'counter' ? 'counter' : 'gauge';
    const read = () => ({ ...row, type, aggregator: 'sum', values: valuesOf(row, readings) });
    // The registry only ever calls `get` and `reset`, and reads the name.
    const metric = { name: row.name, get: async () => read(), reset: () => {} };
    registry.registerMetric(metric as unknown as Metric<string>);
  }
  return () => {
    readings = [];
    channels.collection.publish({ add: (reading) => void readings.push(reading) });
  };
}

function valuesOf(row: Row, readings: readonly ConnectorReading[]) {
  const values = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const reading of readings) {
    for (const [own, value] of row.read(reading)) {
      const key = [reading.connector, ...own].join('\0');
      const known = values.get(key);
      if (known !== undefined) {
        known.value = row.type === 'state' ? value : known.value + value;
        continue;
      }
      const labels: Record<string, string> = { connector: reading.connector };
      row.labels.forEach((label, index) => {
        labels[label] = own[index] ?? '';
      });
      values.set(key, { labels, value });
    }
  }
  return [...values.values()];
}
