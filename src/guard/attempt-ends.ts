// What an attempt's end is told to: the breaker always, the bulkhead where its limit adapts. Called by `guard.ts` for each attempt, and
// by `hedging.ts` for those that run beside each other.
import type { Permit } from './breaker.ts';
import type { Guarded } from './guarded-operations.ts';
import { tell } from './verdicts.ts';

export interface AttemptEnds {
  /** @param startedAt epoch ms */
  answered(guarded: Guarded, permit: Permit, startedAt: number, requestId?: string): void;
  failed(guarded: Guarded, permit: Permit, startedAt: number, error: unknown, requestId?: string): void;
}

export const createAttemptEnds = (now: () => number): AttemptEnds => ({
  answered: ({ breaker }, permit, startedAt, requestId) => breaker.succeed(permit, startedAt, requestId),
  failed: ({ breaker, limit }, permit, startedAt, error, requestId) => {
    const ranItsTime = now() - startedAt >= limit.limitMs;
    tell(breaker, permit, error, startedAt, ranItsTime, requestId);
  },
});
