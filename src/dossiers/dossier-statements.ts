// The hot-path SQL of dossiers: a page, or one dossier by its code, with the lists that the document selects. Each is one
// statement that returns one JSON value; test/dossiers/store.test.ts asserts the query plans.
//
// Why JSON: see store/json-rows.ts. For a page with payments and parcels this costs 0.15 to 0.2 ms of CPU in the gateway,
// against 0.4 to 0.5 ms for ordinary rows from three statements.

import { type Columns, json, withoutColumn } from '../store/columns.ts';
import type { Store } from '../store/database.ts';
import { type JsonRow, jsonArrayOf } from '../store/json-rows.ts';
import { type RawBuilder, sql } from '../store/query.ts';
import { compileStatement, type Statement } from '../store/statement.ts';
import {
  DELIVERY_COLUMNS,
  DOSSIER_COLUMNS,
  DOSSIER_EVENT_COLUMNS,
  PAYMENT_COLUMNS,
} from '../store/tables.ts';
import type { ScopeKind } from './row-scope.ts';

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

/** Who filed a dossier decides who sees it, and is not shown. */
const SHOWN_COLUMNS = withoutColumn(DOSSIER_COLUMNS, 'submitted_by');

/** A dossier as its statement returns it; lists are null when they are empty or not selected. */
export const DOSSIER_ROW = {
  ...SHOWN_COLUMNS,
  payments: json<List<typeof PAYMENT_ROW>>(),
  deliveries: json<List<typeof DELIVERY_ROW>>(),
  events: json<List<typeof DOSSIER_EVENT_ROW>>(),
};

export type DossierRow = JsonRow<typeof DOSSIER_ROW>;

/** Returns one row; `dossiers` is null where no dossier matches. */
type DossierStatement = Statement<{ dossiers: readonly DossierRow[] | null }>;

/** Statements over the dossiers of one kind of scope; the parameters of the scope come first. */
export interface DossierStatements {
  /** `[…scope, limit]` */
  readonly firstPage: DossierStatement;
  /** `[…scope, limit, submitted_at, id]`: the dossiers after this place in the order of the index. */
  readonly nextPage: DossierStatement;
  /** `[…scope, code]` */
  readonly byCode: DossierStatement;
}

/** Compiles each of the eight combinations of lists, per kind of scope, when it is first needed, and keeps it. */
export function createDossierStatements(
  db: Store['db'],
): (scope: ScopeKind, lists: SelectedLists) => DossierStatements {
  const compiled: Record<ScopeKind, (DossierStatements | undefined)[]> = {
    ALL: [],
    PERSON: [],
    ENTERPRISE: [],
    AGENCIES: [],
  };
  return (scope, lists) => {
    const index = (lists.payments ? 1 : 0) | (lists.deliveries ? 2 : 0) | (lists.events ? 4 : 0);
    let statements = compiled[scope][index];
    if (statements === undefined) {
      statements = buildDossierStatements(db, scope, lists, `${scope.toLowerCase()}_${index}`);
      compiled[scope][index] = statements;
    }
    return statements;
  };
}

/** How the dossiers of a scope are found: by each of these columns, which an index of the order of a page begins with. */
interface ScopeSql {
  readonly parameters: number;
  /** Column, and the place of its parameter; `list`: the parameter is an array, as text. */
  readonly ways: readonly { readonly column: string; readonly parameter: number; readonly list?: true }[];
}

const SCOPES: Readonly<Record<ScopeKind, ScopeSql>> = {
  ALL: { parameters: 0, ways: [] },
  PERSON: {
    parameters: 1,
    ways: [
      { column: 'applicant_id', parameter: 1 },
      { column: 'submitted_by', parameter: 1 },
    ],
  },
  ENTERPRISE: { parameters: 1, ways: [{ column: 'enterprise_code', parameter: 1 }] },
  AGENCIES: {
    parameters: 2,
    ways: [
      { column: 'agency_id', parameter: 1, list: true },
      { column: 'procedure_id', parameter: 2, list: true },
    ],
  },
};

function buildDossierStatements(
  db: Store['db'],
  kind: ScopeKind,
  lists: SelectedLists,
  suffix: string,
): DossierStatements {
  const scope = SCOPES[kind];
  const next = scope.parameters + 1;
  const limit = placeholder(next);
  const after = sql`and (d.submitted_at, d.id) < (${placeholder(next + 1)}::timestamptz, ${placeholder(next + 2)}::integer)`;
  const compile = (name: string, inner: RawBuilder<unknown>): DossierStatement =>
    compileStatement(`${name}_${suffix}`, { compile: () => asJson(inner, lists).compile(db) });
  return {
    firstPage: compile('lt_dossiers_first', pageOf(scope, sql``, limit)),
    nextPage: compile('lt_dossiers_next', pageOf(scope, after, limit)),
    byCode: compile(
      'lt_dossier_by_code',
      sql`(select * from dossiers as d where d.code = ${placeholder(next)} and ${isVisible(scope)})`,
    ),
  };
}

/** A parameter by its place; unlike `parameter`, it may appear more than once. */
const placeholder = (place: number): RawBuilder<unknown> => sql.raw(`$${place}`);

const NEWEST_FIRST = sql`order by submitted_at desc, id desc`;

/**
 * Each way contributes the newest dossiers from its index, at most a page; the page is the newest of them. So that the work does
 * not grow with the dossiers that exist, an array of agencies is one index scan for each.
 */
function pageOf(
  { ways }: ScopeSql,
  after: RawBuilder<unknown>,
  limit: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (ways.length === 0)
    return sql`(select * from dossiers as d where true ${after} ${NEWEST_FIRST} limit ${limit})`;
  const parts = ways.map(({ column, parameter: place, list }) => {
    const of = sql.ref(`d.${column}`);
    const newest = (value: RawBuilder<unknown>) =>
      sql`(select * from dossiers as d where ${of} = ${value} ${after} ${NEWEST_FIRST} limit ${limit})`;
    return list === true
      ? sql`select x.* from unnest(${placeholder(place)}::text::integer[]) as each_of(id)
            cross join lateral ${newest(sql.ref('each_of.id'))} as x`
      : sql`select x.* from ${newest(placeholder(place))} as x`;
  });
  return sql`(select * from (${sql.join(parts, sql` union `)}) as visible ${NEWEST_FIRST} limit ${limit})`;
}

/** Whether the dossier `d` is in the scope. */
function isVisible({ ways }: ScopeSql): RawBuilder<unknown> {
  if (ways.length === 0) return sql`true`;
  const conditions = ways.map(({ column, parameter: place, list }) =>
    list === true
      ? sql`${sql.ref(`d.${column}`)} = any (${placeholder(place)}::text::integer[])`
      : sql`${sql.ref(`d.${column}`)} = ${placeholder(place)}`,
  );
  return sql`(${sql.join(conditions, sql` or `)})`;
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
  const row = jsonArrayOf(SHOWN_COLUMNS, 'd', [
    lists.payments ? payments : NOT_SELECTED,
    lists.deliveries ? deliveries : NOT_SELECTED,
    lists.events ? events : NOT_SELECTED,
  ]);
  return sql`select json_agg(${row}) as dossiers from ${inner} as d`;
}

const NOT_SELECTED = sql`null::json`;
