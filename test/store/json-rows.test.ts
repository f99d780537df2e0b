// Rows in JSON: positions, field names and instants derive from the columns.
import { expect, test } from 'vitest';
import { instant, integer, nullable, text, withDefault, withoutColumn } from '../../src/store/columns.ts';
import { compileFields, type JsonRow, positionsOf, valueAt } from '../../src/store/json-rows.ts';

const COLUMNS = {
  id: withDefault(integer()),
  name: text(),
  first_seen_at: instant(),
  last_seen_at: nullable(instant()),
  level_2: nullable(integer()),
};

interface Declared {
  readonly name: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string | null;
  readonly level2: number | null;
}

const row: JsonRow<typeof COLUMNS> = [7, 'A', '2026-06-09T01:30:00.5+00:00', null, 3];

test('columns · positions · then in the order of the declaration', () => {
  const at = positionsOf(COLUMNS);
  expect(at).toEqual({ id: 0, name: 1, first_seen_at: 2, last_seen_at: 3, level_2: 4 });
  expect([valueAt(row, at.id), valueAt(row, at.name), valueAt(row, at.last_seen_at)]).toEqual([7, 'A', null]);
});

test('a row · its fields added · then in camel case, instants with Z, claimed columns left out', () => {
  const addFields = compileFields<Declared>()(COLUMNS, ['id']);
  const rest = { own: true };
  const node = addFields(row, rest);
  expect(node).toBe(rest);
  expect(node).toEqual({
    own: true,
    name: 'A',
    firstSeenAt: '2026-06-09T01:30:00.5Z',
    lastSeenAt: null,
    level2: 3,
  });
});

test('a column without a field of its type · compiled by TypeScript · then refused', () => {
  // @ts-expect-error `level2` is not declared.
  compileFields<Omit<Declared, 'level2'>>()(COLUMNS, ['id']);
  // @ts-expect-error `lastSeenAt` may be null in the row.
  compileFields<Omit<Declared, 'lastSeenAt'> & { readonly lastSeenAt: string }>()(COLUMNS, ['id']);
  // @ts-expect-error `id` is not declared and not claimed.
  compileFields<Declared>()(COLUMNS, []);
  expect(compileFields<Declared>()(withoutColumn(COLUMNS, 'id'), [])).toBeTypeOf('function');
});
