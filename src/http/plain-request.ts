// Recognizes the requests that Apollo Server would pass to the graph as they are: POST, the content type of nearly all clients, and
// members of the expected types. Refuses nothing: every other request goes to Apollo. See docs/decisions/0020.

import { hash } from 'node:crypto';
import type { GraphRequest } from '../graph/executor.ts';
import type { ProtocolRequest } from './protocol-contract.ts';

/** Content types that no form of another site can send, as clients write them. */
const JSON_TYPES: ReadonlySet<unknown> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/json;charset=UTF-8',
]);

/** `true` publishes `extensions.cost`, as `extensions: { cost: true }` in the request does. */
export const COST_HEADER = 'x-query-cost';

/** The operation of a plain request; `undefined` for every other request. */
export function plainRequestOf({ method, headers, body }: ProtocolRequest): GraphRequest | undefined {
  if (method !== 'POST' || !JSON_TYPES.has(headers['content-type']) || !isRecord(body)) return undefined;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== 'string' || query === '') return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  // A persisted query is refused.
  if (extensions !== null && (!isRecord(extensions) || 'persistedQuery' in extensions)) return undefined;
  return {
    text: query,
    digest: hash('sha256', query),
    operationName: operationName ?? undefined,
    variables: variables ?? undefined,
    showsCost: extensions?.cost === true || headers[COST_HEADER] === 'true',
    queriesOnly: false,
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
