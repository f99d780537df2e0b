// The request to a token or login endpoint, and what its answer means.
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { createJsonCodec } from '../codecs/json.ts';
import { parseRetryAfter } from '../retry-after.ts';
import type { Secret } from '../secret.ts';
import type { Transport } from '../transport.ts';

export interface TokenRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const codec = createJsonCodec({ protocol: 'json', maxDepth: 64, mediaTypes: [] });

/** @param url reads the absolute URL, if the manifest has one */
export const tokenEndpoint = (baseUrl: string, path: string, url: Secret | undefined): string =>
  url === undefined ? baseUrl.replace(/(?<!\/)\/+$/, '') + path : url();

/**
 * @returns the decoded JSON answer.
 * @throws GatewayError UPSTREAM_UNAUTHORIZED when the credentials are not accepted (400, 401, 403: the gateway's own fault),
 * UPSTREAM_THROTTLED, UPSTREAM_FAULT, UPSTREAM_INVALID, and what the transport throws.
 */
export async function requestToken(
  { url, headers, body }: TokenRequest,
  transport: Transport,
  signal: AbortSignal,
  now: () => number,
): Promise<unknown> {
  const { origin, pathname, search } = new URL(url);
  const answer = await transport.send(
    {
      method: 'POST',
      origin,
      path: pathname + search,
      headers: { ...codec.headers, ...headers },
      body,
      idempotent: true,
    },
    signal,
  );
  const { status } = answer;
  if (status < 200 || status > 299) {
    throw new GatewayError(codeOf(status), {
      detail: `the token endpoint answered with status ${status}`,
      extensions: { http: { status } },
      retryAfterMs: parseRetryAfter(answer.headers['retry-after'], now(), answer.headers.date),
    });
  }
  const { body: decoded, invalid } = codec.decode(answer);
  if (invalid !== undefined)
    throw new GatewayError('UPSTREAM_INVALID', { detail: `the token endpoint: ${invalid}` });
  return decoded;
}

function codeOf(status: number): ErrorCode {
  if (status >= 500) return 'UPSTREAM_FAULT';
  if (status === 429) return 'UPSTREAM_THROTTLED';
  if (status < 400) return 'UPSTREAM_INVALID';
  return 'UPSTREAM_UNAUTHORIZED';
}

/** @throws GatewayError UPSTREAM_INVALID for a token that would break out of its header. */
export function assertHeaderText(token: string, at: string): void {
  if (/^[\x20-\x7e]+$/.test(token)) return;
  throw new GatewayError('UPSTREAM_INVALID', {
    detail: `the token endpoint answered with a token that no header can carry; expected visible ASCII at "${at}"`,
  });
}

export const noToken = (at: string): GatewayError =>
  new GatewayError('UPSTREAM_INVALID', {
    detail: `the token endpoint answered without a token; expected a text at "${at}"`,
  });
