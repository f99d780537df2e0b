// What stands around an attempt, as steps: budget, cache, coalesce, run on, gate, quota, bulkhead, retry, hedge, breaker, attempt limit.
// One guard per source; `registry/` makes it and runs every attempt of that source through it. Knows neither HTTP nor GraphQL.
import { type GatewayError, isGatewayError } from '../errors.ts';
import { createAttemptEnds } from './attempt-ends.ts';
import { deadlineExceeded } from './attempt-limit.ts';
import { type Breaker, REFUSED } from './breaker/breaker.ts';
import { createAdaptiveLimit } from './bulkhead/adaptive-limit.ts';
import { createBulkhead } from './bulkhead/bulkhead.ts';
import { createAnswerCache, digestOf } from './cache/answer-cache.ts';
import { createCoalescer } from './cache/coalescer.ts';
import { createSharedAnswers } from './cache/shared-answers.ts';
import type {
  Attempt,
  BreakerTransition,
  Guard,
  GuardCall,
  GuardDeps,
  GuardOptions,
  OperationState,
} from './contract.ts';
import { createGate } from './gate/gate.ts';
import { createGuardedOperations, type Guarded } from './guarded-operations.ts';
import { type InnerScope, retryUntilOf } from './inner-scope.ts';
import { leavingError } from './leaving-error.ts';
import { createQuota } from './quota/quota.ts';
import { createQuotaLedger } from './quota/quota-ledger.ts';
import { createRefusals } from './refusals.ts';
import { createRequestSignals, reasonOf } from './request-signals.ts';
import { createHedging } from './retry/hedging.ts';
import { createRetry, NOT_AGAIN, pause } from './retry/retry.ts';
import { createRetryBudget } from './retry/retry-budget.ts';
import { createRunOn } from './run-on.ts';
import { circuitOpen, isOutcomeUnknown, rejectionError } from './verdicts.ts';

export type * from './contract.ts';

export function createGuard(options: GuardOptions, deps: GuardDeps = {}): Guard {
  const { connector } = options;
  const now = deps.now ?? Date.now;
  const madeAt = now();
  const requests = createRequestSignals();
  const cache = createAnswerCache(options.cache, now);
  const refusals = createRefusals();
  const runOn = createRunOn(requests);
  const coalescer = createCoalescer(requests);
  const gate = createGate(options.maintenance);
  const quota = options.quota && createQuota(options.quota, deps.quotaLedger ?? createQuotaLedger());
  const budget = createRetryBudget(options.retry, now);
  const retry = createRetry(options.retry, { now, random: deps.random ?? Math.random, budget });
  const { adaptive, ...places } = options.bulkhead;
  const bulkhead = createBulkhead<Breaker>(
    { ...places, refuse: (_, why) => rejectionError(why), aborted: reasonOf },
    now,
  );
  const ends = createAttemptEnds({
    now,
    bulkhead,
    adaptive: adaptive && createAdaptiveLimit(bulkhead.limit(), adaptive),
  });
  const hedging =
    options.hedge && createHedging(options.hedge, { now, requests, budget, gate, quota, bulkhead, ends });
  const transitions: BreakerTransition[] = [];
  const operations = createGuardedOperations(options, {
    now,
    requests,
    onChange: (breaker, change) => {
      // Those that wait would only learn later what is known now.
      if (change.to === 'OPEN') bulkhead.turnAway(breaker);
      const transition = { connector, ...change };
      transitions.unshift(transition);
      transitions.length = Math.min(transitions.length, TRANSITIONS_KEPT);
      try {
        deps.onTransition?.(transition);
      } catch {
        // A listener's mistake must not fail the call that happened to turn the breaker.
      }
    },
  });

  const run: Guard['run'] = (operation, attempt, scope, call) => {
    const guarded = operations.of(operation);
    if (guarded.budget === undefined) return ask(guarded, attempt, scope, call);
    return guarded.budget.run(scope, (within) => ask(guarded, attempt, within, call));
  };

  const ask = <T>(
    guarded: Guarded,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall | undefined,
  ): Promise<T> => {
    if (!guarded.shares || call?.key === undefined) return enter(guarded, attempt, scope, call);
    return shared.ask(guarded, digestOf(connector, guarded.name, call.key), attempt, scope, call);
  };

  /** A call of its own; one that runs to its end outlives its caller. */
  const enter = <T>(
    guarded: Guarded,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall | undefined,
  ): Promise<T> => {
    if (call?.runsToItsEnd !== true) return pass(guarded, attempt, scope, call);
    const mostMs = guarded.limit.limitMs * options.retry.maxAttempts;
    return runOn.run(
      scope,
      mostMs,
      (own) => pass(guarded, attempt, own, call),
      (error, mayHaveBeenMade) => leavingErrorOf(guarded, error, mayHaveBeenMade),
    );
  };

  /** Its steps. */
  const pass = async <T>(
    guarded: Guarded,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall | undefined,
  ): Promise<T> => {
    const { breaker, limit } = guarded;
    const callerClass = call?.callerClass;
    const mayRepeat = call?.idempotent === true;
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
        const startedAt = now();
        mayBegin(scope, startedAt);
        // breaker; asked at the start of each attempt and not before the wait
        const permit = breaker.admit();
        // A source that has been given up meanwhile: what it said itself tells more.
        if (permit === REFUSED) throw failure ?? circuitOpen();
        takenAt = 0;
        // attempt, within its time
        if (attempts === 1) {
          budget.earn();
          scope.begin?.(startedAt);
        }
        // hedge; a begun mutation is never given up, and so not sent beside itself
        const hedge = attempts > 1 || !mayRepeat || call.runsToItsEnd === true ? undefined : hedging;
        try {
          if (hedge !== undefined)
            return await hedge.run({ guarded, attempt, scope, permit, startedAt, callerClass });
          const value = await limit.run(attempt, scope, startedAt);
          ends.answered(guarded, permit, startedAt, scope.requestId);
          return value;
        } catch (error) {
          if (hedge === undefined) ends.failed(guarded, permit, startedAt, error, scope.requestId);
          const endedAt = now();
          const mayRetry = mayRepeat && breaker.state() === 'CLOSED' && isGatewayError(error);
          if (!mayRetry || retry === undefined || retry.isIll(breaker.failuresInARow())) throw error;
          const delayMs = retry.delayMs(error, attempts, endedAt, retryUntilOf(scope));
          if (delayMs === NOT_AGAIN) throw error;
          failure = error;
          await pause(delayMs, scope.signal, reasonOf);
          // Others have failed meanwhile: this is no blip.
          if (retry.isIll(breaker.failuresInARow())) {
            retry.giveBack();
            throw error;
          }
          takenAt = await mayPassAgain(call, scope.signal, error);
        }
      }
    } catch (error) {
      refusals.count(error);
      const isOnce = call?.runsToItsEnd === true && !mayRepeat;
      throw leavingErrorOf(guarded, error, isOnce && isOutcomeUnknown(error));
    } finally {
      if (takenAt !== 0) quota?.giveBack(takenAt, call?.callerClass);
      if (inside) bulkhead.leave();
    }
  };

  /** The request may have ended between this call's turn and now; nobody would hear of that any more. */
  const mayBegin = ({ signal, deadlineAt }: InnerScope, at: number): void => {
    if (signal.aborted) throw reasonOf(signal);
    if (deadlineAt <= at) throw deadlineExceeded();
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

  const leavingErrorOf = (
    { name, breaker }: Guarded,
    error: unknown,
    mayHaveBeenMade = false,
  ): GatewayError =>
    leavingError(error, {
      connector,
      operation: name,
      breaker: breaker.state(),
      retryAfterMs: breaker.retryAfterMs(),
      mayHaveBeenMade,
    });

  const shared = createSharedAnswers({ now, cache, coalescer, pass: enter, leave: leavingErrorOf });

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
    transitions: () => [...transitions],
    probeNow: operations.probeNow,
    load: () => ({ running: bulkhead.running(), waiting: bulkhead.waiting(), limit: bulkhead.limit() }),
    figures: () => ({
      cache: cache.figures(),
      coalesced: coalescer.figures(),
      quota: quota?.state(now()),
      refused: refusals.figures(),
      retry: retry?.figures() ?? (hedging && { budget: budget.left(), retries: 0 }),
      hedge: hedging?.figures(),
    }),
    close: () => {
      cache.close();
      bulkhead.close();
      for (const breaker of operations.breakers()) breaker.close();
      return runOn.ended();
    },
  };
}

/** Some hours of a source that is ill now and then; more is in the log. */
const TRANSITIONS_KEPT = 20;
