// `/status` as health+json (draft-inadarei-api-health-check-06): the gateway, its store and its connectors in one document that
// monitoring tools understand without GraphQL. Pure. Everybody sees the status of each connector; figures of its calls are for
// operators.

import type { Locale } from '../errors.ts';
import type { ConnectorHealth } from './connector-health.ts';
import type { ConnectorState } from './connector-states.ts';
import type { ConnectorSummary } from './connector-summary.ts';
import { WARN_DAYS } from './decide-status.ts';

/** The gateway fails without its store; without some sources it warns and serves the rest. */
export type HealthStatus = 'pass' | 'warn' | 'fail';

export interface HealthCheck {
  readonly componentId: string;
  readonly componentType: 'system' | 'datastore';
  readonly status: HealthStatus;
  readonly time: string;
  readonly observedValue?: number | string;
  readonly observedUnit?: string;
  readonly output?: string;
}

export interface StatusDocument {
  readonly status: HealthStatus;
  readonly version: string;
  readonly serviceId: string;
  readonly description: string;
  readonly checks: Readonly<Record<string, readonly HealthCheck[]>>;
}

export interface StatusParts {
  readonly version: string;
  readonly storeAnswers: boolean;
  readonly summaries: readonly ConnectorSummary[];
  /** In the order of `summaries`. */
  readonly states: readonly Pick<ConnectorState, 'causes'>[];
  /** Wall clock of this process minus that of the store, ms. */
  readonly clockSkewMs: number | undefined;
  readonly locale: Locale;
  /** For operators only; in the order of `summaries`. */
  readonly health: readonly ConnectorHealth[] | undefined;
  /** The current time, ISO 8601. */
  readonly time: string;
}

export function buildStatusDocument({
  version,
  storeAnswers,
  summaries,
  states,
  clockSkewMs,
  locale,
  health,
  time,
}: StatusParts): StatusDocument {
  const checks: Record<string, HealthCheck[]> = {
    'store:reachable': [
      { componentId: 'store', componentType: 'datastore', status: storeAnswers ? 'pass' : 'fail', time },
    ],
  };
  summaries.forEach(({ id, status, message }, i) => {
    const detail = health?.[i]?.message ?? message;
    checks[`${id}:availability`] = [
      {
        ...aSystem(id, STATUS[status], time),
        observedValue: status,
        ...(detail !== null && { output: detail }),
      },
    ];
  });
  if (clockSkewMs !== undefined) checks['clock:skew'] = [skewCheck(clockSkewMs, time)];
  // A warning without its reason helps nobody: these are shown to everybody.
  states.forEach(({ causes }, i) => {
    const expiring = causes.filter(({ cause }) => cause === 'EXPIRES_SOON');
    const { id = '' } = summaries[i] ?? {};
    if (expiring.length > 0)
      checks[`${id}:expiry`] = expiring.map(({ text }) => ({
        ...aSystem(id, 'warn', time),
        output: text[locale],
      }));
  });
  const warns = Object.values(checks).some((each) => each.some(({ status }) => status !== 'pass'));
  for (const connector of health ?? []) Object.assign(checks, detailsOf(connector, time));
  return {
    // Calls in a queue or a breaker of one operation are details: the availability above has judged them.
    status: storeAnswers ? (warns ? 'warn' : 'pass') : 'fail',
    version,
    serviceId: 'lienthong',
    description: 'GraphQL integration gateway',
    checks,
  };
}

/** As `SKEW_LIMIT_MS` of replicas/shared-clock.ts, above which it is logged. */
const SKEW_WARN_MS = 1_000;

/** An unavailable connector is a warning: the gateway serves everything else. */
const STATUS: Readonly<Record<ConnectorSummary['status'], HealthStatus>> = {
  OK: 'pass',
  DEGRADED: 'warn',
  UNAVAILABLE: 'warn',
};

const skewCheck = (skewMs: number, time: string): HealthCheck => ({
  componentId: 'clock',
  componentType: 'system',
  status: Math.abs(skewMs) > SKEW_WARN_MS ? 'warn' : 'pass',
  time,
  observedValue: Math.round(skewMs) || 0,
  observedUnit: 'ms, this machine minus the store',
});

const aSystem = (componentId: string, status: HealthStatus, time: string) =>
  ({ componentId, componentType: 'system', status, time }) as const;

function detailsOf({ id, operations, bulkhead, quotas, expiries }: ConnectorHealth, time: string) {
  const checks: Record<string, HealthCheck[]> = {
    [`${id}:runningCalls`]: [
      { ...aSystem(id, bulkhead.waiting > 0 ? 'warn' : 'pass', time), observedValue: bulkhead.running },
    ],
    // One row per operation, as the draft specifies for several nodes of one component.
    [`${id}:responseTime`]: operations.flatMap(({ operation, breaker, p95Ms }) =>
      p95Ms === null
        ? []
        : [
            {
              ...aSystem(`${id}/${operation}`, breaker === 'CLOSED' ? 'pass' : 'warn', time),
              observedValue: Math.round(p95Ms * 10) / 10,
              observedUnit: 'ms, 95th percentile of the last minute',
            } as const,
          ],
    ),
    [`${id}:breaker`]: operations.map(({ operation, breaker, why }) => ({
      ...aSystem(`${id}/${operation}`, breaker === 'CLOSED' ? 'pass' : 'warn', time),
      observedValue: breaker,
      ...(why !== null && { output: why }),
    })),
  };
  if (quotas.length > 0) {
    checks[`${id}:quotaLeft`] = quotas.map(({ window, left }) => ({
      ...aSystem(id, left > 0 ? 'pass' : 'warn', time),
      observedValue: left,
      observedUnit: `calls in this ${window.toLowerCase()}`,
    }));
  }
  // Tokens renew themselves; what a person must renew warns a month ahead.
  const renewed = expiries.filter(({ what }) => what !== 'TOKEN');
  if (renewed.length > 0) {
    checks[`${id}:daysLeft`] = renewed.map(({ what, daysLeft }) => ({
      ...aSystem(`${id}/${what}`, daysLeft >= WARN_DAYS ? 'pass' : 'warn', time),
      observedValue: daysLeft,
      observedUnit: 'days',
    }));
  }
  return checks;
}
