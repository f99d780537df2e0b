// Calls to issuers: discovery, keys, introspection, claims of a person. Only configured addresses, and those in the discovery
// document of a configured issuer, are called; never an address from a token. Guarantees bounded time and size; no redirects.

import { Agent, request } from 'undici';
import { type Members, parseObject } from './token-parts.ts';

const CALL_MS = 3_000;
const MAX_BYTES = 256 * 1024;

/** A call that failed. The message is for the log: it names neither the token nor what was answered. */
export class IssuerCallError extends Error {
  override readonly name = 'IssuerCallError';
}

export interface IssuerCalls {
  /** @throws IssuerCallError */
  get(url: string): Promise<Members>;
  /** @throws IssuerCallError */
  post(url: string, form: Readonly<Record<string, string>>, authorization: string): Promise<Members>;
  close(): Promise<void>;
}

export function createIssuerCalls(): IssuerCalls {
  const dispatcher = new Agent({
    connections: 16,
    connect: { timeout: CALL_MS },
    headersTimeout: CALL_MS,
    bodyTimeout: CALL_MS,
    maxResponseSize: MAX_BYTES,
  });
  const call = async (url: string, options: Omit<Parameters<typeof request>[1], 'dispatcher'>) => {
    let status: number;
    let text: string;
    try {
      const answer = await request(url, { ...options, dispatcher, signal: AbortSignal.timeout(CALL_MS) });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      throw new IssuerCallError(`no answer (${code ?? name})`, { cause: error });
    }
    if (status !== 200) throw new IssuerCallError(`found status ${status}, expected 200`);
    const members = parseObject(text);
    if (members === undefined) throw new IssuerCallError('found another body, expected a JSON object');
    return members;
  };
  return {
    get: (url) => call(url, { method: 'GET', headers: { accept: 'application/json' } }),
    post: (url, form, authorization) =>
      call(url, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          authorization,
        },
        body: new URLSearchParams(form).toString(),
      }),
    close: () => dispatcher.destroy(),
  };
}
