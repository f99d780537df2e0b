// Rows that a statement returns as JSON arrays, one value for each column in the order of the column object: a driver reads
// every value of an ordinary row as a text of its own, while JSON.parse reads all rows at once. The positions and the names
// of fields are resolved once, when the column object is declared.
import type { Column, Columns, Selected } from './columns.ts';
import { type RawBuilder, sql } from './query.ts';

/** A row of these columns. The values are typed through `positionsOf`. */
export interface JsonRow<Of extends Columns> extends ReadonlyArray<unknown> {
  /** For the compiler only. */
  readonly columns?: Of;
}

/** The index of a column whose values are of this type. */
export type Position<Value> = number & { readonly value?: Value };

export type Positions<Of extends Columns> = { readonly [Name in keyof Of]: Position<Selected<Of[Name]>> };

export const positionsOf = <Of extends Columns>(columns: Of): Positions<Of> =>
  Object.freeze(
    Object.fromEntries(Object.keys(columns).map((name, index) => [name, index])),
  ) as Positions<Of>;

export const valueAt = <Value>(row: readonly unknown[], position: Position<Value>): Value =>
  row[position] as Value;

/** SQL of the JSON array: `json_build_array(d.id, d.code)` for the alias `d`; `more` are expressions after the columns. */
export const jsonArrayOf = (
  columns: Columns,
  alias: string,
  more: readonly RawBuilder<unknown>[] = [],
): RawBuilder<unknown> => {
  const references = Object.keys(columns).map((name) => sql.ref(`${alias}.${name}`));
  return sql`json_build_array(${sql.join([...references, ...more])})`;
};

type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;

/** The columns as fields of the same name in camel case, without those that become something else. */
export type FieldsOf<Of extends Columns, Claimed extends keyof Of = never> = {
  readonly [Name in Exclude<keyof Of, Claimed> & string as CamelCase<Name>]: Selected<Of[Name]>;
};

/** Adds the fields of a row to the object and returns that object. */
export type AddFields<Of extends Columns, Claimed extends keyof Of> = <Rest extends object>(
  row: JsonRow<Of>,
  rest: Rest,
) => Rest & FieldsOf<Of, Claimed>;

/** The fields that the schema's type does not declare, or declares with another type. */
type Undeclared<Fields, Declared> = {
  [Name in keyof Fields]: Name extends keyof Declared
    ? Fields[Name] extends Declared[Name]
      ? never
      : Name
    : Name;
}[keyof Fields];

/**
 * Compiled to a function that assigns each field by its name: a page has hundreds of fields, and a loop over the names takes
 * twice as long.
 *
 * `Declared` is the generated type of the schema's object: the compiler refuses a column that has no field of its name and
 * type there.
 */
export const compileFields =
  <Declared>() =>
  <Of extends Columns, const Claimed extends keyof Of & string>(
    columns: Of &
      ([Undeclared<FieldsOf<Of, Claimed>, Declared>] extends [never]
        ? unknown
        : {
            readonly 'without a field of its type in the schema': Undeclared<FieldsOf<Of, Claimed>, Declared>;
          }),
    /** The columns that become something else than a field of their own name. */
    claimed: readonly Claimed[],
  ): AddFields<Of, Claimed> => {
    const body = Object.entries<Column<unknown>>(columns).flatMap(([name, { isInstant }], index) => {
      if ((claimed as readonly string[]).includes(name)) return [];
      const value = isInstant ? `inUtc(row[${index}])` : `row[${index}]`;
      return [`rest.${camelCase(name)} = ${value};`];
    });
    const compile = new Function('inUtc', `return (row, rest) => { ${body.join(' ')} return rest; };`);
    return compile(inUtc) as AddFields<Of, Claimed>;
  };

const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/** JSON has `2026-06-09T01:30:00+00:00`: the session is in UTC, so the offset is always the same. */
const inUtc = (instant: string | null): string | null =>
  instant === null ? null : `${instant.slice(0, -6)}Z`;
