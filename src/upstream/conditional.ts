// Conditional requests (RFC 9110 section 13): an answer that the caller still has is asked for again with its ETag and date, and
// a 304 renews it. A 304 to any other request is an invalid answer, as every redirect is.

import { GatewayError } from '../errors.ts';
import type { KnownAnswer, UpstreamAnswer, UpstreamRequest } from './contract.ts';
import { parseHttpDate } from './retry-after.ts';

type Headers = UpstreamAnswer['headers'];

/** Only what a header can carry is sent back. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,1000}"$/;

const etagOf = ({ etag }: Headers): string | undefined =>
  typeof etag === 'string' && ETAG.test(etag) ? etag : undefined;

const dateOf = (headers: Headers): string | undefined => {
  const date = headers['last-modified'];
  return typeof date === 'string' && date.length < 64 && parseHttpDate(date) !== undefined ? date : undefined;
};

/** True when a source can be asked whether the answer still holds. */
export const isRenewable = ({ status, headers }: Pick<UpstreamAnswer, 'status' | 'headers'>): boolean =>
  status === 200 && (etagOf(headers) !== undefined || dateOf(headers) !== undefined);

/** The request with the conditions of the answer that it knows; unchanged without one, and for methods that a 304 does not answer. */
export function withConditions(request: UpstreamRequest): UpstreamRequest {
  const { known, method, headers } = request;
  if (known === undefined) return request;
  const isConditional = headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
  if (method !== 'GET' || isConditional || !isRenewable(known)) return { ...request, known: undefined };
  const etag = etagOf(known.headers);
  const date = dateOf(known.headers);
  return {
    ...request,
    headers: {
      ...headers,
      ...(etag !== undefined && { 'if-none-match': etag }),
      ...(date !== undefined && { 'if-modified-since': date }),
    },
  };
}

/**
 * The known answer, as old as the 304, with the headers that the 304 replaces.
 * @throws GatewayError UPSTREAM_INVALID when the 304 is about another version than the known one
 */
export function renew(known: KnownAnswer, answer: UpstreamAnswer, operation: string): UpstreamAnswer {
  const before = etagOf(known.headers);
  const now = etagOf(answer.headers);
  if (before !== undefined && now !== undefined && weak(before) !== weak(now)) {
    throw new GatewayError('UPSTREAM_INVALID', {
      operation,
      detail: 'expected a 304 with the ETag of the request, found another ETag',
      extensions: { http: { status: 304 } },
    });
  }
  const headers = { ...known.headers, ...answer.headers };
  for (const name of OF_CONTENT) headers[name] = known.headers[name];
  return { ...known, headers, fetchedAt: answer.fetchedAt, freshness: 'LIVE', evidence: answer.evidence };
}

/** These describe the body, which a 304 does not have. */
const OF_CONTENT = ['content-type', 'content-length', 'content-encoding', 'transfer-encoding'] as const;

const weak = (etag: string): string => etag.replace(/^W\//, '');
