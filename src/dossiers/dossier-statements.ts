// The hot-path SQL of dossiers: a page or one by code, with what the document selects of each, in one statement that
// gives one JSON value. Run by resolvers.ts; the plans are shown in test/dossiers/store.test.ts.
//
// Why JSON: a driver reads every value of a row as a text of its own, some 350 for a page; JSON.parse reads them at once.
// With payments and parcels that is 0.15 to 0.2 ms of the gateway's CPU, against 0.4 to 0.5 for rows by three statements.

import type { Store } from '../store/database.ts';
import { type RawBuilder, sql } from '../store/query.ts';
import { compileStatement, parameter, type Statement } from '../store/statement.ts';

/** What a document selects of each dossier beyond its row. */
export interface Wanted {
  readonly payments: boolean;
  readonly deliveries: boolean;
  readonly events: boolean;
}

/** In the order of the row below. */
const COLUMNS = [
  'id',
  'code',
  'procedure_id',
  'agency_id',
  'status',
  'channel',
  'submitted_at',
  'received_at',
  'due_at',
  'finished_at',
  'applicant_id',
  'declared_name',
  'declared_birth_year',
  'declared_birth_month',
  'declared_birth_day',
  'enterprise_code',
] as const;

/** RFC 3339 as JSON has it: `2026-06-09T01:30:00+00:00`. */
type JsonInstant = string;

/** A dossier as its statement gives it; lists are null when empty or not wanted. */
export type DossierRow = readonly [
  id: number,
  code: string,
  procedureId: number,
  agencyId: number,
  status: number,
  channel: number,
  submittedAt: JsonInstant,
  receivedAt: JsonInstant | null,
  dueAt: JsonInstant,
  finishedAt: JsonInstant | null,
  applicantId: string,
  declaredName: string,
  declaredBirthYear: number,
  declaredBirthMonth: number | null,
  declaredBirthDay: number | null,
  enterpriseCode: string | null,
  payments: readonly (readonly [reference: string, amount: number, startedAt: JsonInstant])[] | null,
  deliveries: readonly (readonly [trackingCode: string, orderedAt: JsonInstant])[] | null,
  events: readonly (readonly [at: JsonInstant, status: number, actor: string, note: string | null])[] | null,
];

/** One row always; `dossiers` is null where there are none. */
type DossierStatement = Statement<{ dossiers: readonly DossierRow[] | null }>;

export interface DossierStatements {
  /** `[limit]` */
  readonly firstPage: DossierStatement;
  /** `[submitted_at, id, limit]`: the dossiers after this place, read off the index from there on. */
  readonly nextPage: DossierStatement;
  /** `[code]` */
  readonly byCode: DossierStatement;
}

/** Compiled when first asked for and kept: there are eight sets. */
export function createDossierStatements(db: Store['db']): (wanted: Wanted) => DossierStatements {
  const sets: (DossierStatements | undefined)[] = new Array(8);
  return (wanted) => {
    const set = (wanted.payments ? 1 : 0) | (wanted.deliveries ? 2 : 0) | (wanted.events ? 4 : 0);
    let statements = sets[set];
    if (statements === undefined) {
      statements = buildDossierStatements(db, wanted, String(set));
      sets[set] = statements;
    }
    return statements;
  };
}

function buildDossierStatements(db: Store['db'], wanted: Wanted, suffix: string): DossierStatements {
  const rows = db.selectFrom('dossiers').select(COLUMNS);
  const page = rows.orderBy('submitted_at', 'desc').orderBy('id', 'desc');
  const compile = (name: string, inner: RawBuilder<unknown> | typeof page): DossierStatement =>
    compileStatement(`${name}_${suffix}`, { compile: () => asJson(inner, wanted).compile(db) });
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

const NOTHING = sql`null::json`;

/** Aggregation keeps the order of the rows it reads. Within a dossier, lists are oldest first. */
const asJson = (
  inner: unknown,
  wanted: Wanted,
): RawBuilder<{ dossiers: readonly DossierRow[] | null }> => sql`
  select json_agg(json_build_array(
    ${sql.join(COLUMNS.map((column) => sql.ref(`d.${column}`)))},
    ${
      wanted.payments
        ? sql`(select json_agg(json_build_array(reference, amount, started_at) order by started_at, reference)
               from payments where dossier_id = d.id)`
        : NOTHING
    },
    ${
      wanted.deliveries
        ? sql`(select json_agg(json_build_array(tracking_code, ordered_at) order by ordered_at, tracking_code)
               from deliveries where dossier_id = d.id)`
        : NOTHING
    },
    ${
      wanted.events
        ? sql`(select json_agg(json_build_array(at, status, actor, note) order by at, id)
               from dossier_events where dossier_id = d.id)`
        : NOTHING
    }
  )) as dossiers
  from ${inner} as d`;
