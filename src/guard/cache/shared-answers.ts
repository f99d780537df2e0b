// The steps "cache" and "coalesce": answers a call from the cache, or from an equal call under way, or makes the call.
import type { GatewayError } from '../../errors.ts';
import type { Attempt, GuardCall, GuardScope } from '../contract.ts';
import { allowsStaleAnswer, isRefusal } from '../failures.ts';
import type { GuardedOperation } from '../guarded-operations.ts';
import type { InnerScope } from '../inner-scope.ts';
import { type AnswerCache, staleAnswer } from './answer-cache.ts';
import type { Coalescer } from './coalescer.ts';

export interface SharedAnswers {
  /** @param key digest of everything the answer depends on */
  answer<T>(
    guarded: GuardedOperation,
    key: string,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall,
  ): Promise<T>;
}

export interface SharedAnswersDeps {
  readonly now: () => number;
  readonly cache: AnswerCache;
  readonly coalescer: Coalescer;
  readonly makeCall: <T>(
    guarded: GuardedOperation,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall,
  ) => Promise<T>;
  /** Makes the error of a caller that leaves. */
  readonly toError: (guarded: GuardedOperation, error: unknown) => GatewayError;
}

export function createSharedAnswers({
  now,
  cache,
  coalescer,
  makeCall,
  toError: toErrorOf,
}: SharedAnswersDeps): SharedAnswers {
  /** The scope of a background refresh. */
  const unlimited: GuardScope = {
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
  };

  const answer: SharedAnswers['answer'] = <T>(
    guarded: GuardedOperation,
    key: string,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall,
  ): Promise<T> => {
    const { cache: rules } = guarded;
    const toError = (error: unknown): GatewayError => toErrorOf(guarded, error);
    if (rules === undefined)
      return coalescer.join(key, scope, (shared) => makeCall(guarded, attempt, shared, call), toError);

    // cache
    const at = now();
    const entry = cache.find(key, at);
    if (entry !== undefined && at < entry.freshUntil) {
      cache.count('hits');
      return Promise.resolve(entry.answer as T);
    }
    const generation = cache.generation();
    // An answer that is no longer fresh may be renewed.
    const renewing: Attempt<T> =
      entry === undefined ? attempt : (signal, isRefresh) => attempt(signal, isRefresh, entry.answer as T);
    const begin = async (
      shared: InnerScope,
      sharedAttempt: Attempt<T>,
      sharedCall: GuardCall,
    ): Promise<T> => {
      try {
        const fresh = await makeCall(guarded, sharedAttempt, shared, sharedCall);
        if (generation === cache.generation()) cache.store(key, fresh, rules, now());
        return fresh;
      } catch (error) {
        if (isRefusal(error)) cache.delete(key);
        throw error;
      }
    };
    if (entry !== undefined && at < entry.staleUntil) {
      cache.count('stale');
      // A background refresh is not retried, and only the breaker records its failure.
      if (!coalescer.isUnderWay(key)) {
        const refresh: Attempt<T> = (signal) => renewing(signal, true);
        const { requestId } = scope;
        const background = { ...unlimited, ...(requestId !== undefined && { requestId }) };
        coalescer.join(key, background, (shared) => begin(shared, refresh, ONCE), toError).catch(ignore);
      }
      return Promise.resolve(staleAnswer(entry) as T);
    }
    cache.count('misses');

    // coalesce
    const joined = coalescer.join(key, scope, (shared) => begin(shared, renewing, call), toError);
    if (entry === undefined) return joined;
    return joined.catch((error: unknown) => {
      const isTooOld = now() >= entry.errorUntil || generation !== cache.generation();
      if (isTooOld || !allowsStaleAnswer(error)) throw error;
      cache.count('stale');
      return staleAnswer(entry) as T;
    });
  };
  return { answer };
}

const ONCE: GuardCall = { idempotent: false };

function ignore(): void {}
