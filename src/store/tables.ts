// The tables of the store, each declared once: its type for Kysely, its list of columns and the fields that resolvers return
// derive from the object here. The compiler refuses a column without a migration (migrations/) and a column of the city's own
// tables without a field of the same type in schema/*.graphql (src/dossiers/).
import {
  type Columns,
  instant,
  integer,
  json,
  nullable,
  type TableOf,
  text,
  withDefault,
} from './columns.ts';

export type { Instant } from './columns.ts';

export const AGENCY_COLUMNS = {
  id: withDefault(integer()),
  parent_id: nullable(integer()),
  level: text<'CITY' | 'DEPARTMENT' | 'DISTRICT' | 'COMMUNE'>(),
  code: text(),
  old_code: text(),
  name: text(),
  commune_code: nullable(text()),
} satisfies Columns;

export const PROCEDURE_COLUMNS = {
  id: withDefault(integer()),
  code: text(),
  name: text(),
  field_code: text(),
  field_name: text(),
  level: text<'INFORMATION' | 'PARTIAL' | 'FULL'>(),
  limit_working_days: integer(),
  /** VND */
  fee: integer(),
} satisfies Columns;

export const DOSSIER_COLUMNS = {
  id: withDefault(integer()),
  code: text(),
  procedure_id: integer(),
  agency_id: integer(),
  /** 1 to 10, the national list. */
  status: integer(),
  /** 1 counter, 2 online, 3 public post. */
  channel: integer(),
  submitted_at: instant(),
  received_at: nullable(instant()),
  due_at: instant(),
  finished_at: nullable(instant()),
  applicant_id: text(),
  declared_name: text(),
  declared_birth_year: integer(),
  declared_birth_month: nullable(integer()),
  declared_birth_day: nullable(integer()),
  enterprise_code: nullable(text()),
  /** Personal id of who filed the dossier for the applicant; null where the applicant did. */
  submitted_by: nullable(text()),
} satisfies Columns;

/** Agencies that take part in a procedure of another agency: their officers see its dossiers. */
const PROCEDURE_AGENCY_COLUMNS = {
  procedure_id: integer(),
  agency_id: integer(),
} satisfies Columns;

export const DOSSIER_EVENT_COLUMNS = {
  id: withDefault(integer()),
  dossier_id: integer(),
  at: instant(),
  status: integer(),
  actor: text(),
  note: nullable(text()),
} satisfies Columns;

export const PAYMENT_COLUMNS = {
  reference: text(),
  dossier_id: integer(),
  /** VND */
  amount: integer(),
  started_at: instant(),
} satisfies Columns;

export const DELIVERY_COLUMNS = {
  tracking_code: text(),
  dossier_id: integer(),
  ordered_at: instant(),
} satisfies Columns;

const META_COLUMNS = {
  key: text(),
  value: text(),
} satisfies Columns;

const GATE_SETTING_COLUMNS = {
  connector: text(),
  gate: text<'OPEN' | 'CLOSED' | 'AUTOMATIC'>(),
  reason: nullable(text()),
  until: nullable(instant()),
  /** The text for callers, in both languages or in neither. */
  text_vi: nullable(text()),
  text_en: nullable(text()),
  set_by: text(),
  set_at: withDefault(instant()),
  /** Grows by one with each command on the gate of this connector; 0 before the first. */
  version: withDefault(integer()),
  /** Grows by one whenever the cached answers of this connector are dropped. */
  cache_version: withDefault(integer()),
} satisfies Columns;

const QUOTA_COUNT_COLUMNS = {
  connector: text(),
  kind: text<'second' | 'day'>(),
  starts_at: instant(),
  /** Calls that replicas have leased. */
  used: integer(),
  /** Calls that the last lease received. */
  granted: integer(),
} satisfies Columns;

const REPLICA_COLUMNS = {
  id: text(),
  label: text(),
  started_at: instant(),
  /** By the clock of the database. */
  seen_at: withDefault(instant()),
  view: nullable(json<unknown>()),
  /** Wall clock of the replica minus the database's at its last heartbeat, ms. */
  clock_skew_ms: nullable(integer()),
} satisfies Columns;

const MUTATION_COLUMNS = {
  /** Digest of connector, operation, actor and idempotency key. */
  id: text(),
  /** Digest of what the mutation was asked with. */
  input: text(),
  /** Who made the claim. */
  owner: text(),
  state: text<'CLAIMED' | 'ANSWERED' | 'FREE' | 'UNKNOWN'>(),
  /** The owner of a claim renews it until the mutation has ended. */
  lease_until: instant(),
  expires_at: instant(),
  /** May contain personal data. */
  answer: nullable(text()),
  /** The code that a mutation failed with that may be made again. */
  failure: nullable(text()),
} satisfies Columns;

const SOURCE_HOLD_COLUMNS = {
  connector: text(),
  /** The operation or its group; empty: all operations of the source. */
  operation: text(),
  /** By the clock of the database. */
  until: instant(),
} satisfies Columns;

/** One record of the audit trail. The order of the columns is that of the text over which `hash` is computed. */
export const AUDIT_RECORD_COLUMNS = {
  /** `2026-06-09`, in Vietnam. */
  day: text(),
  /** The process that wrote the record. */
  chain: text(),
  /** Counts from 0 in each day and chain. */
  seq: integer(),
  kind: text<'ACCESS' | 'MUTATION' | 'ACTION' | 'CHAIN'>(),
  /** Id of the request. */
  request: text(),
  actor_kind: text(),
  /** Officer code, client or staff name; of a citizen or representative the keyed digest of the own number. */
  actor: text(),
  agency: nullable(text()),
  /** Separated by spaces. */
  roles: text(),
  client: nullable(text()),
  /** Keyed digest of a personal identification number, or an enterprise code. */
  subject: nullable(text()),
  /** `Citizen fullName birthDate`: the type, then the names of its fields. */
  fields: text(),
  dossier: nullable(text()),
  procedure: nullable(text()),
  purpose: nullable(text()),
  /** `store`, `gateway`, or the id of a connector. */
  system: text(),
  operation: text(),
  /** `OK`, `CACHED`, `STALE`, `COALESCED`, `NOT_FOUND`, or an error code. */
  outcome: text(),
  /** Id under which the source knows the call. */
  message: nullable(text()),
  /** SHA-256 of the request that was sent, and of the answer that was received. */
  sent: nullable(text()),
  received: nullable(text()),
  /** Epoch ms: request in, request out, response in, response out. */
  request_in: integer(),
  request_out: nullable(integer()),
  response_in: nullable(integer()),
  response_out: integer(),
  /** Digest of the record before it in the chain. */
  previous: text(),
  hash: text(),
} satisfies Columns;

const AUDIT_HEAD_COLUMNS = {
  day: text(),
  chain: text(),
  seq: integer(),
  hash: text(),
  /** Keyed digest of the columns before it. */
  mac: text(),
  /** Number of the root that covers the whole chain; null until there is one. */
  root: nullable(integer()),
} satisfies Columns;

const AUDIT_ROOT_COLUMNS = {
  number: integer(),
  day: text(),
  sealed_at: integer(),
  /** JSON: `[chain, seq, hash]` of each chain. */
  chains: text(),
  merkle: text(),
  /** Digest of the root before it. */
  previous: text(),
  /** Name of the key that signed. */
  key: text(),
  signature: text(),
} satisfies Columns;

const AUDIT_REMOVAL_COLUMNS = {
  day: text(),
  removed_at: integer(),
  records: integer(),
  /** JSON: the digests of the roots that covered the day. */
  roots: text(),
  key: text(),
  signature: text(),
} satisfies Columns;

const RATE_USAGE_COLUMNS = {
  /** A keyed digest. */
  key: text(),
  /** Minute since 1970. */
  slot: integer(),
  units: integer(),
} satisfies Columns;

const DOCUMENT_COLUMNS = {
  /** Empty: every client. */
  client: text(),
  id: text(),
  body: text(),
  published_at: instant(),
} satisfies Columns;

export const CONSENT_COLUMNS = {
  id: text(),
  /** Keyed digest of the personal identification number, as in the audit trail. */
  subject: text(),
  connector: text(),
  /** Code of the procedure; null: every procedure. */
  procedure: nullable(text()),
  /** `Type.field`, separated by spaces: what the person agreed to. */
  fields: text(),
  /** The text that the person agreed to. */
  statement: text(),
  /** The application through which the consent came. */
  client: nullable(text()),
  given_at: withDefault(instant()),
  withdrawn_at: nullable(instant()),
} satisfies Columns;

/** Every table by its name in the database. */
export const TABLES = {
  meta: META_COLUMNS,
  agencies: AGENCY_COLUMNS,
  procedures: PROCEDURE_COLUMNS,
  procedure_agencies: PROCEDURE_AGENCY_COLUMNS,
  dossiers: DOSSIER_COLUMNS,
  dossier_events: DOSSIER_EVENT_COLUMNS,
  payments: PAYMENT_COLUMNS,
  deliveries: DELIVERY_COLUMNS,
  gate_settings: GATE_SETTING_COLUMNS,
  quota_counts: QUOTA_COUNT_COLUMNS,
  replicas: REPLICA_COLUMNS,
  mutations: MUTATION_COLUMNS,
  source_holds: SOURCE_HOLD_COLUMNS,
  audit_records: AUDIT_RECORD_COLUMNS,
  audit_heads: AUDIT_HEAD_COLUMNS,
  audit_roots: AUDIT_ROOT_COLUMNS,
  audit_removals: AUDIT_REMOVAL_COLUMNS,
  consents: CONSENT_COLUMNS,
  rate_usage: RATE_USAGE_COLUMNS,
  documents: DOCUMENT_COLUMNS,
};

/** The schema of the store, as Kysely types it. */
export type Database = { [Table in keyof typeof TABLES]: TableOf<(typeof TABLES)[Table]> };
