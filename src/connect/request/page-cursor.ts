// Cursors of paged operations: a position in a list of a source, opaque to clients. A cursor carries a check over the position, the
// operation and the inputs of the list, so that a cursor that was changed, or that belongs to another list, is refused. The check
// has no key: a cursor made by hand can only be a position, whose value the source receives as one parameter, encoded.

import { hash } from 'node:crypto';
import { GatewayError } from '../../errors.ts';

/** Where a page begins. */
export interface Position {
  /** The source's own cursor of a page; undefined for its first page, and for sources that count. */
  readonly token?: string | undefined;
  /** Items to skip: in the list, or in the page of `token`. */
  readonly skip: number;
}

/** Characters of a source's own cursor at most. */
export const MAX_TOKEN = 1024;
/** A token of `MAX_TOKEN` characters of four bytes each, with check and number, in base64url. */
const MAX_CURSOR = 5600;
const CHECK_LENGTH = 11;

/** @param scope everything that the list depends on */
export function encodeCursor({ token, skip }: Position, scope: string): string {
  const body = `${skip}${token === undefined ? '' : `:${token}`}`;
  return Buffer.from(checkOf(body, scope) + body).toString('base64url');
}

const BODY = /^(0|[1-9][0-9]{0,9})(?::(.*))?$/s;

/** @throws GatewayError BAD_USER_INPUT for a text that `encodeCursor` did not make for this list */
export function decodeCursor(cursor: string, scope: string): Position {
  const text = cursor.length > MAX_CURSOR ? '' : Buffer.from(cursor, 'base64url').toString();
  const body = text.slice(CHECK_LENGTH);
  const [, skip, token] = BODY.exec(body) ?? [];
  // Encoded again, since decoding ignores foreign characters.
  const position = { token, skip: Number(skip) };
  if (skip === undefined || encodeCursor(position, scope) !== cursor) throw notACursor();
  return position;
}

const checkOf = (body: string, scope: string): string =>
  hash('sha256', `${scope}\0${body}`, 'base64url').slice(0, CHECK_LENGTH);

const notACursor = (): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    detail: 'malformed cursor',
    reason: {
      vi: 'Đối số "after": cần một con trỏ của danh sách này; nhận được một văn bản khác. Hãy gửi lại nguyên vẹn `cursor` hoặc `pageInfo.endCursor` với cùng các đối số, hoặc bỏ trống để lấy trang đầu.',
      en: 'Argument "after": expected a cursor of this list; found another text. Send an unchanged `cursor` or `pageInfo.endCursor` with the same arguments, or omit `after` for the first page.',
    },
  });
