// Reads a Retry-After header (RFC 9110 §10.2.3): seconds or a date. The judge calls it for throttled and failed answers.

/** A source may not park us for longer than this: 1 hour, in ms. */
const MOST_MS = 3_600_000;

/** @returns milliseconds from `now`, 0…3,600,000, or `undefined` when the header is missing or unreadable. */
export function parseRetryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const ms = SECONDS.test(trimmed)
    ? Number(trimmed) * 1000
    : HTTP_DATE.test(trimmed)
      ? untilDate(trimmed, now)
      : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(MOST_MS, Math.max(0, ms));
}

const SECONDS = /^\d+$/;

/** The three forms of RFC 9110 §5.6.7. Date.parse by itself takes `-5` or `1.5` for days of the year 2001: "try at once". */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/;

/** Always GMT, though the oldest form does not say so. */
const untilDate = (text: string, now: number): number =>
  Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) - now;
