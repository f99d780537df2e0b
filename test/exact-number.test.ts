import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareNumbers,
  isExactInteger,
  isExactNumber,
  parseJsonExact,
  readNumber,
} from '../src/exact-number.ts';

/** What a document says, as text again: exact numbers by their digits. */
const roundTrip = (text: string): string => JSON.stringify(parseJsonExact(text));

describe('parseJsonExact', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['{"id": 9007199254740993}', '{"id":9007199254740993}'],
    ['[1, 12345678901234567.89 ]', '[1,12345678901234567.89]'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['{"a":{"b":[[1e400]]},"c":1E-400}', '{"a":{"b":[[1e400]]},"c":1E-400}'],
    ['\n 123456789012345678901234567890', '123456789012345678901234567890'],
    ['{"__proto__": 9007199254740993}', '{"__proto__":9007199254740993}'],
  ])('%s · parsed · keeps all digits', (text, written) => {
    expect(roundTrip(text)).toBe(written);
  });

  it.each([
    '9007199254740992',
    '9007199254740994',
    '123456789012345',
    '0.30000000000000004',
    '1.10000000000000000000',
    '1000000000000000000000000',
    '5e-324',
    '1.7976931348623157e308',
    '0e999',
    '{"a":"9007199254740993","b":[" 9007199254740993 ","\\\\",":9007199254740993","\\"",9]}',
  ])('%s · parsed · numbers that a double can hold, and strings, stay plain', (text) => {
    expect(parseJsonExact(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '{9007199254740993:1}',
    '{9007199254740993 : 1}',
    '09007199254740993',
    '9007199254740993.',
    '.9007199254740993',
    '+9007199254740993',
    '--9007199254740993',
    '9007199254740993 1',
    '[9007199254740993,]',
    '9007199254740993e',
    '9007199254740993x',
    '"9007199254740993',
  ])('%s · is not JSON', (text) => {
    expect(() => parseJsonExact(text)).toThrow(SyntaxError);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('a key __proto__ · an own property, as in JSON.parse', () => {
    const value = parseJsonExact('{"__proto__": 9007199254740993}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  it('any document · parsed · is that of JSON.parse, but for numbers that a double cannot hold', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,30}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?$/);
    const texts = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        digits,
        fc.string().map((text) => JSON.stringify(text)),
        fc.tuple(fc.string(), digits).map(([text, number]) => JSON.stringify(`${text}:${number}`)),
        fc.constantFrom('null', 'true', '-0', ' [ ] '),
        fc.array(tie('value'), { maxLength: 4 }).map((list) => `[ ${list.join(' ,')}]`),
        fc
          .array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 })
          .map((list) => `{${list.map(([key, value]) => `${JSON.stringify(key)} : ${value}`).join(',')}}`),
      ),
    })).value;
    const rounded = (value: unknown): unknown =>
      isExactNumber(value)
        ? Number(String(value))
        : Array.isArray(value)
          ? value.map(rounded)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]))
            : value;
    fc.assert(
      fc.property(texts, (text) => {
        expect(rounded(parseJsonExact(text))).toEqual(rounded(JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('any text around a number · parsed · fails exactly if JSON.parse fails', () => {
    const pieces = fc.constantFrom(
      ...[
        '9007199254740993',
        '1e999',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        ' ',
        '-',
        '0',
        '.',
        'a',
        'null',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (list) => {
        const text = list.join('');
        const fails = (parse: (text: string) => unknown): boolean => {
          try {
            parse(text);
            return false;
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
            return true;
          }
        };
        expect(fails(parseJsonExact)).toBe(fails(JSON.parse));
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('exact numbers', () => {
  it('as text · in String, in a template, in JSON · all digits', () => {
    const [exact] = parseJsonExact('[9007199254740993]') as [unknown];
    expect(String(exact)).toBe('9007199254740993');
    expect(`${exact}`).toBe('9007199254740993');
    expect(JSON.stringify({ exact })).toBe('{"exact":9007199254740993}');
    expect(Object.keys(exact as object)).toEqual([]);
    expect(Object.isFrozen(exact)).toBe(true);
  });

  it.each([
    ['9007199254740993', true],
    ['123456789012345678.50', false],
    ['12345678901234567.50e1', true],
    ['1e400', true],
    ['1e-400', false],
  ])('%s · integer: %s', (text, integer) => {
    const exact = readNumber(text);
    expect(isExactNumber(exact) && isExactInteger(exact)).toBe(integer);
  });

  it.each(['', ' 1', '1 ', '01', '1.', '.5', '+1', '0x10', 'NaN', 'Infinity', '1_000', '١'])(
    '%j · is not a number token',
    (text) => {
      expect(readNumber(text)).toBeUndefined();
    },
  );

  it('any two integers · compared · as BigInt does', () => {
    const integers = fc.oneof(
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.bigInt({ min: -9n, max: 9n }),
    );
    fc.assert(
      fc.property(integers, integers, (a, b) => {
        const [left, right] = [readNumber(String(a)), readNumber(String(b))];
        if (left === undefined || right === undefined) throw new Error('no token');
        expect(compareNumbers(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('any two decimals · compared · as their digits at equal scale', () => {
    const scale = 25n;
    const decimals = fc.bigInt({ min: -(10n ** 45n), max: 10n ** 45n });
    const text = (value: bigint): string => {
      const digits = String(value < 0n ? -value : value).padStart(Number(scale) + 1, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -Number(scale))}.${digits.slice(-Number(scale))}`;
    };
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [left, right] = [readNumber(text(a)), readNumber(text(b))];
        if (left === undefined || right === undefined) throw new Error('no token');
        // Plain numbers are those whose decimal form is this number.
        expect(compareNumbers(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });
});
