// Reads a Retry-After header (RFC 9110 §10.2.3): seconds or a date. The judge calls it for throttled and failed answers.

/** A source may not park us for longer than this: 1 hour, in ms. */
const MOST_MS = 3_600_000;

/** @returns milliseconds from `now`, 0…3,600,000, or `undefined` when the header is missing or unreadable. */
export const parseRetryAfter = (header: string | string[] | undefined, now: number): number | undefined => {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const ms = /^\d{1,9}$/.test(trimmed) ? Number(trimmed) * 1000 : Date.parse(trimmed) - now;
  return Number.isNaN(ms) ? undefined : Math.min(MOST_MS, Math.max(0, ms));
};
