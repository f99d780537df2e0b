// What the gateways on one store share: the gates that operators set, the counts of quotas, and the replicas themselves.
// Plain SQL that PostgreSQL 15 and PGlite (18) both accept. A migration that has been released is never edited.
import { createTable } from './steps.ts';

export const replicas = [
  // `version` grows by one with each command on the gate of a connector, so that a late reader never applies an older command;
  // 0 before the first. `cache_version` grows whenever the cached answers of the connector are dropped.
  createTable(
    'gate_settings',
    {
      connector: 'text primary key',
      gate: `text not null check (gate in ('OPEN', 'CLOSED', 'AUTOMATIC'))`,
      reason: 'text',
      until: 'timestamptz(3)',
      text_vi: 'text',
      text_en: 'text',
      set_by: 'text not null',
      set_at: 'timestamptz(3) not null default now()',
      version: 'integer not null default 1',
      cache_version: 'integer not null default 0',
    },
    { constraints: ['check ((text_vi is null) = (text_en is null))'] },
  ),

  // `used` counts leased calls; `granted` is the share of the last lease, read by the RETURNING clause of that lease alone.
  // Rows are updated many times a second: half of each page stays free, so that no index is touched.
  createTable(
    'quota_counts',
    {
      connector: 'text not null',
      kind: `text not null check (kind in ('second', 'day'))`,
      starts_at: 'timestamptz(3) not null',
      used: 'bigint not null check (used >= 0)',
      granted: 'bigint not null',
    },
    { constraints: ['primary key (connector, kind, starts_at)'], storage: 'fillfactor = 50' },
  ),

  createTable('replicas', {
    id: 'text primary key',
    label: 'text not null',
    started_at: 'timestamptz(3) not null',
    seen_at: 'timestamptz(3) not null default now()',
    view: 'jsonb',
  }),
] as const;
