// Cursors: the position of a row in a list, opaque to clients and validated when a client returns it.
import { GatewayError } from '../errors.ts';
import { isMoment, isStoredInteger } from '../store/stored-values.ts';
import type { Instant } from '../store/tables.ts';

/** The position of a dossier in the order `(submitted_at desc, id desc)`. */
export interface DossierPlace {
  readonly submittedAt: Instant;
  readonly id: number;
}

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;
/** The longest cursor that this file encodes has 50 characters. */
const MAX_CURSOR = 100;

export const encodeDossierCursor = (submittedAt: Instant, id: number): string =>
  Buffer.from(`d:${submittedAt}:${id}`).toString('base64url');

const DOSSIER_CURSOR = /^d:(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z):([1-9]\d{0,9})$/;

/** @throws GatewayError `BAD_USER_INPUT` for a text that `encodeDossierCursor` does not produce */
export function decodeDossierCursor(cursor: string): DossierPlace {
  const match = DOSSIER_CURSOR.exec(decode(cursor));
  const submittedAt = match?.[1];
  const id = Number(match?.[2]);
  if (submittedAt === undefined || !isStoredInteger(id, 'integer') || !isMoment(submittedAt))
    throw notACursor();
  return { submittedAt, id };
}

export const encodeProcedureCursor = (code: string): string => Buffer.from(`p:${code}`).toString('base64url');

/** The code of the procedure at the cursor. @throws GatewayError `BAD_USER_INPUT` */
export function decodeProcedureCursor(cursor: string): string {
  const match = /^p:([0-9A-Z.]{1,60})$/.exec(decode(cursor));
  if (match === null) throw notACursor();
  return match[1] as string;
}

/** The page size: `first`, or 20 when it is absent. @throws GatewayError `BAD_USER_INPUT` outside 1 to 100 */
export function pageSize(first: number | null | undefined): number {
  if (first === null || first === undefined) return DEFAULT_PAGE;
  if (Number.isInteger(first) && first >= 1 && first <= MAX_PAGE) return first;
  throw new GatewayError('BAD_USER_INPUT', {
    detail: `first: ${first}`,
    reason: {
      vi: `\`first\` phải là số nguyên từ 1 đến ${MAX_PAGE}, nhận được ${first}. Để xem tiếp, hãy dùng \`pageInfo.endCursor\`.`,
      en: `\`first\` must be a whole number from 1 to ${MAX_PAGE}; found ${first}. For more rows, follow \`pageInfo.endCursor\`.`,
    },
  });
}

/** Buffer ignores characters outside base64url, so the result is encoded again and compared: only the exact form passes. */
function decode(cursor: string): string {
  if (cursor.length === 0 || cursor.length > MAX_CURSOR) throw notACursor();
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor) throw notACursor();
  return bytes.toString('latin1');
}

const notACursor = (): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    detail: 'malformed cursor',
    reason: {
      vi: '`after` không phải con trỏ của danh sách này: hãy gửi lại nguyên vẹn `cursor` hoặc `pageInfo.endCursor` của trường này, hoặc bỏ trống để lấy trang đầu.',
      en: '`after` is not a cursor of this list: send an unchanged `cursor` or `pageInfo.endCursor` of this field, or omit `after` for the first page.',
    },
  });
