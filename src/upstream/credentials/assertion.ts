// JWT assertions (RFC 7523), signed for each token request: as a grant, and as the proof of a client (private_key_jwt,
// client_secret_jwt).
import {
  createPrivateKey,
  createSecretKey,
  hash,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { about, secret, setting } from '../../manifest-keys.ts';
import type { Settled } from '../secret.ts';

/** The keys of a manifest that determine how an assertion is signed. */
export const assertionKeys = {
  key: secret.meta(
    about(
      'Private key that signs the assertion, in PEM form, by reference; for an HS algorithm the shared secret.',
      '${file:/run/secrets/client-key.pem}',
      { pem: 'private key' },
    ),
  ),
  algorithm: z
    .enum([
      ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
      ...['ES256', 'ES384', 'ES512', 'EdDSA', 'HS256', 'HS384', 'HS512'],
    ] as const)
    .default('RS256')
    .meta(about('Signature algorithm (RFC 7518).', 'ES256')),
  keyId: setting
    .optional()
    .meta(about('Id of the key, sent as `kid`.', 'gateway-2027', { whenAbsent: 'no `kid` is sent' })),
  certificate: setting
    .optional()
    .meta(
      about(
        'Certificate of the key in PEM form; its SHA-256 thumbprint is sent as `x5t#S256`.',
        '${file:/run/secrets/client.crt}',
        { whenAbsent: 'no thumbprint is sent' },
      ),
    ),
  audience: setting.optional().meta(
    about('Audience of the assertion.', 'https://idp.example', {
      whenAbsent: 'the URL of the token endpoint',
    }),
  ),
  lifeSeconds: z
    .number()
    .int()
    .min(10)
    .max(3600)
    .default(60)
    .meta(about('Time for which an assertion is valid.', 60, { unit: 's' })),
};

export type AssertionSettings = Settled<z.output<z.ZodObject<typeof assertionKeys>>>;

export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  /** Claims besides those of RFC 7523. */
  readonly more?: Readonly<Record<string, string>> | undefined;
}

/**
 * Signs a new assertion with an id of its own.
 * @param endpoint URL of the token endpoint
 * @throws GatewayError UPSTREAM_UNAUTHORIZED when key, certificate and algorithm do not belong together: nothing was sent
 */
export async function signAssertion(
  settings: AssertionSettings,
  { issuer, subject, more }: AssertionClaims,
  endpoint: string,
  nowMs: number,
): Promise<string> {
  const { algorithm, keyId, certificate, audience, lifeSeconds } = settings;
  const key = readKey(settings.key(), algorithm);
  const issuedAt = Math.floor(nowMs / 1000);
  // Loaded when the first assertion is signed: reading a manifest needs no cryptography.
  const { SignJWT } = await import('jose');
  const claims = new SignJWT({ ...more })
    .setProtectedHeader({
      alg: algorithm,
      typ: 'JWT',
      ...(keyId !== undefined && { kid: keyId() }),
      ...(certificate !== undefined && { 'x5t#S256': thumbprintOf(certificate()) }),
    })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience?.() ?? endpoint)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifeSeconds);
  try {
    return await claims.sign(key);
  } catch {
    // The message of the library is not kept: it describes the key.
    throw unusable(`the key of the assertion does not fit the algorithm ${algorithm}`);
  }
}

function readKey(text: string, algorithm: string): KeyObject {
  try {
    return algorithm.startsWith('HS') ? createSecretKey(Buffer.from(text, 'utf8')) : createPrivateKey(text);
  } catch {
    throw unusable('the key of the assertion is not a private key in PEM form');
  }
}

function thumbprintOf(pem: string): string {
  try {
    return hash('sha256', new X509Certificate(pem).raw, 'base64url');
  } catch {
    throw unusable('the certificate of the assertion is not a certificate in PEM form');
  }
}

const unusable = (detail: string): GatewayError => new GatewayError('UPSTREAM_UNAUTHORIZED', { detail });
