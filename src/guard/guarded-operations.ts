// The operations of one source with their limits and breakers, made when first called. Used by `guard.ts`, once per call by name.
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts';
import { type Breaker, createBreaker } from './breaker/breaker.ts';
import { type Budget, createBudget } from './budget.ts';
import type { BreakerTransition, CacheRules, GuardOptions } from './contract.ts';
import type { RequestSignals } from './request-signals.ts';

/** An operation with what its calls meet. */
export interface Guarded {
  readonly name: string;
  readonly limit: AttemptLimit;
  readonly budget: Budget | undefined;
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
  /** @param name default: all. @returns how many breakers were open */
  probeNow(name?: string): number;
}

export interface GuardedOperationsDeps {
  readonly now: () => number;
  readonly requests: RequestSignals;
  readonly onChange: (breaker: Breaker, change: Omit<BreakerTransition, 'connector'>) => void;
}

export function createGuardedOperations(
  options: GuardOptions,
  { now, requests, onChange }: GuardedOperationsDeps,
): GuardedOperations {
  const operations = new Map<string, Guarded>();
  const breakers = new Map<string, Breaker>();
  // Those with one limit, or one budget, share its timer.
  const limits = new Map<number, AttemptLimit>();
  const budgets = new Map<number, Budget>();

  const breakerFor = (group: string): Breaker => {
    const known = breakers.get(group);
    if (known !== undefined) return known;
    const made: Breaker = createBreaker(group, options.breaker, {
      now,
      onChange: (change) => onChange(made, change),
    });
    breakers.set(group, made);
    return made;
  };

  const sharing = <T>(
    known: Map<number, T>,
    ms: number,
    create: (ms: number, ...deps: [RequestSignals, () => number]) => T,
  ): T => {
    let one = known.get(ms);
    if (one === undefined) {
      one = create(ms, requests, now);
      known.set(ms, one);
    }
    return one;
  };

  const breakerOf = (name: string): Breaker | undefined =>
    breakers.get(options.operations[name]?.group ?? name);

  return {
    of: (name) => {
      let guarded = operations.get(name);
      if (guarded === undefined) {
        const own = options.operations[name];
        guarded = {
          name,
          limit: sharing(limits, own?.attemptTimeoutMs ?? options.attemptTimeoutMs, createAttemptLimit),
          budget: own?.budgetMs === undefined ? undefined : sharing(budgets, own.budgetMs, createBudget),
          breaker: breakerFor(own?.group ?? name),
          cache: own?.cache,
          shares: own?.coalesce === true,
        };
        operations.set(name, guarded);
      }
      return guarded;
    },
    breakerOf,
    breakers: () => breakers.values(),
    probeNow: (name) => {
      const asked = name === undefined ? [...breakers.values()] : [breakerOf(name)];
      return asked.filter((breaker) => breaker?.probeNow() === true).length;
    },
  };
}
