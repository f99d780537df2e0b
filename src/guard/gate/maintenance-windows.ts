// Maintenance windows as spans of time: weekly by day and hour, or once from one local time to another. Called by `gate.ts`.
// Vietnam has had one time, UTC+7 without summer time, since 1975: local time is plain arithmetic.
import type { LocalizedText } from '../../errors.ts';
import type { MaintenanceWindow, Weekday } from '../contract.ts';

/** Epoch ms; `from` belongs to it, `to` does not. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly text?: LocalizedText | undefined;
}

const OFFSET_MS = 7 * 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** Days as they lie in a week that begins with the first day of the epoch, a Thursday. */
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
  /** From the beginning of the week of the epoch, local ms. */
  readonly from: number;
  readonly lasts: number;
  readonly text: LocalizedText | undefined;
}

/**
 * Compiles windows once. The function gives the span that a moment lies in, overlapping and touching ones joined, else the next
 * to come, else `undefined`.
 * @throws RangeError for a time that is none, or a window that ends before it begins.
 */
export function compileWindows(windows: readonly MaintenanceWindow[]): (at: number) => Span | undefined {
  const weekly: WeeklySpan[] = [];
  const once: Span[] = [];
  for (const window of windows) {
    if ('days' in window) {
      const from = minutesOf(window.from) * MINUTE_MS;
      const to = minutesOf(window.to) * MINUTE_MS;
      // 22:00 to 02:00 ends on the next day, and 00:00 to 00:00 lasts a day.
      const lasts = to > from ? to - from : to - from + DAY_MS;
      for (const day of window.days)
        weekly.push({ from: DAY_OF_EPOCH_WEEK[day] * DAY_MS + from, lasts, text: window.text });
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
    // A window that follows at once, or begins before this one ends, prolongs it; eight days at most, or it never ends.
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

/** The one that `at` lies in, else the next. */
function occurrence({ from, lasts, text }: WeeklySpan, at: number): Span {
  const local = at + OFFSET_MS;
  let begins = Math.floor(local / WEEK_MS) * WEEK_MS + from - OFFSET_MS;
  // That of the week before may reach into this one.
  if (begins - WEEK_MS + lasts > at) begins -= WEEK_MS;
  else if (begins + lasts <= at) begins += WEEK_MS;
  return { from: begins, to: begins + lasts, text };
}

function minutesOf(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (match === null) throw new RangeError(`found "${time}", expected a time of day such as 22:30`);
  return Number(match[1]) * 60 + Number(match[2]);
}

function localTime(text: string): number {
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text);
  const at = match ? Date.parse(`${text}:00Z`) : Number.NaN;
  // Date.parse rolls 31 April over into May: a time that does not come back is none.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 16) !== text)
    throw new RangeError(`found "${text}", expected a local time such as 2026-12-31T22:00`);
  return at - OFFSET_MS;
}
