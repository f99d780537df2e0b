// Procedures and agencies, kept in the process: 320 rows that every page refers to and that change a few times a year.
// Loaded at start by gateway.ts, read by resolvers.ts; read again every minute while in use, and when an unknown id shows.

import type { Store } from '../store/database.ts';
import type { Selectable } from '../store/query.ts';
import { compileStatement } from '../store/statement.ts';
import type { AgenciesTable } from '../store/tables.ts';
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
  const statements = catalogueStatements(store);
  let snapshot = await readCatalogue(store, statements);
  let readAt = now();
  let reading: Promise<CatalogueSnapshot> | undefined;

  const reload = (): Promise<CatalogueSnapshot> => {
    reading ??= readCatalogue(store, statements)
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

type CatalogueStatements = ReturnType<typeof catalogueStatements>;

const catalogueStatements = ({ db }: Store) => ({
  procedures: compileStatement('lt_procedures', db.selectFrom('procedures').selectAll()),
  agencies: compileStatement('lt_agencies', db.selectFrom('agencies').selectAll()),
});

async function readCatalogue(store: Store, statements: CatalogueStatements): Promise<CatalogueSnapshot> {
  const [procedureRows, agencyRows] = await Promise.all([
    store.run(statements.procedures, []),
    store.run(statements.agencies, []),
  ]);
  const procedures = new Map<number, ProcedureNode>();
  for (const row of procedureRows) {
    procedures.set(row.id, {
      code: row.code,
      name: row.name,
      level: row.level,
      fieldCode: row.field_code,
      fieldName: row.field_name,
      limitWorkingDays: row.limit_working_days,
      fee: row.fee,
    });
  }
  const procedureList = [...procedures.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  const agencies = agencyTree(agencyRows);
  return {
    procedures,
    proceduresByCode: new Map(procedureList.map((procedure) => [procedure.code, procedure])),
    procedureList,
    agencies,
    agencyList: sortAgencies([...agencies.values()]),
  };
}

function agencyTree(rows: readonly Selectable<AgenciesTable>[]): Map<number, AgencyNode> {
  const agencies = new Map<number, AgencyNode & { parent: AgencyNode | null }>();
  for (const row of rows) {
    agencies.set(row.id, {
      code: row.code,
      oldCode: row.old_code,
      name: row.name,
      level: row.level,
      parent: null,
      communeCode: row.commune_code,
    });
  }
  for (const row of rows) {
    const agency = agencies.get(row.id);
    if (agency !== undefined && row.parent_id !== null) agency.parent = agencies.get(row.parent_id) ?? null;
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
