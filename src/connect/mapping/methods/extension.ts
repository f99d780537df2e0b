// Methods of the extension namespace, for Vietnamese formats: dates, padding, names. Null stays null; a value that
// cannot be converted becomes missing and is reported by kind.

import { isExactNumber } from '../../../exact-number.ts';
import { type RunState, spend, spendText } from '../budget.ts';
import { isObject, type JsonObject, kindName } from '../json.ts';
import { reportInvalid, type Site } from '../problem.ts';
import { isWhiteSpace } from './characters.ts';
import {
  buildDatePattern,
  type DateParts,
  type DatePattern,
  isCalendarDay,
  isoText,
  partsAt,
  partsOfIso,
  readDate,
  writeDate,
} from './date-pattern.ts';
import { call, type Method, type MethodCall, prepared } from './method.ts';
import { normalize } from './normalize.ts';

const own = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const isInteger = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value);

function trim(run: RunState, text: string): string {
  spendText(run, text.length, 4);
  return text.trim();
}

/** The text of a string or an integer, without white space at its ends; undefined for other values. */
function textOf(run: RunState, value: unknown): string | undefined {
  if (typeof value === 'string') return trim(run, value);
  return isInteger(value) || isExactNumber(value) ? String(value) : undefined;
}

function inputPattern(text: string): DatePattern | undefined {
  const pattern = buildDatePattern(text);
  return pattern?.hasDate ? pattern : undefined;
}

const DAY = buildDatePattern('yyyyMMdd') as DatePattern;
const ISO_DAY = buildDatePattern('yyyy-MM-dd') as DatePattern;

export interface PartialDate {
  readonly year: number;
  readonly month: number | null;
  readonly day: number | null;
}

function partialOfText(text: string): PartialDate | undefined {
  if (/^\d{4}$/.test(text)) {
    const year = Number(text);
    return year === 0 ? undefined : { year, month: null, day: null };
  }
  const parts = text.length === 8 ? readDate(DAY, text) : readDate(ISO_DAY, text);
  return parts === undefined ? undefined : { year: parts.year, month: parts.month, day: parts.day };
}

function partialOf(run: RunState, value: unknown): PartialDate | undefined {
  if (!isObject(value)) {
    const text = textOf(run, value);
    return text === undefined ? undefined : partialOfText(text);
  }
  // The national population database sends the full date, or the year alone when only the year is known.
  for (const part of [own(value, 'NgayThangNam'), own(value, 'Nam')]) {
    const date = isObject(part) ? undefined : partialOf(run, part);
    if (date !== undefined) return date;
  }
  return undefined;
}

function partsOfObject(value: JsonObject, pattern: DatePattern): DateParts | undefined {
  const year = own(value, 'year');
  const month = own(value, 'month') ?? (pattern.needsMonth ? undefined : 1);
  const day = own(value, 'day') ?? (pattern.needsDay ? undefined : 1);
  if (!isInteger(year) || !isInteger(month) || !isInteger(day)) return undefined;
  if (!isCalendarDay(year, month, day)) return undefined;
  return { year, month, day, hour: 0, minute: 0, second: 0, milli: 0 };
}

function partsOf(run: RunState, value: unknown, pattern: DatePattern): DateParts | undefined {
  if (typeof value === 'string') return partsOfIso(trim(run, value));
  if (typeof value === 'number') return partsAt(value);
  return isObject(value) ? partsOfObject(value, pattern) : undefined;
}

const textMethod =
  (convert: (run: RunState, site: Site, text: string) => string | undefined): MethodCall =>
  (run, site, value) => {
    if (value === null) return null;
    if (typeof value === 'string') return convert(run, site, value);
    return reportInvalid(run, site, `expected a string, found ${kindName(value)}`);
  };

/** The words of a string, separated by single spaces. */
function collapseSpaces(text: string): string {
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isWhiteSpace(text.charCodeAt(i))) continue;
    if (i > start) words.push(text.slice(start, i));
    start = i + 1;
  }
  return words.join(' ');
}

// The order of a Vietnamese name: family name, middle names, given name.
const NAME_PARTS = ['Ho', 'ChuDem', 'Ten'];

/** The name as it was sent; undefined when the value has no name. */
function writtenName(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const parts = NAME_PARTS.map((key) => own(value, key) ?? '');
  return parts.every((part) => typeof part === 'string') ? parts.join(' ') : undefined;
}

const row = { since: '0.1', portable: false } as const;

export const EXTENSION: readonly Method[] = [
  prepared(
    {
      ...row,
      name: 'date',
      steps: 30,
      args: [1, 1],
      result: 'string',
      description:
        'Converts a string in the given pattern to an ISO 8601 date, or to a date-time at +07:00 if the pattern has HH.',
    },
    {
      prepare: inputPattern,
      expected: 'a pattern in quotes with yyyy, MM and dd (and HH, mm, ss, SSS), such as "yyyyMMdd"',
    },
    (run, site, value, pattern) => {
      if (value === null) return null;
      const text = textOf(run, value);
      const parts = text === undefined ? undefined : readDate(pattern, text);
      if (parts !== undefined) return isoText(parts, pattern.hasTime);
      return reportInvalid(
        run,
        site,
        `expected a date in the pattern "${pattern.source}", found ${describeKind(value)}`,
      );
    },
  ),
  call(
    {
      ...row,
      name: 'partialDate',
      steps: 30,
      args: [0, 0],
      result: 'object',
      description:
        'Converts yyyyMMdd, yyyy-MM-dd, yyyy or { NgayThangNam, Nam } to { year, month, day }; ' +
        'month and day are null when only the year is known.',
    },
    (run, site, value) => {
      if (value === null) return null;
      const date = partialOf(run, value);
      return date ?? reportInvalid(run, site, `expected a date or a year, found ${describeKind(value)}`);
    },
  ),
  prepared(
    {
      ...row,
      name: 'formatDate',
      steps: 50,
      args: [1, 1],
      result: 'string',
      description:
        'Writes an ISO 8601 date or date-time, epoch milliseconds or { year, month, day } in the given pattern, ' +
        'in the local time of Asia/Ho_Chi_Minh (24-hour clock).',
    },
    {
      prepare: buildDatePattern,
      expected: 'a pattern in quotes of yyyy, MM, dd, HH, mm, ss, SSS, such as "yyyyMMddHHmmss"',
    },
    (run, site, value, pattern) => {
      if (value === null) return null;
      const parts = partsOf(run, value, pattern);
      if (parts !== undefined) return writeDate(pattern, parts);
      return reportInvalid(
        run,
        site,
        `expected a date with all parts of "${pattern.source}", found ${describeKind(value)}`,
      );
    },
  ),
  call(
    {
      ...row,
      name: 'pad',
      steps: 30,
      args: [1, 1],
      result: 'string',
      description:
        'Pads a non-negative integer, or a string of digits, with leading zeros to the given length (1 to 64).',
    },
    (run, site, value, length) => {
      if (value === null) return null;
      if (!isInteger(length) || length < 1 || length > 64) {
        return reportInvalid(run, site, 'expected a length from 1 to 64');
      }
      spend(run, length);
      const text = textOf(run, value) ?? '';
      if (/^\d+$/.test(text)) return text.padStart(length, '0');
      return reportInvalid(
        run,
        site,
        `expected a non-negative integer or digits, found ${describeKind(value)}`,
      );
    },
  ),
  call(
    {
      ...row,
      name: 'nfc',
      args: [0, 0],
      result: 'string',
      description:
        'The string in Unicode normalization form C, in which each Vietnamese letter is one code point.',
    },
    textMethod(normalize),
  ),
  call(
    {
      ...row,
      name: 'upper',
      args: [0, 0],
      result: 'string',
      description: 'The string in upper case, in Unicode normalization form C.',
    },
    textMethod((run, site, text) => normalize(run, site, text)?.toUpperCase()),
  ),
  call(
    {
      ...row,
      name: 'personName',
      args: [0, 0],
      result: 'string',
      description:
        'The full name of { Ho, ChuDem, Ten }, of which any may be empty, or of a string; in normalization form C, ' +
        'with single spaces.',
    },
    (run, site, value) => {
      if (value === null) return null;
      const written = writtenName(value);
      const name = written === undefined ? undefined : normalize(run, site, written);
      if (written !== undefined && name === undefined) return undefined;
      const collapsed = collapseSpaces(name ?? '');
      if (collapsed !== '') return collapsed;
      return reportInvalid(
        run,
        site,
        `expected { Ho, ChuDem, Ten } with a non-empty part, found ${describeKind(value)}`,
      );
    },
  ),
  call(
    {
      ...row,
      name: 'list',
      args: [0, 0],
      result: 'list',
      description:
        'The list itself; an empty list for null; a list of one element for any other value (XML has no lists).',
    },
    (_run, _site, value) => (Array.isArray(value) ? value : value === null ? [] : [value]),
  ),
];

/** The kind of a value where strings in one format are expected: a string is one in another format. */
function describeKind(value: unknown): string {
  if (value === '') return 'an empty string';
  return typeof value === 'string' ? 'a string in another format' : kindName(value);
}
