// The steps of a migration. A step that creates columns names them for the compiler, which compares all migrations with
// tables.ts (index.ts).
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** SQL that creates these columns of a table. */
export interface ColumnStep<Table extends string, Name extends string> {
  readonly sql: string;
  readonly table: Table;
  readonly columns: readonly Name[];
}

/** SQL that creates no column, or a `ColumnStep`. */
export type Step = string | ColumnStep<string, string>;

export interface TableOptions {
  /** Constraints over several columns. */
  readonly constraints?: readonly string[];
  /** Storage parameters: `fillfactor = 50`. */
  readonly storage?: string;
}

/** `columns` is the SQL definition of each column by its name. */
export function createTable<const Table extends string, const Name extends string>(
  table: Table,
  columns: Readonly<Record<Name, string>>,
  { constraints = [], storage }: TableOptions = {},
): ColumnStep<Table, Name> {
  const definitions = [...definitionsOf(columns), ...constraints].join(',\n  ');
  const suffix = storage === undefined ? '' : ` with (${storage})`;
  return { sql: `create table ${table} (\n  ${definitions}\n)${suffix}`, table, columns: namesOf(columns) };
}

/** `columns` is the SQL definition of each column by its name. */
export function addColumns<const Table extends string, const Name extends string>(
  table: Table,
  columns: Readonly<Record<Name, string>>,
): ColumnStep<Table, Name> {
  const definitions = definitionsOf(columns).map((definition) => `add column ${definition}`);
  return { sql: `alter table ${table} ${definitions.join(', ')}`, table, columns: namesOf(columns) };
}

/** Runs the steps in their order. */
export const migrationOf = (steps: readonly Step[]): Migration => ({
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const step of steps) await sql.raw(typeof step === 'string' ? step : step.sql).execute(db);
  },
});

const definitionsOf = (columns: Readonly<Record<string, string>>): string[] =>
  Object.entries(columns).map(([name, definition]) => `${name} ${definition}`);

const namesOf = <Name extends string>(columns: Readonly<Record<Name, string>>): Name[] =>
  Object.keys(columns) as Name[];
