// The metrics of the audit trail, read at each scrape.

import { Counter, Gauge, type Registry } from 'prom-client';

/** Counts since the start. */
export interface AuditReading {
  readonly waiting: number;
  readonly spoolBytes: number;
  readonly written: number;
  readonly refused: number;
  readonly lagMs: number;
  readonly isOpen: boolean;
  /** Persons whom unusually many officers looked up. */
  readonly personAlarms: number;
}

export interface AuditMetrics {
  read(read: () => AuditReading): void;
  collect(): void;
}

export function registerAuditMetrics(registry: Registry): AuditMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, label: string): Gauge =>
    new Gauge({ name, help, labelNames: [label], registers });
  const up = gauge('lienthong_audit_up', 'Can audit records be written: 1 yes, 0 no.', 'part');
  const held = gauge(
    'lienthong_audit_bytes',
    'Audit records that the store does not have: bytes in the spool.',
    'place',
  );
  const waiting = gauge(
    'lienthong_audit_waiting_records',
    'Audit records that are not written yet, in memory.',
    'place',
  );
  const lag = gauge(
    'lienthong_audit_lag_seconds',
    'Age of the oldest audit record that the store does not have.',
    'place',
  );
  const records = new Counter({
    name: 'lienthong_audit_records_total',
    help: 'Audit records that were written; requests, look-ups and mutations that were refused.',
    labelNames: ['outcome'],
    registers,
  });
  const alarms = new Counter({
    name: 'lienthong_audit_person_alarms_total',
    help: 'Persons whom more than 10 officers looked up within an hour.',
    labelNames: ['place'],
    registers,
  });
  let read: (() => AuditReading) | undefined;
  return {
    read: (source) => {
      read = source;
    },
    collect: () => {
      if (read === undefined) return;
      const reading = read();
      up.set({ part: 'spool' }, reading.isOpen ? 1 : 0);
      waiting.set({ place: 'memory' }, reading.waiting);
      held.set({ place: 'spool' }, reading.spoolBytes);
      lag.set({ place: 'spool' }, reading.lagMs / 1000);
      records.reset();
      records.inc({ outcome: 'written' }, reading.written);
      records.inc({ outcome: 'refused' }, reading.refused);
      alarms.reset();
      alarms.inc({ place: 'process' }, reading.personAlarms);
    },
  };
}
