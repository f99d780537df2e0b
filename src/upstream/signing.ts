// Step "sign" of an attempt: adds a digest of the body's fields to the body. `upstream.ts` calls it before encoding.
// Source: national payment platform 1.0.6 (MaXacThuc): SHA-256 of the fields joined by `|`, the secret last; a plain hash.
import { hash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { JoinedDigestSigning, Signing } from './contract.ts';
import { compilePath } from './read-path.ts';

export interface Signer {
  /**
   * A copy of the body with the digest in it; the given value is not changed.
   * @throws GatewayError BAD_USER_INPUT when a field holds the separator (it would shift the fields and sign another message).
   */
  sign(body: unknown): unknown;
  /** Does the digest in a received body fit its fields? Compared in constant time. */
  verify(body: unknown): boolean;
}

export const createSigner = (signing: Signing): Signer => {
  const join = compileJoin(signing);
  const readDigest = compilePath(signing.into);

  const digest = (body: unknown): string =>
    hash(signing.algorithm, `${join(body)}${signing.separator}${signing.secret()}`, 'hex');

  return {
    sign: (body) => {
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail: `signing needs a body that is an object; found ${body === null ? 'null' : Array.isArray(body) ? 'a list' : typeof body}`,
        });
      }
      return { ...body, [signing.into]: digest(body) };
    },
    verify: (body) => {
      const found = readDigest(body);
      if (typeof found !== 'string') return false;
      let expected: string;
      try {
        expected = digest(body);
      } catch {
        // A separator inside a field: whatever was signed, it was not these fields.
        return false;
      }
      const a = Buffer.from(found.toLowerCase());
      const b = Buffer.from(expected);
      return a.length === b.length && timingSafeEqual(a, b);
    },
  };
};

const compileJoin = ({ fields, separator }: JoinedDigestSigning): ((body: unknown) => string) => {
  const readers = fields.map(compilePath);
  return (body) => {
    let joined = '';
    for (let i = 0; i < readers.length; i++) {
      const field = fields[i] as string;
      const text = asText(readers[i]?.(body), field);
      if (text.includes(separator)) throw separatorInside(field, separator);
      joined = i === 0 ? text : joined + separator + text;
    }
    return joined;
  };
};

const asText = (value: unknown, field: string): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `signed field ${field} must be text, a number or a boolean; found an object; sign its parts by dotted paths`,
    });
  }
  return String(value);
};

const separatorInside = (field: string, separator: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', {
    detail: `signed field ${field} holds the separator "${separator}", which would shift the fields after it; send it without`,
    reason: `${field} must not contain "${separator}".`,
  });
