// The algorithms that sign the bytes of a request, and the keys that they accept. A key is parsed once per text.
import { constants, createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import type { Secret } from '../secret.ts';
import { parsedKey } from './parsed-key.ts';

interface HmacAlgorithm {
  readonly hmac: string;
}

interface KeyPairAlgorithm {
  /** `null`: the algorithm has a digest of its own. */
  readonly digest: string | null;
  /** `asymmetricKeyType` of Node. */
  readonly keyTypes: readonly string[];
  /** Named curve of OpenSSL, for ECDSA. */
  readonly curve?: string;
  readonly isPss?: true;
  /** In messages, after "expected". */
  readonly expected: string;
}

const rsa = (digest: string): KeyPairAlgorithm => ({
  digest,
  keyTypes: ['rsa'],
  expected: 'an RSA private key in PEM form',
});
const pss = (digest: string): KeyPairAlgorithm => ({
  digest,
  keyTypes: ['rsa', 'rsa-pss'],
  isPss: true,
  expected: 'an RSA private key in PEM form',
});
const ecdsa = (curve: string, name: string, digest: string): KeyPairAlgorithm => ({
  digest,
  keyTypes: ['ec'],
  curve,
  expected: `an EC private key on the curve ${name} in PEM form`,
});

const ALGORITHMS = {
  'hmac-sha256': { hmac: 'sha256' },
  'hmac-sha384': { hmac: 'sha384' },
  'hmac-sha512': { hmac: 'sha512' },
  'hmac-sha1': { hmac: 'sha1' },
  'rsa-sha256': rsa('sha256'),
  'rsa-sha384': rsa('sha384'),
  'rsa-sha512': rsa('sha512'),
  'rsa-pss-sha256': pss('sha256'),
  'rsa-pss-sha384': pss('sha384'),
  'rsa-pss-sha512': pss('sha512'),
  'ecdsa-p256-sha256': ecdsa('prime256v1', 'P-256', 'sha256'),
  'ecdsa-p384-sha384': ecdsa('secp384r1', 'P-384', 'sha384'),
  'ecdsa-p521-sha512': ecdsa('secp521r1', 'P-521', 'sha512'),
  ed25519: { digest: null, keyTypes: ['ed25519'], expected: 'an Ed25519 private key in PEM form' },
} as const satisfies Record<string, HmacAlgorithm | KeyPairAlgorithm>;

export type Algorithm = keyof typeof ALGORITHMS;

export const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as [Algorithm, ...Algorithm[]];

export const isHmac = (algorithm: Algorithm): boolean => 'hmac' in ALGORITHMS[algorithm];

/** How the text of a shared key stands for its bytes. */
export type KeyForm = 'text' | 'base64' | 'hex';

/** ECDSA: ASN.1 (`der`), or both numbers one after the other (`p1363`), as in JWS, WebCrypto and RFC 9421. */
export type EcdsaForm = 'der' | 'p1363';

interface SealOptions {
  readonly algorithm: Algorithm;
  readonly key: Secret;
  readonly keyForm: KeyForm;
  readonly ecdsaForm: EcdsaForm;
  /** Place of the key in the manifest, e.g. `signing.key`. */
  readonly name: string;
}

/** @returns signs bytes. It throws UPSTREAM_UNAUTHORIZED, without the key, when the key cannot be read or does not fit. */
export function compileByteSeal(options: SealOptions): (bytes: Buffer) => Buffer {
  const { algorithm: name, key, keyForm, ecdsaForm } = options;
  const detail = (expected: string): string =>
    `${options.name} is not ${expected}, which algorithm ${name} requires`;
  const algorithm: HmacAlgorithm | KeyPairAlgorithm = ALGORITHMS[name];
  if ('hmac' in algorithm) {
    const { hmac } = algorithm;
    return (bytes) => {
      const text = key();
      const misfit = sharedKeyMisfit(text, keyForm);
      if (misfit !== undefined)
        throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: detail(misfit.expected) });
      return createHmac(hmac, keyBytes(text, keyForm)).update(bytes).digest();
    };
  }
  const parsed = parsedKey(key, createPrivateKey, `${options.name} is not a private key in PEM form`);
  let fitting: KeyObject | undefined;
  const read = (): KeyObject => {
    const current = parsed();
    if (current === fitting) return current;
    if (keyMisfit(algorithm, current) !== undefined) {
      throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: detail(algorithm.expected) });
    }
    fitting = current;
    return current;
  };
  const { digest } = algorithm;
  if (algorithm.isPss === true) {
    const padding = {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    return (bytes) => sign(digest, bytes, { key: read(), ...padding });
  }
  if (algorithm.curve === undefined) return (bytes) => sign(digest, bytes, read());
  const dsaEncoding = ecdsaForm === 'p1363' ? 'ieee-p1363' : 'der';
  return (bytes) => sign(digest, bytes, { key: read(), dsaEncoding });
}

export interface Misfit {
  readonly found: string;
  readonly expected: string;
}

/** Why a key does not fit an algorithm; `undefined` when it does. Neither text contains a part of the key. */
export function misfitOf(algorithm: Algorithm, text: string, keyForm: KeyForm): Misfit | undefined {
  const declared: HmacAlgorithm | KeyPairAlgorithm = ALGORITHMS[algorithm];
  if ('hmac' in declared) return sharedKeyMisfit(text, keyForm);
  try {
    return keyMisfit(declared, createPrivateKey(text));
  } catch {
    return { found: 'a text that is no private key in PEM form', expected: declared.expected };
  }
}

function keyMisfit(algorithm: KeyPairAlgorithm, key: KeyObject): Misfit | undefined {
  const { expected, keyTypes, curve } = algorithm;
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: details } = key;
  if (!keyTypes.includes(type)) return { found: `a private key of type ${type}`, expected };
  if (curve === undefined || details?.namedCurve === curve) return undefined;
  return { found: `an EC private key on the curve ${details?.namedCurve ?? 'unknown'}`, expected };
}

const PEM = /-----BEGIN [A-Z ]+-----/;
/** Both alphabets, as Node reads them. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const HEX = /^(?:[0-9a-fA-F]{2})+$/;

function sharedKeyMisfit(text: string, keyForm: KeyForm): Misfit | undefined {
  if (text === '') return { found: 'an empty text', expected: 'a shared key' };
  if (PEM.test(text)) return { found: 'a key in PEM form', expected: 'a shared key, not one in PEM form' };
  if (keyForm === 'base64' && !BASE64.test(text)) {
    return { found: 'a text that is not base64', expected: 'a shared key as base64' };
  }
  if (keyForm === 'hex' && !HEX.test(text)) {
    return { found: 'a text that is not hex', expected: 'a shared key as hex' };
  }
  return undefined;
}

const keyBytes = (text: string, keyForm: KeyForm): Buffer =>
  Buffer.from(text, keyForm === 'text' ? 'utf8' : keyForm);
