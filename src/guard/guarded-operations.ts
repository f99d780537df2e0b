// The operations of one source with their limits and breakers, made when first called. Used by `guard.ts`, once per call by name.
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { BreakerTransition, CacheRules, GuardOptions } from './contract.ts';
import type { RequestSignals } from './request-signals.ts';

/** An operation with what its calls meet. */
export interface Guarded {
  readonly name: string;
  readonly limit: AttemptLimit;
  readonly breaker: Breaker;
  readonly cache: CacheRules | undefined;
  /** Do calls with a key share answers? */
  readonly shares: boolean;
}

export interface GuardedOperations {
  of(name: string): Guarded;
  /** Of the operation or its group, if it was called before. */
  breakerOf(name: string): Breaker | undefined;
  breakers(): IterableIterator<Breaker>;
}

export interface GuardedOperationsDeps {
  readonly now: () => number;
  readonly requests: RequestSignals;
  readonly onChange: (breaker: Breaker, change: Omit<BreakerTransition, 'connector'>) => void;
}

export const createGuardedOperations = (
  options: GuardOptions,
  { now, requests, onChange }: GuardedOperationsDeps,
): GuardedOperations => {
  const operations = new Map<string, Guarded>();
  const breakers = new Map<string, Breaker>();
  const limits = new Map<number, AttemptLimit>();

  const breakerFor = (group: string): Breaker => {
    const known = breakers.get(group);
    if (known !== undefined) return known;
    const made: Breaker = createBreaker(group, options.breaker ?? {}, {
      now,
      onChange: (change) => onChange(made, change),
    });
    breakers.set(group, made);
    return made;
  };

  const limitOf = (limitMs: number): AttemptLimit => {
    let limit = limits.get(limitMs);
    if (limit === undefined) {
      limit = createAttemptLimit(limitMs, requests, now);
      limits.set(limitMs, limit);
    }
    return limit;
  };

  return {
    of: (name) => {
      let guarded = operations.get(name);
      if (guarded === undefined) {
        const own = options.operations?.[name];
        guarded = {
          name,
          limit: limitOf(own?.attemptTimeoutMs ?? options.attemptTimeoutMs ?? 2_000),
          breaker: breakerFor(own?.group ?? name),
          cache: own?.cache,
          shares: own?.coalesce ?? own?.cache !== undefined,
        };
        operations.set(name, guarded);
      }
      return guarded;
    },
    breakerOf: (name) => breakers.get(options.operations?.[name]?.group ?? name),
    breakers: () => breakers.values(),
  };
};
