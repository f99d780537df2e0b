// The certificate and the private key that sign requests. Parsed once per text; a pair that is incomplete during a renewal is passed over
// while an earlier pair serves.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import type { Secret } from '../secret.ts';

export interface SigningPair {
  readonly key: KeyObject;
  /** DER as base64. */
  readonly certificate: string;
}

/** Why a certificate and a key cannot sign; `undefined` when they can. Contains no part of either. */
export function pairMisfit(certificate: string, key: string): string | undefined {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch {
    return 'soap.security.signature.certificate is not a certificate in PEM form';
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    return 'soap.security.signature.key is not a private key in PEM form';
  }
  if (privateKey.asymmetricKeyType !== 'rsa') {
    return `soap.security.signature.key is not an RSA key, which RSA-SHA256 requires; found ${privateKey.asymmetricKeyType}`;
  }
  return parsed.checkPrivateKey(privateKey)
    ? undefined
    : 'soap.security.signature.key does not belong to soap.security.signature.certificate';
}

/** @returns reads the pair. It throws UPSTREAM_UNAUTHORIZED when no pair has been usable yet. */
export function signingPair(readCertificate: Secret, readKey: Secret): () => SigningPair {
  let texts: readonly [string, string] | undefined;
  let pair: SigningPair | undefined;
  return () => {
    const certificate = readCertificate();
    const key = readKey();
    if (pair !== undefined && texts?.[0] === certificate && texts[1] === key) return pair;
    texts = [certificate, key];
    const misfit = pairMisfit(certificate, key);
    if (misfit === undefined) {
      pair = {
        key: createPrivateKey(key),
        certificate: new X509Certificate(certificate).raw.toString('base64'),
      };
    } else if (pair === undefined) throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: misfit });
    return pair;
  };
}
