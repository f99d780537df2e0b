// `connector.yaml`: its schema, the only source of defaults, ranges, units and descriptions, and a reader that reports every mistake
// with its place in the file.
import { z } from 'zod';
import { dataKeys } from './data-keys.ts';
import { formatKeys } from './format-keys.ts';
import { guardKeys } from './guard-keys.ts';
import { healthKeys } from './health-keys.ts';
import { identityKeys } from './identity-keys.ts';
import { manifestFaults } from './manifest-faults.ts';
import { operationKeys } from './operation-keys.ts';
import { ownershipKeys } from './ownership-keys.ts';
import { sourceKeys } from './source-keys.ts';
import { readYamlFile } from './yaml-file.ts';

export const manifestSchema = z.strictObject({
  ...identityKeys,
  ...sourceKeys,
  ...formatKeys,
  ...guardKeys,
  ...operationKeys,
  ...healthKeys,
  ...dataKeys,
  ...ownershipKeys,
});

export type Manifest = z.output<typeof manifestSchema>;

/** Sections in which a value may be a secret that was written in plain text. */
const SECRET_SECTIONS: ReadonlySet<string> = new Set([
  'config',
  'credentials',
  'signing',
  'tls',
  'xroad',
  'messageSignature',
]);

const SECRET_KEYS_OF_SOAP: ReadonlySet<string> = new Set(['headers', 'security']);

/**
 * @param body the YAML text
 * @param file the name that findings contain
 * @throws DiagnosticsError with every mistake
 */
export const readManifest = (body: string, file: string): Manifest =>
  readYamlFile(body, file, {
    name: 'Manifest',
    schema: manifestSchema,
    wayOut: 'docs/manifest.md describes every key.',
    // The parts of a signature are a vocabulary.
    isSecret: ([first, second]) =>
      (SECRET_SECTIONS.has(String(first)) && second !== 'over') ||
      (first === 'soap' && SECRET_KEYS_OF_SOAP.has(String(second))),
    faultsOf: manifestFaults,
  }).data;
