// What the end of an attempt or a call means to the steps of the guard, read from the table of error codes.
import { ERRORS, GatewayError, isGatewayError } from '../errors.ts';
import type { Breaker, Permit } from './breaker/breaker.ts';
import type { Rejection } from './bulkhead/bulkhead.ts';

/**
 * Reports a failed attempt to the breaker.
 * @param at epoch ms of the attempt's start
 * @param reachedLimit whether the attempt had its whole time limit
 */
export function recordFailure(
  breaker: Breaker,
  permit: Permit,
  error: unknown,
  at: number,
  reachedLimit: boolean,
  requestId: string | undefined,
): void {
  const health = isGatewayError(error) ? ERRORS[error.code].sourceHealth : 'UNKNOWN';
  if (health === 'HEALTHY') breaker.succeed(permit, at, requestId);
  else if (health === 'UNHEALTHY') breaker.fail(permit, (error as GatewayError).code, requestId, at);
  else if (health === 'TIMED_OUT_AT_LIMIT' && reachedLimit)
    breaker.fail(permit, 'UPSTREAM_TIMEOUT', requestId, at);
  else breaker.abandon(permit);
}

/** May a stale answer from the cache replace this failure? */
export const allowsStaleAnswer = (error: unknown): boolean =>
  isGatewayError(error) && ERRORS[error.code].staleAnswerAllowed;

/** Can a mutation that failed like this have been made? */
export const isOutcomeUnknown = (error: unknown): boolean => isGatewayError(error) && error.outcomeUnknown;

/** Is this failure an answer of a healthy source? What the cache holds is then out of date. */
export const isRefusal = (error: unknown): boolean =>
  isGatewayError(error) && ERRORS[error.code].sourceHealth === 'HEALTHY';

export const circuitOpen = (): GatewayError => new GatewayError('CIRCUIT_OPEN');

/** The error of a call that the bulkhead rejected. */
export function rejectionError(why: Rejection): GatewayError {
  switch (why) {
    case 'CIRCUIT_OPENED':
      return circuitOpen();
    case 'CLOSED':
      return new GatewayError('CANCELLED', { detail: 'this source is closed' });
    case 'FULL':
      return new GatewayError('BULKHEAD_FULL', { detail: 'the queue of this source is full' });
    case 'WAITED_TOO_LONG':
      return new GatewayError('BULKHEAD_FULL', { detail: 'no turn came within bulkhead.maxWaitMs' });
  }
}
