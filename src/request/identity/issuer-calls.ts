// Calls to issuers: discovery, keys, introspection, claims of a person. Only configured addresses, and those in the discovery
// document of a configured issuer, are called; never an address from a token. Guarantees bounded time and size; no redirects.

import { Agent, request } from 'undici';
import { type Members, parseObject } from './token-parts.ts';

const CALL_MS = 3_000;
const MAX_BYTES = 256 * 1024;

/** A call that failed. The message is for the log: it names neither the token nor what was answered. */
export class IssuerCallError extends Error {
  override readonly name = 'IssuerCallError';
  /** `NONE`: no answer; `UNREADABLE`: one without the expected form; otherwise the HTTP status, which is not 200. */
  readonly found: number | 'NONE' | 'UNREADABLE';
  /** The code of an OAuth error, such as `invalid_client`. */
  readonly oauthError: string | undefined;

  constructor(
    message: string,
    found: IssuerCallError['found'] = 'UNREADABLE',
    more: { readonly oauthError?: unknown; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.found = found;
    this.oauthError = typeof more.oauthError === 'string' ? more.oauthError : undefined;
  }
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
      const isLong = code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
      throw new IssuerCallError(`no answer (${code ?? name})`, isLong ? 'UNREADABLE' : 'NONE', {
        cause: error,
      });
    }
    const members = parseObject(text);
    if (status !== 200)
      throw new IssuerCallError(`found status ${status}, expected 200`, status, {
        oauthError: members?.error,
      });
    if (members === undefined)
      throw new IssuerCallError('found another body, expected a JSON object', 'UNREADABLE');
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
