// What the gateways on one store share: the gates that operators set, the counts of quotas, and the replicas themselves.
// Plain SQL that PostgreSQL 15 and PGlite (18) both read. A migration that has been released is never edited.
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const STATEMENTS = [
  // `version` grows by one with each word on a connector, so that a late reader never puts an older word back; 0 where nobody has said
  // one. `cache_version` grows whenever its kept answers are to be forgotten.
  `create table gate_settings (
     connector text primary key,
     gate text not null check (gate in ('OPEN', 'CLOSED', 'AUTOMATIC')),
     reason text,
     until timestamptz(3),
     text_vi text,
     text_en text,
     set_by text not null,
     set_at timestamptz(3) not null default now(),
     version integer not null default 1,
     cache_version integer not null default 0,
     check ((text_vi is null) = (text_en is null))
   )`,

  // `used` counts what was leased; `granted` is what the last lease got of it, for that lease's RETURNING alone.
  // Rows are updated many times a second: half of a page stays free, so that no index is touched.
  `create table quota_counts (
     connector text not null,
     kind text not null check (kind in ('second', 'day')),
     starts_at timestamptz(3) not null,
     used bigint not null check (used >= 0),
     granted bigint not null,
     primary key (connector, kind, starts_at)
   ) with (fillfactor = 50)`,

  `create table replicas (
     id text primary key,
     label text not null,
     started_at timestamptz(3) not null,
     seen_at timestamptz(3) not null default now(),
     view jsonb
   )`,
];

export const replicas: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
