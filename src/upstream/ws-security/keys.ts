// The keys of WS-Security in a manifest (`soap.security`), and what they may not say together.
import { z } from 'zod';
import { about, milliseconds, secret, setting, text } from '../../manifest-keys.ts';
import type { Settled } from '../secret.ts';

const timestamp = z
  .strictObject({
    lifeMs: milliseconds.min(1000).default(300_000).meta(about('Time from `Created` to `Expires`.', 300_000)),
  })
  .meta(about('Timestamp of each attempt.', { lifeMs: 300_000 }));

const usernameToken = z
  .strictObject({
    username: setting.meta(about('User name. References are allowed.', '${env:LAND_USER}')),
    password: secret.meta(about('Password, by reference.', '${env:LAND_PASSWORD}')),
    type: z
      .enum(['digest', 'text'])
      .default('digest')
      .meta(
        about(
          '`digest`: PasswordDigest, SHA-1 over nonce, time and password. `text`: PasswordText, the password itself.',
          'digest',
        ),
      ),
    nonce: z
      .boolean()
      .optional()
      .meta(
        about('Sends a nonce of 16 random bytes and the time.', true, {
          whenAbsent: 'with `digest`, which requires them',
        }),
      ),
  })
  .refine(({ type, nonce }) => type !== 'digest' || nonce !== false, {
    path: ['nonce'],
    message: 'no `nonce: false` with `type: digest`, which covers nonce and time; remove it',
  })
  .meta(
    about('UsernameToken Profile 1.1.', {
      username: '${env:LAND_USER}',
      password: '${env:LAND_PASSWORD}',
    }),
  );

const signature = z
  .strictObject({
    certificate: setting.meta(
      about(
        'Certificate of the gateway, in PEM form. It is sent as BinarySecurityToken (X.509 v3).',
        '${file:/run/secrets/land.crt}',
      ),
    ),
    key: secret.meta(
      about(
        'RSA private key of the certificate, in PEM form, by reference.',
        '${file:/run/secrets/land.key}',
      ),
    ),
    over: z
      .array(z.enum(['body', 'timestamp', 'usernameToken']))
      .min(1)
      .default(['body', 'timestamp'])
      .meta(about('Signed elements.', ['body', 'timestamp'])),
  })
  .meta(
    about('XML signature of requests: exclusive C14N, SHA-256, RSA-SHA256.', {
      certificate: '${file:/run/secrets/land.crt}',
      key: '${file:/run/secrets/land.key}',
    }),
  );

const verify = z
  .strictObject({
    certificate: setting.optional().meta(
      about(
        'Certificates that may have signed, in PEM form: one, or two during a change.',
        '${file:/run/secrets/land-source.crt}',
        {
          whenAbsent: 'the certificate in the answer is verified by `ca`',
        },
      ),
    ),
    ca: setting.optional().meta(
      about(
        'Authorities whose certificates may have signed, in PEM form.',
        '${file:/run/secrets/gov-ca.crt}',
        {
          whenAbsent: '`certificate` decides',
        },
      ),
    ),
    commonName: text.optional().meta(
      about(
        'Common name in the signing certificate. Required with `ca`: an authority issues certificates to others, too.',
        'land.example.gov.vn',
        {
          whenAbsent: '`certificate` decides',
        },
      ),
    ),
    over: z
      .array(z.enum(['body', 'timestamp']))
      .min(1)
      .default(['body', 'timestamp'])
      .meta(about('Elements that must be signed.', ['body', 'timestamp'])),
    maxAgeMs: milliseconds.default(300_000).meta(about('Age of the Timestamp at most.', 300_000)),
    clockSkewMs: milliseconds.default(60_000).meta(about('Difference of clocks that is tolerated.', 60_000)),
  })
  .superRefine(({ certificate, ca, commonName, over }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((certificate === undefined) === (ca === undefined)) {
      refuse('certificate', 'either `certificate`, or `ca` and `commonName`');
    } else if (ca !== undefined && commonName === undefined) {
      refuse('commonName', 'the common name of the certificate that signs');
    } else if (certificate !== undefined && commonName !== undefined) {
      refuse('commonName', 'no common name beside `certificate`, which decides alone; remove it');
    }
    if (!over.includes('body')) refuse('over', '`body` among the signed elements');
  })
  .meta(
    about('Requires a valid signature of answers; an answer without one is invalid.', {
      certificate: '${file:/run/secrets/land-source.crt}',
    }),
  );

export const wsSecuritySchema = z
  .strictObject({
    mustUnderstand: z
      .boolean()
      .default(true)
      .meta(about('Sets `mustUnderstand` on the Security header.', true)),
    actor: text.optional().meta(
      about('`actor` (SOAP 1.1) or `role` (SOAP 1.2) of the Security header.', 'urn:example:bus', {
        whenAbsent: 'the receiver of the message',
      }),
    ),
    timestamp: timestamp.optional().meta({ whenAbsent: 'no Timestamp is sent' }),
    usernameToken: usernameToken.optional().meta({ whenAbsent: 'no UsernameToken is sent' }),
    signature: signature.optional().meta({ whenAbsent: 'requests are not signed' }),
    verify: verify.optional().meta({ whenAbsent: 'answers are not verified' }),
  })
  .superRefine(({ timestamp, usernameToken, signature, verify }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if ([timestamp, usernameToken, signature, verify].every((part) => part === undefined)) {
      refuse([], 'at least one of timestamp, usernameToken, signature, verify');
    }
    signature?.over.forEach((name, i) => {
      if (name === 'timestamp' && timestamp === undefined) {
        refuse(['signature', 'over', i], 'the key `timestamp` beside `signature`, e.g. `timestamp: {}`');
      }
      if (name === 'usernameToken' && usernameToken === undefined) {
        refuse(['signature', 'over', i], 'the key `usernameToken` beside `signature`');
      }
    });
  })
  .meta(
    about('WS-Security (OASIS SOAP Message Security 1.1).', {
      timestamp: {},
      usernameToken: { username: '${env:LAND_USER}', password: '${env:LAND_PASSWORD}' },
    }),
  );

export type WsSecuritySettings = Settled<z.output<typeof wsSecuritySchema>>;
