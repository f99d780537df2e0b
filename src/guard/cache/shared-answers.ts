// The steps that may answer without a call of one's own: cache, then coalesce. Called by `guard.ts` for operations that share their
// answers, with a digest as key; `pass` makes the call when nobody has.
import type { GatewayError } from '../../errors.ts';
import type { Attempt, GuardCall, GuardScope } from '../contract.ts';
import type { Guarded } from '../guarded-operations.ts';
import type { InnerScope } from '../inner-scope.ts';
import { allowsStaleAnswer, isRefusal } from '../verdicts.ts';
import { type AnswerCache, staleAnswer } from './answer-cache.ts';
import type { Coalescer } from './coalescer.ts';

export interface SharedAnswers {
  /** What is known, what is being asked already, or the answer of a call. */
  ask<T>(guarded: Guarded, key: string, attempt: Attempt<T>, scope: InnerScope, call: GuardCall): Promise<T>;
}

export interface SharedAnswersDeps {
  readonly now: () => number;
  readonly cache: AnswerCache;
  readonly coalescer: Coalescer;
  /** Makes a call. */
  readonly pass: <T>(guarded: Guarded, attempt: Attempt<T>, scope: InnerScope, call: GuardCall) => Promise<T>;
  /** The error that a waiter leaves with. */
  readonly leave: (guarded: Guarded, error: unknown) => GatewayError;
}

export function createSharedAnswers({
  now,
  cache,
  coalescer,
  pass,
  leave: leavingErrorOf,
}: SharedAnswersDeps): SharedAnswers {
  /** Of calls that nobody waits for. */
  const nobody: GuardScope = {
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
  };

  const ask: SharedAnswers['ask'] = <T>(
    guarded: Guarded,
    key: string,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall,
  ): Promise<T> => {
    const { cache: rules } = guarded;
    const leave = (error: unknown): GatewayError => leavingErrorOf(guarded, error);
    if (rules === undefined)
      return coalescer.ask(key, scope, (shared) => pass(guarded, attempt, shared, call), leave);

    // cache
    const at = now();
    const kept = cache.find(key, at);
    if (kept !== undefined && at < kept.freshUntil) {
      cache.count('hits');
      return Promise.resolve(kept.cached as T);
    }
    const generation = cache.generation();
    const begin = async (shared: InnerScope, asked: Attempt<T>, as: GuardCall): Promise<T> => {
      try {
        const answer = await pass(guarded, asked, shared, as);
        if (generation === cache.generation()) cache.keep(key, answer, rules, now());
        return answer;
      } catch (error) {
        if (isRefusal(error)) cache.forget(key);
        throw error;
      }
    };
    if (kept !== undefined && at < kept.staleUntil) {
      cache.count('stale');
      // Behind the caller's back: nobody waits, so it is not tried twice, and its failure is heard by the breaker only.
      if (!coalescer.isUnderWay(key)) {
        const refresh: Attempt<T> = (signal) => attempt(signal, true);
        const { requestId } = scope;
        const unhurried = { ...nobody, ...(requestId !== undefined && { requestId }) };
        coalescer.ask(key, unhurried, (shared) => begin(shared, refresh, ONCE), leave).catch(ignore);
      }
      return Promise.resolve(staleAnswer(kept) as T);
    }
    cache.count('misses');

    // coalesce
    const answer = coalescer.ask(key, scope, (shared) => begin(shared, attempt, call), leave);
    if (kept === undefined) return answer;
    return answer.catch((error: unknown) => {
      const isLast = now() >= kept.errorUntil || generation !== cache.generation();
      if (isLast || !allowsStaleAnswer(error)) throw error;
      cache.count('stale');
      return staleAnswer(kept) as T;
    });
  };
  return { ask };
}

const ONCE: GuardCall = { idempotent: false };

function ignore(): void {}
