// What a connector says of itself when it is asked, for tests of what is made of it. Used by the tests of this folder.

import type { BreakerState } from '../../src/errors.ts';
import type { ConnectorReading } from '../../src/observe/channels.ts';

/** Every row of the metrics has something to show. */
export const aReading = (
  connector: string,
  { running }: { running: number },
  state: BreakerState = 'OPEN',
): ConnectorReading => ({
  connector,
  gatePasses: true,
  breakers: [{ operation: 'Delivery', state }],
  bulkhead: { running, waiting: 0, limit: 64 },
  rejected: { gate: 0, throttle: 0, quota: 0, bulkhead: 0, breaker: 0 },
  cache: { entries: 1, bytes: 100, hits: 4, stale: 2, misses: 1 },
  coalesced: 0,
  quotas: [{ window: 'day', limit: 1000, used: 7 }],
  retries: 1,
  retryBudget: 3,
  hedges: { sent: 0, won: 0 },
  sockets: { running, idle: 1, waiting: 0 },
  expiries: [{ what: 'CLIENT_CERTIFICATE', at: 1_798_761_600_000 }],
});
