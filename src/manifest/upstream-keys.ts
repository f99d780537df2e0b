// The keys of `connector.yaml` that say how a source is spoken to: formats, credentials by reference, signatures, TLS, buses.
// Read by `manifest.ts`; `upstream-spec.ts` turns them into the spec of `src/upstream`.
import { z } from 'zod';
import { REFERENCE } from '../references.ts';

const text = z.string().min(1);
const milliseconds = z.number().int().min(1).max(600_000);

/** `${env:NAME}` or `${file:/path}`, possibly inside other text. Secrets are never written in a manifest. */
const secret = z
  .string()
  .regex(REFERENCE, 'a secret must be given by reference: ${env:NAME} or ${file:/path}')
  .describe('A reference to a secret: ${env:NAME} or ${file:/path}.');
/** A value that may be a reference, and need not be. */
const setting = z.string().min(1);

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2027-01-31')
  .refine((value) => {
    // Date.parse rolls 31 April over into May: a day that does not come back is none.
    const at = Date.parse(`${value}T00:00:00Z`);
    return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
  }, 'a day that the calendar has');
const validity = {
  validUntil: day
    .optional()
    .describe('The last day, in Vietnam, for which key or password are agreed; told to operators.'),
};

const credentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('basic'), user: setting, password: secret, ...validity }),
  z.strictObject({ type: z.literal('bearer'), token: secret, ...validity }),
  z.strictObject({ type: z.literal('header'), name: text, value: secret, ...validity }),
  z.strictObject({ type: z.literal('query'), name: text, value: secret, ...validity }),
  z.strictObject({
    type: z.literal('jsonHeader'),
    name: text.default('lgspaccesstoken'),
    fields: z.record(text, setting),
    ...validity,
  }),
  z.strictObject({
    type: z.literal('oauth2ClientCredentials'),
    tokenPath: z.string().startsWith('/').optional(),
    tokenUrl: setting.optional(),
    clientId: setting,
    clientSecret: secret,
    scope: text.optional(),
    header: text.optional(),
    timeoutMs: milliseconds.optional(),
    refreshBeforeMs: milliseconds.optional(),
    ...validity,
  }),
  z
    .strictObject({
      type: z.literal('login'),
      path: z.string().startsWith('/').optional(),
      url: setting.optional(),
      body: z.record(text, setting),
      headers: z.record(text, text).optional().describe('Headers of the login request.'),
      tokenAt: text,
      header: text.optional(),
      bodyField: text.optional(),
      query: z
        .record(text, text)
        .optional()
        .describe("Query parameters by their paths in the login's answer."),
      expiresInMs: z.number().int().positive().optional(),
      timeoutMs: milliseconds.optional(),
      ...validity,
    })
    .refine(
      ({ header, bodyField, query }) =>
        header !== undefined || bodyField !== undefined || query !== undefined,
      'a login needs at least one of header, bodyField, query to say where its token goes',
    ),
  z.strictObject({
    type: z.literal('timestampedBasic'),
    user: setting,
    secret,
    apiKey: secret.optional(),
    serviceUrl: setting.optional(),
    timestampFormat: z.enum(['epochMs', 'epochSeconds', 'yyyyMMddHHmmss']).optional(),
    ...validity,
  }),
]);

const signaturePlace = {
  into: text,
  place: z.enum(['body', 'header', 'query']).optional(),
  encoding: z.enum(['hex', 'HEX', 'base64']).optional(),
};
const joinedFields = {
  fields: z.array(text).min(1),
  separator: z.string(),
  prefix: text.optional(),
};
const hmacAlgorithm = z.enum(['sha256', 'sha512', 'sha1']);
const signing = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('joinedDigest'),
    algorithm: z.enum(['sha256', 'sha512', 'sha1', 'md5']),
    ...joinedFields,
    secret,
    secretAt: z.enum(['first', 'last']).optional(),
    ...signaturePlace,
  }),
  z.strictObject({
    type: z.literal('joinedHmac'),
    algorithm: hmacAlgorithm,
    ...joinedFields,
    secret,
    ...signaturePlace,
  }),
  z.strictObject({
    type: z.literal('sortedHmac'),
    algorithm: hmacAlgorithm,
    secret,
    leaveOut: z.array(text).optional(),
    ...signaturePlace,
  }),
  z.strictObject({
    type: z.literal('rsaSha256'),
    ...joinedFields,
    privateKey: secret.optional(),
    publicKey: setting.optional(),
    ...signaturePlace,
  }),
]);

const messageSignature = z
  .strictObject({
    algorithm: z.enum(['ed25519', 'rsa-pss-sha512', 'hmac-sha256']),
    keyId: z.string().regex(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, 'visible ASCII without quotes is expected'),
    key: secret,
    components: z
      .array(
        z.string().regex(/^(@(method|target-uri|request-target|authority|scheme|path|query)|[a-z0-9-]+)$/),
      )
      .min(1),
    label: z
      .string()
      .regex(/^[a-z][a-z0-9_.-]*$/)
      .optional(),
    nameAlgorithm: z.boolean().optional(),
  })
  .describe('HTTP Message Signatures (RFC 9421) of every request.');

const tls = z
  .strictObject({
    cert: setting.optional(),
    key: secret.optional(),
    passphrase: secret.optional(),
    ca: setting.optional(),
    serverName: text.optional(),
  })
  .refine(
    ({ cert, key }) => (cert === undefined) === (key === undefined),
    'cert and key are expected together',
  )
  .describe(
    'Mutual TLS: PEM texts by reference, e.g. ${file:/run/secrets/gateway.crt}; read anew at each new socket.',
  );

const codes = z.array(z.union([z.string(), z.number(), z.boolean()]));
const verdict = z.enum(['success', 'notFound', 'refused', 'throttled', 'unauthorized', 'fault', 'invalid']);
const outcome = z.strictObject({
  at: text,
  success: codes.optional(),
  notFound: codes.optional(),
  refused: codes.optional(),
  throttled: codes.optional(),
  unauthorized: codes.optional(),
  successText: z.strictObject({ at: text, contains: text }).optional(),
  otherwise: verdict.optional(),
  missing: verdict.optional(),
  statuses: z.record(z.coerce.number().int().min(100).max(599), verdict).optional(),
});

const soap = z.strictObject({
  namespace: text,
  action: z.string().optional(),
  contentType: text.optional(),
  operation: text.optional(),
  operations: z
    .record(text, z.strictObject({ element: text.optional(), action: z.string().optional() }))
    .optional()
    .describe("Element and action by name of the connect operation, e.g. `Citizen` or the directive's `id`."),
  headers: z
    .record(text, setting)
    .optional()
    .describe('Elements of the SOAP Header; references are allowed.'),
  lists: z.array(text).optional(),
  responseRoots: z.array(text).optional(),
});

const xml = z.strictObject({
  namespace: text.optional(),
  contentType: text.optional(),
  lists: z.array(text).optional(),
  responseRoots: z.array(text).optional(),
});

const unwrap = z
  .array(
    z.strictObject({
      at: z
        .string()
        .describe('Dotted path of the text in the answer; `$` for an answer that is a text itself.'),
      as: z.enum(['xml', 'json']),
      lists: z.array(text).optional().describe('XML: elements that are always lists.'),
      responseRoots: z.array(text).optional().describe('XML: names that the root must have.'),
      optional: z.boolean().optional().describe('A text that cannot be read is left as it is.'),
    }),
  )
  .describe(
    'Texts inside an answer that hold XML or JSON, in their order; outcome table and mappings read what they hold.',
  );

const member = z
  .string()
  .regex(/^[^/]+(\/[^/]+){2,3}$/, 'instance/memberClass/memberCode[/subsystem] is expected');
const xroad = z
  .strictObject({
    client: member,
    service: member.optional(),
    serviceVersion: text.optional(),
    securityServer: member.optional(),
    representedParty: text.optional(),
    userIdPrefix: z.string().optional(),
  })
  .describe('X-Road headers: HTTP headers for REST protocols, SOAP header elements for SOAP.');

const source = z.strictObject({
  baseUrl: setting,
  hosts: z
    .array(setting)
    .default([])
    .describe(
      'Further hosts that may be called (host or host:port), and inside addresses or ranges (10.20.0.0/16) that a name may resolve to. References are allowed.',
    ),
  connections: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .default(64)
    .describe('Calls at once: sockets over HTTP/1.1, streams over HTTP/2.'),
  http2: z
    .boolean()
    .default(false)
    .describe('Is HTTP/2 offered to the source, over TLS? It chooses; without, HTTP/1.1.'),
  compression: z.boolean().default(true).describe('May the source compress its answers (gzip, br, zstd)?'),
});

const probe = z
  .strictObject({
    GET: z
      .string()
      .startsWith('/')
      .optional()
      .describe('A health endpoint below the base URL that costs nothing; without, a socket is opened.'),
    statuses: z.array(z.number().int().min(200).max(599)).min(1).optional().describe('Default: 2xx.'),
    credentials: z
      .boolean()
      .optional()
      .describe('Are credentials sent with it, in header or query? Default: no.'),
    everyMs: milliseconds.min(1000).optional(),
  })
  .refine(
    ({ GET, statuses, credentials: sent }) =>
      GET !== undefined || (statuses === undefined && sent === undefined),
    'statuses and credentials are of a GET; give it, or leave them out',
  )
  .describe('How one finds out between calls whether the source is there.');

/** Spread into the manifest's schema. */
export const upstreamKeys = {
  protocol: z.enum(['json', 'form', 'xml', 'soap11', 'soap12', 'text']).default('json'),
  source,
  soap: soap.optional(),
  xml: xml.optional(),
  unwrap: unwrap.optional(),
  xroad: xroad.optional(),
  tls: tls.optional(),
  credentials: credentials.default({ type: 'none' }),
  signing: signing.optional(),
  messageSignature: messageSignature.optional(),
  outcome: outcome.optional(),
  probe: probe.optional(),
};
