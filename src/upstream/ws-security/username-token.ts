// UsernameToken (OASIS UsernameToken Profile 1.1): the password itself, or its digest with a nonce and the time.
import { createHash, randomBytes } from 'node:crypto';
import { escapeText } from '../codecs/xml-encode.ts';
import { BASE64_BINARY, PASSWORD_DIGEST, PASSWORD_TEXT } from './names.ts';

export interface UsernameToken {
  readonly username: string;
  readonly password: string;
  readonly type: 'digest' | 'text';
  /** Sends nonce and time; always with `digest`. */
  readonly nonce: boolean;
}

/** Base64 of SHA-1 over the bytes of the nonce, the time and the password (section 3.1). */
export const passwordDigest = (nonce: Buffer, created: string, password: string): string =>
  createHash('sha1').update(nonce).update(created, 'utf8').update(password, 'utf8').digest('base64');

/** @param created `yyyy-MM-ddTHH:mm:ss.SSSZ` */
export function writeUsernameToken(token: UsernameToken, created: string, id: string): string {
  const { username, password, type } = token;
  const nonce = type === 'digest' || token.nonce ? randomBytes(16) : undefined;
  const value =
    type === 'digest' && nonce !== undefined ? passwordDigest(nonce, created, password) : password;
  const more =
    nonce === undefined
      ? ''
      : `<wsse:Nonce EncodingType="${BASE64_BINARY}">${nonce.toString('base64')}</wsse:Nonce><wsu:Created>${created}</wsu:Created>`;
  return (
    `<wsse:UsernameToken wsu:Id="${id}"><wsse:Username>${escapeText(username)}</wsse:Username>` +
    `<wsse:Password Type="${type === 'digest' ? PASSWORD_DIGEST : PASSWORD_TEXT}">${escapeText(value)}</wsse:Password>${more}</wsse:UsernameToken>`
  );
}
