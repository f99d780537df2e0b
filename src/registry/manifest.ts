// `connector.yaml`, read and checked: one strict tree, every mistake at once with its place in the file.
// What the schema must not hold stands here: owner, protocol, base URL, credentials by reference, limits.

import { z } from 'zod';
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
  z.strictObject({ type: z.literal('header'), name: text, value: secret }),
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
  z.strictObject({
    type: z.literal('login'),
    path: z.string().startsWith('/').optional(),
    url: setting.optional(),
    body: z.record(text, setting),
    tokenAt: text,
    header: text,
    expiresInMs: z.number().int().positive().optional(),
    timeoutMs: milliseconds.optional(),
  }),
  z.strictObject({
    type: z.literal('timestampedBasic'),
    user: setting,
    secret,
    apiKey: secret.optional(),
    serviceUrl: setting.optional(),
    timestampFormat: z.enum(['epochMs', 'epochSeconds', 'yyyyMMddHHmmss']).optional(),
  }),
]);

const signing = z.strictObject({
  type: z.literal('joinedDigest'),
  algorithm: z.enum(['sha256', 'sha512', 'sha1', 'md5']),
  fields: z.array(text).min(1),
  separator: z.string(),
  secret,
  into: text,
});

const codes = z.array(z.union([z.string(), z.number(), z.boolean()]));
const verdict = z.enum(['success', 'notFound', 'refused', 'throttled', 'unauthorized', 'fault', 'invalid']);
const outcome = z.strictObject({
  at: text,
  success: codes.optional(),
  notFound: codes.optional(),
  refused: codes.optional(),
  throttled: codes.optional(),
  unauthorized: codes.optional(),
  otherwise: verdict.optional(),
  missing: verdict.optional(),
  statuses: z.record(z.coerce.number().int().min(100).max(599), verdict).optional(),
});

const soap = z.strictObject({
  namespace: text,
  action: z.string().optional(),
  contentType: text.optional(),
  operation: text.optional(),
  lists: z.array(text).optional(),
  responseRoots: z.array(text).optional(),
});

export const manifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id is lower-case letters, digits and "-"'),
  title: localized,
  description: z.union([text, localized]).optional(),
  owner: z.strictObject({ agency: text, contact: text }),
  lifecycle: z.enum(['stable', 'provisional', 'deprecated']).default('stable'),
  protocol: z.enum(['json', 'form', 'soap11']).default('json'),
  simulator: z.strictObject({ portOffset: z.number().int().min(1).max(1000) }).optional(),
  config: z.record(text, z.unknown()).default({}),
  env: z.array(text).default([]).describe('Environment variables that mappings may read as $env.'),
  source: z.strictObject({
    baseUrl: setting,
    hosts: z.array(text).default([]),
    connections: z.number().int().min(1).max(1024).default(64),
  }),
  soap: soap.optional(),
  credentials: credentials.default({ type: 'none' }),
  signing: signing.optional(),
  outcome: outcome.optional(),
  limits: z
    .strictObject({
      attemptTimeoutMs: milliseconds.default(3000),
      maxResponseBytes: z.number().int().min(1).default(1_048_576),
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
    })
    .prefault({}),
  bulkhead: z
    .strictObject({
      maxConcurrent: z.number().int().min(1).default(64),
      maxWaiting: z.number().int().min(0).default(512),
      maxWaitMs: milliseconds.default(5000),
    })
    .prefault({}),
  data: z
    .strictObject({
      classification: z.enum(['public', 'internal', 'personal', 'sensitive']).default('internal'),
      purpose: z.enum(['required', 'optional']).default('optional'),
      fields: z.record(text, z.unknown()).optional(),
    })
    .prefault({}),
});

export type Manifest = z.output<typeof manifestSchema>;

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
    isSecret: ([first]) => first === 'credentials' || first === 'signing',
  }).data;
