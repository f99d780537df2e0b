// Reads and writes dates by patterns such as `yyyyMMdd` or `dd/MM/yyyy HH:mm:ss`, which are parsed when a mapping is
// compiled. Times are those of Asia/Ho_Chi_Minh, which has been UTC+7 all year since 1975; no time zone data is needed.

const UNITS = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss', 'SSS'] as const;
type Unit = (typeof UNITS)[number];

export interface DatePattern {
  readonly source: string;
  /** Units and literal characters, in order. */
  readonly parts: readonly { readonly unit: Unit | null; readonly text: string }[];
  readonly hasDate: boolean;
  readonly hasTime: boolean;
  readonly needsDay: boolean;
  readonly needsMonth: boolean;
}

/** A local date and time in Vietnam. */
export interface DateParts {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly milli: number;
}

const OFFSET_MS = 7 * 3_600_000;

/** Parses a pattern; `undefined` when it has no unit, the same unit twice, or letters that are not a unit. */
export function buildDatePattern(source: string): DatePattern | undefined {
  const parts: { unit: Unit | null; text: string }[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < source.length; ) {
    const unit = UNITS.find((u) => source.startsWith(u, at));
    if (unit !== undefined) {
      if (seen.has(unit)) return undefined;
      seen.add(unit);
      parts.push({ unit, text: unit });
      at += unit.length;
      continue;
    }
    const text = source[at] as string;
    // `T`, the separator of ISO 8601, is the only literal letter.
    if (/[A-Za-z]/.test(text) && text !== 'T') return undefined;
    parts.push({ unit: null, text });
    at++;
  }
  if (seen.size === 0) return undefined;
  return {
    source,
    parts,
    hasDate: seen.has('yyyy') && seen.has('MM') && seen.has('dd'),
    hasTime: seen.has('HH'),
    needsDay: seen.has('dd') || seen.has('HH') || seen.has('mm') || seen.has('ss'),
    needsMonth: seen.has('MM') || seen.has('dd'),
  };
}

function digits(text: string, from: number, length: number): number {
  let value = 0;
  for (let i = from; i < from + length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** True for an existing day of the Gregorian calendar, in the years 1 to 9999. */
export const isCalendarDay = (year: number, month: number, day: number): boolean =>
  year >= 1 &&
  year <= 9999 &&
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= (DAYS[month - 1] as number) + (month === 2 && isLeap(year) ? 1 : 0);

/** Reads a text by the pattern; `undefined` when the text does not match or is not an existing day and time. */
export function readDate(pattern: DatePattern, text: string): DateParts | undefined {
  let at = 0;
  let year = 1;
  let month = 1;
  let day = 1;
  let hour = 0;
  let minute = 0;
  let second = 0;
  let milli = 0;
  for (const part of pattern.parts) {
    if (part.unit === null) {
      if (!text.startsWith(part.text, at)) return undefined;
      at += part.text.length;
      continue;
    }
    const value = digits(text, at, part.unit.length);
    at += part.unit.length;
    if (Number.isNaN(value)) return undefined;
    if (part.unit === 'yyyy') year = value;
    else if (part.unit === 'MM') month = value;
    else if (part.unit === 'dd') day = value;
    else if (part.unit === 'HH') hour = value;
    else if (part.unit === 'mm') minute = value;
    else if (part.unit === 'ss') second = value;
    else milli = value;
  }
  if (at !== text.length || !isCalendarDay(year, month, day)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return { year, month, day, hour, minute, second, milli };
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, value) =>
  String(value).padStart(2, '0'),
);

const twoDigits = (value: number): string => TWO_DIGITS[value] as string;
const threeDigits = (value: number): string => String(1000 + value).slice(1);
const fourDigits = (value: number): string => twoDigits(Math.floor(value / 100)) + twoDigits(value % 100);

/** `yyyy-MM-dd`, or with a time `yyyy-MM-ddTHH:mm:ss+07:00`. */
export function isoText(parts: DateParts, withTime: boolean): string {
  const date = `${fourDigits(parts.year)}-${twoDigits(parts.month)}-${twoDigits(parts.day)}`;
  if (!withTime) return date;
  const millis = parts.milli === 0 ? '' : `.${threeDigits(parts.milli)}`;
  const time = `${twoDigits(parts.hour)}:${twoDigits(parts.minute)}:${twoDigits(parts.second)}`;
  return `${date}T${time}${millis}+07:00`;
}

/** Writes the parts by the pattern. */
export function writeDate(pattern: DatePattern, parts: DateParts): string {
  let text = '';
  for (const { unit, text: literal } of pattern.parts) {
    if (unit === null) text += literal;
    else if (unit === 'yyyy') text += fourDigits(parts.year);
    else if (unit === 'MM') text += twoDigits(parts.month);
    else if (unit === 'dd') text += twoDigits(parts.day);
    else if (unit === 'HH') text += twoDigits(parts.hour);
    else if (unit === 'mm') text += twoDigits(parts.minute);
    else if (unit === 'ss') text += twoDigits(parts.second);
    else text += threeDigits(parts.milli);
  }
  return text;
}

// Years are four digits long in the whole range, on both sides of the time zone offset.
const FIRST_MS = Date.parse('0001-01-02T00:00:00Z');
const LAST_MS = Date.UTC(9999, 11, 30);

/** The local date and time at an epoch time in milliseconds. */
export function partsAt(epochMs: number): DateParts | undefined {
  if (!Number.isFinite(epochMs) || epochMs > LAST_MS || epochMs < FIRST_MS) return undefined;
  const date = new Date(epochMs + OFFSET_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    milli: date.getUTCMilliseconds(),
  };
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads an ISO 8601 date or date-time; a time without an offset is local. */
export function partsOfIso(text: string): DateParts | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, y, mo, d, h, mi, s, fraction, zone] = match;
  const parts: DateParts = {
    year: Number(y),
    month: Number(mo),
    day: Number(d),
    hour: Number(h ?? 0),
    minute: Number(mi ?? 0),
    second: Number(s ?? 0),
    milli: fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3)),
  };
  if (!isCalendarDay(parts.year, parts.month, parts.day)) return undefined;
  if (parts.hour > 23 || parts.minute > 59 || parts.second > 59) return undefined;
  if (zone === undefined) return parts;
  const epoch = new Date(0);
  epoch.setUTCFullYear(parts.year, parts.month - 1, parts.day);
  epoch.setUTCHours(parts.hour, parts.minute, parts.second, parts.milli);
  return partsAt(epoch.getTime() - zoneMs(zone));
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
