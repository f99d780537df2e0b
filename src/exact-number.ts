// Numbers of JSON documents that a double cannot hold, kept as the text that was sent, and a JSON parser that returns
// them. All other numbers stay plain JavaScript numbers.

import { randomUUID } from 'node:crypto';

const TEXT: unique symbol = Symbol('text');

/**
 * A number that no double represents, such as 9007199254740993 or 1e400. Converts to a string by `String()` and is
 * written with all its digits by `JSON.stringify`. It equals no plain number.
 */
export interface ExactNumber {
  readonly [TEXT]: string;
}

interface RawJson {
  rawJSON(text: string): unknown;
}

// `valueOf` makes GraphQL's ID and String accept the number; `toJSON` writes its digits without quotes.
const PROTOTYPE = Object.freeze({
  valueOf(this: ExactNumber): string {
    return this[TEXT];
  },
  toString(this: ExactNumber): string {
    return this[TEXT];
  },
  toJSON(this: ExactNumber): unknown {
    return (JSON as unknown as RawJson).rawJSON(this[TEXT]);
  },
});

export const isExactNumber = (value: unknown): value is ExactNumber =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === PROTOTYPE;

/** True for lists and objects; an exact number is neither. */
export const isComposite = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !isExactNumber(value);

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** The number that a JSON number token denotes; `undefined` for any other text. */
export const readNumber = (text: string): number | ExactNumber | undefined =>
  NUMBER.test(text) ? numberOf(text) : undefined;

function numberOf(token: string): number | ExactNumber {
  const value = Number(token);
  if (!needsCheck(token)) return value;
  if (Number.isFinite(value) && compareDecimals(decimalOf(token), decimalOf(String(value))) === 0)
    return value;
  return Object.freeze(Object.create(PROTOTYPE, { [TEXT]: { value: token } })) as ExactNumber;
}

// Any 15 digits survive the way through a double, unless the exponent is out of range (308).
const needsCheck = (token: string): boolean => token.length > 15 || /[eE][+-]?[0-9]{3}/.test(token);

// ── comparison ────────────────────────────────────────────────────────────────

/** −1, 0 or 1, as `a` is less than, equal to or greater than `b`; exact for exponents up to 2⁵³. */
export function compareNumbers(a: number | ExactNumber, b: number | ExactNumber): -1 | 0 | 1 {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return compareDecimals(decimalOf(String(a)), decimalOf(String(b)));
}

/** True for a text that may hold exact numbers; false for most documents. */
export const mayHoldExactNumbers = (text: string): boolean => {
  if (!mayMatchLongNumber(text)) return false;
  LONG_NUMBER.lastIndex = 0;
  return LONG_NUMBER.test(text);
};

/** True for a number without a fraction: `10.50e1` is the integer 105. */
export const isExactInteger = (value: ExactNumber): boolean => decimalOf(value[TEXT]).exponent >= 0;

const INTEGER = /^-?[0-9]+$/;
const LARGE = /^(-?[0-9])(?:\.([0-9]+))?e\+([0-9]+)$/;

/** All digits of an integer: `String` writes a double of 10²¹ and more with an exponent. */
export function integerDigits(value: unknown): string | undefined {
  const text = String(value);
  if (INTEGER.test(text)) return text;
  const [, first, rest = '', exponent] = (typeof value === 'number' && LARGE.exec(text)) || [];
  return first === undefined ? undefined : first + rest.padEnd(Number(exponent), '0');
}

/** `0.digits × 10^(exponent + digits.length)`: `digits` has neither leading nor trailing zeros and is empty for zero. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const TOKEN = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

function decimalOf(text: string): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = TOKEN.exec(text) ?? [];
  const all = whole + fraction;
  let from = 0;
  while (from < all.length && all[from] === '0') from++;
  let to = all.length;
  while (to > from && all[to - 1] === '0') to--;
  if (from === to) return { negative: false, digits: '', exponent: 0 };
  return {
    negative: sign === '-',
    digits: all.slice(from, to),
    exponent: Number(exponent) - fraction.length + (all.length - to),
  };
}

function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  return a.negative ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
}

function compareMagnitudes(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.digits === '' || b.digits === '') return sign(a.digits.length - b.digits.length);
  const magnitude = sign(a.exponent + a.digits.length - (b.exponent + b.digits.length));
  if (magnitude !== 0) return magnitude;
  // Both begin at the same power of ten and end in a digit other than zero, so the order of texts is that of numbers.
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}

const sign = (difference: number): -1 | 0 | 1 => (difference < 0 ? -1 : difference > 0 ? 1 : 0);

// ── parsing ───────────────────────────────────────────────────────────────────

// A number of 16 and more digits, or with an exponent of three digits, where a value may begin.
const LONG_NUMBER = /(?:^|[[:,\s])-?(?:[0-9][0-9.]{15}|[0-9][0-9.]*[eE][+-]?[0-9]{3})/g;
const LONG_EXPONENT = /[0-9.][eE][+-]?[0-9]{3}/;
const TOKEN_AT = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const COLON_AT = /\s*:/y;
// Begins the strings that stand for numbers while a document is parsed. Random, so that no document can contain it.
const MARK = `\uf8ff${randomUUID()}`;

/**
 * False only for a text that `LONG_NUMBER` does not match, which is true of nearly all documents; costs a fifth of that. Each row of
 * 16 digits has one at a multiple of 16, and from there three more in steps of four.
 */
function mayMatchLongNumber(text: string): boolean {
  for (let at = 0; at < text.length; at += 16) {
    if (!isOfNumber(text, at)) continue;
    let more = 0;
    for (let left = at - 4; more < 3 && isOfNumber(text, left); left -= 4) more++;
    for (let right = at + 4; more < 3 && isOfNumber(text, right); right += 4) more++;
    if (more === 3) return true;
  }
  return LONG_EXPONENT.test(text);
}

/** A digit or a point; false outside the text. */
function isOfNumber(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || code === 46;
}

/**
 * `JSON.parse`, except that numbers which a double cannot hold are exact. Documents without long numbers cost one more
 * look at the text, documents with long numbers a second pass over the value.
 * @throws SyntaxError whose message may quote the text
 */
export function parseJsonExact(text: string): unknown {
  const quoted = quoteLongNumbers(text);
  return quoted === undefined ? JSON.parse(text) : restoreNumbers(JSON.parse(quoted));
}

/**
 * The text with its long numbers as strings that begin with the mark; `undefined` when there are none. Only complete
 * number tokens outside strings change, so the text is valid JSON exactly if the original is.
 */
function quoteLongNumbers(text: string): string | undefined {
  if (!mayMatchLongNumber(text)) return undefined;
  const isInString = createStringTracker(text);
  let quoted = '';
  let copied = 0;
  LONG_NUMBER.lastIndex = 0;
  for (let found = LONG_NUMBER.exec(text); found !== null; found = LONG_NUMBER.exec(text)) {
    const start = found.index + (/^[-0-9]/.test(found[0]) ? 0 : 1);
    if (isInString(start)) continue;
    TOKEN_AT.lastIndex = start;
    const token = TOKEN_AT.exec(text)?.[0] ?? '';
    const end = start + token.length;
    COLON_AT.lastIndex = end;
    // Part of a malformed number, or a key without quotes: left for JSON.parse to refuse.
    if (token === '' || /[0-9.eE+-]/.test(text[end] ?? '') || COLON_AT.test(text)) continue;
    quoted += `${text.slice(copied, start)}"${MARK}${token}"`;
    copied = end;
    LONG_NUMBER.lastIndex = end;
  }
  return copied === 0 ? undefined : quoted + text.slice(copied);
}

/** Tells whether an offset is inside a JSON string. Offsets must not decrease; all calls together cost one scan. */
function createStringTracker(text: string): (offset: number) => boolean {
  let inside = false;
  let quote = text.indexOf('"');
  return (offset) => {
    while (quote !== -1 && quote < offset) {
      if (!inside || !isEscaped(text, quote)) inside = !inside;
      quote = text.indexOf('"', quote + 1);
    }
    return inside;
  };
}

function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text[from - 1] === '\\') from--;
  return (at - from) % 2 === 1;
}

function restoreNumbers(root: unknown): unknown {
  if (isMarked(root)) return restored(root);
  const pending = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      const child = holder[key];
      if (isMarked(child)) {
        Object.defineProperty(holder, key, {
          value: restored(child),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else if (typeof child === 'object' && child !== null) pending.push(child);
    }
  }
  return root;
}

const isMarked = (value: unknown): value is string => typeof value === 'string' && value.startsWith(MARK);

const restored = (text: string): number | ExactNumber => numberOf(text.slice(MARK.length));
