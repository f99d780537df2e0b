// Refuses texts that the format of a request cannot carry, where writing them would change them.
import { GatewayError } from '../../errors.ts';

/** @param detail what was found, without the text itself */
export const unsendable = (detail: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    detail,
    reason: {
      vi: 'Một giá trị có ký tự mà yêu cầu gửi đến hệ thống nguồn không chứa được.',
      en: 'A value contains a character that the request to the source system cannot carry.',
    },
  });

/**
 * The payload itself.
 * @throws GatewayError BAD_USER_INPUT for half a surrogate pair: UTF-8 would replace it by U+FFFD
 */
export function wellFormed(payload: string): string {
  if (payload.isWellFormed()) return payload;
  throw unsendable('a value contains half a surrogate pair, which UTF-8 cannot carry');
}

/** @throws GatewayError BAD_USER_INPUT where the JSON text escapes half a surrogate pair, which a reader cannot store */
export function wellFormedJson(json: string): string {
  if (json.includes('\\ud') && ESCAPED_HALF.test(json)) {
    throw unsendable('a value contains half a surrogate pair, which is not a character');
  }
  return json;
}

/** `JSON.stringify` writes whole pairs as they are. A backslash before the escape would make it text. */
const ESCAPED_HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/;
