// The table of stored values against a database: what it admits comes back unchanged, what it refuses the database refuses or changes.
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStoredInteger, isStoredText, readMoment, STORED_INTEGERS } from '../../src/store/stored-values.ts';

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
});
afterAll(async () => {
  await db?.close();
});

/** What the database returns for a value of a type; `undefined` where it refuses it. */
async function stored(value: unknown, type: string, read = '$1'): Promise<unknown> {
  try {
    const { rows } = await db.query<{ v: unknown }>(
      `select (${read})::text as v from (select $1::${type}) as x`,
      [value],
    );
    return rows[0]?.v;
  } catch {
    return undefined;
  }
}

describe('texts', () => {
  it.each([
    ['', true],
    ['a', true],
    ['Hà Nội', true],
    ['😀', true],
    ['\u0001', true],
    ['\uffff', true],
    ['\u0000', false],
    ['a\u0000b', false],
    ['\ud800', false],
    ['a\udc00b', false],
  ])('%j · %s, and the database agrees', async (text, expected) => {
    expect(isStoredText(text)).toBe(expected);
    expect((await stored(text, 'text')) === text).toBe(expected);
  });

  it('any text · admitted exactly where it comes back', async () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'ư', '😀', '\u0000', '\ud83d', '\ude00', '\u001f'),
    });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect((await stored(text, 'text')) === text).toBe(isStoredText(text));
      }),
    );
  });
});

describe('integers', () => {
  const { integer, bigint } = STORED_INTEGERS;
  it.each([
    [integer.min, 'integer', true],
    [integer.max, 'integer', true],
    [integer.max + 1, 'integer', false],
    [integer.min - 1, 'integer', false],
    [bigint.max, 'bigint', true],
    [bigint.min, 'bigint', true],
  ] as const)('%d as %s · %s, and the database agrees', async (value, type, expected) => {
    expect(isStoredInteger(value, type)).toBe(expected);
    expect((await stored(String(value), type)) === String(value)).toBe(expected);
  });

  it.each([2 ** 53, -(2 ** 53), 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null, 1n])(
    '%s · refused',
    (value) => {
      expect(isStoredInteger(value)).toBe(false);
    },
  );
});

describe('moments', () => {
  it.each([
    ['2026-06-09T08:30:00+07:00', '2026-06-09T01:30:00.000Z'],
    ['2026-06-09T01:30:00.5Z', '2026-06-09T01:30:00.500Z'],
    ['2026-06-09T01:30:00.123000000Z', '2026-06-09T01:30:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0000-12-31T23:30:00-01:00', '0001-01-01T00:30:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['2026-06-09T01:30:00-00:00', '2026-06-09T01:30:00.000Z'],
    ['9999-12-31T23:30:00-01:00', undefined],
    ['0001-01-01T00:00:00+07:00', undefined],
    ['0000-06-01T00:00:00Z', undefined],
    ['2026-06-09T01:30:00.123999Z', undefined],
    ['2026-06-09T01:30:00.0001Z', undefined],
    ['2026-02-30T00:00:00Z', undefined],
    ['2025-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-00-01T00:00:00Z', undefined],
    ['2026-06-09T24:00:00Z', undefined],
    ['2026-06-30T23:59:60Z', undefined],
    ['2026-06-09T01:30:00', undefined],
    ['2026-06-09T01:30Z', undefined],
    ['2026-06-09', undefined],
    ['2026-06-09T01:30:00+24:00', undefined],
    ['2026-06-09T01:30:00+0700', undefined],
    ['2026-06-09T01:30:00,5Z', undefined],
    ['2026-06-09T01:30:00.Z', undefined],
    [' 2026-06-09T01:30:00Z', undefined],
    ['2026-06-09T01:30:00Z\n', undefined],
    ['+12026-06-09T01:30:00Z', undefined],
    ['-0001-06-09T01:30:00Z', undefined],
  ])('%s · %s', (text, expected) => {
    expect(readMoment(text)).toBe(expected);
  });

  it('any moment of the years 0001 to 9999, at any offset · the same moment, and the database returns it', async () => {
    const moments = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 });
    await fc.assert(
      fc.asyncProperty(moments, offsets, async (moment, minutes) => {
        const local = new Date(moment.getTime() + minutes * 60_000).toISOString();
        fc.pre(/^\d{4}-/.test(local));
        const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
        const offset = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
        const text = local.replace('Z', offset);
        expect(readMoment(text)).toBe(moment.toISOString());
        const ms = await stored(
          moment.toISOString(),
          'timestamptz',
          'extract(epoch from $1::timestamptz) * 1000',
        );
        expect(Number(ms)).toBe(moment.getTime());
      }),
      { numRuns: 50 },
    );
  });
});
