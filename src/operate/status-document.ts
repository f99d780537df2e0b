// `/status` as health+json (draft-inadarei-api-health-check-06): the gateway, its store and its connectors in one document that
// monitoring tools understand without GraphQL. Pure. Everybody sees the status of each connector; figures of its calls are for
// operators.

import type { ConnectorHealth } from './connector-health.ts';
import type { ConnectorSummary } from './connector-summary.ts';

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
  /** For operators only; in the order of `summaries`. */
  readonly health: readonly ConnectorHealth[] | undefined;
  /** The current time, ISO 8601. */
  readonly time: string;
}

export function buildStatusDocument({
  version,
  storeAnswers,
  summaries,
  health,
  time,
}: StatusParts): StatusDocument {
  const checks: Record<string, HealthCheck[]> = {
    'store:reachable': [
      { componentId: 'store', componentType: 'datastore', status: storeAnswers ? 'pass' : 'fail', time },
    ],
  };
  for (const { id, status, message } of summaries) {
    checks[`${id}:availability`] = [
      {
        ...aSystem(id, STATUS[status], time),
        observedValue: status,
        ...(message !== null && { output: message }),
      },
    ];
  }
  for (const connector of health ?? []) Object.assign(checks, detailsOf(connector, time));
  const worst = summaries.every(({ status }) => status === 'OK') ? 'pass' : 'warn';
  return {
    status: storeAnswers ? worst : 'fail',
    version,
    serviceId: 'lienthong',
    description: 'GraphQL integration gateway',
    checks,
  };
}

/** An unavailable connector is a warning: the gateway serves everything else. */
const STATUS: Readonly<Record<ConnectorSummary['status'], HealthStatus>> = {
  OK: 'pass',
  DEGRADED: 'warn',
  UNAVAILABLE: 'warn',
};

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

const WARN_DAYS = 30;
