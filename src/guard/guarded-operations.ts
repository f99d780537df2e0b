// The operations of a source with their limits and breakers, created at the first call of each.
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts';
import { type Breaker, createBreaker } from './breaker/breaker.ts';
import { type Budget, createBudget } from './budget.ts';
import type { BreakerTransition, CacheRules, GuardOptions } from './contract.ts';
import type { RequestSignals } from './request-signals.ts';

/** An operation with the state that its calls share. */
export interface GuardedOperation {
  readonly name: string;
  readonly limit: AttemptLimit;
  readonly budget: Budget | undefined;
  readonly breaker: Breaker;
  readonly cache: CacheRules | undefined;
  /** Do calls with the same key share an answer? */
  readonly sharesAnswers: boolean;
}

export interface GuardedOperations {
  of(name: string): GuardedOperation;
  /** The breaker of the operation or its group; `undefined` before the first call. */
  breakerOf(name: string): Breaker | undefined;
  breakers(): IterableIterator<Breaker>;
  /** @param name of an operation; default: all. @returns how many breakers were open */
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
  const operations = new Map<string, GuardedOperation>();
  const breakers = new Map<string, Breaker>();
  // Operations with the same limit, or the same budget, share its timer.
  const limits = new Map<number, AttemptLimit>();
  const budgets = new Map<number, Budget>();

  const breakerFor = (group: string): Breaker => {
    const known = breakers.get(group);
    if (known !== undefined) return known;
    const created: Breaker = createBreaker(group, options.breaker, {
      now,
      onChange: (change) => onChange(created, change),
    });
    breakers.set(group, created);
    return created;
  };

  const sharedFor = <T>(
    known: Map<number, T>,
    ms: number,
    create: (ms: number, ...deps: [RequestSignals, () => number]) => T,
  ): T => {
    let shared = known.get(ms);
    if (shared === undefined) {
      shared = create(ms, requests, now);
      known.set(ms, shared);
    }
    return shared;
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
          limit: sharedFor(limits, own?.attemptTimeoutMs ?? options.attemptTimeoutMs, createAttemptLimit),
          budget: own?.budgetMs === undefined ? undefined : sharedFor(budgets, own.budgetMs, createBudget),
          breaker: breakerFor(own?.group ?? name),
          cache: own?.cache,
          sharesAnswers: own?.coalesce === true,
        };
        operations.set(name, guarded);
      }
      return guarded;
    },
    breakerOf,
    breakers: () => breakers.values(),
    probeNow: (name) => {
      const selected = name === undefined ? [...breakers.values()] : [breakerOf(name)];
      return selected.filter((breaker) => breaker?.probeNow() === true).length;
    },
  };
}
