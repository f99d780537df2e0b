// `connector.yaml`, read and checked: one strict tree, every mistake at once with its place in the file.
// What the schema must not hold stands here: owner, protocol, base URL, credentials by reference, limits.

import { z } from 'zod';
import { adaptive, guardKeys } from './guard-keys.ts';
import { REFERENCE } from './secrets.ts';
import { readYamlFile } from './yaml-file.ts';

const text = z.string().min(1);
const localized = z.strictObject({ vi: text, en: text });
const milliseconds = z.number().int().min(1).max(600_000);

/** `${env:NAME}` or `${file:/path}`, possibly inside other text. Secrets are never written in a manifest. */
const secret = z
  .string()
  .regex(REFERENCE, 'a secret must be given by reference: ${env:NAME} or ${file:/path}')
  .describe('A reference to a secret: ${env:NAME} or ${file:/path}.');
/** A value that may be a reference, and need not be. */
const setting = z.string().min(1);

const credentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('basic'), user: setting, password: secret }),
  z.strictObject({ type: z.literal('bearer'), token: secret }),
  z.strictObject({ type: z.literal('header'), name: text, value: secret }),
  z.strictObject({ type: z.literal('query'), name: text, value: secret }),
  z.strictObject({
    type: z.literal('jsonHeader'),
    name: text.default('lgspaccesstoken'),
    fields: z.record(text, setting),
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

export const manifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id is lower-case letters, digits and "-"'),
  title: localized,
  description: z.union([text, localized]).optional(),
  owner: z.strictObject({ agency: text, contact: text }),
  lifecycle: z.enum(['stable', 'provisional', 'deprecated']).default('stable'),
  protocol: z.enum(['json', 'form', 'xml', 'soap11', 'soap12', 'text']).default('json'),
  simulator: z.strictObject({ portOffset: z.number().int().min(1).max(1000) }).optional(),
  config: z.record(text, z.unknown()).default({}),
  env: z.array(text).default([]).describe('Environment variables that mappings may read as $env.'),
  source: z.strictObject({
    baseUrl: setting,
    hosts: z
      .array(setting)
      .default([])
      .describe(
        'Further hosts that may be called (host or host:port), and inside addresses or ranges (10.20.0.0/16) that a name may resolve to. References are allowed.',
      ),
    connections: z.number().int().min(1).max(1024).default(64),
    compression: z.boolean().default(true).describe('May the source compress its answers (gzip, br, zstd)?'),
  }),
  soap: soap.optional(),
  xml: xml.optional(),
  xroad: xroad.optional(),
  tls: tls.optional(),
  credentials: credentials.default({ type: 'none' }),
  signing: signing.optional(),
  messageSignature: messageSignature.optional(),
  outcome: outcome.optional(),
  limits: z
    .strictObject({
      attemptTimeoutMs: milliseconds.default(3000),
      maxResponseBytes: z.number().int().min(1).default(1_048_576),
      maxHeaderBytes: z.number().int().min(1024).max(1_048_576).default(16_384),
      maxDepth: z.number().int().min(1).max(512).default(64),
      perRequest: z.number().int().min(1).max(1000).default(16),
    })
    .prefault({}),
  breaker: z
    .strictObject({
      failureRate: z.number().gt(0).max(1).default(0.5),
      minimumCalls: z.number().int().min(1).default(8),
      failuresInARow: z.number().int().min(1).optional(),
      windowMs: milliseconds.default(10_000),
      openMs: milliseconds.default(5000),
      probes: z.number().int().min(1).max(100).default(2),
      slowCallMs: milliseconds.optional(),
      slowCallRate: z.number().gt(0).max(1).default(0.5),
      recoverMs: z.number().int().min(0).max(600_000).default(500),
    })
    .prefault({}),
  bulkhead: z
    .strictObject({
      maxConcurrent: z.number().int().min(1).default(64),
      maxWaiting: z.number().int().min(0).default(512),
      maxWaitMs: milliseconds.default(5000),
      adaptive,
    })
    .refine(
      ({ adaptive, maxConcurrent }) => (adaptive?.minConcurrent ?? 1) <= maxConcurrent,
      'adaptive.minConcurrent must not be over maxConcurrent',
    )
    .prefault({}),
  ...guardKeys,
  data: z
    .strictObject({
      classification: z.enum(['public', 'internal', 'personal', 'sensitive']).default('internal'),
      purpose: z.enum(['required', 'optional']).default('optional'),
      fields: z.record(text, z.unknown()).optional(),
    })
    .prefault({}),
});

export type Manifest = z.output<typeof manifestSchema>;

/** Parts in which someone may have written a secret in plain. */
const SECRET_SECTIONS: ReadonlySet<string> = new Set([
  'credentials',
  'signing',
  'tls',
  'xroad',
  'messageSignature',
]);

/**
 * @param body the YAML text
 * @param file the name that findings carry
 * @throws DiagnosticsError with every mistake
 */
export const readManifest = (body: string, file: string): Manifest =>
  readYamlFile(body, file, {
    name: 'Manifest',
    schema: manifestSchema,
    wayOut: 'connectors/connector.schema.json lists all that a manifest may hold.',
    isSecret: ([first]) => SECRET_SECTIONS.has(String(first)),
  }).data;
