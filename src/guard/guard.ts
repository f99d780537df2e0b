// What stands around an attempt, as steps: cache, coalesce, gate, quota, bulkhead, retry, breaker, attempt timeout. One guard per source;
// `registry/` makes it and runs every attempt of that source through it. Knows neither HTTP nor GraphQL.
import { type GatewayError, isGatewayError } from '../errors.ts';
import { createAnswerCache, digestOf, staleAnswer } from './answer-cache.ts';
import { type Breaker, REFUSED } from './breaker.ts';
import { createBulkhead } from './bulkhead.ts';
import { createCoalescer, type SharedScope } from './coalescer.ts';
import type {
  Attempt,
  Guard,
  GuardCall,
  GuardDeps,
  GuardOptions,
  GuardScope,
  OperationState,
} from './contract.ts';
import { createGate } from './gate.ts';
import { createGuardedOperations, type Guarded } from './guarded-operations.ts';
import { leavingError } from './leaving-error.ts';
import { createQuota } from './quota.ts';
import { createQuotaLedger } from './quota-ledger.ts';
import { createRequestSignals, reasonOf } from './request-signals.ts';
import { createRetry, NOT_AGAIN, pause } from './retry.ts';
import { circuitOpen, isRefused, isUnavailable, refusal, tell } from './verdicts.ts';

export type * from './contract.ts';

export const createGuard = (options: GuardOptions, deps: GuardDeps = {}): Guard => {
  const { connector } = options;
  const now = deps.now ?? Date.now;
  const madeAt = now();
  const requests = createRequestSignals();
  /** Of calls that nobody waits for. */
  const unhurried: GuardScope = {
    signal: new AbortController().signal,
    deadlineAt: Number.POSITIVE_INFINITY,
  };
  const cache = createAnswerCache(options.cache ?? {}, now);
  const coalescer = createCoalescer(requests);
  const gate = createGate(options.maintenance ?? []);
  const quota = createQuota(options.quota ?? {}, deps.quotaLedger ?? createQuotaLedger());
  const retry = createRetry(options.retry ?? {}, { now, random: deps.random ?? Math.random });
  const bulkhead = createBulkhead<Breaker>(
    {
      maxConcurrent: options.bulkhead?.maxConcurrent ?? 64,
      maxWaiting: options.bulkhead?.maxWaiting ?? 512,
      maxWaitMs: options.bulkhead?.maxWaitMs ?? 5_000,
      refuse: (_, why) => refusal(why),
      aborted: reasonOf,
    },
    now,
  );
  const operations = createGuardedOperations(options, {
    now,
    requests,
    onChange: (breaker, change) => {
      // Those that wait would only learn later what is known now.
      if (change.to === 'OPEN') bulkhead.turnAway(breaker);
      try {
        deps.onTransition?.({ connector, ...change });
      } catch {
        // A listener's mistake must not fail the call that happened to turn the breaker.
      }
    },
  });

  const run: Guard['run'] = (operation, attempt, scope, call) => {
    const guarded = operations.of(operation);
    if (!guarded.shares || call?.key === undefined) return pass(guarded, attempt, scope, call);
    return ask(guarded, digestOf(connector, operation, call.key), attempt, scope, call);
  };

  /** The steps that may answer without a call of one's own. */
  const ask = <T>(
    guarded: Guarded,
    key: string,
    attempt: Attempt<T>,
    scope: GuardScope,
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
    const begin = async (shared: SharedScope, asked: Attempt<T>, as: GuardCall): Promise<T> => {
      try {
        const answer = await pass(guarded, asked, shared, as);
        if (generation === cache.generation()) cache.keep(key, answer, rules, now());
        return answer;
      } catch (error) {
        if (isRefused(error)) cache.forget(key);
        throw error;
      }
    };
    if (kept !== undefined && at < kept.staleUntil) {
      cache.count('stale');
      // Behind the caller's back: nobody waits, so it is not tried twice, and its failure is heard by the breaker only.
      if (!coalescer.isUnderWay(key)) {
        const refresh: Attempt<T> = (signal) => attempt(signal, true);
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
      if (isLast || !isUnavailable(error)) throw error;
      cache.count('stale');
      return staleAnswer(kept) as T;
    });
  };

  /** The steps of a call of its own. */
  const pass = async <T>(
    guarded: Guarded,
    attempt: Attempt<T>,
    scope: GuardScope & Partial<SharedScope>,
    call: GuardCall | undefined,
  ): Promise<T> => {
    const { breaker, limit } = guarded;
    let inside = false;
    /** When a call was taken from the quota that the source has not seen. */
    let takenAt = 0;
    try {
      if (scope.signal.aborted) throw reasonOf(scope.signal);
      // gate
      mayPass();
      // quota
      if (quota !== undefined) {
        const at = now();
        const later = quota.take(at, call?.callerClass, scope.signal);
        if (later === undefined) takenAt = at;
        else {
          await later;
          takenAt = at;
          mayPass();
        }
      }
      // bulkhead; a call that would have to wait for an open breaker is told at once
      if (bulkhead.isFull() && breaker.refuses()) throw circuitOpen();
      const place = bulkhead.enter(breaker, scope.signal);
      if (place === true) inside = true;
      else {
        await place;
        inside = true;
        mayPass();
      }
      // retry
      let failure: unknown;
      for (let attempts = 1; ; attempts++) {
        // breaker; asked at the start of each attempt and not before the wait
        const permit = breaker.admit();
        // A source that has been given up meanwhile: what it said itself tells more.
        if (permit === REFUSED) throw failure ?? circuitOpen();
        takenAt = 0;
        if (attempts === 1) retry?.earn();
        // attempt, within its time
        const startedAt = now();
        try {
          const value = await limit.run(attempt, scope, startedAt);
          breaker.succeed(permit, startedAt);
          return value;
        } catch (error) {
          const endedAt = now();
          tell(breaker, permit, error, startedAt, endedAt - startedAt >= limit.limitMs);
          const mayRetry = call?.idempotent === true && breaker.state() === 'CLOSED' && isGatewayError(error);
          const delayMs = mayRetry
            ? (retry?.delayMs(error, attempts, endedAt, scope.retryUntil ?? scope.deadlineAt) ?? NOT_AGAIN)
            : NOT_AGAIN;
          if (delayMs === NOT_AGAIN) throw error;
          failure = error;
          await pause(delayMs, scope.signal, reasonOf);
          takenAt = await mayPassAgain(call, scope.signal, error);
        }
      }
    } catch (error) {
      throw leavingErrorOf(guarded, error);
    } finally {
      if (takenAt !== 0) quota?.giveBack(takenAt, call?.callerClass);
      if (inside) bulkhead.leave();
    }
  };

  const mayPass = (): void => {
    const shut = gate.refusal(now());
    if (shut !== undefined) throw shut;
  };

  /** A further attempt is a further call to the source; one that it has no quota for ends with what the source said. */
  const mayPassAgain = async (
    call: GuardCall | undefined,
    signal: AbortSignal,
    failure: unknown,
  ): Promise<number> => {
    try {
      mayPass();
      const at = now();
      const later = quota?.take(at, call?.callerClass, signal);
      if (later !== undefined) await later;
      return at;
    } catch {
      throw failure;
    }
  };

  const leavingErrorOf = ({ name, breaker }: Guarded, error: unknown): GatewayError =>
    leavingError(error, {
      connector,
      operation: name,
      breaker: breaker.state(),
      retryAfterMs: breaker.retryAfterMs(),
    });

  const stateOf = (name: string, breaker: Breaker | undefined): OperationState => {
    if (breaker === undefined) return { operation: name, breaker: 'CLOSED', since: madeAt };
    const reason = breaker.reason();
    const retryAfterMs = breaker.retryAfterMs();
    return {
      operation: name,
      breaker: breaker.state(),
      since: breaker.since(),
      ...(reason !== undefined && { reason }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  };

  return {
    run,
    setGate: gate.set,
    gate: () => gate.state(now()),
    dropCache: cache.clear,
    state: (operation) => stateOf(operation, operations.breakerOf(operation)),
    states: () => Array.from(operations.breakers(), (breaker) => stateOf(breaker.operation, breaker)),
    load: () => ({ running: bulkhead.running(), waiting: bulkhead.waiting() }),
    figures: () => ({
      cache: cache.figures(),
      coalesced: coalescer.figures(),
      quota: quota?.state(now()),
      retry: retry?.figures(),
    }),
    close: () => {
      cache.close();
      bulkhead.close();
      for (const breaker of operations.breakers()) breaker.close();
    },
  };
};

const ONCE: GuardCall = { idempotent: false };

const ignore = (): void => {};
