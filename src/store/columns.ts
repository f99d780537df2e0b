// Columns as values: a table is declared once, as an object of columns (tables.ts). Its type for Kysely, its list of columns
// and the fields of its rows in JSON (json-rows.ts) derive from that object.
import type { ColumnType } from 'kysely';

/** RFC 3339 in UTC with at most milliseconds, e.g. `2026-06-09T01:30:00Z`. */
export type Instant = string;

/** `Selected` is the type of a value that is read, `Inserted` of a value that is written. */
export interface Column<Selected, Inserted = Selected> {
  readonly isInstant: boolean;
  readonly isNullable: boolean;
  /** The database supplies a value where an insert has none. */
  readonly hasDefault: boolean;
  /** For the compiler only. */
  readonly types?: readonly [Selected, Inserted];
}

export type Columns = Readonly<Record<string, Column<unknown>>>;

/** The type of a value that is read from the column. */
export type Selected<Of> = Of extends Column<infer Value, infer _> ? Value : never;

/** The table as Kysely types it. */
export type TableOf<Of extends Columns> = {
  [Name in keyof Of]: Of[Name] extends Column<infer Value, infer Inserted>
    ? ColumnType<Value, Inserted, Value>
    : never;
};

const PLAIN = { isInstant: false, isNullable: false, hasDefault: false } as const;

/** `Text` narrows a column whose values are a fixed set. */
export const text = <Text extends string = string>(): Column<Text> => PLAIN;

/** Any SQL integer. Amounts in đồng and ids stay below 2^53, which a JavaScript number holds exactly. */
export const integer = (): Column<number> => PLAIN;

/** `timestamptz(3)` */
export const instant = (): Column<Instant> => ({ ...PLAIN, isInstant: true });

/** A JSON document, or an array that a statement aggregates. */
export const json = <Value>(): Column<Value> => PLAIN;

export const nullable = <Value>(column: Column<Value>): Column<Value | null> => ({
  ...column,
  isNullable: true,
});

/** The database supplies the value where an insert has none. */
export const withDefault = <Value>(column: Column<Value>): Column<Value, Value | undefined> => ({
  ...column,
  hasDefault: true,
});

/** The columns of the object but one. */
export function withoutColumn<Of extends Columns, Name extends keyof Of & string>(
  columns: Of,
  name: Name,
): Omit<Of, Name> {
  const { [name]: _, ...rest } = columns;
  return rest;
}
