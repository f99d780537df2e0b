// What the end of a mutation means for its repetitions, and its answer as the ledger stores it.
import type { ConnectAnswer } from '../connect/contract.ts';
import { ERRORS, type ErrorCode, type GatewayError, isGatewayError } from '../errors.ts';
import { parseJsonExact } from '../exact-number.ts';
import type { MutationOutcome } from './mutation-ledger.ts';

/** Failures of a single request, which do not concern another that waits for the same mutation. */
export const OF_ITS_REQUEST: ReadonlySet<ErrorCode> = new Set(['CANCELLED', 'DEADLINE_EXCEEDED']);

/**
 * @param begun whether an attempt was made
 * @param isRecognised whether the source recognises a repetition by the key
 */
export function outcomeOf(
  outcome: ConnectAnswer | GatewayError,
  begun: boolean,
  isRecognised: boolean,
): MutationOutcome {
  if (!isGatewayError(outcome)) return { state: 'ANSWERED', answer: textOf(outcome) };
  const { code } = outcome;
  const mayHaveBeenMade =
    begun && (outcome.outcomeUnknown || ERRORS[code].defect || OF_ITS_REQUEST.has(code));
  return mayHaveBeenMade && !isRecognised ? { state: 'UNKNOWN' } : { state: 'FREE', failure: code };
}

/** Numbers keep all their digits. Cookies belong to the session of the gateway at the source. */
function textOf({ status, headers, body, notFound, fetchedAt }: ConnectAnswer): string {
  const { 'set-cookie': _, ...kept } = headers;
  return JSON.stringify({ status, headers: kept, body, notFound, fetchedAt });
}

/** @param isEarlier whether it was made for an earlier request */
export function answerOf(text: string, isEarlier: boolean): ConnectAnswer {
  const answer = parseJsonExact(text) as Omit<ConnectAnswer, 'freshness'>;
  return { ...answer, freshness: isEarlier ? 'CACHED' : 'LIVE' };
}
