// Arithmetic and integer parsing, and the comparisons of numbers and strings.

import {
  compareNumbers,
  type ExactNumber,
  isExactInteger,
  isExactNumber,
  readNumber,
} from '../../../exact-number.ts';
import { spend, spendText } from '../budget.ts';
import { kindName } from '../json.ts';
import { type ProblemSink, reportInvalid, type Site } from '../problem.ts';
import { call, fold, type Method, type MethodCall } from './method.ts';

const arithmetic =
  (compute: (a: number, b: number) => number): MethodCall =>
  (run, site, a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return reportNotNumbers(run, site, a, b);
    const result = compute(a, b);
    return Number.isFinite(result) ? result : reportInvalid(run, site, 'the result is not a finite number');
  };

function reportNotNumbers(sink: ProblemSink, site: Site, a: unknown, b: unknown): undefined {
  const found = typeof a === 'number' ? b : a;
  return isExactNumber(found)
    ? reportInvalid(sink, site, 'cannot calculate with a number that a 64-bit float does not hold exactly')
    : reportInvalid(sink, site, `expected a number, found ${kindName(found)}`);
}

const isNumber = (value: unknown): value is number | ExactNumber =>
  typeof value === 'number' || isExactNumber(value);

const comparison =
  (isResult: (order: number) => boolean): MethodCall =>
  (run, site, a, b) => {
    if (typeof a === 'string' && typeof b === 'string') {
      spendText(run, Math.min(a.length, b.length), 16);
      return isResult(a < b ? -1 : a > b ? 1 : 0);
    }
    if (isNumber(a) && isNumber(b)) {
      spendText(run, String(a).length + String(b).length, 16);
      return isResult(compareNumbers(a, b));
    }
    return reportInvalid(
      run,
      site,
      `expected two numbers or two strings, found ${kindName(a)} and ${kindName(b)}`,
    );
  };

const MANY = Number.POSITIVE_INFINITY;

export const NUMBERS: readonly Method[] = [
  call(
    { name: 'gt', args: [1, 1], result: 'boolean', description: 'Greater than.' },
    comparison((order) => order > 0),
  ),
  call(
    { name: 'gte', args: [1, 1], result: 'boolean', description: 'Greater than or equal.' },
    comparison((order) => order >= 0),
  ),
  call(
    { name: 'lt', args: [1, 1], result: 'boolean', description: 'Less than.' },
    comparison((order) => order < 0),
  ),
  call(
    { name: 'lte', args: [1, 1], result: 'boolean', description: 'Less than or equal.' },
    comparison((order) => order <= 0),
  ),
  fold(
    {
      name: 'add',
      args: [1, MANY],
      result: 'number',
      description: 'The sum of the value and all arguments.',
    },
    arithmetic((a, b) => a + b),
  ),
  fold(
    {
      name: 'sub',
      args: [1, MANY],
      result: 'number',
      description: 'The value minus each argument in turn.',
    },
    arithmetic((a, b) => a - b),
  ),
  fold(
    {
      name: 'mul',
      args: [1, MANY],
      result: 'number',
      description: 'The product of the value and all arguments.',
    },
    arithmetic((a, b) => a * b),
  ),
  fold(
    {
      name: 'div',
      args: [1, MANY],
      result: 'number',
      description: 'The value divided by each argument in turn.',
    },
    arithmetic((a, b) => a / b),
  ),
  fold(
    {
      name: 'mod',
      args: [1, MANY],
      result: 'number',
      description: 'The remainder of dividing by each argument in turn, with the sign of the value.',
    },
    arithmetic((a, b) => a % b),
  ),
  call(
    {
      name: 'parseInt',
      args: [0, 1],
      result: 'number',
      description:
        'The integer that a string represents in base 2 to 36 (default 10). A number is truncated, and its decimal ' +
        'digits are read in the base: `16->parseInt(16)` is 22.',
    },
    (run, site, value, base) => {
      if (typeof value !== 'string' && !isNumber(value)) {
        return reportInvalid(run, site, `expected a string or a number, found ${kindName(value)}`);
      }
      const radix = base === undefined ? 10 : base;
      if (typeof radix !== 'number' || !Number.isInteger(radix) || radix < 2 || radix > 36) {
        return reportInvalid(run, site, 'expected a base from 2 to 36');
      }
      if (radix === 10) {
        if (typeof value === 'number') return Math.trunc(value);
        if (isExactNumber(value) && isExactInteger(value)) return value;
      }
      if (isExactNumber(value) && !isExactInteger(value)) {
        return reportInvalid(run, site, 'cannot truncate a number that a 64-bit float does not hold exactly');
      }
      const written =
        typeof value === 'string' ? value : String(typeof value === 'number' ? Math.trunc(value) : value);
      spend(run, written.length * 2);
      const text = written.trim();
      if (!hasOnlyDigits(text, radix)) {
        return reportInvalid(run, site, `expected digits of base ${radix}, found another string`);
      }
      const parsed = Number.parseInt(text, radix);
      if (Number.isSafeInteger(parsed)) return parsed;
      return radix === 10
        ? decimalInteger(text)
        : reportInvalid(run, site, `a 64-bit float does not hold the number of base ${radix} exactly`);
    },
  ),
];

const SIGN_AND_ZEROS = /^([+-]?)0*/;

/** The integer of any number of decimal digits. */
function decimalInteger(text: string): number | ExactNumber | undefined {
  const sign = text[0] === '-' ? '-' : '';
  return readNumber(sign + text.replace(SIGN_AND_ZEROS, ''));
}

function hasOnlyDigits(text: string, radix: number): boolean {
  const start = text[0] === '-' || text[0] === '+' ? 1 : 0;
  for (let i = start; i < text.length; i++) {
    if (digitOf(text.charCodeAt(i)) >= radix) return false;
  }
  return text.length > start;
}

/** The value of a digit of base 36, or Infinity for any other character. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  // The letters differ by this bit only.
  const lower = code | 32;
  return lower >= 97 && lower <= 122 && code < 128 ? lower - 87 : Number.POSITIVE_INFINITY;
}
