// The audit trail: records that are only ever added, the newest digest of each chain, the signed daily roots, and what was
// removed after its time. Plain SQL that PostgreSQL 15 and PGlite (18) both accept. A migration that has been released is never
// edited.
import { createTable } from './steps.ts';

/** Refuses every statement of these kinds, but deletions by `audit retention`, which announces itself in its transaction. */
const APPEND_ONLY = `
  create function audit_append_only() returns trigger language plpgsql as $$
  begin
    if tg_level = 'ROW' and current_setting('lienthong.audit', true) = 'retention' then
      return old;
    end if;
    raise exception 'the audit trail is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
  end $$`;

const appendOnly = (table: string): string[] => [
  `create trigger ${table}_append_only before update or truncate on ${table} for each statement execute function audit_append_only()`,
  // By row: a statement's own trigger runs before the statement can announce anything.
  `create trigger ${table}_no_delete before delete on ${table} for each row execute function audit_append_only()`,
];

export const audit = [
  // Times are epoch milliseconds and days are texts, so that a digest is computed over exactly what is stored.
  createTable(
    'audit_records',
    {
      day: 'text not null',
      chain: 'text not null',
      seq: 'integer not null',
      kind: `text not null check (kind in ('ACCESS', 'MUTATION', 'ACTION', 'CHAIN'))`,
      request: 'text not null',
      actor_kind: 'text not null',
      actor: 'text not null',
      agency: 'text',
      roles: 'text not null',
      client: 'text',
      subject: 'text',
      fields: 'text not null',
      dossier: 'text',
      procedure: 'text',
      purpose: 'text',
      system: 'text not null',
      operation: 'text not null',
      outcome: 'text not null',
      message: 'text',
      sent: 'text',
      received: 'text',
      request_in: 'bigint not null',
      request_out: 'bigint',
      response_in: 'bigint',
      response_out: 'bigint not null',
      previous: 'text not null',
      hash: 'text not null',
    },
    { constraints: ['primary key (day, chain, seq)'] },
  ),
  'create index audit_records_time on audit_records (request_in, chain, seq)',
  'create index audit_records_subject on audit_records (subject, request_in) where subject is not null',
  'create index audit_records_actor on audit_records (actor, request_in)',
  'create index audit_records_agency on audit_records (agency, request_in) where agency is not null',
  'create index audit_records_system on audit_records (system, request_in)',
  'create index audit_records_dossier on audit_records (dossier, request_in) where dossier is not null',
  'create index audit_records_procedure on audit_records (procedure, request_in) where procedure is not null',
  `create index audit_records_failure on audit_records (outcome, request_in) where outcome <> 'OK'`,

  // `mac` proves `seq` and `hash`; `root` is the number of the root that covers the whole chain.
  createTable(
    'audit_heads',
    {
      day: 'text not null',
      chain: 'text not null',
      seq: 'integer not null',
      hash: 'text not null',
      mac: 'text not null',
      root: 'integer',
    },
    { constraints: ['primary key (day, chain)'] },
  ),

  // `chains` is the JSON that is signed: chain, last number and digest of each.
  createTable('audit_roots', {
    number: 'integer primary key',
    day: 'text not null',
    sealed_at: 'bigint not null',
    chains: 'text not null',
    merkle: 'text not null',
    previous: 'text not null',
    key: 'text not null',
    signature: 'text not null',
  }),

  createTable('audit_removals', {
    day: 'text primary key',
    removed_at: 'bigint not null',
    records: 'bigint not null',
    roots: 'text not null',
    key: 'text not null',
    signature: 'text not null',
  }),

  APPEND_ONLY,
  ...appendOnly('audit_records'),
  ...appendOnly('audit_roots'),
  ...appendOnly('audit_removals'),
] as const;
