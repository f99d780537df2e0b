// The SQL of what gateways on one store share: gates, holds, quota counts and presence. Each operation is a single statement and therefore
// atomic.
import { type Kysely, sql } from '../store/query.ts';
import { compileStatement, parameter, type Statement } from '../store/statement.ts';
import type { Database, Instant } from '../store/tables.ts';

/** Channel that announces changes of gates, caches and holds. The payload is not read. */
export const CHANGES_CHANNEL = 'lienthong_gates';

/** Seconds without a heartbeat after which a replica counts as dead: three missed heartbeats. */
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
  /** 0: the gate was never set. */
  readonly version: number;
  /** Incremented by each drop of the cached answers. */
  readonly cache_version: number;
}

export interface HoldRow {
  readonly connector: string;
  /** Empty: all operations of the source. */
  readonly operation: string;
  readonly until: Instant;
}

export interface LeaseRow {
  /** Calls granted by this lease. */
  readonly granted: number;
  /** Calls leased by all replicas in this window, these included. */
  readonly used: number;
  /** When the statement ran, epoch ms by the clock of the database. */
  readonly database_at: number;
}

export interface ReplicaRow {
  readonly id: string;
  readonly label: string;
  readonly started_at: Instant;
  readonly seen_at: Instant;
  readonly view: unknown;
  readonly clock_skew_ms: number | null;
}

/** When the statement ran, epoch ms by the clock of the database. */
export interface ClockRow {
  readonly database_at: number;
}

export interface BeatRow extends ClockRow {
  /** Other live replicas. */
  readonly others: number;
  /** By the clock of the database. */
  readonly started_at: Instant;
}

export interface ReplicaStatements {
  /** `[]` */
  readonly readGates: Statement<GateRow>;
  /** `[connector, gate, reason, until, text_vi, text_en, set_by]`; notifies the channel on commit. */
  readonly setGate: Statement<GateRow>;
  /** `[connector, set_by]`: increments the cache version and notifies the channel. */
  readonly dropCache: Statement<GateRow>;
  /** `[]`: the holds that have not ended. */
  readonly readHolds: Statement<HoldRow>;
  /** `[holds]`, a JSON array of `HoldRow`: stores each one that ends later than the stored one, and notifies the channel. */
  readonly storeHolds: Statement<unknown>;
  /**
   * `[connector, kind, starts_at, owed, ceiling, want, block]`: adds what the replica owes (negative: returns), then leases at least
   * `want` and at most `block` calls, never above the ceiling.
   */
  readonly lease: Statement<LeaseRow>;
  /** `[]` */
  readonly readClock: Statement<ClockRow>;
  /** `[id, label, view, clock_skew_ms]`: records the heartbeat and deletes expired rows. */
  readonly beat: Statement<BeatRow>;
  /** `[]`: the live replicas. */
  readonly living: Statement<ReplicaRow>;
  /** `[id]` */
  readonly leave: Statement<unknown>;
}

export const createReplicaStatements = (db: Kysely<Database>): ReplicaStatements => ({
  readGates: compileStatement('lt_gates', db.selectFrom('gate_settings').select(GATE_COLUMNS)),
  setGate: { name: 'lt_gate_set', sql: SET_GATE },
  dropCache: { name: 'lt_cache_drop', sql: DROP_CACHE },
  readHolds: compileStatement(
    'lt_holds',
    db
      .selectFrom('source_holds')
      .select(['connector', 'operation', 'until'])
      .where('until', '>', sql<Instant>`now()`),
  ),
  storeHolds: { name: 'lt_holds_store', sql: STORE_HOLDS },
  readClock: { name: 'lt_clock', sql: `select ${DATABASE_AT}` },
  lease: { name: 'lt_quota_lease', sql: LEASE },
  beat: { name: 'lt_replica_beat', sql: BEAT },
  living: compileStatement(
    'lt_replicas_living',
    db
      .selectFrom('replicas')
      .select(['id', 'label', 'started_at', 'seen_at', 'view', 'clock_skew_ms'])
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

/** The time of the clock at this moment, not that of the beginning of the transaction. */
const DATABASE_AT = '(extract(epoch from clock_timestamp()) * 1000)::float8 as database_at';

const SET_GATE = `
  with changed as (
    insert into gate_settings as known (connector, gate, reason, until, text_vi, text_en, set_by)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (connector) do update set
      gate = excluded.gate, reason = excluded.reason, until = excluded.until, text_vi = excluded.text_vi,
      text_en = excluded.text_en, set_by = excluded.set_by, set_at = now(), version = known.version + 1
    returning ${GATE_COLUMNS.join(', ')}
  )
  select changed.*, pg_notify('${CHANGES_CHANNEL}', connector) from changed`;

const DROP_CACHE = `
  with changed as (
    insert into gate_settings as known (connector, gate, set_by, version, cache_version)
    values ($1, 'AUTOMATIC', $2, 0, 1)
    on conflict (connector) do update set cache_version = known.cache_version + 1
    returning ${GATE_COLUMNS.join(', ')}
  )
  select changed.*, pg_notify('${CHANGES_CHANNEL}', connector) from changed`;

/** In the order of the key, so that two gateways that store the same holds do not block each other. */
const STORE_HOLDS = `
  with changed as (
    insert into source_holds as known (connector, operation, until)
    select connector, operation, until
    from jsonb_to_recordset($1::jsonb) as held (connector text, operation text, until timestamptz)
    order by connector, operation
    on conflict (connector, operation) do update set until = excluded.until where excluded.until > known.until
    returning connector
  )
  select pg_notify('${CHANGES_CHANNEL}', min(connector)) from changed having count(*) > 0`;

/**
 * Guided self-scheduling: a lease gets at most this fraction of what is left, so that the last calls of a window are not held by a
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
  returning granted, used, ${DATABASE_AT}`;

/** Windows follow the clock of the database. A call that ends late may still be returned to a window that has passed. */
const BEAT = `
  with dead as (
    delete from replicas where seen_at <= now() - interval '${LIVING_S} seconds' and id <> $1
  ), over as (
    delete from quota_counts
    where starts_at < now() - case kind when 'second' then interval '1 minute' else interval '2 days' end
  ), ended as (
    delete from source_holds where until < now()
  )
  insert into replicas (id, label, started_at, view, clock_skew_ms) values ($1, $2, now(), $3::jsonb, $4)
  on conflict (id) do update set seen_at = now(), view = excluded.view, clock_skew_ms = excluded.clock_skew_ms
  returning started_at, ${DATABASE_AT}, (
    select count(*)::integer from replicas as other
    where other.id <> $1 and other.seen_at > now() - interval '${LIVING_S} seconds'
  ) as others`;
