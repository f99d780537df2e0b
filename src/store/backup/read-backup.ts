// Restores the lines of a backup into an empty store, whatever its engine, in one transaction.
import { quoted, type TextQuery, type TextTransaction } from './text-query.ts';
import { columnsOf, FORMAT, type Header, type Line, migrationsOf, tablesOf } from './write-backup.ts';

/** `message` is for the person who restores: what is wrong and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Parameters of one statement; the protocol allows 65,535. */
const MAX_PARAMETERS = 20_000;

/** @returns how many rows were restored. @throws BackupError; then nothing has changed */
export const readBackup = (transaction: TextTransaction, lines: AsyncIterable<string>): Promise<number> =>
  transaction(async (query) => {
    const reader = parsed(lines);
    const first = await reader.next();
    await assertFits(query, first.value);
    const constraints = await dropForeignKeys(query);
    let table: TableWriter | undefined;
    let rows = 0;
    let end: number | undefined;
    for await (const line of reader) {
      if (end !== undefined) throw damaged('something follows its end');
      if (isRow(line)) {
        if (table === undefined) throw damaged('a row stands before its table');
        await table.add(line);
        rows += 1;
        continue;
      }
      await table?.flush();
      table = undefined;
      if ('table' in line) table = await tableWriter(query, line.table, line.columns);
      else if ('sequence' in line) {
        const called = line.isCalled ? 'true' : 'false';
        await query('select setval($1::text::regclass, $2::text::bigint, $3::text::boolean)', [
          quoted(line.sequence),
          line.value,
          called,
        ]);
      } else if ('end' in line) end = line.end.rows;
      else throw damaged('it has a second header');
    }
    if (end === undefined) throw damaged('its end is missing');
    if (end !== rows) throw damaged(`it has ${rows} rows of ${end}`);
    for (const sql of constraints) await query(sql);
    return rows;
  });

const isRow = (line: Line): line is readonly (string | null)[] => Array.isArray(line);

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<Line, undefined> {
  for await (const text of lines) {
    let line: unknown;
    try {
      line = JSON.parse(text);
    } catch {
      throw damaged('a line is not JSON');
    }
    if (typeof line !== 'object' || line === null) throw damaged('a line has an unknown form');
    yield line as Line;
  }
  return undefined;
}

const damaged = (how: string): BackupError =>
  new BackupError(`The backup is damaged: ${how}. Nothing was restored; use another backup.`);

/** @throws BackupError unless the store has the same tables as that of the backup, and no rows */
async function assertFits(query: TextQuery, header: Line | undefined): Promise<void> {
  const { format, migrations } = (header ?? {}) as Partial<Header>;
  if (format !== FORMAT || !Array.isArray(migrations)) {
    throw new BackupError(
      `This is not a backup of a store: found ${typeof format === 'string' ? format : 'no header'}, expected ${FORMAT}. Give a file that "lienthong store backup" wrote.`,
    );
  }
  const own = await migrationsOf(query);
  if (own.join() !== migrations.join()) {
    throw new BackupError(
      `The backup was made by another version: its last migration is ${migrations.at(-1)}, that of this version is ${own.at(-1)}. ` +
        'Restore with the version that made it, then start the newer one, which migrates the store.',
    );
  }
  for (const table of await tablesOf(query)) {
    const { rows } = await query(`select 1::text from ${quoted(table)} limit 1`);
    if (rows.length > 0) {
      throw new BackupError(
        `The store is not empty (table ${table}). Restore into an empty one: a new DATA_DIR, or a new database.`,
      );
    }
  }
}

/** Drops the foreign keys, so that the order of rows does not matter. @returns the statements that add them again */
async function dropForeignKeys(query: TextQuery): Promise<string[]> {
  const { rows } = await query(
    `select conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) from pg_constraint
     where contype = 'f' and connamespace = current_schema()::regnamespace`,
  );
  const statements: string[] = [];
  for (const [table, name, definition] of rows) {
    await query(`alter table ${table} drop constraint ${quoted(String(name))}`);
    statements.push(`alter table ${table} add constraint ${quoted(String(name))} ${definition}`);
  }
  return statements;
}

interface TableWriter {
  add(row: readonly (string | null)[]): Promise<void>;
  flush(): Promise<void>;
}

async function tableWriter(query: TextQuery, table: string, names: readonly string[]): Promise<TableWriter> {
  const known = new Map((await columnsOf(query, table)).map(({ name, type }) => [name, type]));
  const types = names.map((name) => {
    const type = known.get(name);
    if (type === undefined) throw damaged(`table ${table} has no column ${name}`);
    return type;
  });
  const atOnce = Math.max(1, Math.floor(MAX_PARAMETERS / Math.max(1, names.length)));
  let waiting: (readonly (string | null)[])[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    let position = 0;
    const values = waiting.map(() => `(${types.map((type) => `$${++position}::text::${type}`).join(', ')})`);
    const columns = names.map(quoted).join(', ');
    const sql = `insert into ${quoted(table)} (${columns}) overriding system value values ${values.join(', ')}`;
    await query(sql, waiting.flat());
    waiting = [];
  };
  return {
    add: async (row) => {
      if (row.length !== names.length) throw damaged(`a row of ${table} has ${row.length} values`);
      waiting.push(row);
      if (waiting.length >= atOnce) await flush();
    },
    flush,
  };
}
