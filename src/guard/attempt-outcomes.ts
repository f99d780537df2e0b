// Reports the outcome of each attempt to the breaker and, where the concurrency limit adapts, to the bulkhead.
import type { Permit } from './breaker/breaker.ts';
import type { AdaptiveLimit } from './bulkhead/adaptive-limit.ts';
import type { Bulkhead } from './bulkhead/bulkhead.ts';
import { isRefusal, recordFailure } from './failures.ts';
import type { GuardedOperation } from './guarded-operations.ts';

export interface AttemptOutcomes {
  /** @param startedAt epoch ms */
  succeeded(guarded: GuardedOperation, permit: Permit, startedAt: number, requestId?: string): void;
  failed(
    guarded: GuardedOperation,
    permit: Permit,
    startedAt: number,
    error: unknown,
    requestId?: string,
  ): void;
}

export interface AttemptOutcomesDeps {
  readonly now: () => number;
  readonly bulkhead: Bulkhead<unknown>;
  /** `undefined`: the limit of the bulkhead does not change. */
  readonly adaptive: AdaptiveLimit | undefined;
}

export function createAttemptOutcomes({ now, bulkhead, adaptive }: AttemptOutcomesDeps): AttemptOutcomes {
  const applyLimit = (limit: number): void => {
    if (limit !== bulkhead.limit()) bulkhead.setLimit(limit);
  };

  const recordLatency = ({ name }: GuardedOperation, startedAt: number): void => {
    if (adaptive !== undefined) applyLimit(adaptive.answered(name, now() - startedAt, bulkhead.running()));
  };

  return {
    succeeded: (guarded, permit, startedAt, requestId) => {
      guarded.breaker.succeed(permit, startedAt, requestId);
      recordLatency(guarded, startedAt);
    },
    failed: (guarded, permit, startedAt, error, requestId) => {
      const reachedLimit = now() - startedAt >= guarded.limit.limitMs;
      recordFailure(guarded.breaker, permit, error, startedAt, reachedLimit, requestId);
      if (isRefusal(error)) recordLatency(guarded, startedAt);
      else if (adaptive !== undefined && reachedLimit) applyLimit(adaptive.timedOut());
    },
  };
}
