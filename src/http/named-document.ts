// Requests that name a published document in place of sending it: Apollo's `extensions.persistedQuery.sha256Hash`, Relay's `doc_id`
// or `id`, graphql-codegen's `documentId`. Decides by the mode of the client whether other documents are answered.

import { GatewayError, type LocalizedText } from '../errors.ts';
import type { RequestContext } from '../request/context.ts';
import type { ProtocolRequest } from './protocol-contract.ts';

/** Implemented by `documents/`. */
export interface Documents {
  readonly modeOf: (client: string | null) => 'off' | 'warn' | 'enforce';
  readonly find: (client: string | null, id: string) => string | undefined;
  readonly isTrusted: (client: string | null, text: string) => boolean;
  readonly warn: (client: string | null, operationName: string | undefined, text: string) => void;
}

/**
 * The request with the text of the document that it names; the same request where it names none.
 * @throws GatewayError PERSISTED_QUERY_NOT_FOUND for an unknown name, DOCUMENT_NOT_TRUSTED for a text that may not be sent
 */
export function withNamedDocument(
  request: ProtocolRequest,
  context: RequestContext,
  documents: Documents,
): ProtocolRequest {
  const client = context.identity.client.id;
  const mode = documents.modeOf(client);
  const given = request.method === 'GET' ? parametersOf(request.search) : request.body;
  if (!isRecord(given)) return request;
  const { query, extensions } = given;
  const id = nameOf(given);
  if (typeof query === 'string' && query !== '') {
    if (mode === 'off') return request;
    if (!documents.isTrusted(client, query)) {
      if (mode === 'enforce') throw new GatewayError('DOCUMENT_NOT_TRUSTED');
      const { operationName } = given;
      documents.warn(client, typeof operationName === 'string' ? operationName : undefined, query);
    }
    return id === undefined ? request : withText(request, given, query, extensions);
  }
  if (id === undefined) return request;
  const text = documents.find(client, id);
  if (text !== undefined) return withText(request, given, text, extensions);
  // Apollo clients send the whole document instead, which must not be asked of a client that may not.
  if (mode === 'off' && isPersistedQuery(extensions)) return request;
  throw new GatewayError('PERSISTED_QUERY_NOT_FOUND', { reason: mode === 'enforce' ? PUBLISH : undefined });
}

const PUBLISH: LocalizedText = {
  vi: 'Hãy công bố tài liệu trước: lienthong documents publish.',
  en: 'Publish the document first: lienthong documents publish.',
};

function withText(
  request: ProtocolRequest,
  given: Readonly<Record<string, unknown>>,
  query: string,
  extensions: unknown,
): ProtocolRequest {
  const rest = isRecord(extensions) ? { ...extensions, persistedQuery: undefined } : undefined;
  const { persistedQuery: _, ...kept } = rest ?? {};
  if (request.method === 'GET') {
    const parameters = new URLSearchParams(request.search);
    parameters.set('query', query);
    parameters.delete('extensions');
    if (Object.keys(kept).length > 0) parameters.set('extensions', JSON.stringify(kept));
    return { ...request, search: `?${parameters}` };
  }
  return { ...request, body: { ...given, query, extensions: rest && kept } };
}

/** The identifier of a document, in the first form that is there. */
function nameOf(given: Readonly<Record<string, unknown>>): string | undefined {
  const { extensions, id, doc_id: docId, documentId } = given;
  if (isPersistedQuery(extensions)) return extensions.persistedQuery.sha256Hash;
  const found = [documentId, docId, id].find((each) => typeof each === 'string' && each !== '');
  // The form of the appendix on persisted documents: `sha256:<hex>`.
  return typeof found === 'string' ? found.replace(/^sha256:/, '') : undefined;
}

const isPersistedQuery = (
  extensions: unknown,
): extensions is { readonly persistedQuery: { readonly sha256Hash: string } } =>
  isRecord(extensions) &&
  isRecord(extensions.persistedQuery) &&
  typeof extensions.persistedQuery.sha256Hash === 'string';

function parametersOf(search: string): Record<string, unknown> {
  const parameters: Record<string, unknown> = Object.fromEntries(new URLSearchParams(search));
  if (typeof parameters.extensions !== 'string') return parameters;
  try {
    return { ...parameters, extensions: JSON.parse(parameters.extensions) };
  } catch {
    // The protocol refuses it.
    return { ...parameters, extensions: undefined };
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
