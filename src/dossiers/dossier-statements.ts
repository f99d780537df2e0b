// The hot-path SQL of dossiers, compiled once per store: a page, one by code, and what hangs on the dossiers of a page.
// Run by resolvers.ts; the plans are shown in test/dossiers/pages.test.ts.
import { type Selectable, sql } from 'kysely';
import type { Store } from './database.ts';
import { compileStatement, parameter } from './statement.ts';
import type { DossiersTable } from './tables.ts';

export type DossierRow = Selectable<DossiersTable>;
export type DossierStatements = ReturnType<typeof buildDossierStatements>;

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

export const buildDossierStatements = ({ db }: Pick<Store, 'db'>) => {
  const page = db
    .selectFrom('dossiers')
    .select(COLUMNS)
    .orderBy('submitted_at', 'desc')
    .orderBy('id', 'desc');
  return {
    /** `[limit]` */
    firstPage: compileStatement('lt_dossiers_first', page.limit(parameter<number>(1))),
    /** `[submitted_at, id, limit]`: the rows after this place, read off the index from there on. */
    nextPage: compileStatement(
      'lt_dossiers_next',
      page
        .where(sql<boolean>`(submitted_at, id) < (${parameter(1)}::timestamptz, ${parameter(2)}::integer)`)
        .limit(parameter<number>(3)),
    ),
    /** `[code]` */
    byCode: compileStatement(
      'lt_dossier_by_code',
      db.selectFrom('dossiers').select(COLUMNS).where('code', '=', parameter<string>(1)),
    ),
    /** `[ids]`, as are the next two: one statement a page, oldest first within each dossier. */
    payments: compileStatement(
      'lt_payments_of',
      db
        .selectFrom('payments')
        .select(['dossier_id', 'reference', 'amount', 'started_at'])
        .where(sql<boolean>`dossier_id = any(${parameter(1)}::integer[])`)
        .orderBy('started_at')
        .orderBy('reference'),
    ),
    deliveries: compileStatement(
      'lt_deliveries_of',
      db
        .selectFrom('deliveries')
        .select(['dossier_id', 'tracking_code', 'ordered_at'])
        .where(sql<boolean>`dossier_id = any(${parameter(1)}::integer[])`)
        .orderBy('ordered_at')
        .orderBy('tracking_code'),
    ),
    events: compileStatement(
      'lt_events_of',
      db
        .selectFrom('dossier_events')
        .select(['dossier_id', 'at', 'status', 'actor', 'note'])
        .where(sql<boolean>`dossier_id = any(${parameter(1)}::integer[])`)
        .orderBy('at')
        .orderBy('id'),
    ),
  };
};
