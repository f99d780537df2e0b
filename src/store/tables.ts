// The tables as Kysely sees them: one row type per table, column names as in the database.
// Timestamps come back as RFC 3339 text in UTC (database.ts sets the parsers), so that a row needs no conversion.
import type { Generated } from 'kysely';

/** RFC 3339 in UTC with at most milliseconds, e.g. `2026-06-09T01:30:00Z`. */
export type Instant = string;

export interface MetaTable {
  key: string;
  value: string;
}

export interface AgenciesTable {
  id: Generated<number>;
  parent_id: number | null;
  level: 'CITY' | 'DEPARTMENT' | 'DISTRICT' | 'COMMUNE';
  code: string;
  old_code: string;
  name: string;
  commune_code: string | null;
}

export interface ProceduresTable {
  id: Generated<number>;
  code: string;
  name: string;
  field_code: string;
  field_name: string;
  level: 'INFORMATION' | 'PARTIAL' | 'FULL';
  limit_working_days: number;
  /** VND */
  fee: number;
}

export interface DossiersTable {
  id: Generated<number>;
  code: string;
  procedure_id: number;
  agency_id: number;
  /** 1–10, the national list. */
  status: number;
  /** 1 counter, 2 online, 3 public post. */
  channel: number;
  submitted_at: Instant;
  received_at: Instant | null;
  due_at: Instant;
  finished_at: Instant | null;
  applicant_id: string;
  declared_name: string;
  declared_birth_year: number;
  declared_birth_month: number | null;
  declared_birth_day: number | null;
  enterprise_code: string | null;
}

export interface DossierEventsTable {
  id: Generated<number>;
  dossier_id: number;
  at: Instant;
  status: number;
  actor: string;
  note: string | null;
}

export interface PaymentsTable {
  reference: string;
  dossier_id: number;
  /** VND */
  amount: number;
  started_at: Instant;
}

export interface DeliveriesTable {
  tracking_code: string;
  dossier_id: number;
  ordered_at: Instant;
}

export interface GateSettingsTable {
  connector: string;
  gate: 'OPEN' | 'CLOSED' | 'AUTOMATIC';
  reason: string | null;
  until: Instant | null;
  /** What callers are told; both languages or none. */
  text_vi: string | null;
  text_en: string | null;
  set_by: string;
  set_at: Generated<Instant>;
  /** Grows by one with each word on this connector. */
  version: Generated<number>;
  cache_version: Generated<number>;
}

export interface QuotaCountsTable {
  connector: string;
  kind: 'second' | 'day';
  starts_at: Instant;
  /** Calls that replicas have leased. */
  used: number;
  /** What the last lease got. */
  granted: number;
}

export interface ReplicasTable {
  id: string;
  label: string;
  started_at: Instant;
  /** By the clock of the database. */
  seen_at: Generated<Instant>;
  view: unknown;
}

/** The schema of the store. */
export interface Database {
  meta: MetaTable;
  agencies: AgenciesTable;
  procedures: ProceduresTable;
  dossiers: DossiersTable;
  dossier_events: DossierEventsTable;
  payments: PaymentsTable;
  deliveries: DeliveriesTable;
  gate_settings: GateSettingsTable;
  quota_counts: QuotaCountsTable;
  replicas: ReplicasTable;
}
