// Sends an operation to the gateway, over HTTP as the GraphQL-over-HTTP specification describes it.

import type { Texts } from './texts.ts';

export interface FetcherOptions {
  readonly endpoint: string;
  /** Value of `Accept-Language`, read at each call; a header of the user has precedence. */
  readonly language: () => string;
  readonly texts: () => Texts;
}

interface Operation {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null;
}

/** @returns the parsed answer; rejects with a sentence for the user when there is none */
export function createFetcher({ endpoint, language, texts }: FetcherOptions) {
  return async (operation: Operation, options?: { readonly headers?: Record<string, string> }) => {
    const headers = new Headers({
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'accept-language': language(),
      'content-type': 'application/json',
    });
    for (const [name, value] of Object.entries(options?.headers ?? {})) headers.set(name, value);
    const response = await fetch(endpoint, {
      method: 'POST',
      headers,
      body: JSON.stringify(operation),
    }).catch(() => {
      throw new Error(texts().unreachable);
    });
    return response.json().catch(() => {
      throw new Error(texts().notJson.replace('{status}', String(response.status)));
    });
  };
}
