// Logs the illness of a connector: one line when it becomes degraded or unavailable, one when it gets worse, and one at its end,
// however often its breakers change in between. The changes of breakers are logged at level debug.

import type { BreakerTransition, Channels, ConnectorStatusChange } from './channels.ts';
import type { Log } from './log.ts';

interface Outage {
  readonly since: number;
  isUnavailable: boolean;
  /** Every operation whose breaker opened during the outage. */
  readonly operations: Set<string>;
  /** Openings of breakers. */
  opened: number;
}

/** @returns a function that ends the subscriptions */
export function logOutages(log: Log, channels: Channels): () => void {
  const outages = new Map<string, Outage>();
  /** Openings whose outage is not published yet: the breaker is the first to know. */
  const openings = new Map<string, BreakerTransition[]>();

  const onTransition = (change: BreakerTransition): void => {
    log.debug(change, 'breaker changed');
    if (change.to !== 'OPEN') return;
    const outage = outages.get(change.connector);
    if (outage !== undefined) count(outage, change);
    else openings.set(change.connector, [...(openings.get(change.connector) ?? []), change]);
  };

  const onStatus = (change: ConnectorStatusChange): void => {
    const { connector, to, at, reason } = change;
    const known = outages.get(connector);
    if (to === 'OK') {
      outages.delete(connector);
      openings.delete(connector);
      // A replaced connector has not recovered; its replacement has outages of its own.
      if (known === undefined || reason === 'RELOADED') return;
      const { since, opened, operations } = known;
      log.info(
        { connector, outageMs: at - since, opened, operations: [...operations] },
        'connector recovered',
      );
      return;
    }
    const outage = known ?? { since: at, isUnavailable: false, operations: new Set(), opened: 0 };
    outages.set(connector, outage);
    for (const opening of openings.get(connector) ?? []) count(outage, opening);
    openings.delete(connector);
    if (to === 'UNAVAILABLE' && !outage.isUnavailable) {
      outage.isUnavailable = true;
      log.warn(change, 'connector unavailable');
    } else if (known === undefined) log.warn(change, 'connector degraded');
  };

  const subscriptions = [
    channels.breaker.subscribe(onTransition),
    channels.connectorStatus.subscribe(onStatus),
  ];
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

function count(outage: Outage, { operation }: BreakerTransition): void {
  outage.operations.add(operation);
  outage.opened++;
}
