// Procedures and agencies, kept in the process: 320 rows that every page refers to and that change a few times a year.
// Loaded at start by gateway.ts, read by resolvers.ts; read again every minute while in use, and when an unknown id shows.

import type { Agency, Procedure } from '../generated/schema.ts';
import type { Store } from '../store/database.ts';
import { compileFields, type JsonRow, jsonArrayOf, positionsOf, valueAt } from '../store/json-rows.ts';
import { type RawBuilder, sql } from '../store/query.ts';
import { compileStatement, type Statement } from '../store/statement.ts';
import { AGENCY_COLUMNS, PROCEDURE_COLUMNS } from '../store/tables.ts';
import type { AgencyNode, ProcedureNode } from './nodes.ts';

/** The catalogue as it stood when it was read; never changed afterwards. */
export interface CatalogueSnapshot {
  readonly procedures: ReadonlyMap<number, ProcedureNode>;
  readonly proceduresByCode: ReadonlyMap<string, ProcedureNode>;
  /** By code. */
  readonly procedureList: readonly ProcedureNode[];
  readonly agencies: ReadonlyMap<number, AgencyNode>;
  /** From the city down, by Vietnamese name within each level. */
  readonly agencyList: readonly AgencyNode[];
}

export interface Catalogue {
  /** At once, at most a minute old while the store answers; a reload goes on behind it where it is older. */
  current(): CatalogueSnapshot;
  /** Reads it again; callers at the same time share one reading. @throws GatewayError `STORE_UNAVAILABLE` */
  reload(): Promise<CatalogueSnapshot>;
}

export interface CatalogueOptions {
  /** Epoch milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** Age in milliseconds from which the catalogue is read again; default one minute. */
  readonly maxAgeMs?: number;
}

const LEVELS = ['CITY', 'DEPARTMENT', 'DISTRICT', 'COMMUNE'];

export async function createCatalogue(store: Store, options: CatalogueOptions = {}): Promise<Catalogue> {
  const now = options.now ?? Date.now;
  const maxAgeMs = options.maxAgeMs ?? 60_000;
  const statement = catalogueStatement(store);
  let snapshot = await readCatalogue(store, statement);
  let readAt = now();
  let reading: Promise<CatalogueSnapshot> | undefined;

  const reload = (): Promise<CatalogueSnapshot> => {
    reading ??= readCatalogue(store, statement)
      .then((read) => {
        snapshot = read;
        return read;
      })
      .finally(() => {
        // A failed reading waits for the next minute too: the old catalogue serves, and the store is left in peace.
        readAt = now();
        reading = undefined;
      });
    return reading;
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
}
type CatalogueStatement = Statement<CatalogueRow>;

/** One statement, so that procedures and agencies are of one moment. */
function catalogueStatement({ db }: Store): CatalogueStatement {
  const query: RawBuilder<CatalogueRow> = sql`
    select (select json_agg(${jsonArrayOf(PROCEDURE_COLUMNS, 'p')}) from procedures as p) as procedures,
           (select json_agg(${jsonArrayOf(AGENCY_COLUMNS, 'a')}) from agencies as a) as agencies`;
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
    agencyList: sortAgencies([...agencies.values()]),
  };
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

/** In JavaScript, since no database here has a Vietnamese collation: Đ after D, tones after the bare letter. */
function sortAgencies(agencies: AgencyNode[]): AgencyNode[] {
  const { compare } = new Intl.Collator('vi', { numeric: true });
  return agencies.sort(
    (a, b) =>
      LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
      compare(a.name, b.name) ||
      (a.code < b.code ? -1 : 1),
  );
}
