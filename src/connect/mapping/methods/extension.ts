// Our own methods, for what Vietnamese formats demand: dates, padding, names. Only with our extension link.
// Null stays null; what cannot be read becomes missing, with a problem that names the kind, never the value.

import { kindName, refuse, type Sink, type Site } from '../problem.ts';
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

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

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
  if (isWhole(value)) return partialOfText(String(value));
  if (!isObject(value)) return undefined;
  // The population database sends the full day, or the year alone when only that is known.
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
  if (!isWhole(year) || !isWhole(month) || !isWhole(day)) return undefined;
  if (!isCalendarDay(year, month, day)) return undefined;
  return { year, month, day, hour: 0, minute: 0, second: 0, milli: 0 };
}

function partsOf(value: unknown, pattern: DatePattern): DateParts | undefined {
  if (typeof value === 'string') return partsOfIso(value.trim());
  if (typeof value === 'number') return partsAt(value);
  return isObject(value) ? partsOfObject(value, pattern) : undefined;
}

const onText =
  (change: (text: string) => string) =>
  (sink: Sink, site: Site, value: unknown): unknown => {
    if (value === null) return null;
    if (typeof value === 'string') return change(value);
    return refuse(sink, site, `expected a text, found ${kindName(value)}`);
  };

const oneSpace = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

// The order in which a Vietnamese name is written: family name, middle names, given name.
const NAME_PARTS = ['Ho', 'ChuDem', 'Ten'];

function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return oneSpace(value);
  if (!isObject(value)) return undefined;
  const parts = NAME_PARTS.map((key) => own(value, key) ?? '');
  return parts.every((part) => typeof part === 'string') ? oneSpace(parts.join(' ')) : undefined;
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
        'An ISO date (with HH, mm, ss in the pattern an ISO date-time at +07:00) of a text in the given pattern.',
    },
    {
      prepare: inputPattern,
      expected: 'a pattern in quotes with yyyy, MM and dd (and HH, mm, ss, SSS), such as "yyyyMMdd"',
    },
    (sink, site, value, pattern) => {
      if (value === null) return null;
      const text = typeof value === 'string' ? value.trim() : isWhole(value) ? String(value) : undefined;
      const parts = text === undefined ? undefined : readDate(pattern, text);
      if (parts !== undefined) return isoText(parts, pattern.hasTime);
      return refuse(sink, site, `expected a date as "${pattern.source}", found ${kindOf(value)}`);
    },
  ),
  call(
    {
      ...row,
      name: 'partialDate',
      args: [0, 0],
      result: 'object',
      description:
        'A date as { year, month, day }, month and day null when only the year is known; ' +
        'of yyyyMMdd, yyyy-MM-dd, yyyy, or { NgayThangNam, Nam }.',
    },
    (sink, site, value) => {
      if (value === null) return null;
      const date = partialOf(value);
      return date ?? refuse(sink, site, `expected a day or a year, found ${kindOf(value)}`);
    },
  ),
  prepared(
    {
      ...row,
      name: 'formatDate',
      args: [1, 1],
      result: 'string',
      description:
        'An ISO date or date-time, epoch milliseconds or { year, month, day } as text in the given pattern, ' +
        'on the 24-hour clock of Asia/Ho_Chi_Minh.',
    },
    {
      prepare: buildDatePattern,
      expected: 'a pattern in quotes of yyyy, MM, dd, HH, mm, ss, SSS, such as "yyyyMMddHHmmss"',
    },
    (sink, site, value, pattern) => {
      if (value === null) return null;
      const parts = partsOf(value, pattern);
      if (parts !== undefined) return writeDate(pattern, parts);
      return refuse(sink, site, `expected a date that fills "${pattern.source}", found ${kindOf(value)}`);
    },
  ),
  call(
    {
      ...row,
      name: 'pad',
      args: [1, 1],
      result: 'string',
      description:
        'A whole number, or a text of digits, with leading zeros up to the given length (1 to 64).',
    },
    (sink, site, value, length) => {
      if (value === null) return null;
      if (!isWhole(length) || length < 1 || length > 64) {
        return refuse(sink, site, 'expected a length from 1 to 64');
      }
      const text = typeof value === 'string' ? value.trim() : isWhole(value) ? String(value) : '';
      if (/^\d+$/.test(text)) return text.padStart(length, '0');
      return refuse(sink, site, `expected a whole number from 0 or digits, found ${kindOf(value)}`);
    },
  ),
  call(
    {
      ...row,
      name: 'nfc',
      args: [0, 0],
      result: 'string',
      description: 'The text in Unicode normal form C, in which Vietnamese letters are one character each.',
    },
    onText((text) => text.normalize('NFC')),
  ),
  call(
    {
      ...row,
      name: 'upper',
      args: [0, 0],
      result: 'string',
      description: 'The text in upper case, in Unicode normal form C, so that Vietnamese accents stay on.',
    },
    onText((text) => text.normalize('NFC').toUpperCase()),
  ),
  call(
    {
      ...row,
      name: 'personName',
      args: [0, 0],
      result: 'string',
      description: 'One name of { Ho, ChuDem, Ten }, of which any may be empty, in NFC with single spaces.',
    },
    (sink, site, value) => {
      if (value === null) return null;
      const name = nameOf(value);
      if (name !== undefined && name !== '') return name;
      return refuse(sink, site, `expected { Ho, ChuDem, Ten } with a part filled, found ${kindOf(value)}`);
    },
  ),
  call(
    {
      ...row,
      name: 'list',
      args: [0, 0],
      result: 'list',
      description:
        'A list as it is, null as the empty list, anything else as a list of one (XML has no lists).',
    },
    (_sink, _site, value) => (Array.isArray(value) ? value : value === null ? [] : [value]),
  ),
];

// "found a string" where a string was expected would puzzle: it is one of another form.
function kindOf(value: unknown): string {
  if (value === '') return 'an empty text';
  return typeof value === 'string' ? 'a text of another form' : kindName(value);
}
