// Writes the content of a store as lines of JSON, of one moment: a header, each table with its rows, the sequences, an end.
import { quoted, SNAPSHOT, type TextQuery, type TextTransaction } from './text-query.ts';

export const FORMAT = 'lienthong-store/1';

export interface Header {
  readonly format: typeof FORMAT;
  readonly createdAt: string;
  /** Names of the migrations that the store has run. */
  readonly migrations: readonly string[];
}

export type Line =
  | Header
  | { readonly table: string; readonly columns: readonly string[] }
  /** A row of the table before it, one text for each column. */
  | readonly (string | null)[]
  | { readonly sequence: string; readonly value: string; readonly isCalled: boolean }
  | { readonly end: { readonly rows: number } };

/** Rows that are read at once. */
const ROWS_AT_ONCE = 1_000;

/** @returns how many rows there are */
export const writeBackup = (
  transaction: TextTransaction,
  write: (line: Line) => Promise<void>,
): Promise<number> =>
  transaction(async (query) => {
    await query(SNAPSHOT);
    const migrations = await migrationsOf(query);
    await write({ format: FORMAT, createdAt: new Date().toISOString(), migrations });
    let rows = 0;
    for (const table of await tablesOf(query)) {
      const columns = (await columnsOf(query, table)).map(({ name }) => name);
      await write({ table, columns });
      const list = columns.map((name) => `${quoted(name)}::text`).join(', ');
      await query(`declare backup_rows no scroll cursor for select ${list} from ${quoted(table)}`);
      for (;;) {
        const { rows: some } = await query(`fetch ${ROWS_AT_ONCE} from backup_rows`);
        for (const row of some) await write(row);
        rows += some.length;
        if (some.length < ROWS_AT_ONCE) break;
      }
      await query('close backup_rows');
    }
    for (const sequence of await sequencesOf(query)) {
      const { rows: found } = await query(
        `select last_value::text, is_called::int::text from ${quoted(sequence)}`,
      );
      const [value, isCalled] = found[0] ?? [];
      await write({ sequence, value: value ?? '1', isCalled: isCalled === '1' });
    }
    await write({ end: { rows } });
    return rows;
  });

export const migrationsOf = async (query: TextQuery): Promise<string[]> =>
  firstOf(await query('select name from kysely_migration order by name'));

/** The tables of the store but those of the migrations, which the other store has itself. */
export const tablesOf = async (query: TextQuery): Promise<string[]> =>
  firstOf(
    await query(
      `select relname::text from pg_class
       where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname not like 'kysely%'
       order by oid`,
    ),
  );

/** The columns with the types of their values. */
export async function columnsOf(
  query: TextQuery,
  table: string,
): Promise<{ readonly name: string; readonly type: string }[]> {
  const { rows } = await query(
    `select attname::text, format_type(atttypid, atttypmod) from pg_attribute
     where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [quoted(table)],
  );
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

export const sequencesOf = async (query: TextQuery): Promise<string[]> =>
  firstOf(
    await query(
      `select relname::text from pg_class
       where relnamespace = current_schema()::regnamespace and relkind = 'S' order by oid`,
    ),
  );

const firstOf = ({ rows }: Awaited<ReturnType<TextQuery>>): string[] => rows.map(([first]) => String(first));
