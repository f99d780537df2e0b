// What the end of a call means to the steps around it: to the breaker, to the cache, and as an error of our own.
// Called by `guard.ts`.
import { amendError, countsForBreaker, type ErrorCode, GatewayError, isGatewayError } from '../errors.ts';
import type { Breaker, Permit } from './breaker/breaker.ts';
import type { Rejection } from './bulkhead/bulkhead.ts';

/** Tells the breaker what a failed attempt says of the source's health. @param at epoch ms of its start */
export function tell(
  breaker: Breaker,
  permit: Permit,
  error: unknown,
  at: number,
  ranItsTime: boolean,
  requestId: string | undefined,
): void {
  if (!isGatewayError(error)) breaker.abandon(permit);
  else if (countsForBreaker(error)) breaker.fail(permit, error.code, requestId, at);
  // A refusal is an answer: the source is well.
  else if (error.code === 'UPSTREAM_REFUSED') breaker.succeed(permit, at, requestId);
  // The request's deadline came, but the source had had the time of a whole attempt.
  else if (error.code === 'DEADLINE_EXCEEDED' && ranItsTime)
    breaker.fail(permit, 'UPSTREAM_TIMEOUT', requestId, at);
  else breaker.abandon(permit);
}

/** The source cannot be asked, or not in time: what it said before may serve. Its own "no" and the caller's end are none of these. */
const UNAVAILABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_FAULT',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_UNAUTHORIZED',
  'UPSTREAM_INVALID',
  'UPSTREAM_TOO_LARGE',
  'CIRCUIT_OPEN',
  'BULKHEAD_FULL',
  'MAINTENANCE',
  'QUOTA_EXCEEDED',
  'DEADLINE_EXCEEDED',
]);

export const isUnavailable = (error: unknown): boolean =>
  isGatewayError(error) && UNAVAILABLE.has(error.code);

/** After these nobody knows whether a mutation was made. A refused connection is among them: it looks like one that broke later. */
const UNSURE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_FAULT',
  'UPSTREAM_INVALID',
  'UPSTREAM_TOO_LARGE',
]);

/** The failure of a mutation that was sent and that the source could not tell from a second one: to try again may do it twice. */
export const withoutRetry = (error: unknown): unknown =>
  isGatewayError(error) && UNSURE.has(error.code) ? amendError(error, { retryable: false }) : error;

/** The source itself says no: what it said before is withdrawn. */
export const isRefused = (error: unknown): boolean =>
  isGatewayError(error) && error.code === 'UPSTREAM_REFUSED';

export const circuitOpen = (): GatewayError => new GatewayError('CIRCUIT_OPEN');

/** The error of a call that the bulkhead did not take. */
export function refusal(why: Rejection): GatewayError {
  switch (why) {
    case 'TURNED_AWAY':
      return circuitOpen();
    case 'CLOSED':
      return new GatewayError('CANCELLED', { detail: 'this source is closed' });
    case 'FULL':
      return new GatewayError('BULKHEAD_FULL', { detail: 'the queue of this source is full' });
    case 'WAITED_TOO_LONG':
      return new GatewayError('BULKHEAD_FULL', { detail: 'no turn came within bulkhead.maxWaitMs' });
  }
}
