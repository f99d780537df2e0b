// A system that goes away is one line in the log, and one when it is back, however often its breakers turn in between; the
// turns themselves are there at level debug. Subscribed by `log-channels.ts`.

import type { BreakerState } from '../errors.ts';
import type { BreakerTransition, Channels } from './channels.ts';
import type { Log } from './log.ts';

interface Outage {
  readonly since: number;
  /** Breakers that are not closed, by operation. */
  readonly turned: Map<string, BreakerState>;
  /** Every operation that was away at some time of it. */
  readonly operations: Set<string>;
  opened: number;
}

/** Returns the function that ends it. */
export function logOutages(log: Log, channels: Channels): () => void {
  const outages = new Map<string, Outage>();

  const onTransition = (change: BreakerTransition): void => {
    const { connector, instance, operation, to, at, cause } = change;
    // One that is replaced ends after the one in its place has begun.
    const key = `${connector} ${instance}`;
    log.debug(change, 'breaker turned');
    let outage = outages.get(key);
    if (outage === undefined) {
      if (to !== 'OPEN') return;
      outage = { since: at, turned: new Map(), operations: new Set(), opened: 0 };
      outages.set(key, outage);
      log.warn(change, 'connector went away');
    }
    outage.operations.add(operation);
    if (to === 'OPEN') outage.opened++;
    if (to !== 'CLOSED') {
      outage.turned.set(operation, to);
      return;
    }
    outage.turned.delete(operation);
    if (outage.turned.size > 0) return;
    outages.delete(key);
    // One that was replaced has not come back: the one in its place speaks for itself.
    if (cause === 'RELOADED') return;
    const { since, opened, operations } = outage;
    log.info({ connector, awayMs: at - since, opened, operations: [...operations] }, 'connector is back');
  };

  return channels.breaker.subscribe(onTransition);
}
