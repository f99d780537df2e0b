// The keys of the audit trail, all derived from one: for the digests of persons, for the heads of chains, and for the daily
// roots where no Ed25519 key signs them.

import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { LRUCache } from 'lru-cache';

export interface AuditKeys {
  /** The keyed digest that replaces a personal identification number in the trail: 43 characters, base64url. */
  subject(personalId: string): string;
  /** Proves the head of a chain. */
  mac(text: string): string;
  isMac(text: string, mac: string): boolean;
  sign(text: string): Signature;
  /** `undefined`: the key is not known here. */
  isSigned(text: string, signature: Signature): boolean | undefined;
}

export interface Signature {
  /** `hmac:…` or `ed25519:…`, the name of the key and not the key. */
  readonly key: string;
  readonly signature: string;
}

/** Fewest characters of the key: 32 random bytes as hexadecimal or base64url text are longer. */
export const SHORTEST_KEY = 32;

/** Digests of persons that are remembered: the same people are read again and again, and a digest costs more than the rest of a record. */
const MAX_SUBJECTS = 10_000;

/**
 * @param secret the key, at least `SHORTEST_KEY` characters
 * @param pem Ed25519 key in PEM: the private key signs; the public key only verifies
 * @throws Error when `pem` is no Ed25519 key
 */
export function createAuditKeys(secret: string, pem?: string): AuditKeys {
  const derive = (use: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'lienthong-audit/1', use, 32)));
  const subjectKey = derive('subject');
  const macKey = derive('head');
  const rootKey = derive('root');
  const hmac = (key: KeyObject, text: string): string =>
    createHmac('sha256', key).update(text).digest('base64url');
  const subjects = new LRUCache<string, string>({ max: MAX_SUBJECTS });
  const hmacName = `hmac:${hmac(rootKey, 'name').slice(0, 16)}`;
  const edwards = pem === undefined ? undefined : readEdwards(pem);
  return {
    subject: (personalId) => {
      let digest = subjects.get(personalId);
      if (digest === undefined) {
        digest = hmac(subjectKey, personalId);
        subjects.set(personalId, digest);
      }
      return digest;
    },
    mac: (text) => hmac(macKey, text),
    isMac: (text, mac) => isEqual(hmac(macKey, text), mac),
    sign: (text) =>
      edwards?.privateKey === undefined
        ? { key: hmacName, signature: hmac(rootKey, text) }
        : {
            key: edwards.name,
            signature: sign(null, Buffer.from(text), edwards.privateKey).toString('base64url'),
          },
    isSigned: (text, { key, signature }) => {
      if (key === hmacName) return isEqual(hmac(rootKey, text), signature);
      if (edwards === undefined || key !== edwards.name) return undefined;
      return verify(null, Buffer.from(text), edwards.publicKey, Buffer.from(signature, 'base64url'));
    },
  };
}

function readEdwards(pem: string) {
  const isPrivate = pem.includes('PRIVATE KEY');
  const privateKey = isPrivate ? createPrivateKey(pem) : undefined;
  const publicKey = createPublicKey(pem);
  if (publicKey.asymmetricKeyType !== 'ed25519')
    throw new Error(`found a key of type ${publicKey.asymmetricKeyType}, expected ed25519`);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = `ed25519:${createHash('sha256').update(spki).digest('base64url').slice(0, 16)}`;
  return { privateKey, publicKey, name };
}

function isEqual(expected: string, found: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(found)];
  return a.length === b.length && timingSafeEqual(a, b);
}
