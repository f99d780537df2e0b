// The hand-written endpoint's way to the store: named prepared statements on a `pg` pool, and the catalogue of procedures and
// agencies in memory. Two ways to read dossiers: rows, as a good engineer writes it (one statement for the page, one each for
// its payments and parcels), or the gateway's own statement that gives one JSON value. On PGlite: a copy of the folder.

import pg from 'pg';
import {
  createDossierStatements,
  DELIVERY_ROW,
  DOSSIER_ROW,
  type DossierRow,
  PAYMENT_ROW,
} from '../../../src/dossiers/dossier-statements.ts';
import { openStore, type Store } from '../../../src/store/database.ts';
import { instantFromText } from '../../../src/store/engine.ts';
import { positionsOf, valueAt } from '../../../src/store/json-rows.ts';

export interface Named {
  readonly code: string;
  readonly name: string;
  readonly level: string;
}

export interface Dossier {
  readonly id: number;
  readonly code: string;
  readonly procedureId: number;
  readonly agencyId: number;
  readonly status: number;
  readonly channel: number;
  readonly submittedAt: string;
  readonly dueAt: string;
  readonly personalId: string;
  readonly fullName: string;
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
  readonly enterpriseCode: string | null;
  readonly payments: readonly { readonly reference: string; readonly amount: number }[];
  readonly deliveries: readonly { readonly trackingCode: string }[];
}

export interface HandStore {
  readonly page: (limit: number, after: { submittedAt: string; id: number } | null) => Promise<Dossier[]>;
  readonly byCode: (code: string) => Promise<Dossier[]>;
  readonly procedures: ReadonlyMap<number, Named>;
  readonly agencies: ReadonlyMap<number, Named>;
}

export type Sql = 'rows' | 'json';

type Run = <Row>(statement: { name: string; sql: string }, params: readonly unknown[]) => Promise<Row[]>;

export async function openHandStore(
  databaseUrl: string | undefined,
  dataDir: string,
  how: Sql,
): Promise<HandStore> {
  const store = await openStore({ databaseUrl, dataDir });
  const byId = (rows: readonly (Named & { id: number })[]) =>
    new Map(rows.map(({ id, code, name, level }) => [id, { code, name, level }]));
  const procedures = byId(await store.db.selectFrom('procedures').selectAll().execute());
  const agencies = byId(await store.db.selectFrom('agencies').selectAll().execute());
  const run: Run = databaseUrl === undefined ? store.run : onPool(databaseUrl);
  const read = how === 'rows' ? readRows(run) : readJson(run, store);
  if (databaseUrl !== undefined) await store.close();
  return { ...read, procedures, agencies };
}

function onPool(connectionString: string): Run {
  const { INT8, TIMESTAMPTZ } = pg.types.builtins;
  pg.types.setTypeParser(INT8, Number);
  pg.types.setTypeParser(TIMESTAMPTZ, instantFromText);
  const pool = new pg.Pool({ connectionString, max: 20, options: '-c TimeZone=UTC -c random_page_cost=1.1' });
  return async ({ name, sql }, params) =>
    (await pool.query({ name, text: sql, values: params as unknown[] })).rows;
}

type Read = Pick<HandStore, 'page' | 'byCode'>;

// —— as rows ——

const SELECT = `select id, code, procedure_id as "procedureId", agency_id as "agencyId", status, channel,
  submitted_at as "submittedAt", due_at as "dueAt", applicant_id as "personalId", declared_name as "fullName",
  declared_birth_year as "year", declared_birth_month as "month", declared_birth_day as "day",
  enterprise_code as "enterpriseCode" from dossiers`;
const ORDER = 'order by submitted_at desc, id desc';

const FIRST = { name: 'hand_first', sql: `${SELECT} ${ORDER} limit $1` };
const NEXT = {
  name: 'hand_next',
  sql: `${SELECT} where (submitted_at, id) < ($1::timestamptz, $2::integer) ${ORDER} limit $3`,
};
const BY_CODE = { name: 'hand_by_code', sql: `${SELECT} where code = $1` };
const PAYMENTS = {
  name: 'hand_payments',
  sql: `select dossier_id as "dossierId", reference, amount from payments
    where dossier_id = any($1::integer[]) order by started_at, reference`,
};
const DELIVERIES = {
  name: 'hand_deliveries',
  sql: `select dossier_id as "dossierId", tracking_code as "trackingCode" from deliveries
    where dossier_id = any($1::integer[]) order by ordered_at, tracking_code`,
};

function readRows(run: Run): Read {
  const withLists = async (rows: readonly Dossier[]): Promise<Dossier[]> => {
    const ids = [rows.map(({ id }) => id)];
    const [payments, deliveries] = await Promise.all([
      run<Dossier['payments'][number] & { dossierId: number }>(PAYMENTS, ids),
      run<Dossier['deliveries'][number] & { dossierId: number }>(DELIVERIES, ids),
    ]);
    const paymentsOf = Map.groupBy(payments, ({ dossierId }) => dossierId);
    const deliveriesOf = Map.groupBy(deliveries, ({ dossierId }) => dossierId);
    return rows.map((row) => ({
      ...row,
      payments: paymentsOf.get(row.id) ?? [],
      deliveries: deliveriesOf.get(row.id) ?? [],
    }));
  };
  return {
    page: async (limit, after) =>
      withLists(
        await (after === null
          ? run<Dossier>(FIRST, [limit])
          : run<Dossier>(NEXT, [after.submittedAt, after.id, limit])),
      ),
    byCode: async (code) => withLists(await run<Dossier>(BY_CODE, [code])),
  };
}

// —— as one JSON value ——

function readJson(run: Run, { db }: Pick<Store, 'db'>): Read {
  const statements = createDossierStatements(db)('ALL', { payments: true, deliveries: true, events: false });
  const dossiersOf = async (statement: { name: string; sql: string }, params: readonly unknown[]) => {
    const [answer] = await run<{ dossiers: readonly DossierRow[] | null }>(statement, params);
    return (answer?.dossiers ?? []).map(dossierOf);
  };
  return {
    page: (limit, after) =>
      after === null
        ? dossiersOf(statements.firstPage, [limit])
        : dossiersOf(statements.nextPage, [limit, after.submittedAt, after.id]),
    byCode: (code) => dossiersOf(statements.byCode, [code]),
  };
}

const at = positionsOf(DOSSIER_ROW);
const paymentAt = positionsOf(PAYMENT_ROW);
const deliveryAt = positionsOf(DELIVERY_ROW);

const dossierOf = (row: DossierRow): Dossier => ({
  id: valueAt(row, at.id),
  code: valueAt(row, at.code),
  procedureId: valueAt(row, at.procedure_id),
  agencyId: valueAt(row, at.agency_id),
  status: valueAt(row, at.status),
  channel: valueAt(row, at.channel),
  submittedAt: `${valueAt(row, at.submitted_at).slice(0, -6)}Z`,
  dueAt: `${valueAt(row, at.due_at).slice(0, -6)}Z`,
  personalId: valueAt(row, at.applicant_id),
  fullName: valueAt(row, at.declared_name),
  year: valueAt(row, at.declared_birth_year),
  month: valueAt(row, at.declared_birth_month),
  day: valueAt(row, at.declared_birth_day),
  enterpriseCode: valueAt(row, at.enterprise_code),
  payments:
    valueAt(row, at.payments)?.map((one) => ({
      reference: valueAt(one, paymentAt.reference),
      amount: valueAt(one, paymentAt.amount),
    })) ?? [],
  deliveries:
    valueAt(row, at.deliveries)?.map((one) => ({ trackingCode: valueAt(one, deliveryAt.tracking_code) })) ??
    [],
});
