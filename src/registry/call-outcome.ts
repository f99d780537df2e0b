// The outcome of a call as it is published: of an answer, or of an error.

import type { ConnectAnswer } from '../connect/contract.ts';
import { isGatewayError } from '../errors.ts';
import type { UpstreamCallDone } from '../observe/channels.ts';

export type Outcome = UpstreamCallDone['outcome'];

export const outcomeOf = ({ notFound }: ConnectAnswer): Outcome => (notFound === true ? 'NOT_FOUND' : 'OK');

export const codeOf = (error: unknown): Outcome =>
  isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR';

/** The status of the answer that the judge refused, if there was one. */
export function statusOf(error: unknown): number | undefined {
  const http = isGatewayError(error) ? error.extensions?.http : undefined;
  const status =
    typeof http === 'object' && http !== null ? (http as { status?: unknown }).status : undefined;
  return typeof status === 'number' ? status : undefined;
}
