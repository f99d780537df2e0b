// Logs an outage of a connector as two lines, one at its begin and one at its end, however often its breakers change in between.
// The changes themselves are logged at level debug.

import type { BreakerState } from '../errors.ts';
import type { BreakerTransition, Channels } from './channels.ts';
import type { Log } from './log.ts';

interface Outage {
  readonly since: number;
  /** Breakers that are not closed, by operation. */
  readonly notClosed: Map<string, BreakerState>;
  /** Every operation whose breaker opened during the outage. */
  readonly operations: Set<string>;
  opened: number;
}

/** @returns a function that ends the subscription */
export function logOutages(log: Log, channels: Channels): () => void {
  const outages = new Map<string, Outage>();

  const onTransition = (change: BreakerTransition): void => {
    const { connector, instance, operation, to, at, cause } = change;
    // A replaced connector ends after its replacement has begun.
    const key = `${connector} ${instance}`;
    log.debug(change, 'breaker changed');
    let outage = outages.get(key);
    if (outage === undefined) {
      if (to !== 'OPEN') return;
      outage = { since: at, notClosed: new Map(), operations: new Set(), opened: 0 };
      outages.set(key, outage);
      log.warn(change, 'connector unavailable');
    }
    outage.operations.add(operation);
    if (to === 'OPEN') outage.opened++;
    if (to !== 'CLOSED') {
      outage.notClosed.set(operation, to);
      return;
    }
    outage.notClosed.delete(operation);
    if (outage.notClosed.size > 0) return;
    outages.delete(key);
    // A replaced connector has not recovered; its replacement has outages of its own.
    if (cause === 'RELOADED') return;
    const { since, opened, operations } = outage;
    log.info({ connector, outageMs: at - since, opened, operations: [...operations] }, 'connector recovered');
  };

  return channels.breaker.subscribe(onTransition);
}
