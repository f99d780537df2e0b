// Reads records of the trail for queries: by filters, each of which has an index, the newest first, in pages.

import { GatewayError } from '../errors.ts';
import type { TableOf } from '../store/columns.ts';
import type { Store } from '../store/database.ts';
import { sql } from '../store/query.ts';
import type { AUDIT_RECORD_COLUMNS } from '../store/tables.ts';

type Table = TableOf<typeof AUDIT_RECORD_COLUMNS>;
/** A stored record with the names of its agency and its procedure, where they are known. */
export type StoredRecord = { readonly [Name in keyof Table]: Table[Name]['__select__'] } & {
  readonly agency_name: string | null;
  readonly procedure_name: string | null;
};

export interface RecordFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly actor?: string | null | undefined;
  readonly agency?: string | null | undefined;
  readonly system?: string | null | undefined;
  readonly procedure?: string | null | undefined;
  readonly dossier?: string | null | undefined;
  readonly outcome?: string | null | undefined;
  readonly kind?: StoredRecord['kind'] | undefined;
  readonly actorKind?: string | undefined;
  /** Any of these subjects. */
  readonly subjects?: readonly string[] | undefined;
}

/** The position of a record in the order of time. */
export interface RecordPlace {
  readonly requestIn: number;
  readonly chain: string;
  readonly seq: number;
}

/** @throws GatewayError STORE_UNAVAILABLE */
export async function readRecords(
  { db }: Pick<Store, 'db'>,
  filter: RecordFilter,
  limit: number,
  after?: RecordPlace,
): Promise<StoredRecord[]> {
  let query = db
    .selectFrom('audit_records as r')
    .leftJoin('agencies as a', 'a.code', 'r.agency')
    .leftJoin('procedures as p', 'p.code', 'r.procedure')
    .selectAll('r')
    .select(['a.name as agency_name', 'p.name as procedure_name']);
  for (const [column, value] of [
    ['actor', filter.actor],
    ['agency', filter.agency],
    ['system', filter.system],
    ['procedure', filter.procedure],
    ['dossier', filter.dossier],
    ['outcome', filter.outcome],
    ['kind', filter.kind],
    ['actor_kind', filter.actorKind],
  ] as const) {
    if (value != null) query = query.where(sql.ref(`r.${column}`), '=', value);
  }
  if (filter.subjects !== undefined) query = query.where('r.subject', 'in', [...filter.subjects]);
  if (filter.from !== undefined) query = query.where('r.request_in', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('r.request_in', '<', filter.to);
  if (after !== undefined) {
    const { requestIn, chain, seq } = after;
    query = query.where(sql<boolean>`(r.request_in, r.chain, r.seq) < (${requestIn}, ${chain}, ${seq})`);
  }
  return query
    .orderBy('r.request_in', 'desc')
    .orderBy('r.chain', 'desc')
    .orderBy('r.seq', 'desc')
    .limit(limit)
    .execute()
    .catch(unavailable) as Promise<StoredRecord[]>;
}

export interface OfficerCount {
  readonly agency: string;
  readonly actor: string;
  readonly people: number;
  readonly accesses: number;
}

/** @throws GatewayError STORE_UNAVAILABLE */
export async function countPeople(
  { db }: Pick<Store, 'db'>,
  from: number,
  to: number,
): Promise<OfficerCount[]> {
  const { rows } = await sql<OfficerCount>`
    select agency, actor, count(distinct subject)::integer as people, count(*)::integer as accesses
    from audit_records
    where kind = 'ACCESS' and actor_kind = 'officer' and subject is not null and agency is not null
      and request_in >= ${from} and request_in < ${to}
    group by agency, actor`
    .execute(db)
    .catch(unavailable);
  return [...rows];
}

export interface PersonCount {
  /** Keyed digest. */
  readonly subject: string;
  readonly officers: number;
  readonly accesses: number;
}

/**
 * Persons whom more than `limit` officers looked up in systems behind the gateway, the most first, at most 100.
 * @throws GatewayError STORE_UNAVAILABLE
 */
export async function countOfficers(
  { db }: Pick<Store, 'db'>,
  from: number,
  to: number,
  limit: number,
): Promise<PersonCount[]> {
  const { rows } = await sql<PersonCount>`
    select subject, count(distinct actor)::integer as officers, count(*)::integer as accesses
    from audit_records
    where kind = 'ACCESS' and actor_kind = 'officer' and subject is not null and system <> 'store'
      and request_in >= ${from} and request_in < ${to}
    group by subject having count(distinct actor) > ${limit}
    order by officers desc, subject limit 100`
    .execute(db)
    .catch(unavailable);
  return [...rows];
}

/**
 * The result of a statement, or the reason of the signal where it aborts first. The statement itself then ends by the time limit of
 * the store.
 */
export function untilAborted<T>(statement: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    statement.catch(() => {});
    return Promise.reject(signal.reason as Error);
  }
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    statement.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const unavailable = (error: unknown): never => {
  throw new GatewayError('STORE_UNAVAILABLE', { detail: 'audit: a read failed', cause: error });
};
