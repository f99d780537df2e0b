// The seal over a text: made, and compared in constant time. Secrets are read at each use.
import { timingSafeEqual } from 'node:crypto';

export type SignatureEncoding = 'hex' | 'HEX' | 'base64';

export interface Seal {
  make(text: string): string;
  /** In constant time. */
  fits(text: string, signature: string): boolean;
}

/** A seal whose bytes anyone with the secret can compute again. */
export const digestSeal = (encoding: SignatureEncoding, digest: (text: string) => Buffer): Seal => ({
  make: (text) => encode(digest(text), encoding),
  fits: (text, signature) => {
    const found = decode(signature, encoding);
    const expected = digest(text);
    return found.length === expected.length && timingSafeEqual(found, expected);
  },
});

export function encode(bytes: Buffer, encoding: SignatureEncoding): string {
  if (encoding === 'base64') return bytes.toString('base64');
  const hex = bytes.toString('hex');
  return encoding === 'HEX' ? hex.toUpperCase() : hex;
}

/** Reads hex of either case. Text outside the encoding decodes to fewer bytes, which fit nothing. */
export const decode = (text: string, encoding: SignatureEncoding): Buffer =>
  Buffer.from(text, encoding === 'base64' ? 'base64' : 'hex');
