// The hot-path SQL of dossiers: a page, or one dossier by its code, with the lists that the document selects. Each is one
// statement that returns one JSON value; test/dossiers/store.test.ts asserts the query plans.
//
// Why JSON: see store/json-rows.ts. For a page with payments and parcels this costs 0.15 to 0.2 ms of CPU in the gateway,
// against 0.4 to 0.5 ms for ordinary rows from three statements.

import { type Columns, json, withoutColumn } from '../store/columns.ts';
import type { Store } from '../store/database.ts';
import { type JsonRow, jsonArrayOf } from '../store/json-rows.ts';
import { type RawBuilder, sql } from '../store/query.ts';
import { compileStatement, parameter, type Statement } from '../store/statement.ts';
import {
  DELIVERY_COLUMNS,
  DOSSIER_COLUMNS,
  DOSSIER_EVENT_COLUMNS,
  PAYMENT_COLUMNS,
} from '../store/tables.ts';

/** The lists below a dossier that a document selects. */
export interface SelectedLists {
  readonly payments: boolean;
  readonly deliveries: boolean;
  readonly events: boolean;
}

/** Rows of the lists, without the columns that refer to the dossier. */
export const PAYMENT_ROW = withoutColumn(PAYMENT_COLUMNS, 'dossier_id');
export const DELIVERY_ROW = withoutColumn(DELIVERY_COLUMNS, 'dossier_id');
export const DOSSIER_EVENT_ROW = withoutColumn(withoutColumn(DOSSIER_EVENT_COLUMNS, 'dossier_id'), 'id');

type List<Of extends Columns> = readonly JsonRow<Of>[] | null;

/** A dossier as its statement returns it; lists are null when they are empty or not selected. */
export const DOSSIER_ROW = {
  ...DOSSIER_COLUMNS,
  payments: json<List<typeof PAYMENT_ROW>>(),
  deliveries: json<List<typeof DELIVERY_ROW>>(),
  events: json<List<typeof DOSSIER_EVENT_ROW>>(),
};

export type DossierRow = JsonRow<typeof DOSSIER_ROW>;

/** Returns one row; `dossiers` is null where no dossier matches. */
type DossierStatement = Statement<{ dossiers: readonly DossierRow[] | null }>;

export interface DossierStatements {
  /** `[limit]` */
  readonly firstPage: DossierStatement;
  /** `[submitted_at, id, limit]`: the dossiers after this place in the order of the index. */
  readonly nextPage: DossierStatement;
  /** `[code]` */
  readonly byCode: DossierStatement;
}

/** Compiles each of the eight combinations of lists when it is first needed, and keeps it. */
export function createDossierStatements(db: Store['db']): (lists: SelectedLists) => DossierStatements {
  const compiled: (DossierStatements | undefined)[] = new Array(8);
  return (lists) => {
    const index = (lists.payments ? 1 : 0) | (lists.deliveries ? 2 : 0) | (lists.events ? 4 : 0);
    let statements = compiled[index];
    if (statements === undefined) {
      statements = buildDossierStatements(db, lists, String(index));
      compiled[index] = statements;
    }
    return statements;
  };
}

function buildDossierStatements(db: Store['db'], lists: SelectedLists, suffix: string): DossierStatements {
  const rows = db.selectFrom('dossiers').selectAll();
  const page = rows.orderBy('submitted_at', 'desc').orderBy('id', 'desc');
  const compile = (name: string, inner: RawBuilder<unknown> | typeof page): DossierStatement =>
    compileStatement(`${name}_${suffix}`, { compile: () => asJson(inner, lists).compile(db) });
  return {
    firstPage: compile('lt_dossiers_first', page.limit(parameter<number>(1))),
    nextPage: compile(
      'lt_dossiers_next',
      page
        .where(sql<boolean>`(submitted_at, id) < (${parameter(1)}::timestamptz, ${parameter(2)}::integer)`)
        .limit(parameter<number>(3)),
    ),
    byCode: compile('lt_dossier_by_code', rows.where('code', '=', parameter<string>(1))),
  };
}

/** Aggregation keeps the order of the rows it reads. The lists of a dossier are ordered from the oldest on. */
function asJson(
  inner: unknown,
  lists: SelectedLists,
): RawBuilder<{ dossiers: readonly DossierRow[] | null }> {
  const payments = sql`
    (select json_agg(${jsonArrayOf(PAYMENT_ROW, 'p')} order by p.started_at, p.reference)
     from payments as p where p.dossier_id = d.id)`;
  const deliveries = sql`
    (select json_agg(${jsonArrayOf(DELIVERY_ROW, 'p')} order by p.ordered_at, p.tracking_code)
     from deliveries as p where p.dossier_id = d.id)`;
  const events = sql`
    (select json_agg(${jsonArrayOf(DOSSIER_EVENT_ROW, 'e')} order by e.at, e.id)
     from dossier_events as e where e.dossier_id = d.id)`;
  const row = jsonArrayOf(DOSSIER_COLUMNS, 'd', [
    lists.payments ? payments : NOT_SELECTED,
    lists.deliveries ? deliveries : NOT_SELECTED,
    lists.events ? events : NOT_SELECTED,
  ]);
  return sql`select json_agg(${row}) as dossiers from ${inner} as d`;
}

const NOT_SELECTED = sql`null::json`;
