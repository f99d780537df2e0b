// The figures of a connector at the moment of a scrape: the numbers behind /metrics.

import type { Guard } from '../guard/guard.ts';
import type { ConnectorReading } from '../observe/channels.ts';
import type { Upstream } from '../upstream/upstream.ts';

type Read = Pick<Guard, 'gate' | 'states' | 'load' | 'figures'>;

/** @param connector its id */
export function readConnector(
  connector: string,
  guard: Read,
  upstream: Pick<Upstream, 'stats' | 'expiries'>,
): ConnectorReading {
  const { cache, coalesced, quota, retry, hedge, rejected } = guard.figures();
  const { running, waiting, limit } = guard.load();
  const sockets = upstream.stats();
  return {
    connector,
    gatePasses: guard.gate().passes,
    breakers: guard.states().map(({ operation, breaker }) => ({ operation, state: breaker })),
    bulkhead: { running, waiting, limit },
    rejected,
    cache,
    coalesced: coalesced.joined,
    quotas: [
      ...(quota?.perSecond === undefined ? [] : [{ window: 'second' as const, ...quota.perSecond }]),
      ...(quota?.perDay === undefined ? [] : [{ window: 'day' as const, ...quota.perDay }]),
    ],
    retries: retry?.retries ?? 0,
    retryBudget: retry?.budget ?? null,
    hedges: hedge ?? { sent: 0, won: 0 },
    sockets: { running: sockets.running, idle: sockets.idle, waiting: sockets.waiting },
    expiries: upstream.expiries(),
  };
}
