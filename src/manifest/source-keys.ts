// The keys of `connector.yaml` for the source: where it is, how it is authenticated, signed and probed, and the limits of a call.
import { z } from 'zod';
import { about, milliseconds, secret, setting, text } from '../manifest-keys.ts';
import { credentialsSchema } from '../upstream/credentials/kinds.ts';
import { messageSignatureSchema } from '../upstream/signing/http-message.ts';
import { signingSchema } from '../upstream/signing/kinds.ts';

const source = z
  .strictObject({
    baseUrl: setting.meta(
      about(
        'Base URL of the source; mappings read it as `$config.baseUrl`. References are allowed.',
        '${env:REGISTRY_URL:-http://127.0.0.1:4002}',
      ),
    ),
    hosts: z
      .array(setting)
      .default([])
      .meta(
        about(
          'Further hosts that may be called (host or host:port), and internal addresses or ranges that a name may resolve to. A reference may contain several, separated by commas.',
          ['lgsp.city.example:8243', '10.20.0.0/16'],
        ),
      ),
    connections: z
      .number()
      .int()
      .min(1)
      .max(1024)
      .default(64)
      .meta(
        about('Concurrent calls on the wire: sockets over HTTP/1.1, streams over HTTP/2.', 32, {
          unit: 'calls',
        }),
      ),
    connectionMaxAgeMs: milliseconds
      .min(1000)
      .default(300_000)
      .meta(
        about(
          'Age after which a kept connection receives no more calls, more or less by a tenth. A source that moves to other addresses is reached there after this time at the latest; sooner, when its name is looked up again.',
          60_000,
        ),
      ),
    http2: z
      .boolean()
      .default(false)
      .meta(about('Offers HTTP/2 to the source over TLS; the source chooses.', true)),
    compression: z
      .boolean()
      .default(true)
      .meta(about('Allows the source to compress its answers (gzip, br, zstd).', false)),
  })
  .meta(
    about('Where the source is.', { baseUrl: '${env:REGISTRY_URL:-http://127.0.0.1:4002}', connections: 32 }),
  );

export const tlsSchema = z
  .strictObject({
    cert: setting.optional().meta(
      about('Certificate of the gateway with its chain, in PEM form.', '${file:/run/secrets/gateway.crt}', {
        whenAbsent: 'no certificate is presented',
      }),
    ),
    key: secret.optional().meta(
      about(
        'Private key of the certificate, in PEM form, by reference.',
        '${file:/run/secrets/gateway.key}',
        {
          whenAbsent: 'no certificate is presented',
        },
      ),
    ),
    passphrase: secret.optional().meta(
      about('Passphrase of the key, by reference.', '${env:GATEWAY_KEY_PASSPHRASE}', {
        whenAbsent: 'the key is not encrypted',
      }),
    ),
    ca: setting.optional().meta(
      about(
        "Certificate authority of the source's certificate, in PEM form.",
        '${file:/run/secrets/bca-ca.crt}',
        {
          whenAbsent: "the system's authorities",
        },
      ),
    ),
    serverName: text
      .optional()
      .meta(
        about("Name in the source's certificate.", 'population.bca.example', { whenAbsent: 'the host name' }),
      ),
  })
  .refine(
    ({ cert, key }) => (cert === undefined) === (key === undefined),
    'cert and key are expected together',
  )
  .meta(
    about('Mutual TLS, and the authority of the source. Files are read again at each new socket.', {
      cert: '${file:/run/secrets/gateway.crt}',
      key: '${file:/run/secrets/gateway.key}',
    }),
  );

const member = z
  .string()
  .regex(/^[^/]+(\/[^/]+){2,3}$/, 'instance/memberClass/memberCode[/subsystem] is expected');

const xroad = z
  .strictObject({
    client: member.meta(
      about('Caller: `instance/memberClass/memberCode[/subsystem]`.', 'VN/GOV/H26/lienthong'),
    ),
    service: member.optional().meta(
      about(
        'SOAP: provider, `instance/memberClass/memberCode[/subsystem]`; the service code is the operation element.',
        'VN/GOV/BCA/population',
        {
          whenAbsent: 'no provider is named',
        },
      ),
    ),
    serviceVersion: text
      .optional()
      .meta(about('SOAP: version of the service.', 'v1', { whenAbsent: 'no version is named' })),
    securityServer: member.optional().meta(
      about('`instance/memberClass/memberCode/serverCode`.', 'VN/GOV/H26/ss1', {
        whenAbsent: 'no security server is named',
      }),
    ),
    representedParty: text.optional().meta(
      about('Party on whose behalf the call is made: `[memberClass/]memberCode`.', 'GOV/H26', {
        whenAbsent: 'the caller itself',
      }),
    ),
    userIdPrefix: z.string().default('VN').meta(about("Text before the officer's id.", 'VN')),
  })
  .optional()
  .meta(
    about(
      'X-Road between the gateway and the source: HTTP headers for REST protocols, header elements for SOAP.',
      { client: 'VN/GOV/H26/lienthong', service: 'VN/GOV/BCA/population' },
      { whenAbsent: 'no X-Road headers are sent' },
    ),
  );

const probe = z
  .strictObject({
    GET: z
      .string()
      .startsWith('/')
      .optional()
      .meta(
        about('Path of a health endpoint below the base URL that spends no quota.', '/health', {
          whenAbsent: 'a socket is opened and nothing is sent',
        }),
      ),
    statuses: z
      .array(z.number().int().min(200).max(599))
      .min(1)
      .optional()
      .meta(
        about('Statuses of the GET that mean the source is reachable.', [200, 404], { whenAbsent: '2xx' }),
      ),
    credentials: z
      .boolean()
      .optional()
      .meta(about('Sends credentials with the GET, in header or query.', true, { whenAbsent: '`false`' })),
    everyMs: milliseconds
      .min(1000)
      .optional()
      .meta(
        about('Interval between two probes of a source that is not called.', 30_000, {
          whenAbsent: 'only when an operator asks',
        }),
      ),
  })
  .refine(
    ({ GET, statuses, credentials }) =>
      GET !== undefined || (statuses === undefined && credentials === undefined),
    'statuses and credentials belong to a GET; add it, or remove them',
  )
  .prefault({})
  .meta(
    about('How the gateway checks, between calls, that the source can be reached.', {
      GET: '/health',
      everyMs: 30_000,
    }),
  );

const limits = z
  .strictObject({
    attemptTimeoutMs: milliseconds
      .default(3000)
      .meta(about('Time limit of one attempt, from its start to the complete answer.', 2000)),
    maxResponseBytes: z
      .number()
      .int()
      .min(1)
      .default(1_048_576)
      .meta(about('Size of an answer, both as sent and decompressed.', 1_048_576, { unit: 'bytes' })),
    maxHeaderBytes: z
      .number()
      .int()
      .min(1024)
      .max(1_048_576)
      .default(16_384)
      .meta(about("Size of an answer's status line and headers.", 16_384, { unit: 'bytes' })),
    maxDepth: z
      .number()
      .int()
      .min(1)
      .max(512)
      .default(64)
      .meta(about('Nested objects, lists or elements of an answer.', 64, { unit: 'levels' })),
    perRequest: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(16)
      .meta(about('Concurrent calls that one request may have at this source.', 8, { unit: 'calls' })),
  })
  .prefault({})
  .meta(about('Bounds of a call.', { attemptTimeoutMs: 2000, perRequest: 8 }));

export const sourceKeys = {
  source,
  credentials: credentialsSchema.default({ type: 'none' }).meta(
    about('How the gateway authenticates to the source. Secrets are given by reference.', {
      type: 'bearer',
      token: '${env:REGISTRY_TOKEN}',
    }),
  ),
  signing: signingSchema.optional().meta(
    about(
      'Signature over values of a request.',
      {
        type: 'joinedHmac',
        algorithm: 'sha256',
        fields: ['merchantId', 'orderId'],
        separator: '|',
        secret: '${env:PAYMENT_SECRET}',
        into: 'checksum',
      },
      { whenAbsent: 'requests are not signed' },
    ),
  ),
  messageSignature: messageSignatureSchema.optional().meta({ whenAbsent: 'requests are not signed' }),
  tls: tlsSchema
    .optional()
    .meta({ whenAbsent: "no certificate is presented; the system's authorities apply" }),
  xroad,
  probe,
  limits,
};
