// The statements of the audit trail for writing, verification and retention. Each takes texts and returns one JSON text, so that
// the gateway, a command on PostgreSQL and a command through the gateway's socket run exactly the same.

import type { Columns } from '../store/columns.ts';
import { AUDIT_RECORD_COLUMNS } from '../store/tables.ts';

/** Runs a statement of `AUDIT_SQL` and returns its JSON; null without rows. */
export type AuditQuery = (
  name: AuditStatementName,
  params: readonly (string | number | null)[],
) => Promise<string | null>;

const NUMBERS = new Set(['seq', 'request_in', 'request_out', 'response_in', 'response_out']);
const names = Object.keys(AUDIT_RECORD_COLUMNS satisfies Columns);
const COLUMNS = names.join(', ');
/** From a JSON array in the order of the columns. */
const VALUES = names.map((name, i) => (NUMBERS.has(name) ? `(r->>${i})::bigint` : `r->>${i}`)).join(', ');

const RECORD_ARRAY = `json_build_array(${COLUMNS})`;

export const AUDIT_SQL = {
  /** `[records, heads]`: JSON arrays of records and of `[day, chain, seq, hash, mac]`. What is stored already is left as it is. */
  store: `
    with added as (
      insert into audit_records (${COLUMNS})
      select ${VALUES} from jsonb_array_elements($1::text::jsonb) as r
      on conflict (day, chain, seq) do nothing returning 1),
    heads as (
      insert into audit_heads as known (day, chain, seq, hash, mac)
      select h->>0, h->>1, (h->>2)::integer, h->>3, h->>4 from jsonb_array_elements($2::text::jsonb) as h
      on conflict (day, chain) do update
        set seq = excluded.seq, hash = excluded.hash, mac = excluded.mac, root = null where known.seq < excluded.seq
      returning 1)
    select (select count(*) from added)::text as json`,

  /** `[from, to]`: the heads of these days with their macs and the number of records beyond them. */
  heads: `
    select json_agg(json_build_array(h.day, h.chain, h.seq, h.hash, h.mac, h.root,
        (select count(*) from audit_records as r where r.day = h.day and r.chain = h.chain and r.seq > h.seq))
      order by h.day, h.chain)::text as json
    from audit_heads as h where h.day between $1::text and $2::text`,

  /** `[from, to]`: chains that have records and no head. */
  headless: `
    select json_agg(json_build_array(r.day, r.chain, r.records) order by r.day, r.chain)::text as json
    from (
      select day, chain, count(*) as records from audit_records
      where day between $1::text and $2::text group by day, chain) as r
    where not exists (select from audit_heads as h where h.day = r.day and h.chain = r.chain)`,

  /** `[day, chain, after, last, limit]`: records with `after < seq <= last`, in order. */
  records: `
    select json_agg(${RECORD_ARRAY} order by seq)::text as json
    from (
      select ${COLUMNS} from audit_records
      where day = $1::text and chain = $2::text and seq > $3::text::integer and seq <= $4::text::integer
      order by seq limit $5::text::integer) as r`,

  /** `[]`: all roots, in order. */
  roots: `
    select json_agg(json_build_array(number, day, sealed_at, chains, merkle, previous, key, signature) order by number)::text as json
    from audit_roots`,

  /** `[]`: all removed days. */
  removals: `
    select json_agg(json_build_array(day, removed_at, records, roots, key, signature) order by day)::text as json
    from audit_removals`,

  /** `[before]`: heads of earlier days that no root covers. */
  unsealed: `
    select json_agg(json_build_array(day, chain, seq, hash, mac) order by day, chain)::text as json
    from audit_heads where root is null and day < $1::text`,

  /** `[number, day, sealed_at, chains, merkle, previous, key, signature]`: also marks the heads as covered. */
  seal: `
    with root as (
      insert into audit_roots (number, day, sealed_at, chains, merkle, previous, key, signature)
      values ($1::text::integer, $2::text, $3::text::bigint, $4::text, $5::text, $6::text, $7::text, $8::text)
      returning number, day, chains),
    covered as (
      update audit_heads as h set root = root.number
      from root, jsonb_array_elements(root.chains::jsonb) as c
      where h.day = root.day and h.chain = c->>0 and h.seq = (c->>1)::integer and h.hash = c->>2
      returning 1)
    select (select count(*) from covered)::text as json from root`,

  /** `[day, removed_at, records, roots, key, signature]`: removes a day and leaves what proves that it was removed. */
  remove: `
    with allowed as materialized (select set_config('lienthong.audit', 'retention', true) as setting),
    stub as (
      insert into audit_removals (day, removed_at, records, roots, key, signature)
      select $1::text, $2::text::bigint, $3::text::bigint, $4::text, $5::text, $6::text from allowed returning day),
    records as (
      delete from audit_records where day = (select day from stub) and (select setting from allowed) = 'retention' returning 1),
    heads as (delete from audit_heads where day = (select day from stub) returning 1)
    select (select count(*) from records)::text as json`,
} as const;

export type AuditStatementName = keyof typeof AUDIT_SQL;

/** The statements that a command may run through the socket of a gateway. */
export const SOCKET_STATEMENTS: ReadonlySet<string> = new Set<AuditStatementName>([
  'heads',
  'headless',
  'records',
  'roots',
  'removals',
  'remove',
]);
