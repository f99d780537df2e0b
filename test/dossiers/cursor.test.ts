// Cursors: what we give comes back as it was; whatever else comes is refused with the way out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeDossierCursor,
  decodeProcedureCursor,
  encodeDossierCursor,
  encodeProcedureCursor,
  pageSize,
} from '../../src/dossiers/cursor.ts';
import { isGatewayError } from '../../src/errors.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64url');

test('any position · written as a cursor and read · then the same position', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 2_147_483_647 }),
      (date, id) => {
        const submittedAt = date.toISOString();
        expect(decodeDossierCursor(encodeDossierCursor(submittedAt, id))).toEqual({ submittedAt, id });
      },
    ),
  );
  expect(decodeDossierCursor(encodeDossierCursor('2026-06-09T01:30:00Z', 7))).toEqual({
    submittedAt: '2026-06-09T01:30:00Z',
    id: 7,
  });
  expect(decodeProcedureCursor(encodeProcedureCursor('1.005129'))).toBe('1.005129');
});

const good = encodeDossierCursor('2026-06-09T01:30:00Z', 7);

test.each([
  ['nothing', ''],
  ['a word', 'abc'],
  ['the year 0, which no database stores', encode('d:0000-01-01T00:00:00Z:7')],
  ['30 February', encode('d:2026-02-30T00:00:00Z:7')],
  ['an id beyond int4', encode('d:2026-06-09T01:30:00Z:2147483648')],
  ['padding', `${good}=`],
  ['a blank behind', `${good} `],
  ['a changed alphabet', `${good}+/`],
  ['shorter by one letter', good.slice(0, -1)],
  ['a cursor of another list', encodeProcedureCursor('1.005129')],
  ['a day that does not exist', encode('d:2026-02-30T01:30:00Z:7')],
  ['an hour that does not exist', encode('d:2026-02-28T25:30:00Z:7')],
  ['microseconds', encode('d:2026-02-28T01:30:00.123456Z:7')],
  ['an id beyond the column', encode('d:2026-02-28T01:30:00Z:2147483648')],
  ['id 0', encode('d:2026-02-28T01:30:00Z:0')],
  ['a negative id', encode('d:2026-02-28T01:30:00Z:-1')],
  ['SQL', encode("d:2026-02-28T01:30:00Z:1'; drop table dossiers; --")],
  ['infinity', encode('d:infinity:1')],
  ['a line feed behind', encode('d:2026-02-28T01:30:00Z:1\n')],
  ['a megabyte', 'A'.repeat(1_000_000)],
  ['letters beyond ASCII', 'đ'.repeat(10)],
])('a cursor that is %s · read · then BAD_USER_INPUT with the way out', (_what, cursor) => {
  try {
    decodeDossierCursor(cursor);
    expect.unreachable('the cursor was taken');
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(error.reason?.en).toContain('is not a cursor of this list');
    expect(JSON.stringify(error.reason)).not.toContain(cursor || 'nothing');
  }
});

test('any text · read as a cursor · then a position or BAD_USER_INPUT, and nothing else', () => {
  const take = (read: (cursor: string) => unknown, cursor: string) => {
    try {
      read(cursor);
    } catch (error) {
      expect(isGatewayError(error) && error.code).toBe('BAD_USER_INPUT');
    }
  };
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string().map(encode)), (cursor) => {
      take(decodeDossierCursor, cursor);
      take(decodeProcedureCursor, cursor);
    }),
    { numRuns: 2_000 },
  );
});

test('first · left out, right, wrong · then 20, itself, BAD_USER_INPUT', () => {
  expect([pageSize(undefined), pageSize(null), pageSize(1), pageSize(100)]).toEqual([20, 20, 1, 100]);
  for (const first of [0, 101, -5, Number.NaN, Number.POSITIVE_INFINITY, 2.5]) {
    expect(() => pageSize(first)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  }
});
