// Small tools for speaking old wire formats in a `simulator.ts`: Vietnam time as text, digests, and a share of records
// that shows a quirk. Pure functions; XML has a file of its own.
import { createHash, timingSafeEqual } from 'node:crypto';

const VIETNAM_OFFSET = 7 * 3_600_000;

/** Writes a moment in Vietnam time. Tokens: `yyyy MM dd HH mm ss` (24-hour clock); the rest stays as it is. */
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

/** Epoch milliseconds of a `yyyyMMddHHmmss` text in Vietnam time; null when it is not such a moment. */
export function parseVietnamTime(text: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - VIETNAM_OFFSET;
  return Number.isNaN(at) || formatVietnamTime(at, 'yyyyMMddHHmmss') !== text ? null : at;
}

/** SHA-256 of a UTF-8 text in lower-case hex. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Compares secrets without telling by the time taken how much of them was right. */
export const isSameSecret = (found: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(found)), Buffer.from(sha256Hex(expected)));

/** True for about one in `n` ids, always the same ones: lets a record show a quirk of its system. */
export function isOneIn(n: number, id: string): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % n === 0;
}

/** `user` and `password` of a Basic `Authorization` header; null when it is none. */
export function readBasic(
  header: string | null,
): { readonly user: string; readonly password: string } | null {
  const encoded = header?.match(/^Basic ([A-Za-z0-9+/=]+)$/)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
