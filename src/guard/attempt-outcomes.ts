// Admits attempts, and reports the outcome of each to the throttle, to the breaker and, where the concurrency limit adapts, to the
// bulkhead. Time in which the gateway itself stood still is subtracted first, so that none of them takes it for the source's.
import { GatewayError, isGatewayError } from '../errors.ts';
import { isMostlyStalled } from '../observe/event-loop.ts';
import { stalledTooLong } from './attempt-limit.ts';
import { NOT_ADMITTED, type Permit } from './breaker/breaker.ts';
import type { AdaptiveLimit } from './bulkhead/adaptive-limit.ts';
import type { Bulkhead } from './bulkhead/bulkhead.ts';
import { circuitOpen, isRefusal, recordFailure } from './failures.ts';
import type { GuardedOperation } from './guarded-operations.ts';
import type { ThrottlePermit } from './throttle/throttle.ts';

/** An attempt that throttle and breaker have admitted. */
export interface AdmittedAttempt {
  /** Epoch ms. */
  readonly startedAt: number;
  /** Total stall of the event loop at the start, ms. */
  readonly stalledAt: number;
  readonly permit: Permit;
  readonly throttlePermit: ThrottlePermit | undefined;
}

export interface AttemptOutcomes {
  /** @param at epoch ms of now @returns the attempt, or the error of a call that must not be sent now */
  admit(guarded: GuardedOperation, at: number): AdmittedAttempt | GatewayError;
  succeeded(guarded: GuardedOperation, attempt: AdmittedAttempt, requestId?: string): void;
  /** @returns the error to report: OVERLOADED where the gateway's own lag is the cause, with the time of a hold where one began */
  failed(guarded: GuardedOperation, attempt: AdmittedAttempt, error: unknown, requestId?: string): unknown;
  /** The attempt was cancelled in favour of another one. */
  abandoned(guarded: GuardedOperation, attempt: AdmittedAttempt): void;
  /** Duration so far without the gateway's own stalls, ms. */
  tookMs(attempt: AdmittedAttempt): number;
}

export interface AttemptOutcomesDeps {
  readonly now: () => number;
  /** The clock that holds follow, epoch ms: other gateways keep them too. */
  readonly sharedNow: () => number;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs: () => number;
  readonly bulkhead: Bulkhead<unknown>;
  /** `undefined`: the limit of the bulkhead does not change. */
  readonly adaptive: AdaptiveLimit | undefined;
}

export function createAttemptOutcomes(deps: AttemptOutcomesDeps): AttemptOutcomes {
  const { now, sharedNow, stalledMs, bulkhead, adaptive } = deps;
  const applyLimit = (limit: number): void => {
    if (limit !== bulkhead.limit()) bulkhead.setLimit(limit);
  };

  /** The start that an attempt without stalls would have had, epoch ms. */
  const fairStartOf = ({ startedAt, stalledAt }: AdmittedAttempt): number =>
    startedAt + (stalledMs() - stalledAt);

  const recordLatency = ({ name }: GuardedOperation, startedAt: number): void => {
    if (adaptive !== undefined) applyLimit(adaptive.answered(name, now() - startedAt, bulkhead.running()));
  };

  /** Other time limits within the attempt (a token request) may end during a stall too. */
  const withoutOwnLag = (error: unknown, passedMs: number, stalled: number, limitMs: number): unknown =>
    isGatewayError(error) &&
    error.code === 'UPSTREAM_TIMEOUT' &&
    error.extensions?.http === undefined &&
    passedMs - stalled < limitMs &&
    isMostlyStalled(stalled, passedMs)
      ? stalledTooLong(stalled)
      : error;

  return {
    admit: ({ breaker, throttle }, at) => {
      const held = throttle?.rejection(sharedNow());
      if (held !== undefined) return held;
      const permit = breaker.admit();
      if (permit === NOT_ADMITTED) return circuitOpen();
      return { startedAt: at, stalledAt: stalledMs(), permit, throttlePermit: throttle?.admit() };
    },
    succeeded: (guarded, attempt, requestId) => {
      const startedAt = fairStartOf(attempt);
      guarded.breaker.succeed(attempt.permit, startedAt, requestId);
      if (attempt.throttlePermit !== undefined)
        guarded.throttle?.ended(attempt.throttlePermit, undefined, sharedNow());
      recordLatency(guarded, startedAt);
    },
    failed: (guarded, attempt, failure, requestId) => {
      const { breaker, throttle, limit } = guarded;
      const startedAt = fairStartOf(attempt);
      const at = now();
      const stalled = startedAt - attempt.startedAt;
      const error =
        stalled === 0 ? failure : withoutOwnLag(failure, at - attempt.startedAt, stalled, limit.limitMs);
      const reachedLimit = at - startedAt >= limit.limitMs;
      recordFailure(breaker, attempt.permit, error, startedAt, reachedLimit, requestId);
      if (isRefusal(error)) recordLatency(guarded, startedAt);
      else if (adaptive !== undefined && reachedLimit) applyLimit(adaptive.timedOut());
      return attempt.throttlePermit === undefined
        ? error
        : (throttle?.ended(attempt.throttlePermit, error, sharedNow()) ?? error);
    },
    abandoned: ({ breaker, throttle }, { permit, throttlePermit }) => {
      breaker.abandon(permit);
      if (throttlePermit !== undefined) throttle?.ended(throttlePermit, CANCELLED, sharedNow());
    },
    tookMs: (attempt) => now() - fairStartOf(attempt),
  };
}

const CANCELLED = new GatewayError('CANCELLED');
