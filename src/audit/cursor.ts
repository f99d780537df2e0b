// Cursors of the audit trail: the position of a record, opaque to clients and validated when a client returns it.

import { GatewayError } from '../errors.ts';
import type { RecordPlace } from './read-records.ts';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;
const MAX_CURSOR = 200;
const CURSOR = /^a:(\d{1,15}):([A-Za-z0-9._-]{1,64}):(\d{1,10})$/;

export const encodeRecordCursor = ({ requestIn, chain, seq }: RecordPlace): string =>
  Buffer.from(`a:${requestIn}:${chain}:${seq}`).toString('base64url');

/** @throws GatewayError BAD_USER_INPUT for a text that `encodeRecordCursor` does not produce */
export function decodeRecordCursor(cursor: string): RecordPlace {
  const bytes = Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url');
  const match = bytes.toString('base64url') === cursor ? CURSOR.exec(bytes.toString('latin1')) : null;
  const [, requestIn, chain, seq] = match ?? [];
  if (chain === undefined || Number(seq) > 2_147_483_647) {
    throw new GatewayError('BAD_USER_INPUT', {
      detail: 'malformed cursor',
      reason: {
        vi: '`after` không phải con trỏ của danh sách này: hãy gửi lại nguyên vẹn `pageInfo.endCursor`, hoặc bỏ trống để lấy trang đầu.',
        en: '`after` is not a cursor of this list: send an unchanged `pageInfo.endCursor`, or omit `after` for the first page.',
      },
    });
  }
  return { requestIn: Number(requestIn), chain, seq: Number(seq) };
}

/** The page size: `first`, or 20 when it is absent. @throws GatewayError BAD_USER_INPUT outside 1 to 100 */
export function pageSize(first: number | null | undefined): number {
  if (first == null) return DEFAULT_PAGE;
  if (Number.isInteger(first) && first >= 1 && first <= MAX_PAGE) return first;
  throw new GatewayError('BAD_USER_INPUT', {
    detail: `first: ${first}`,
    reason: {
      vi: `\`first\` phải là số nguyên từ 1 đến ${MAX_PAGE}, nhận được ${first}.`,
      en: `\`first\` must be a whole number from 1 to ${MAX_PAGE}; found ${first}.`,
    },
  });
}
