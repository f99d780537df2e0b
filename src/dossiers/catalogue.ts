// The catalogue of procedures and agencies, held in memory: some 320 rows to which every page refers and which change a few
// times a year. While in use it is read again every minute, and when a dossier refers to an unknown id.

import type { Agency, Procedure } from '../generated/schema.ts';
import type { Store } from '../store/database.ts';
import { compileFields, type JsonRow, jsonArrayOf, positionsOf, valueAt } from '../store/json-rows.ts';
import { type RawBuilder, sql } from '../store/query.ts';
import { compileStatement, type Statement } from '../store/statement.ts';
import { AGENCY_COLUMNS, PROCEDURE_COLUMNS } from '../store/tables.ts';
import type { AgencyNode, ProcedureNode } from './nodes.ts';
import { type RowScope, scopesOfAgencies } from './row-scope.ts';

/** The catalogue at the time of one read. Never modified. */
export interface CatalogueSnapshot {
  readonly procedures: ReadonlyMap<number, ProcedureNode>;
  readonly proceduresByCode: ReadonlyMap<string, ProcedureNode>;
  /** Ordered by code. */
  readonly procedureList: readonly ProcedureNode[];
  readonly agencies: ReadonlyMap<number, AgencyNode>;
  /** Which dossiers the officers of an agency see, by its code. */
  readonly agencyScopes: ReadonlyMap<string, RowScope>;
  /** Ordered by level from the city down, then by name in Vietnamese order. */
  readonly agencyList: readonly AgencyNode[];
}

export interface Catalogue {
  /** Returns without waiting. Starts a reload in the background when the snapshot is older than `maxAgeMs`. */
  current(): CatalogueSnapshot;
  /** Reads the catalogue again. Concurrent callers share one read. @throws GatewayError `STORE_UNAVAILABLE` */
  reload(): Promise<CatalogueSnapshot>;
}

export interface CatalogueOptions {
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** The age after which the catalogue is read again, in milliseconds. Default one minute. */
  readonly maxAgeMs?: number;
}

const LEVELS = ['CITY', 'DEPARTMENT', 'DISTRICT', 'COMMUNE'];

export async function createCatalogue(store: Store, options: CatalogueOptions = {}): Promise<Catalogue> {
  const now = options.now ?? Date.now;
  const maxAgeMs = options.maxAgeMs ?? 60_000;
  const statement = catalogueStatement(store);
  let snapshot = await readCatalogue(store, statement);
  let readAt = now();
  let ongoing: Promise<CatalogueSnapshot> | undefined;

  const reload = (): Promise<CatalogueSnapshot> => {
    ongoing ??= readCatalogue(store, statement)
      .then((read) => {
        snapshot = read;
        return read;
      })
      .finally(() => {
        // After a failure too: the old snapshot stays in use, and the next attempt is `maxAgeMs` away.
        readAt = now();
        ongoing = undefined;
      });
    return ongoing;
  };

  return {
    current: () => {
      if (now() - readAt > maxAgeMs) reload().catch(() => {});
      return snapshot;
    },
    reload,
  };
}

const procedureAt = positionsOf(PROCEDURE_COLUMNS);
const agencyAt = positionsOf(AGENCY_COLUMNS);
const addProcedureFields = compileFields<Procedure>()(PROCEDURE_COLUMNS, ['id']);
const addAgencyFields = compileFields<Agency>()(AGENCY_COLUMNS, ['id', 'parent_id']);

type ProcedureRow = JsonRow<typeof PROCEDURE_COLUMNS>;
type AgencyRow = JsonRow<typeof AGENCY_COLUMNS>;
interface CatalogueRow {
  readonly procedures: readonly ProcedureRow[] | null;
  readonly agencies: readonly AgencyRow[] | null;
  readonly participants: readonly (readonly [agency: number, procedure: number])[] | null;
}
type CatalogueStatement = Statement<CatalogueRow>;

/** One statement, so that procedures and agencies are of one moment. */
function catalogueStatement({ db }: Store): CatalogueStatement {
  const query: RawBuilder<CatalogueRow> = sql`
    select (select json_agg(${jsonArrayOf(PROCEDURE_COLUMNS, 'p')}) from procedures as p) as procedures,
           (select json_agg(${jsonArrayOf(AGENCY_COLUMNS, 'a')}) from agencies as a) as agencies,
           (select json_agg(json_build_array(t.agency_id, t.procedure_id)) from procedure_agencies as t) as participants`;
  return compileStatement('lt_catalogue', { compile: () => query.compile(db) });
}

async function readCatalogue(store: Store, statement: CatalogueStatement): Promise<CatalogueSnapshot> {
  const [answer] = await store.run(statement, []);
  const procedures = new Map<number, ProcedureNode>();
  for (const row of answer?.procedures ?? []) {
    procedures.set(valueAt(row, procedureAt.id), addProcedureFields(row, {}));
  }
  const procedureList = [...procedures.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  const agencies = agencyTree(answer?.agencies ?? []);
  return {
    procedures,
    proceduresByCode: new Map(procedureList.map((procedure) => [procedure.code, procedure])),
    procedureList,
    agencies,
    agencyScopes: scopesOfAgencies(agencies, participation(answer?.participants ?? [])),
    agencyList: sortAgencies([...agencies.values()]),
  };
}

/** The procedures of other agencies in which each agency takes part. */
function participation(
  rows: readonly (readonly [agency: number, procedure: number])[],
): Map<number, readonly number[]> {
  const byAgency = new Map<number, number[]>();
  for (const [agency, procedure] of rows) {
    const procedures = byAgency.get(agency);
    if (procedures === undefined) byAgency.set(agency, [procedure]);
    else procedures.push(procedure);
  }
  return byAgency;
}

function agencyTree(rows: readonly AgencyRow[]): Map<number, AgencyNode> {
  const agencies = new Map<number, AgencyNode & { parent: AgencyNode | null }>();
  for (const row of rows) {
    agencies.set(valueAt(row, agencyAt.id), addAgencyFields(row, { parent: null }));
  }
  for (const row of rows) {
    const agency = agencies.get(valueAt(row, agencyAt.id));
    const parentId = valueAt(row, agencyAt.parent_id);
    if (agency !== undefined && parentId !== null) agency.parent = agencies.get(parentId) ?? null;
  }
  return agencies;
}

/** Sorted here because neither database has a Vietnamese collation: Đ follows D, and tones follow the plain letter. */
function sortAgencies(agencies: AgencyNode[]): AgencyNode[] {
  const { compare } = new Intl.Collator('vi', { numeric: true });
  return agencies.sort(
    (a, b) =>
      LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
      compare(a.name, b.name) ||
      (a.code < b.code ? -1 : 1),
  );
}
