// Methods on numbers, and the comparisons that numbers, texts and booleans share.

import { kindName, refuse, type Sink, type Site } from '../problem.ts';
import { call, fold, type Method, type MethodCall } from './method.ts';

const arithmetic =
  (compute: (a: number, b: number) => number): MethodCall =>
  (sink, site, a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return notNumbers(sink, site, a, b);
    const result = compute(a, b);
    return Number.isFinite(result) ? result : refuse(sink, site, 'the result is not a finite number');
  };

const notNumbers = (sink: Sink, site: Site, a: unknown, b: unknown): undefined =>
  refuse(sink, site, `expected a number, found ${kindName(typeof a === 'number' ? b : a)}`);

const ordered =
  (compare: (a: number | string, b: number | string) => boolean): MethodCall =>
  (sink, site, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
    if (typeof a === 'string' && typeof b === 'string') return compare(a, b);
    if (typeof a === 'boolean' && typeof b === 'boolean') return compare(Number(a), Number(b));
    return refuse(
      sink,
      site,
      `expected two numbers, texts or booleans, found ${kindName(a)} and ${kindName(b)}`,
    );
  };

const MANY = Number.POSITIVE_INFINITY;
const DIGITS = /^[+-]?[0-9a-z]+$/i;

export const NUMBERS: readonly Method[] = [
  call(
    { name: 'gt', args: [1, 1], result: 'boolean', description: 'Greater than.' },
    ordered((a, b) => a > b),
  ),
  call(
    { name: 'gte', args: [1, 1], result: 'boolean', description: 'Greater than or equal.' },
    ordered((a, b) => a >= b),
  ),
  call(
    { name: 'lt', args: [1, 1], result: 'boolean', description: 'Less than.' },
    ordered((a, b) => a < b),
  ),
  call(
    { name: 'lte', args: [1, 1], result: 'boolean', description: 'Less than or equal.' },
    ordered((a, b) => a <= b),
  ),
  fold(
    { name: 'add', args: [1, MANY], result: 'number', description: 'The sum; several arguments chain.' },
    arithmetic((a, b) => a + b),
  ),
  fold(
    {
      name: 'sub',
      args: [1, MANY],
      result: 'number',
      description: 'The difference; several arguments chain.',
    },
    arithmetic((a, b) => a - b),
  ),
  fold(
    { name: 'mul', args: [1, MANY], result: 'number', description: 'The product; several arguments chain.' },
    arithmetic((a, b) => a * b),
  ),
  fold(
    { name: 'div', args: [1, MANY], result: 'number', description: 'The quotient, as a float.' },
    arithmetic((a, b) => a / b),
  ),
  fold(
    {
      name: 'mod',
      args: [1, MANY],
      result: 'number',
      description: 'The remainder, with the sign of the value.',
    },
    arithmetic((a, b) => a % b),
  ),
  call(
    {
      name: 'parseInt',
      args: [0, 1],
      result: 'number',
      description: 'The whole number a text stands for, in base 2 to 36 (default 10).',
    },
    (sink, site, value, base) => {
      if (typeof value === 'number') return Math.trunc(value);
      if (typeof value !== 'string') return refuse(sink, site, `expected a text, found ${kindName(value)}`);
      const radix = base ?? 10;
      if (typeof radix !== 'number' || !Number.isInteger(radix) || radix < 2 || radix > 36) {
        return refuse(sink, site, 'expected a base from 2 to 36');
      }
      const text = value.trim();
      const parsed = DIGITS.test(text) ? Number.parseInt(text, radix) : Number.NaN;
      // `parseInt` stops at the first foreign digit; a text that is only partly a number is none.
      const whole = Number.isNaN(parsed) ? false : onlyDigits(text, radix);
      return whole ? parsed : refuse(sink, site, `expected digits of base ${radix}, found another text`);
    },
  ),
];

function onlyDigits(text: string, radix: number): boolean {
  for (let i = text[0] === '-' || text[0] === '+' ? 1 : 0; i < text.length; i++) {
    if (Number.isNaN(Number.parseInt(text[i] as string, radix))) return false;
  }
  return true;
}
