// The operations of a source with their limits and breakers, created at the first call of each.
import { type AttemptLimit, createAttemptLimit } from './attempt-limit.ts';
import { type Breaker, createBreaker } from './breaker/breaker.ts';
import { type Budget, createBudget } from './budget.ts';
import type { BreakerTransition, CacheRules, GuardOptions } from './contract.ts';
import type { RequestSignals } from './request-signals.ts';
import { createThrottle, type Throttle } from './throttle/throttle.ts';

/** An operation with the state that its calls share. */
export interface GuardedOperation {
  readonly name: string;
  readonly limit: AttemptLimit;
  readonly budget: Budget | undefined;
  readonly breaker: Breaker;
  /** Shared by the operations of a group, or of the source. `undefined`: the step is off. */
  readonly throttle: Throttle | undefined;
  readonly cache: CacheRules | undefined;
  /** Do calls with the same key share an answer? */
  readonly sharesAnswers: boolean;
}

export interface GuardedOperations {
  of(name: string): GuardedOperation;
  /** The breaker of the operation or its group; `undefined` before the first call. */
  breakerOf(name: string): Breaker | undefined;
  breakers(): IterableIterator<Breaker>;
  /** The throttle of the operation, its group or the source; `undefined` before the first call, or where the step is off. */
  throttleOf(name: string): Throttle | undefined;
  /** The throttle of a group, as `onHold` named it; creates it. */
  throttleFor(group: string): Throttle | undefined;
  /** Also ends the holds of the throttle. @param name of an operation; default: all. @returns how many breakers were open */
  probeNow(name?: string): number;
}

export interface GuardedOperationsDeps {
  readonly now: () => number;
  /** The clock that holds follow, epoch ms: other gateways keep them too. */
  readonly sharedNow: () => number;
  readonly requests: RequestSignals;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs: () => number;
  readonly onChange: (breaker: Breaker, change: Omit<BreakerTransition, 'connector'>) => void;
  /** Calls are held back. @param group `undefined`: those of the whole source. @param until epoch ms by `sharedNow` */
  readonly onHold: (group: string | undefined, until: number) => void;
}

export function createGuardedOperations(
  options: GuardOptions,
  { now, sharedNow, requests, stalledMs, onChange, onHold }: GuardedOperationsDeps,
): GuardedOperations {
  const operations = new Map<string, GuardedOperation>();
  const breakers = new Map<string, Breaker>();
  const throttles = new Map<string, Throttle>();
  const ofSource = options.throttle?.scope === 'source';
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

  const throttleFor = (group: string): Throttle | undefined => {
    if (options.throttle === undefined) return undefined;
    const key = ofSource ? WHOLE_SOURCE : group;
    let throttle = throttles.get(key);
    if (throttle === undefined) {
      throttle = createThrottle(options.throttle, {
        onHold: (until) => onHold(ofSource ? undefined : group, until),
      });
      throttles.set(key, throttle);
    }
    return throttle;
  };

  const sharedFor = <T>(known: Map<number, T>, ms: number, create: (ms: number) => T): T => {
    let shared = known.get(ms);
    if (shared === undefined) {
      shared = create(ms);
      known.set(ms, shared);
    }
    return shared;
  };

  const groupOf = (name: string): string => options.operations[name]?.group ?? name;
  const breakerOf = (name: string): Breaker | undefined => breakers.get(groupOf(name));
  const throttleOf = (name: string): Throttle | undefined =>
    throttles.get(ofSource ? WHOLE_SOURCE : groupOf(name));

  return {
    of: (name) => {
      let guarded = operations.get(name);
      if (guarded === undefined) {
        const own = options.operations[name];
        guarded = {
          name,
          limit: sharedFor(limits, own?.attemptTimeoutMs ?? options.attemptTimeoutMs, (ms) =>
            createAttemptLimit(ms, { requests, now, stalledMs }),
          ),
          budget:
            own?.budgetMs === undefined
              ? undefined
              : sharedFor(budgets, own.budgetMs, (ms) => createBudget(ms, { requests, now, stalledMs })),
          breaker: breakerFor(groupOf(name)),
          throttle: throttleFor(groupOf(name)),
          cache: own?.cache,
          sharesAnswers: own?.coalesce === true,
        };
        operations.set(name, guarded);
      }
      return guarded;
    },
    breakerOf,
    breakers: () => breakers.values(),
    throttleOf,
    throttleFor,
    probeNow: (name) => {
      for (const throttle of name === undefined ? throttles.values() : [throttleOf(name)])
        throttle?.probeNow(sharedNow());
      const selected = name === undefined ? [...breakers.values()] : [breakerOf(name)];
      return selected.filter((breaker) => breaker?.probeNow() === true).length;
    },
  };
}

/** Key of the one throttle of a source whose refusals mean all its operations. */
const WHOLE_SOURCE = '';
