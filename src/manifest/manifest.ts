// `connector.yaml`, read and checked: one strict tree, every mistake at once with its place in the file.
// What the schema must not hold stands here: owner, protocol, base URL, credentials by reference, limits.

import { z } from 'zod';
import { adaptive, guardKeys } from './guard-keys.ts';
import { upstreamKeys } from './upstream-keys.ts';
import { readYamlFile } from './yaml-file.ts';

const text = z.string().min(1);
const localized = z.strictObject({ vi: text, en: text });
const milliseconds = z.number().int().min(1).max(600_000);

export const manifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id is lower-case letters, digits and "-"'),
  title: localized,
  description: z.union([text, localized]).optional(),
  owner: z.strictObject({ agency: text, contact: text }),
  lifecycle: z.enum(['stable', 'provisional', 'deprecated']).default('stable'),
  simulator: z.strictObject({ portOffset: z.number().int().min(1).max(1000) }).optional(),
  config: z.record(text, z.unknown()).default({}),
  env: z.array(text).default([]).describe('Environment variables that mappings may read as $env.'),
  ...upstreamKeys,
  limits: z
    .strictObject({
      attemptTimeoutMs: milliseconds.default(3000),
      maxResponseBytes: z.number().int().min(1).default(1_048_576),
      maxHeaderBytes: z.number().int().min(1024).max(1_048_576).default(16_384),
      maxDepth: z.number().int().min(1).max(512).default(64),
      perRequest: z.number().int().min(1).max(1000).default(16),
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
