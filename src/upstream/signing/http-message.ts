// HTTP Message Signatures (RFC 9421) over a whole request, and Content-Digest (RFC 9530) where the body is to be covered.
// `upstream.ts` adds the headers last, when method, path, headers and bytes are what will be sent.
import { constants, createHash, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { z } from 'zod';
import { GatewayError } from '../../errors.ts';
import { about, secret } from '../../manifest-keys.ts';
import type { Settled } from '../secret.ts';
import { type Algorithm, compileByteSeal } from './algorithms.ts';

/** RFC 9421 section 3.3, in the names of our own table. */
const ALGORITHMS = {
  ed25519: 'ed25519',
  'rsa-pss-sha512': 'rsa-pss-sha512',
  'rsa-v1_5-sha256': 'rsa-sha256',
  'ecdsa-p256-sha256': 'ecdsa-p256-sha256',
  'ecdsa-p384-sha384': 'ecdsa-p384-sha384',
  'hmac-sha256': 'hmac-sha256',
} as const satisfies Record<string, Algorithm>;

const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as [keyof typeof ALGORITHMS, ...(keyof typeof ALGORITHMS)[]];

export const messageSignatureSchema = z
  .strictObject({
    algorithm: z.enum(ALGORITHM_NAMES).meta(about('Signature algorithm (RFC 9421 §3.3).', 'ed25519')),
    keyId: z
      .string()
      .regex(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, 'visible ASCII without quotes is expected')
      .meta(about('Id of the key, as agreed with the source.', 'lien-thong-2026')),
    key: secret.meta(
      about(
        'A private key in PEM form; for `hmac-sha256` the bytes of the shared key as base64. By reference.',
        '${file:/run/secrets/gateway-ed25519.pem}',
      ),
    ),
    components: z
      .array(
        z.string().regex(/^(@(method|target-uri|request-target|authority|scheme|path|query)|[a-z0-9-]+)$/),
      )
      .min(1)
      .meta(
        about(
          'Covered components in order: header names, `@method`, `@target-uri`, `@request-target`, `@authority`, `@scheme`, `@path`, `@query`. `content-digest` and `date` are added to the request when they are covered.',
          ['@method', '@target-uri', 'content-digest', 'date'],
        ),
      ),
    label: z
      .string()
      .regex(/^[a-z][a-z0-9_.-]*$/)
      .default('sig1')
      .meta(about('Name of the signature in its headers.', 'sig1')),
    nameAlgorithm: z.boolean().default(true).meta(about('Adds the parameter `alg`.', true)),
  })
  .meta(
    about('HTTP Message Signatures (RFC 9421) of every request.', {
      algorithm: 'ed25519',
      keyId: 'lien-thong-2026',
      key: '${file:/run/secrets/gateway-ed25519.pem}',
      components: ['@method', '@target-uri', 'content-digest', 'date'],
    }),
  );

export type MessageSignature = Settled<z.output<typeof messageSignatureSchema>>;

/** A request as it goes on the wire. */
export interface SignedMessage {
  readonly method: string;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
}

/** The headers to add: `signature-input`, `signature`, and `content-digest` and `date` where they are covered and not there. */
export type MessageSigner = (message: SignedMessage, nowMs: number) => Record<string, string>;

export function createMessageSigner(spec: MessageSignature): MessageSigner {
  const { keyId, label, components, algorithm, nameAlgorithm } = spec;
  const seal = compileSeal(spec);
  const covered = components.map((name) => name.toLowerCase());
  const list = covered.map((name) => `"${name}"`).join(' ');
  const tail = `;keyid="${keyId}"${nameAlgorithm ? `;alg="${algorithm}"` : ''}`;
  const digests = covered.includes('content-digest');
  const dates = covered.includes('date');

  return (message, nowMs) => {
    const added: Record<string, string> = {};
    if (digests && message.headers['content-digest'] === undefined) {
      added['content-digest'] = contentDigest(message.payload ?? '');
    }
    if (dates && message.headers.date === undefined) added.date = new Date(nowMs).toUTCString();
    const parameters = `(${list});created=${Math.floor(nowMs / 1000)}${tail}`;
    const headers = { ...message.headers, ...added };
    const base = signatureBase({ ...message, headers }, covered, parameters);
    added['signature-input'] = `${label}=${parameters}`;
    added.signature = `${label}=:${seal(base).toString('base64')}:`;
    return added;
  };
}

/** RFC 9421 §2.5. @throws GatewayError INTERNAL_SERVER_ERROR when a covered header is not there: the signature would be void. */
export function signatureBase(
  message: SignedMessage,
  covered: readonly string[],
  parameters: string,
): string {
  let base = '';
  for (const name of covered) base += `"${name}": ${component(message, name)}\n`;
  return `${base}"@signature-params": ${parameters}`;
}

function component({ method, origin, path, headers, payload }: SignedMessage, name: string): string {
  const query = path.indexOf('?');
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return origin + path;
    case '@request-target':
      return path;
    case '@authority':
      return new URL(origin).host;
    case '@scheme':
      return new URL(origin).protocol.slice(0, -1);
    case '@path':
      return query < 0 ? path : path.slice(0, query);
    case '@query':
      return query < 0 ? '?' : path.slice(query);
    case 'content-length':
      return headers[name] ?? String(Buffer.byteLength(payload ?? ''));
    default: {
      const value = headers[name];
      if (value !== undefined) return value.trim();
      throw new GatewayError('INTERNAL_SERVER_ERROR', {
        detail: `the message signature covers "${name}", which this request does not have; take it out of messageSignature.components`,
      });
    }
  }
}

/** RFC 9530, SHA-256. */
export const contentDigest = (payload: string): string =>
  `sha-256=:${createHash('sha256').update(payload, 'utf8').digest('base64')}:`;

const PSS = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: 64,
} as const;

function compileSeal({ algorithm, key }: MessageSignature): (base: string) => Buffer {
  const seal = compileByteSeal({
    algorithm: ALGORITHMS[algorithm],
    key,
    // A shared key is bytes, given as base64.
    keyForm: 'base64',
    ecdsaForm: 'p1363',
    name: 'messageSignature.key',
  });
  return (base) => seal(Buffer.from(base, 'utf8'));
}

/** Does a signature fit a base? For tests and for whoever receives signed messages. `key`: public, or the shared one's bytes. */
export function fitsBase(
  algorithm: MessageSignature['algorithm'],
  base: string,
  signature: Buffer,
  key: KeyObject | Buffer,
): boolean {
  const bytes = Buffer.from(base, 'utf8');
  if (Buffer.isBuffer(key)) {
    if (algorithm !== 'hmac-sha256') return false;
    const expected = createHmac('sha256', key).update(bytes).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
  if (algorithm === 'ed25519') return verify(null, bytes, key, signature);
  if (algorithm === 'rsa-v1_5-sha256') return verify('sha256', bytes, key, signature);
  if (algorithm === 'ecdsa-p256-sha256' || algorithm === 'ecdsa-p384-sha384') {
    return verify(algorithm.slice(-6), bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  }
  return algorithm === 'rsa-pss-sha512' && verify('sha512', bytes, { key, ...PSS }, signature);
}
