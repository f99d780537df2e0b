// Reads and compiles a schema file of this folder as a connector, and says everything that was found.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileConnector } from '../../../src/connect/compile-connector.ts';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { type Diagnostic, DiagnosticsError } from '../../../src/diagnostic.ts';

const SETTINGS = {
  id: 'test',
  config: {
    baseUrl: 'https://library.example.com',
    broken: 'not a url',
    token: 'synthetic',
    tenant: { id: 7 },
  },
  env: { REGION: 'north' },
};

const folderOf = (folder: 'right' | 'wrong'): string =>
  fileURLToPath(new URL(`./${folder}/`, import.meta.url));

/** Names of the schemas of a folder, without their ending. */
export const schemaNames = (folder: 'right' | 'wrong'): string[] =>
  readdirSync(folderOf(folder))
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => name.replace(/\.graphql$/, ''))
    .sort();

export const schemaText = (folder: 'right' | 'wrong', name: string): string =>
  readFileSync(`${folderOf(folder)}${name}.graphql`, 'utf8');

/** Errors of a refused schema, or the warnings of one that is taken. */
export function findingsOf(text: string, file: string): readonly Diagnostic[] {
  try {
    return compileConnector(readConnectorSchema(text, file), SETTINGS).warnings;
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics;
  }
}
