// The seal over a text: a digest with the secret in the text, an HMAC with the secret as key, or an RSA signature.
// The signer makes one per source; secrets are read at each use, so that a rotated one needs no restart.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import type { Secret, SignatureEncoding, Signing } from '../contract.ts';

export interface Seal {
  make(text: string): string;
  /** In constant time. */
  fits(text: string, signature: string): boolean;
}

export function createSeal(signing: Signing): Seal {
  switch (signing.type) {
    case 'joinedDigest': {
      const { algorithm, separator, secret, secretAt = 'last' } = signing;
      return digestSeal(signing.encoding, (text) =>
        // In one shot: half the cost of `createHash` on a text of a hundred bytes.
        hash(
          algorithm,
          secretAt === 'last' ? `${text}${separator}${secret()}` : `${secret()}${separator}${text}`,
          'buffer',
        ),
      );
    }
    case 'joinedHmac':
    case 'sortedHmac': {
      const { algorithm, secret } = signing;
      return digestSeal(signing.encoding, (text) =>
        createHmac(algorithm, secret()).update(text, 'utf8').digest(),
      );
    }
    case 'rsaSha256': {
      const privateKey = keyOf(signing.privateKey, 'privateKey', createPrivateKey);
      const publicKey = keyOf(signing.publicKey, 'publicKey', createPublicKey);
      const { encoding = 'base64' } = signing;
      return {
        make: (text) => encode(sign('sha256', Buffer.from(text, 'utf8'), privateKey()), encoding),
        fits: (text, signature) =>
          verify('sha256', Buffer.from(text, 'utf8'), publicKey(), decode(signature, encoding)),
      };
    }
  }
}

const digestSeal = (encoding: SignatureEncoding = 'hex', digest: (text: string) => Buffer): Seal => ({
  make: (text) => encode(digest(text), encoding),
  fits: (text, signature) => {
    const found = decode(signature, encoding);
    const expected = digest(text);
    return found.length === expected.length && timingSafeEqual(found, expected);
  },
});

function encode(bytes: Buffer, encoding: SignatureEncoding): string {
  if (encoding === 'base64') return bytes.toString('base64');
  const hex = bytes.toString('hex');
  return encoding === 'HEX' ? hex.toUpperCase() : hex;
}

/** Hex of either case is read. What is not in the encoding gives fewer bytes, which fit nothing. */
const decode = (text: string, encoding: SignatureEncoding): Buffer =>
  Buffer.from(text, encoding === 'base64' ? 'base64' : 'hex');

/** A key is parsed once per text of it. */
function keyOf(secret: Secret | undefined, name: string, parse: (pem: string) => KeyObject): () => KeyObject {
  let text: string | undefined;
  let key: KeyObject | undefined;
  return () => {
    if (secret === undefined) {
      throw new GatewayError('INTERNAL_SERVER_ERROR', {
        detail: `signing needs ${name}; found none; add signing.${name} to connector.yaml`,
      });
    }
    const current = secret();
    if (key === undefined || current !== text) {
      try {
        key = parse(current);
      } catch {
        throw new GatewayError('UPSTREAM_UNAUTHORIZED', {
          detail: `signing.${name} is not a key in PEM form`,
        });
      }
      text = current;
    }
    return key;
  };
}
