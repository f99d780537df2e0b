// The health of a connector as operators see it: the reasons for its status, its calls in the last minute, and the capacity that
// its guard has left. Pure: combines the connector, the statistics and the views of other replicas.

import { type Locale, publicDelayMs } from '../errors.ts';
import type { GateState, QuotaUse } from '../guard/guard.ts';
import type { OperationStatistics } from '../observe/call-statistics.ts';
import type { LiveConnector } from '../registry/live-connector.ts';
import type { ProbeResult } from '../registry/prober.ts';
import type { ConnectorState } from './connector-states.ts';
import { summaryOf } from './connector-summary.ts';
import type { Replica } from './replica-view.ts';

export interface HealthParts {
  readonly locale: Locale;
  /** By operation. */
  readonly statistics: ReadonlyMap<string, OperationStatistics>;
  readonly replicas: readonly Replica[];
  readonly state: ConnectorState;
  /** Epoch ms. */
  readonly now: number;
}

const DAY_MS = 86_400_000;

/** Corresponds field by field to the type `ConnectorHealth` of schema/operators.graphql. */
export function healthOf(connector: LiveConnector, parts: HealthParts) {
  const { id, manifest, guard, startedAt } = connector;
  const { locale, statistics, replicas, state, now } = parts;
  const { title, status, since } = summaryOf(connector, state, locale);
  const missing = connector.missingSecrets();
  const reading = connector.read();
  const figures = guard.figures();
  const { cache } = reading;
  const lookups = cache.hits + cache.stale + cache.misses;
  return {
    id,
    title,
    status,
    since,
    message: state.detail?.[locale] ?? null,
    causes: state.causes.map((cause) => causeOf(cause, locale)),
    startedAt: iso(startedAt),
    missingReferences: missing.length,
    missing,
    gate: gateOf(guard.gate(), locale),
    operations: operationsOf(connector, statistics),
    bulkhead: {
      ...reading.bulkhead,
      maxConcurrent: manifest.bulkhead.maxConcurrent,
      maxWaiting: manifest.bulkhead.maxWaiting,
    },
    refused: reading.rejected,
    quotas: [...quotaOf('SECOND', figures.quota?.perSecond), ...quotaOf('DAY', figures.quota?.perDay)],
    cache: {
      entries: cache.entries,
      bytes: cache.bytes,
      hitRate: lookups === 0 ? null : cache.hits / lookups,
      staleRate: lookups === 0 ? null : cache.stale / lookups,
      coalesced: reading.coalesced,
    },
    retry: {
      retries: reading.retries,
      budget: reading.retryBudget,
      hedges: reading.hedges.sent,
      hedgesWon: reading.hedges.won,
    },
    sockets: reading.sockets,
    expiries: reading.expiries
      .toSorted((a, b) => a.at - b.at)
      .map(({ what, at }) => ({ what, at: iso(at), daysLeft: Math.floor((at - now) / DAY_MS) })),
    transitions: guard
      .transitions()
      .map(({ operation, from, to, at, cause, trigger, failuresInARow, counts, requestIds }) => ({
        operation,
        from,
        to,
        at: iso(at),
        cause,
        trigger: trigger ?? null,
        failuresInARow: failuresInARow ?? null,
        calls: counts.calls,
        failures: counts.failures,
        requestIds: requestIds ?? [],
      })),
    lastProbe: probeOf(connector.lastProbe()),
    replicas: replicas.map((replica) => replicaOf(replica, id)),
  };
}

function causeOf(
  { cause, status, since, code, operation, share, text, detail }: ConnectorState['causes'][number],
  locale: Locale,
) {
  return {
    cause,
    status,
    since: iso(since),
    code: code ?? null,
    operation: operation ?? null,
    share: share ?? null,
    message: (detail ?? text)[locale],
  };
}

export type ConnectorHealth = ReturnType<typeof healthOf>;

/** Corresponds field by field to the type `ConnectorProbe`. */
export const probeOf = (probe: ProbeResult | undefined) =>
  probe === undefined ? null : { ...probe, at: iso(probe.at) };

function operationsOf({ compiled, guard, manifest }: LiveConnector, statistics: HealthParts['statistics']) {
  const sources = new Map(
    compiled.schema.connects.map((connect) => [connect.id ?? connect.coordinate, connect.source ?? null]),
  );
  const { slowCallMs } = manifest.breaker;
  return compiled.operations.map(({ name }) => {
    const { breaker, since, reason, openedBy, retryAfterMs } = guard.state(name);
    return {
      operation: name,
      source: sources.get(name) ?? null,
      breaker,
      since: iso(since),
      why: reason ?? null,
      trigger: openedBy?.trigger ?? null,
      failuresInARow: openedBy?.failuresInARow ?? null,
      retryAfterMs: retryAfterMs === undefined ? null : publicDelayMs(retryAfterMs),
      ...trafficOf(statistics.get(name), slowCallMs),
    };
  });
}

function trafficOf(statistics: OperationStatistics | undefined, slowCallMs: number | undefined) {
  if (statistics === undefined) return { ...NO_TRAFFIC, slowRate: null };
  const { calls, windowMs, outcomes, p50Ms, p95Ms, p99Ms, lastFailures, mappingProblems } = statistics;
  const asks = outcomes.reduce((sum, { count }) => sum + count, 0);
  return {
    calls,
    callsPerSecond: calls / (windowMs / 1000),
    outcomes: outcomes.map(({ outcome, count }) => ({ outcome, count, share: count / asks })),
    p50Ms,
    p95Ms,
    p99Ms,
    slowRate: slowCallMs === undefined || calls === 0 ? null : statistics.slowerThan(slowCallMs) / calls,
    lastSuccessAt: statistics.lastSuccessAt === null ? null : iso(statistics.lastSuccessAt),
    lastFailures: lastFailures.map((failure) => ({ ...failure, at: iso(failure.at) })),
    mappingProblems: mappingProblems.count,
    lastMappingProblem: mappingProblems.last?.problem ?? null,
  };
}

const NO_TRAFFIC = {
  calls: 0,
  callsPerSecond: 0,
  outcomes: [],
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  lastSuccessAt: null,
  lastFailures: [],
  mappingProblems: 0,
  lastMappingProblem: null,
};

function gateOf({ gate, passes, reason, since, until, maintenance }: GateState, locale: Locale) {
  return {
    state: gate,
    passes,
    reason: reason ?? null,
    since: since === undefined ? null : iso(since),
    until: until === undefined ? null : iso(until),
    maintenance:
      maintenance === undefined
        ? null
        : {
            from: iso(maintenance.from),
            to: iso(maintenance.to),
            text: maintenance.text?.[locale] ?? null,
          },
  };
}

function quotaOf(window: 'SECOND' | 'DAY', use: QuotaUse | undefined) {
  if (use === undefined) return [];
  return [
    { window, limit: use.limit, left: Math.max(0, use.limit - use.used), refillsAt: iso(use.refillsAt) },
  ];
}

function replicaOf({ id, isThis, startedAt, seenAt, clockSkewMs, connectors }: Replica, connector: string) {
  const own = connectors.find((one) => one.id === connector);
  return {
    id,
    isThis,
    startedAt: iso(startedAt),
    seenAt: iso(seenAt),
    clockSkewMs,
    status: own?.status ?? null,
    gatePasses: own?.gatePasses ?? true,
    breakers: own?.breakers ?? [],
  };
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();
