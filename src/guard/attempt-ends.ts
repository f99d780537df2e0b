// What an attempt's end is told to: the breaker always, the bulkhead where its limit adapts. Called by `guard.ts` for each attempt, and
// by `hedging.ts` for those that run beside each other.

import type { Permit } from './breaker/breaker.ts';
import type { AdaptiveLimit } from './bulkhead/adaptive-limit.ts';
import type { Bulkhead } from './bulkhead/bulkhead.ts';
import type { Guarded } from './guarded-operations.ts';
import { isRefusal, recordFailure } from './verdicts.ts';

export interface AttemptEnds {
  /** @param startedAt epoch ms */
  answered(guarded: Guarded, permit: Permit, startedAt: number, requestId?: string): void;
  failed(guarded: Guarded, permit: Permit, startedAt: number, error: unknown, requestId?: string): void;
}

export interface AttemptEndsDeps {
  readonly now: () => number;
  readonly bulkhead: Bulkhead<unknown>;
  /** `undefined`: the bulkhead's limit stays. */
  readonly adaptive: AdaptiveLimit | undefined;
}

export function createAttemptEnds({ now, bulkhead, adaptive }: AttemptEndsDeps): AttemptEnds {
  const settle = (limit: number): void => {
    if (limit !== bulkhead.limit()) bulkhead.setLimit(limit);
  };

  const slowsDown = ({ name }: Guarded, startedAt: number): void => {
    if (adaptive !== undefined) settle(adaptive.answered(name, now() - startedAt, bulkhead.running()));
  };

  return {
    answered: (guarded, permit, startedAt, requestId) => {
      guarded.breaker.succeed(permit, startedAt, requestId);
      slowsDown(guarded, startedAt);
    },
    failed: (guarded, permit, startedAt, error, requestId) => {
      const reachedLimit = now() - startedAt >= guarded.limit.limitMs;
      recordFailure(guarded.breaker, permit, error, startedAt, reachedLimit, requestId);
      if (isRefusal(error)) slowsDown(guarded, startedAt);
      else if (adaptive !== undefined && reachedLimit) settle(adaptive.timedOut());
    },
  };
}
