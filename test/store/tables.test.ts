// The tables in code against those in the database, on both databases: the migrations create what tables.ts declares.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Columns } from '../../src/store/columns.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { addColumns, createTable } from '../../src/store/migrations/steps.ts';
import { TABLES } from '../../src/store/tables.ts';
import { type StorePlace, storeCases } from './each-store.ts';

interface Found {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

describe.each(storeCases)('the tables on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let store: Store;
  let found: readonly Found[];

  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
    const { rows } = await sql<Found>`
      select table_name as table, column_name as column, data_type as type, is_nullable = 'YES' as "isNullable",
        column_default is not null or is_identity = 'YES' as "hasDefault"
      from information_schema.columns
      where table_schema = current_schema() and table_name not like 'kysely%'`.execute(store.db);
    found = rows;
  }, 120_000);

  afterAll(async () => {
    await store?.close();
    await place?.drop();
  });

  test('every table · compared with the database · then equal', () =>
    expect([...new Set(found.map(({ table }) => table))].sort()).toEqual(Object.keys(TABLES).sort()));

  test.each(Object.entries<Columns>(TABLES))(
    '%s · compared with the database · then the same columns, nulls, defaults and instants',
    (name, columns) => {
      const inDatabase = found
        .filter(({ table }) => table === name)
        .map(({ column, type, isNullable, hasDefault }) => [
          column,
          { isInstant: type === 'timestamp with time zone', isNullable, hasDefault },
        ]);
      const inCode = Object.entries(columns).map(([column, { isInstant, isNullable, hasDefault }]) => [
        column,
        { isInstant, isNullable, hasDefault },
      ]);
      expect(Object.fromEntries(inDatabase)).toEqual(Object.fromEntries(inCode));
    },
  );
});

test('the steps of a migration · as SQL · then with the columns that they create', () => {
  expect(createTable('t', { a: 'text', b: 'text' }, { constraints: ['check (a < b)'] })).toEqual({
    sql: 'create table t (\n  a text,\n  b text,\n  check (a < b)\n)',
    table: 't',
    columns: ['a', 'b'],
  });
  expect(addColumns('t', { c: 'text', d: 'integer not null default 0' })).toEqual({
    sql: 'alter table t add column c text, add column d integer not null default 0',
    table: 't',
    columns: ['c', 'd'],
  });
});
