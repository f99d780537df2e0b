// Values of credentials in a manifest: a text with references, the time of the request, or a digest over both. A source that
// expects `md5(password)` or `sha256(secret + time)` needs no code.
import { createHmac, hash } from 'node:crypto';
import { z } from 'zod';
import { about, secret, setting } from '../manifest-keys.ts';
import { REFERENCE } from '../references.ts';
import { formatTimestamp, TIMESTAMP_FORMATS } from './signing/timestamps.ts';

/** Reads the value for one request. @param at the time of the request, epoch ms: all values of a request share it */
export type CredentialValue = (at: number) => string;

const timestamp = z
  .strictObject({
    timestamp: z.enum(TIMESTAMP_FORMATS).meta(about('Form of the time of the request.', 'epochSeconds')),
  })
  .brand<'CredentialValue'>()
  .meta(about('The time of the request.', { timestamp: 'epochSeconds' }));

const digestOver = <Part extends z.ZodType>(part: Part) =>
  z
    .strictObject({
      digest: z
        .enum(['md5', 'sha1', 'sha256', 'sha384', 'sha512'])
        .meta(about('Digest algorithm.', 'sha256')),
      of: z
        .union([setting, z.array(part).min(1)])
        .meta(
          about(
            'What the digest covers: a text, or parts that are joined without a separator.',
            '${env:PASSWORD}',
          ),
        ),
      key: secret
        .optional()
        .meta(about('Key of an HMAC, by reference.', '${env:SECRET}', { whenAbsent: 'a plain digest' })),
      encoding: z
        .enum(['hex', 'base64', 'base64url'])
        .default('hex')
        .meta(about('Encoding of the digest.', 'base64')),
      case: z
        .enum(['lower', 'upper'])
        .optional()
        .meta(about('Case of the hexadecimal digits.', 'upper', { whenAbsent: '`lower`' })),
    })
    .refine(
      ({ of, key }) => key !== undefined || containsReference(of),
      'a digest without a reference is a secret in plain text: give the secret by reference, ${env:NAME} or ${file:/path}',
    )
    .refine(({ encoding, case: letters }) => letters === undefined || encoding === 'hex', {
      path: ['case'],
      message: 'case belongs to hex: base64 distinguishes upper and lower case; remove case',
    })
    .brand<'CredentialValue'>()
    .meta(about('A digest, or an HMAC with `key`.', { digest: 'md5', of: '${env:PASSWORD}' }));

/** A digest may cover a digest: `md5(md5(password) + time)`. Sources with more levels are not known. */
const digest = digestOver(z.union([setting, timestamp, digestOver(z.union([setting, timestamp]))]));

const notes = { reference: true, credentialValue: true };

/** A text that may contain references, a timestamp or a digest. */
export const credentialValue = z.union([setting, digest, timestamp]).meta(notes);

/** A secret by reference, or a digest of one. */
export const secretValue = z.union([secret, digest]).meta(notes);

type Declared = z.output<typeof digest> | z.output<typeof timestamp>;
type Part = string | Declared;

function containsReference(value: unknown): boolean {
  if (typeof value === 'string') return REFERENCE.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(containsReference);
}

/** @param compileText compiles a text with references */
export function compileValue(value: Part, compileText: (text: string) => () => string): CredentialValue {
  if (typeof value === 'string') return compileText(value);
  if ('timestamp' in value) {
    const { timestamp: format } = value;
    return (at) => formatTimestamp(at, format);
  }
  const { digest: algorithm, of, key, encoding, case: letters } = value;
  const parts = (typeof of === 'string' ? [of] : of).map((part: Part) => compileValue(part, compileText));
  const join: CredentialValue = (at) => parts.map((part) => part(at)).join('');
  const readKey = key === undefined ? undefined : compileText(key);
  const make: CredentialValue =
    readKey === undefined
      ? (at) => hash(algorithm, join(at), encoding)
      : (at) => createHmac(algorithm, readKey()).update(join(at), 'utf8').digest(encoding);
  return letters === 'upper' ? (at) => make(at).toUpperCase() : make;
}
