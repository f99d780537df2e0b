// Maintenance windows as spans of time: weekly by day and hour, or once between two local times.
// Vietnam has used UTC+7 without summer time since 1975, so local time is an offset.
import type { LocalizedText } from '../../errors.ts';
import type { MaintenanceWindow, Weekday } from '../contract.ts';

/** Epoch ms; includes `from`, excludes `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly text?: LocalizedText | undefined;
}

const OFFSET_MS = 7 * 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** Days of a week that begins like the epoch, on a Thursday. */
const DAY_OF_EPOCH_WEEK: Readonly<Record<Weekday, number>> = {
  thu: 0,
  fri: 1,
  sat: 2,
  sun: 3,
  mon: 4,
  tue: 5,
  wed: 6,
};

interface WeeklySpan {
  /** Local ms since the beginning of a week of the epoch. */
  readonly from: number;
  readonly lengthMs: number;
  readonly text: LocalizedText | undefined;
}

/**
 * @returns a function of a time (epoch ms) that returns the span around it, or else the next span, or else `undefined`.
 * Overlapping and adjacent spans are joined
 * @throws RangeError for an invalid time, or a window that ends before it begins
 */
export function compileWindows(windows: readonly MaintenanceWindow[]): (at: number) => Span | undefined {
  const weekly: WeeklySpan[] = [];
  const once: Span[] = [];
  for (const window of windows) {
    if ('days' in window) {
      const from = minutesOf(window.from) * MINUTE_MS;
      const to = minutesOf(window.to) * MINUTE_MS;
      // 22:00 to 02:00 ends on the next day, and 00:00 to 00:00 lasts a day.
      const lengthMs = to > from ? to - from : to - from + DAY_MS;
      for (const day of window.days)
        weekly.push({ from: DAY_OF_EPOCH_WEEK[day] * DAY_MS + from, lengthMs, text: window.text });
    } else {
      const span = { from: localTime(window.from), to: localTime(window.to), text: window.text };
      if (span.to <= span.from)
        throw new RangeError(`a maintenance window ends (${window.to}) before it begins (${window.from})`);
      once.push(span);
    }
  }
  const all = (at: number): Span[] => [
    ...once.filter((span) => span.to > at),
    ...weekly.map((span) => occurrence(span, at)),
  ];

  return (at) => {
    if (weekly.length === 0 && once.length === 0) return undefined;
    let first: Span | undefined;
    for (const span of all(at)) if (first === undefined || span.from < first.from) first = span;
    // Joins adjacent and overlapping spans, up to eight days: windows that cover the whole week would never end.
    for (let joined = first; joined !== undefined && first !== undefined; ) {
      if (first.to - first.from > WEEK_MS + DAY_MS) break;
      joined = joins(all(first.to), first);
      if (joined !== undefined) first = { from: first.from, to: joined.to, text: first.text ?? joined.text };
    }
    return first;
  };
}

const joins = (spans: readonly Span[], { to }: Span): Span | undefined =>
  spans.find((span) => span.from <= to && span.to > to);

/** The occurrence around `at`, or else the next. */
function occurrence({ from, lengthMs, text }: WeeklySpan, at: number): Span {
  const local = at + OFFSET_MS;
  let begins = Math.floor(local / WEEK_MS) * WEEK_MS + from - OFFSET_MS;
  // The occurrence of the week before may extend into this week.
  if (begins - WEEK_MS + lengthMs > at) begins -= WEEK_MS;
  else if (begins + lengthMs <= at) begins += WEEK_MS;
  return { from: begins, to: begins + lengthMs, text };
}

function minutesOf(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (match === null) throw new RangeError(`found "${time}", expected a time of day such as 22:30`);
  return Number(match[1]) * 60 + Number(match[2]);
}

function localTime(text: string): number {
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text);
  const at = match ? Date.parse(`${text}:00Z`) : Number.NaN;
  // Date.parse accepts 31 April as 1 May: rejects dates that do not round-trip.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 16) !== text)
    throw new RangeError(`found "${text}", expected a local time such as 2026-12-31T22:00`);
  return at - OFFSET_MS;
}
