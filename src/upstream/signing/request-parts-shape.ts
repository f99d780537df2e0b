// The keys of a signature over parts of a request, and what they may not say together.
import { z } from 'zod';
import { about, secret, setting, text } from '../../manifest-keys.ts';
import { ALGORITHM_NAMES } from './algorithms.ts';
import { kindName } from './kind.ts';
import { TIMESTAMP_FORMATS } from './timestamps.ts';

const PLAIN_PARTS = [
  'method',
  'host',
  'path',
  'query',
  'sortedQuery',
  'timestamp',
  'nonce',
  'body',
  'bodyDigest',
] as const;

/** RFC 9110: the characters of a field name. */
export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'the name of a header, such as X-Request-Id');

const part = z.union(
  [
    z.enum(PLAIN_PARTS),
    z
      .strictObject({
        header: headerName.meta(about('Name of the header, in any case.', 'content-type')),
        prefix: z.string().default('').meta(about('Text before the value.', 'content-type: ')),
        optional: z
          .boolean()
          .default(false)
          .meta(about('The part is empty when a request lacks the header. Otherwise it is not sent.', true)),
      })
      .meta(about('Value of a header, without white space at its ends.', { header: 'content-type' })),
    z
      .strictObject({
        field: text.meta(about('Dotted path in the body.', 'order.id')),
      })
      .meta(about('Value of a field of the body. A missing or null field is empty.', { field: 'order.id' })),
    z
      .strictObject({
        text: setting.meta(about('The text. References are allowed.', '${env:PAYMENT_CLIENT}')),
      })
      .meta(about('A text that is the same for every request.', { text: '${env:PAYMENT_CLIENT}' })),
  ],
  { error: `one of ${PLAIN_PARTS.join(', ')}, { header: name }, { field: path }, { text: … }` },
);

const PLACES = ['header', 'query', 'body'] as const;

const destination = (example: string) => ({
  into: text.optional().meta(
    about('Name of the header, query parameter or top-level body field that carries it.', example, {
      whenAbsent: 'it is sent in `value` only',
    }),
  ),
  place: z.enum(PLACES).default('header').meta(about('Where `into` is.', 'header')),
});

export const keys = z.strictObject({
  type: kindName('requestParts'),
  algorithm: z
    .enum(ALGORITHM_NAMES)
    .meta(
      about(
        'Signature algorithm. `rsa-sha…`: PKCS#1 v1.5; `rsa-pss-sha…`: PSS with a salt as long as the digest.',
        'hmac-sha256',
      ),
    ),
  key: secret.meta(
    about(
      'HMAC: the shared key. Otherwise a private key in PEM form. By reference.',
      '${env:PAYMENT_SECRET}',
    ),
  ),
  keyForm: z
    .enum(['text', 'base64', 'hex'])
    .optional()
    .meta(
      about('HMAC: how the text of the shared key stands for its bytes.', 'base64', {
        whenAbsent: '`text`: its UTF-8 bytes',
      }),
    ),
  ecdsaForm: z
    .enum(['der', 'p1363'])
    .optional()
    .meta(
      about(
        'ECDSA: form of the signature. `der`: ASN.1; `p1363`: both numbers one after the other, as in JWS and WebCrypto.',
        'p1363',
        { whenAbsent: '`der`' },
      ),
    ),
  over: z
    .array(part)
    .min(1)
    .meta(
      about(
        'Covered parts in their order. `method`: in capitals · `host`: with the port unless it is the default one · `path`: percent-encoded as sent, without the query · `query`: as sent, without `?` · `sortedQuery`: sorted by name, then value, RFC 3986 percent-encoded, repeated names kept · `timestamp` · `nonce` · `body`: the bytes of the body, none without a body · `bodyDigest`: their digest · `{ header: name }` · `{ field: path }` of the body · `{ text: … }`.',
        ['method', 'path', 'sortedQuery', { header: 'content-type' }, 'timestamp', 'nonce', 'bodyDigest'],
      ),
    ),
  join: z.string().default('\n').meta(about('Text between the parts.', '\n')),
  digest: z
    .strictObject({
      algorithm: z
        .enum(['sha256', 'sha384', 'sha512', 'sha1', 'md5'])
        .default('sha256')
        .meta(about('Digest algorithm.', 'sha256')),
      encoding: z
        .enum(['hex', 'HEX', 'base64', 'base64url'])
        .default('hex')
        .meta(about('Encoding of the digest; `HEX` is upper-case hex.', 'hex')),
      into: headerName.optional().meta(
        about('Header that carries the digest.', 'digest', {
          whenAbsent: 'the digest is not sent',
        }),
      ),
      prefix: z.string().default('').meta(about('Text before the digest in that header.', 'SHA-256=')),
    })
    .prefault({})
    .meta(
      about('The digest of the body: for `bodyDigest`, and for a header that carries it.', {
        into: 'digest',
        encoding: 'base64',
        prefix: 'SHA-256=',
      }),
    ),
  timestamp: z
    .strictObject({
      format: z
        .enum(TIMESTAMP_FORMATS)
        .default('epochSeconds')
        .meta(
          about(
            'Format of the time; `iso8601` is UTC to the second, `yyyyMMddHHmmss` Vietnam time.',
            'epochSeconds',
          ),
        ),
      ...destination('x-timestamp'),
    })
    .optional()
    .meta(
      about(
        'Time of each attempt.',
        { format: 'epochSeconds', into: 'x-timestamp' },
        { whenAbsent: 'no time is sent' },
      ),
    ),
  nonce: z
    .strictObject({
      format: z
        .enum(['uuid', 'hex', 'base64'])
        .default('uuid')
        .meta(about('`uuid`: version 4; `hex`, `base64`: 16 random bytes.', 'uuid')),
      ...destination('x-nonce'),
    })
    .optional()
    .meta(
      about('A text that no other attempt has.', { into: 'x-nonce' }, { whenAbsent: 'no nonce is sent' }),
    ),
  encoding: z
    .enum(['hex', 'HEX', 'base64', 'base64url'])
    .default('base64')
    .meta(about('Encoding of the signature; `HEX` is upper-case hex.', 'base64')),
  into: text.meta(
    about('Header, query parameter or top-level body field that receives the signature.', 'x-signature'),
  ),
  place: z.enum(PLACES).default('header').meta(about('Where `into` is.', 'header')),
  value: setting
    .default('{signature}' as never)
    .meta(
      about(
        'What `into` receives, with `{signature}`, `{timestamp}` and `{nonce}` replaced. References are allowed.',
        'HMAC-SHA256 Client=${env:PAYMENT_CLIENT}, Signature={signature}',
      ),
    ),
});

export type Keys = z.output<typeof keys>;
