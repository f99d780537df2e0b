// How a proof becomes part of a request: query and body. Headers are merged by the attempt itself.
import { GatewayError } from '../../errors.ts';
import type { UpstreamRequest } from '../contract.ts';

/** The path with the proof's parameters. Such a path is never logged. */
export const withQuery = (path: string, parameters: Readonly<Record<string, string>> | undefined): string =>
  parameters === undefined
    ? path
    : `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;

/** @throws GatewayError INTERNAL_SERVER_ERROR when the body is not an object: it has no place for a session */
export function withBody(
  request: UpstreamRequest,
  fields: Readonly<Record<string, string>>,
): UpstreamRequest {
  const { body } = request;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
    // First in order, as XML schemas require, and written last: no value of a call can replace the session.
    return { ...request, body: { ...fields, ...body, ...fields } };
  }
  if (body === undefined) return { ...request, body: fields };
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: 'credentials in the body need a body that is an object; found another value',
  });
}
