// Functions for the wire formats of simulators: times of Vietnam as text, digests, and the selection of records that show a
// quirk of their system. Pure functions.
import { createHash, timingSafeEqual } from 'node:crypto';

const VIETNAM_OFFSET = 7 * 3_600_000;

/** Formats a time in the time zone of Vietnam. Tokens: `yyyy MM dd HH mm ss` (24-hour clock); other text is kept. */
export function formatVietnamTime(at: number, pattern: string): string {
  const [date = '', time = ''] = new Date(at + VIETNAM_OFFSET).toISOString().split('T');
  return pattern
    .replace('yyyy', date.slice(0, 4))
    .replace('MM', date.slice(5, 7))
    .replace('dd', date.slice(8, 10))
    .replace('HH', time.slice(0, 2))
    .replace('mm', time.slice(3, 5))
    .replace('ss', time.slice(6, 8));
}

/** Parses `yyyyMMddHHmmss` in the time zone of Vietnam to epoch milliseconds; null when the text is not a valid time. */
export function parseVietnamTime(text: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - VIETNAM_OFFSET;
  return Number.isNaN(at) || formatVietnamTime(at, 'yyyyMMddHHmmss') !== text ? null : at;
}

/** The SHA-256 digest of a UTF-8 text in lower-case hex. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Compares secrets in constant time. */
export const isSameSecret = (found: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(found)), Buffer.from(sha256Hex(expected)));

/** True for about one in `n` ids, always the same ids: selects the records that show a quirk of their system. */
export function isOneIn(n: number, id: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % n === 0;
}

/** The `user` and `password` of a Basic `Authorization` header; null for any other header. */
export function readBasic(
  header: string | null,
): { readonly user: string; readonly password: string } | null {
  const encoded = header?.match(/^Basic ([A-Za-z0-9+/=]+)$/)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
