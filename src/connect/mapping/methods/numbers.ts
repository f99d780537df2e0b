// Arithmetic and integer parsing, and the comparisons of numbers, strings and booleans.

import { kindName, reportInvalid, type Sink, type Site } from '../problem.ts';
import { call, fold, type Method, type MethodCall } from './method.ts';

const arithmetic =
  (compute: (a: number, b: number) => number): MethodCall =>
  (sink, site, a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return reportNotNumbers(sink, site, a, b);
    const result = compute(a, b);
    return Number.isFinite(result) ? result : reportInvalid(sink, site, 'the result is not a finite number');
  };

const reportNotNumbers = (sink: Sink, site: Site, a: unknown, b: unknown): undefined =>
  reportInvalid(sink, site, `expected a number, found ${kindName(typeof a === 'number' ? b : a)}`);

const comparison =
  (compare: (a: number | string, b: number | string) => boolean): MethodCall =>
  (sink, site, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
    if (typeof a === 'string' && typeof b === 'string') return compare(a, b);
    if (typeof a === 'boolean' && typeof b === 'boolean') return compare(Number(a), Number(b));
    return reportInvalid(
      sink,
      site,
      `expected two numbers, strings or booleans, found ${kindName(a)} and ${kindName(b)}`,
    );
  };

const MANY = Number.POSITIVE_INFINITY;
const DIGITS = /^[+-]?[0-9a-z]+$/i;

export const NUMBERS: readonly Method[] = [
  call(
    { name: 'gt', args: [1, 1], result: 'boolean', description: 'Greater than.' },
    comparison((a, b) => a > b),
  ),
  call(
    { name: 'gte', args: [1, 1], result: 'boolean', description: 'Greater than or equal.' },
    comparison((a, b) => a >= b),
  ),
  call(
    { name: 'lt', args: [1, 1], result: 'boolean', description: 'Less than.' },
    comparison((a, b) => a < b),
  ),
  call(
    { name: 'lte', args: [1, 1], result: 'boolean', description: 'Less than or equal.' },
    comparison((a, b) => a <= b),
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
        'The integer that a string represents in base 2 to 36 (default 10); a number is truncated.',
    },
    (sink, site, value, base) => {
      if (typeof value === 'number') return Math.trunc(value);
      if (typeof value !== 'string') {
        return reportInvalid(sink, site, `expected a string, found ${kindName(value)}`);
      }
      const radix = base ?? 10;
      if (typeof radix !== 'number' || !Number.isInteger(radix) || radix < 2 || radix > 36) {
        return reportInvalid(sink, site, 'expected a base from 2 to 36');
      }
      const text = value.trim();
      const parsed = DIGITS.test(text) ? Number.parseInt(text, radix) : Number.NaN;
      // `Number.parseInt` ignores what follows the first character that is not a digit of the base; such a string is
      // not an integer.
      const valid = !Number.isNaN(parsed) && hasOnlyDigits(text, radix);
      return valid
        ? parsed
        : reportInvalid(sink, site, `expected digits of base ${radix}, found another string`);
    },
  ),
];

function hasOnlyDigits(text: string, radix: number): boolean {
  for (let i = text[0] === '-' || text[0] === '+' ? 1 : 0; i < text.length; i++) {
    if (Number.isNaN(Number.parseInt(text[i] as string, radix))) return false;
  }
  return true;
}
