// Metrics of what was decided about connectors and clocks, read at each scrape.

import { Gauge, type Registry } from 'prom-client';
import type { ConnectorStatus, ConnectorStatusReading } from './channels.ts';

export interface StatusMetrics {
  /** Before each scrape: what is not set again is not shown. */
  reset(): void;
  status(reading: ConnectorStatusReading): void;
  skew(clock: string, ms: number): void;
}

const VALUE: Readonly<Record<ConnectorStatus, number>> = { OK: 0, DEGRADED: 1, UNAVAILABLE: 2 };

export function registerStatusMetrics(registry: Registry): StatusMetrics {
  const registers = [registry];
  const status = new Gauge({
    name: 'lienthong_connector_status',
    help: 'Status of a connector: 0 OK, 1 DEGRADED, 2 UNAVAILABLE.',
    labelNames: ['connector'],
    registers,
  });
  const causes = new Gauge({
    name: 'lienthong_connector_cause',
    help: 'A cause of the status of a connector, or a notice, that holds at present: 1.',
    labelNames: ['connector', 'cause'],
    registers,
  });
  const skew = new Gauge({
    name: 'lienthong_clock_skew_seconds',
    help: 'Clock of this machine minus another clock: that of the store.',
    labelNames: ['clock'],
    registers,
  });
  return {
    reset: () => {
      for (const metric of [status, causes, skew]) metric.reset();
    },
    status: ({ connector, status: value, causes: names }) => {
      status.set({ connector }, VALUE[value]);
      for (const cause of names) causes.set({ connector, cause }, 1);
    },
    skew: (clock, ms) => skew.set({ clock }, ms / 1000),
  };
}
