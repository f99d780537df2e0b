// The SQL of what gateways on one store share: gates, counts of quotas, and who lives. Run by src/replicas/ through `Store.run` and
// the listening connection; each is one statement, so that each is atomic.
import { type Kysely, sql } from '../store/query.ts';
import { compileStatement, parameter, type Statement } from '../store/statement.ts';
import type { Database, Instant } from '../store/tables.ts';

/** Where a change of a gate is said; the payload is the connector's id. */
export const GATES_CHANNEL = 'lienthong_gates';

/** A replica that was not seen for so long is dead: three heartbeats that did not come. */
export const LIVING_S = 15;

export interface GateRow {
  readonly connector: string;
  readonly gate: 'OPEN' | 'CLOSED' | 'AUTOMATIC';
  readonly reason: string | null;
  readonly until: Instant | null;
  readonly text_vi: string | null;
  readonly text_en: string | null;
  readonly set_by: string;
  readonly set_at: Instant;
  /** 0: nobody has said a word on it. */
  readonly version: number;
  /** Grows whenever the kept answers are to be forgotten. */
  readonly cache_version: number;
}

export interface LeaseRow {
  /** Calls that this lease got. */
  readonly granted: number;
  /** Calls that all replicas have leased in this window, these included. */
  readonly used: number;
}

export interface ReplicaRow {
  readonly id: string;
  readonly label: string;
  readonly started_at: Instant;
  readonly seen_at: Instant;
  readonly view: unknown;
}

export interface ReplicaStatements {
  /** `[]` */
  readonly readGates: Statement<GateRow>;
  /** `[connector, gate, reason, until, text_vi, text_en, set_by]`; says so on the channel, when it is committed. */
  readonly setGate: Statement<GateRow>;
  /** `[connector, set_by]`: the kept answers are to be forgotten; says so on the channel. */
  readonly dropCache: Statement<GateRow>;
  /**
   * `[connector, kind, starts_at, owed, ceiling, want, block]`: adds what the replica owes (or gives back, negative), then takes
   * at least `want` and at most a block, and never above the ceiling.
   */
  readonly lease: Statement<LeaseRow>;
  /** `[id, label, started_at, view]`: this one lives; takes away what is over. Gives how many others live. */
  readonly beat: Statement<{ readonly others: number }>;
  /** `[]`: those that live. */
  readonly living: Statement<ReplicaRow>;
  /** `[id]` */
  readonly leave: Statement<unknown>;
}

export const createReplicaStatements = (db: Kysely<Database>): ReplicaStatements => ({
  readGates: compileStatement('lt_gates', db.selectFrom('gate_settings').select(GATE_COLUMNS)),
  setGate: { name: 'lt_gate_set', sql: SET_GATE },
  dropCache: { name: 'lt_cache_drop', sql: DROP_CACHE },
  lease: { name: 'lt_quota_lease', sql: LEASE },
  beat: { name: 'lt_replica_beat', sql: BEAT },
  living: compileStatement(
    'lt_replicas_living',
    db
      .selectFrom('replicas')
      .select(['id', 'label', 'started_at', 'seen_at', 'view'])
      .where('seen_at', '>', sql<Instant>`now() - interval '${sql.raw(String(LIVING_S))} seconds'`)
      .orderBy('started_at')
      .orderBy('id'),
  ),
  leave: compileStatement(
    'lt_replica_leave',
    db.deleteFrom('replicas').where('id', '=', parameter<string>(1)),
  ),
});

const GATE_COLUMNS = [
  'connector',
  'gate',
  'reason',
  'until',
  'text_vi',
  'text_en',
  'set_by',
  'set_at',
  'version',
  'cache_version',
] as const;

const SET_GATE = `
  with said as (
    insert into gate_settings as known (connector, gate, reason, until, text_vi, text_en, set_by)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (connector) do update set
      gate = excluded.gate, reason = excluded.reason, until = excluded.until, text_vi = excluded.text_vi,
      text_en = excluded.text_en, set_by = excluded.set_by, set_at = now(), version = known.version + 1
    returning ${GATE_COLUMNS.join(', ')}
  )
  select said.*, pg_notify('${GATES_CHANNEL}', connector) from said`;

const DROP_CACHE = `
  with said as (
    insert into gate_settings as known (connector, gate, set_by, version, cache_version)
    values ($1, 'AUTOMATIC', $2, 0, 1)
    on conflict (connector) do update set cache_version = known.cache_version + 1
    returning ${GATE_COLUMNS.join(', ')}
  )
  select said.*, pg_notify('${GATES_CHANNEL}', connector) from said`;

/**
 * Guided self-scheduling: a lease gets at most an eighth of what is left, so that the last calls of a window are not kept by a
 * replica that does not need them while another has to refuse.
 */
const PART_OF_REST = 8;

const leased = (used: string): string => `
  select total + part, part
  from (select greatest(0, ${used} + $4::bigint) as total) as before,
    lateral (select greatest(0, least($5::bigint - total,
      greatest($6::bigint, least($7::bigint, ($5::bigint - total) / ${PART_OF_REST})))) as part) as now`;

const LEASE = `
  insert into quota_counts as count (connector, kind, starts_at, used, granted)
  select $1, $2, $3::timestamptz, made.* from (${leased('0')}) as made
  on conflict (connector, kind, starts_at) do update set (used, granted) = (${leased('count.used')})
  returning granted, used`;

/** Windows are of the replicas' clocks, which may differ a little from the database's: they are kept a while longer than they last. */
const BEAT = `
  with dead as (
    delete from replicas where seen_at <= now() - interval '${LIVING_S} seconds' and id <> $1
  ), over as (
    delete from quota_counts
    where starts_at < now() - case kind when 'second' then interval '1 minute' else interval '2 days' end
  )
  insert into replicas (id, label, started_at, view) values ($1, $2, $3, $4::jsonb)
  on conflict (id) do update set seen_at = now(), view = excluded.view
  returning (
    select count(*)::integer from replicas as other
    where other.id <> $1 and other.seen_at > now() - interval '${LIVING_S} seconds'
  ) as others`;
