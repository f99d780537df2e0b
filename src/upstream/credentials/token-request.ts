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
  // A failed `new URL` would carry the text, which may be a secret that the wrong variable holds.
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new GatewayError('UPSTREAM_UNAUTHORIZED', {
      detail:
        'the URL of the token endpoint in `credentials` is not an http or https URL; correct what it refers to',
    });
  }
  const { origin, pathname, search } = parsed;
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
  throw unusable(`a token that no header can carry; expected visible ASCII at "${at}"`);
}

/** An answer that has the status of a success but no usable token. */
export const unusable = (found: string): GatewayError =>
  new GatewayError('UPSTREAM_INVALID', { detail: `the token endpoint answered with ${found}` });

/**
 * The error of a readable answer without a token. Many systems report a wrong password with status 200 and a code in the body.
 * @param isRefusal the answer says that the credentials were refused: then the fault is the gateway's own
 */
const noToken = (at: string, isRefusal: boolean): GatewayError =>
  isRefusal
    ? new GatewayError('UPSTREAM_UNAUTHORIZED', {
        detail: `the token endpoint refused the credentials: expected a text at "${at}", found an error`,
        extensions: { http: { status: 200 } },
      })
    : unusable(`no token; expected a text at "${at}"`);

/** The text at a path of a token endpoint's answer. @throws GatewayError as `noToken` */
export function textIn(answer: unknown, read: (answer: unknown) => unknown, at: string): string {
  const found = read(answer);
  if (typeof found === 'string' && found.trim() !== '') return found;
  throw noToken(at, isErrorAnswer(answer));
}

/** Has the answer a field that reports an error? RFC 6749 section 5.2: `error`. A field that is `null`, false or 0 reports none. */
function isErrorAnswer(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  return Object.entries(answer).some(([name, value]) => ERROR_FIELD.test(name) && isFailure(name, value));
}

/** Names under which the systems of Vietnam's platforms report errors, besides the standard one. */
const ERROR_FIELD = /^(error|errors|fault|error_?code|error_?message|success|succeeded)$/i;

const isFailure = (name: string, value: unknown): boolean =>
  /^succe/i.test(name)
    ? value === false || String(value).toLowerCase() === 'false'
    : Boolean(value) && !/^0*$/.test(String(value));
