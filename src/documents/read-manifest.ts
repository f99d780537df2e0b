// Manifests of documents as the tools of clients write them: Apollo (`persisted-query-manifest.json`), Relay
// (`persisted_queries.json`) and graphql-codegen (`persisted-documents.json`). All become pairs of an identifier and a text.

import { hash } from 'node:crypto';
import { parse } from 'graphql';

export interface PublishedDocument {
  /** As the client sends it. */
  readonly id: string;
  readonly body: string;
}

/** A manifest that cannot be used; `message` is a sentence for the person who publishes it. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** Documents of one manifest, and characters of one identifier. */
const MAX_DOCUMENTS = 20_000;
const MAX_ID = 200;

/** @throws ManifestError */
export function readManifest(text: string): readonly PublishedDocument[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ManifestError('Found no JSON, expected a manifest of Apollo, Relay or graphql-codegen.');
  }
  const documents = isRecord(content) ? (apolloDocuments(content) ?? pairs(content)) : undefined;
  if (documents === undefined || documents.length === 0) {
    throw new ManifestError(
      'Found no documents, expected { "format": "apollo-persisted-query-manifest", "operations": [ … ] } or an object { "<id>": "<document>" }.',
    );
  }
  if (documents.length > MAX_DOCUMENTS)
    throw new ManifestError(`Found ${documents.length} documents, expected at most ${MAX_DOCUMENTS}.`);
  for (const { id, body } of documents) check(id, body);
  return documents;
}

function apolloDocuments(content: Readonly<Record<string, unknown>>): PublishedDocument[] | undefined {
  const { format, version, operations } = content;
  if (format === undefined && operations === undefined) return undefined;
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) {
    throw new ManifestError(
      `Found the format ${JSON.stringify(format)} in version ${JSON.stringify(version)}, expected "apollo-persisted-query-manifest" in version 1.`,
    );
  }
  return operations.map((operation: unknown, index) => {
    const { id, body } = isRecord(operation) ? operation : {};
    if (typeof id !== 'string' || typeof body !== 'string')
      throw new ManifestError(`operations[${index}]: found no id and body, expected two texts.`);
    return { id, body };
  });
}

const pairs = (content: Readonly<Record<string, unknown>>): PublishedDocument[] =>
  Object.entries(content).map(([id, body]) => {
    if (typeof body !== 'string')
      throw new ManifestError(`${JSON.stringify(id.slice(0, MAX_ID))}: found no text, expected a document.`);
    return { id, body };
  });

/** @throws ManifestError */
function check(id: string, body: string): void {
  const shown = JSON.stringify(id.slice(0, MAX_ID));
  if (id === '' || id.length > MAX_ID || !/^[\x21-\x7e]+$/.test(id))
    throw new ManifestError(`${shown}: found this identifier, expected 1 to ${MAX_ID} visible characters.`);
  try {
    parse(body, { maxTokens: 5_000 });
  } catch (error) {
    throw new ManifestError(`${shown}: found no document, expected GraphQL. ${(error as Error).message}`);
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Identifies a text that a client sends in full. */
export const digestOf = (body: string): string => hash('sha256', body);
