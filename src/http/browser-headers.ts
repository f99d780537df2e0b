// Headers for browsers in every answer: the security headers, and which other origins may read the answers of /graphql (CORS).
// Set on the raw response before any route sees the request, so that refusals carry them, too.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { GRAPHQL_PATH } from './load-shedding.ts';

export interface BrowserHeadersOptions {
  /** Exact origins that may read answers. */
  readonly corsOrigins: readonly string[];
  /** Pages on this machine may, too: for development. */
  readonly allowsLoopback: boolean;
  /** The gateway is reached by TLS only. */
  readonly hsts: boolean;
}

/** Of every answer that is no page; the explorer has a policy of its own. */
export const CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Seconds: a year. */
const HSTS = 'max-age=31536000; includeSubDomains';

/** Headers that a page may read besides those that browsers always show. */
const EXPOSED = 'x-request-id, retry-after, ratelimit, ratelimit-policy, www-authenticate';

/** Headers that a page may send besides those that need no permission. */
const ALLOWED =
  'content-type, authorization, accept-language, apollo-require-preflight, x-apollo-operation-name, x-query-cost, x-request-id, traceparent, prefer, idempotency-key';

/** Seconds for which a browser keeps the answer of a preflight; browsers shorten it to 2 hours. */
const MAX_AGE = '7200';

/** Prepares the answer to each request. @returns whether it answered itself, a preflight of an allowed origin */
export type PrepareAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

export function createBrowserHeaders(options: BrowserHeadersOptions): PrepareAnswer {
  const { corsOrigins, allowsLoopback, hsts } = options;
  const allowed = new Set(corsOrigins);
  const hasCors = allowed.size > 0 || allowsLoopback;
  const isAllowed = (origin: string) => allowed.has(origin) || (allowsLoopback && LOOPBACK.test(origin));

  return (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
    if (hsts) response.setHeader('strict-transport-security', HSTS);
    if (!hasCors || !isGraphql(request.url)) return false;
    // An answer for one origin must not be kept for another.
    response.setHeader('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !isAllowed(origin)) return false;
    response.setHeader('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.setHeader('access-control-expose-headers', EXPOSED);
      return false;
    }
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': ALLOWED,
      'access-control-max-age': MAX_AGE,
      'cache-control': 'no-store',
    });
    response.end();
    return true;
  };
}

/** The headers of an answer to a GraphQL request that names no origin, as lines of HTTP. */
export function headerLinesOf(prepare: PrepareAnswer): readonly string[] {
  const lines: string[] = [];
  const request = { url: GRAPHQL_PATH, method: 'POST', headers: {} } as IncomingMessage;
  const setHeader = (name: string, value: string): void => void lines.push(`${name}: ${value}`);
  prepare(request, { setHeader } as unknown as ServerResponse);
  return lines;
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

const isGraphql = (url = ''): boolean => url === GRAPHQL_PATH || url.startsWith(`${GRAPHQL_PATH}?`);
