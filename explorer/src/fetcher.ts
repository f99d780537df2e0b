// Sends an operation to the gateway, over HTTP as the GraphQL-over-HTTP specification describes it.

import type { People } from './people.ts';
import type { Texts } from './texts.ts';

export interface FetcherOptions {
  readonly endpoint: string;
  /** Value of `Accept-Language`, read at each call; a header of the user has precedence. */
  readonly language: () => string;
  readonly texts: () => Texts;
  /** As whom to ask, where the headers do not say it. */
  readonly people: Pick<People, 'authorization' | 'forget'>;
}

interface Operation {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null;
}

/** @returns the parsed answer; rejects with a sentence for the user when there is none */
export function createFetcher({ endpoint, language, texts, people }: FetcherOptions) {
  const send = async (body: string, headers: Headers): Promise<Response> =>
    fetch(endpoint, { method: 'POST', headers, body }).catch(() => {
      throw new Error(texts().unreachable);
    });
  return async (operation: Operation, options?: { readonly headers?: Record<string, string> }) => {
    const headers = new Headers({
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'accept-language': language(),
      'content-type': 'application/json',
    });
    for (const [name, value] of Object.entries(options?.headers ?? {})) headers.set(name, value);
    const body = JSON.stringify(operation);
    let response: Response;
    if (headers.has('authorization')) response = await send(body, headers);
    else {
      response = await send(body, await withPerson(headers, people));
      if (response.status === 401) {
        // A gateway that was started again knows no token of the start before.
        people.forget();
        response = await send(body, await withPerson(headers, people));
      }
    }
    return response.json().catch(() => {
      throw new Error(texts().notJson.replace('{status}', String(response.status)));
    });
  };
}

async function withPerson(headers: Headers, people: FetcherOptions['people']): Promise<Headers> {
  const authorization = await people.authorization();
  if (authorization === undefined) headers.delete('authorization');
  else headers.set('authorization', authorization);
  return headers;
}
