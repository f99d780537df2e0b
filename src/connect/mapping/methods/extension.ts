// Methods of the extension namespace, for Vietnamese formats: dates, padding, names. Null stays null; a value that
// cannot be converted becomes missing and is reported by kind.

import { kindName, reportInvalid, type Sink, type Site } from '../problem.ts';
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
import { call, type Method, prepared } from './method.ts';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const isInteger = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value);

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

function partialOf(value: unknown): PartialDate | undefined {
  if (typeof value === 'string') return partialOfText(value.trim());
  if (isInteger(value)) return partialOfText(String(value));
  if (!isObject(value)) return undefined;
  // The national population database sends the full date, or the year alone when only the year is known.
  const day = own(value, 'NgayThangNam');
  const full = typeof day === 'string' || typeof day === 'number' ? partialOf(day) : undefined;
  if (full !== undefined) return full;
  const year = own(value, 'Nam');
  return typeof year === 'string' || typeof year === 'number' ? partialOf(year) : undefined;
}

function partsOfObject(value: JsonObject, pattern: DatePattern): DateParts | undefined {
  const year = own(value, 'year');
  const month = own(value, 'month') ?? (pattern.needsMonth ? undefined : 1);
  const day = own(value, 'day') ?? (pattern.needsDay ? undefined : 1);
  if (!isInteger(year) || !isInteger(month) || !isInteger(day)) return undefined;
  if (!isCalendarDay(year, month, day)) return undefined;
  return { year, month, day, hour: 0, minute: 0, second: 0, milli: 0 };
}

function partsOf(value: unknown, pattern: DatePattern): DateParts | undefined {
  if (typeof value === 'string') return partsOfIso(value.trim());
  if (typeof value === 'number') return partsAt(value);
  return isObject(value) ? partsOfObject(value, pattern) : undefined;
}

const textMethod =
  (convert: (text: string) => string) =>
  (sink: Sink, site: Site, value: unknown): unknown => {
    if (value === null) return null;
    if (typeof value === 'string') return convert(value);
    return reportInvalid(sink, site, `expected a string, found ${kindName(value)}`);
  };

const collapseSpaces = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

// The order of a Vietnamese name: family name, middle names, given name.
const NAME_PARTS = ['Ho', 'ChuDem', 'Ten'];

function fullName(value: unknown): string | undefined {
  if (typeof value === 'string') return collapseSpaces(value);
  if (!isObject(value)) return undefined;
  const parts = NAME_PARTS.map((key) => own(value, key) ?? '');
  return parts.every((part) => typeof part === 'string') ? collapseSpaces(parts.join(' ')) : undefined;
}

const row = { since: '0.1', portable: false } as const;

export const EXTENSION: readonly Method[] = [
  prepared(
    {
      ...row,
      name: 'date',
      args: [1, 1],
      result: 'string',
      description:
        'Converts a string in the given pattern to an ISO 8601 date, or to a date-time at +07:00 if the pattern has HH.',
    },
    {
      prepare: inputPattern,
      expected: 'a pattern in quotes with yyyy, MM and dd (and HH, mm, ss, SSS), such as "yyyyMMdd"',
    },
    (sink, site, value, pattern) => {
      if (value === null) return null;
      const text = typeof value === 'string' ? value.trim() : isInteger(value) ? String(value) : undefined;
      const parts = text === undefined ? undefined : readDate(pattern, text);
      if (parts !== undefined) return isoText(parts, pattern.hasTime);
      return reportInvalid(
        sink,
        site,
        `expected a date in the pattern "${pattern.source}", found ${describeKind(value)}`,
      );
    },
  ),
  call(
    {
      ...row,
      name: 'partialDate',
      args: [0, 0],
      result: 'object',
      description:
        'Converts yyyyMMdd, yyyy-MM-dd, yyyy or { NgayThangNam, Nam } to { year, month, day }; ' +
        'month and day are null when only the year is known.',
    },
    (sink, site, value) => {
      if (value === null) return null;
      const date = partialOf(value);
      return date ?? reportInvalid(sink, site, `expected a date or a year, found ${describeKind(value)}`);
    },
  ),
  prepared(
    {
      ...row,
      name: 'formatDate',
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
    (sink, site, value, pattern) => {
      if (value === null) return null;
      const parts = partsOf(value, pattern);
      if (parts !== undefined) return writeDate(pattern, parts);
      return reportInvalid(
        sink,
        site,
        `expected a date with all parts of "${pattern.source}", found ${describeKind(value)}`,
      );
    },
  ),
  call(
    {
      ...row,
      name: 'pad',
      args: [1, 1],
      result: 'string',
      description:
        'Pads a non-negative integer, or a string of digits, with leading zeros to the given length (1 to 64).',
    },
    (sink, site, value, length) => {
      if (value === null) return null;
      if (!isInteger(length) || length < 1 || length > 64) {
        return reportInvalid(sink, site, 'expected a length from 1 to 64');
      }
      const text = typeof value === 'string' ? value.trim() : isInteger(value) ? String(value) : '';
      if (/^\d+$/.test(text)) return text.padStart(length, '0');
      return reportInvalid(
        sink,
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
    textMethod((text) => text.normalize('NFC')),
  ),
  call(
    {
      ...row,
      name: 'upper',
      args: [0, 0],
      result: 'string',
      description: 'The string in upper case, in Unicode normalization form C.',
    },
    textMethod((text) => text.normalize('NFC').toUpperCase()),
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
    (sink, site, value) => {
      if (value === null) return null;
      const name = fullName(value);
      if (name !== undefined && name !== '') return name;
      return reportInvalid(
        sink,
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
    (_sink, _site, value) => (Array.isArray(value) ? value : value === null ? [] : [value]),
  ),
];

/** The kind of a value where strings in one format are expected: a string is one in another format. */
function describeKind(value: unknown): string {
  if (value === '') return 'an empty string';
  return typeof value === 'string' ? 'a string in another format' : kindName(value);
}
