// Parses a Retry-After header (RFC 9110 section 10.2.3): seconds or a date.

/** The longest delay that a source can impose, ms: 1 hour. */
const MOST_MS = 3_600_000;

/**
 * @param now epoch ms at which the answer arrived
 * @param date the Date header of the same answer: a time to retry at is one by the clock of the source
 * @returns milliseconds from `now`, 0…3,600,000, or `undefined` when the header is missing or unreadable.
 */
export function parseRetryAfter(
  header: string | string[] | undefined,
  now: number,
  date?: string | string[] | undefined,
): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const ms = SECONDS.test(trimmed)
    ? Number(trimmed) * 1000
    : HTTP_DATE.test(trimmed)
      ? epochOf(trimmed) - (parseHttpDate(date) ?? now)
      : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(MOST_MS, Math.max(0, ms));
}

const SECONDS = /^\d+$/;

/** The three date forms of RFC 9110 section 5.6.7. `Date.parse` alone reads `-5` and `1.5` as days of the year 2001. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/;

/** Epoch ms of a date header; `undefined` when it is missing or unreadable. */
export function parseHttpDate(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !HTTP_DATE.test(header)) return undefined;
  const at = epochOf(header);
  return Number.isNaN(at) ? undefined : at;
}

/** All forms are in GMT; the oldest does not name it. */
const epochOf = (text: string): number => Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
