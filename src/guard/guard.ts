// The steps around an attempt: budget, cache, coalesce, run to completion, gate, throttle, quota, bulkhead, retry, hedge, breaker,
// attempt limit.
// One guard per source. Depends on neither HTTP nor GraphQL.
import { type GatewayError, isGatewayError } from '../errors.ts';
import { createAttemptOutcomes } from './attempt-outcomes.ts';
import type { Breaker } from './breaker/breaker.ts';
import { createAdaptiveLimit } from './bulkhead/adaptive-limit.ts';
import { createBulkhead } from './bulkhead/bulkhead.ts';
import { createAnswerCache, digestOf } from './cache/answer-cache.ts';
import { createCoalescer } from './cache/coalescer.ts';
import { createSharedAnswers } from './cache/shared-answers.ts';
import { toCallError } from './call-error.ts';
import type { Attempt, Guard, GuardCall, GuardDeps, GuardOptions, OperationState } from './contract.ts';
import { circuitOpen, isOutcomeUnknown, rejectionError } from './failures.ts';
import { createGate } from './gate/gate.ts';
import { createGuardedOperations, type GuardedOperation } from './guarded-operations.ts';
import { assertUnderWay, type InnerScope, retryUntilOf } from './inner-scope.ts';
import { operationState, worstOf } from './operation-state.ts';
import { createQuota } from './quota/quota.ts';
import { createQuotaLedger } from './quota/quota-ledger.ts';
import { createRejectionCounts } from './rejection-counts.ts';
import { abortReason, createRequestSignals } from './request-signals.ts';
import { createHedging } from './retry/hedging.ts';
import { createRetry, NO_RETRY, pause } from './retry/retry.ts';
import { createRetryBudget } from './retry/retry-budget.ts';
import { createRunToCompletion } from './run-to-completion.ts';
import { createTransitionLog } from './transition-log.ts';

export type * from './contract.ts';

export function createGuard(options: GuardOptions, deps: GuardDeps = {}): Guard {
  const { connector } = options;
  const now = deps.now ?? Date.now;
  const sharedNow = deps.sharedNow ?? now;
  const stalledMs = deps.stalledMs ?? (() => 0);
  const createdAt = now();
  const requests = createRequestSignals();
  const cache = createAnswerCache(options.cache, now, deps.isRenewable ?? (() => false));
  const rejections = createRejectionCounts();
  const runToCompletion = createRunToCompletion(requests);
  const coalescer = createCoalescer(requests);
  const gate = createGate(options.maintenance);
  const quota = options.quota && createQuota(options.quota, deps.quotaLedger ?? createQuotaLedger());
  const retryBudget = createRetryBudget(options.retry, now);
  const retry = createRetry(options.retry, { random: deps.random ?? Math.random, budget: retryBudget });
  const { adaptive, ...places } = options.bulkhead;
  const bulkhead = createBulkhead<Breaker>(
    { ...places, rejection: (_, why) => rejectionError(why), abortReason },
    now,
  );
  const outcomes = createAttemptOutcomes({
    now,
    sharedNow,
    stalledMs,
    bulkhead,
    adaptive: adaptive && createAdaptiveLimit(bulkhead.limit(), adaptive),
  });
  const hedging =
    options.hedge &&
    createHedging(options.hedge, {
      now,
      sharedNow,
      requests,
      budget: retryBudget,
      gate,
      quota,
      bulkhead,
      outcomes,
    });
  const transitions = createTransitionLog(deps.onTransition);
  const operations = createGuardedOperations(options, {
    now,
    sharedNow,
    requests,
    stalledMs,
    onChange: (breaker, change) => {
      // Waiting calls would be rejected when their turn comes.
      if (change.to === 'OPEN') bulkhead.rejectWaiting(breaker);
      transitions.add({ connector, ...change });
    },
    onHold: (operation, until) => {
      rejectHeldBack(operation);
      try {
        deps.onHold?.({ operation, until });
      } catch {
        // An error of a listener must not fail the call that was refused.
      }
    },
  });
  /** Waiting calls would be rejected when their turn comes. @param group `undefined`: of the whole source */
  const rejectHeldBack = (group: string | undefined): void => {
    const held = operations.throttleFor(group ?? '')?.rejection(sharedNow());
    const kind = group === undefined ? undefined : operations.breakerOf(group);
    if (held !== undefined && (group === undefined || kind !== undefined))
      bulkhead.rejectWaiting(kind, () => held);
  };

  const run: Guard['run'] = (operation, attempt, scope, call) => {
    const guarded = operations.of(operation);
    if (guarded.budget === undefined) return answer(guarded, attempt, scope, call);
    return guarded.budget.run(scope, (within) => answer(guarded, attempt, within, call));
  };

  const answer = <T>(
    guarded: GuardedOperation,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall | undefined,
  ): Promise<T> => {
    if (!guarded.sharesAnswers || call?.key === undefined) return makeCall(guarded, attempt, scope, call);
    return shared.answer(guarded, digestOf(connector, guarded.name, call.key), attempt, scope, call);
  };

  const makeCall = <T>(
    guarded: GuardedOperation,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall | undefined,
  ): Promise<T> => {
    if (call?.runsToCompletion !== true) return runSteps(guarded, attempt, scope, call);
    const maxMs = guarded.limit.limitMs * options.retry.maxAttempts;
    return runToCompletion.run(
      scope,
      maxMs,
      (own) => runSteps(guarded, attempt, own, call),
      (error, mayHaveBeenMade) => callErrorOf(guarded, error, mayHaveBeenMade),
    );
  };

  const runSteps = async <T>(
    guarded: GuardedOperation,
    attempt: Attempt<T>,
    scope: InnerScope,
    call: GuardCall | undefined,
  ): Promise<T> => {
    const { breaker, limit, throttle } = guarded;
    const callerClass = call?.callerClass;
    const isRepeatable = call?.idempotent === true;
    let hasPlace = false;
    let wasSent = false;
    /** Epoch ms at which a call was taken from the quota that has not been sent; else 0. */
    let takenAt = 0;
    try {
      if (scope.signal.aborted) throw abortReason(scope.signal);
      // gate
      assertGatePasses();
      // throttle
      const heldBack = throttle?.rejection(sharedNow());
      if (heldBack !== undefined) throw heldBack;
      // quota
      if (quota !== undefined) {
        const at = sharedNow();
        const later = quota.take(at, call?.callerClass, scope.signal);
        if (later === undefined) takenAt = at;
        else {
          await later;
          takenAt = at;
          assertGatePasses();
        }
      }
      // bulkhead; a call does not wait in the queue for an open breaker
      if (bulkhead.isFull() && breaker.wouldReject()) throw circuitOpen();
      const place = bulkhead.enter(breaker, scope.signal);
      if (place === true) hasPlace = true;
      else {
        await place;
        hasPlace = true;
        assertGatePasses();
      }
      // retry
      let failure: unknown;
      for (let attempts = 1; ; attempts++) {
        const startedAt = now();
        assertUnderWay(scope, startedAt);
        // throttle, breaker; they admit at the start of each attempt and not before the wait
        const admitted = outcomes.admit(guarded, startedAt);
        // After a pause the failure of the last attempt takes precedence: it explains why no other is made.
        if (isGatewayError(admitted)) throw failure ?? admitted;
        takenAt = 0;
        wasSent = true;
        // attempt
        if (attempts === 1) {
          retryBudget.earn();
          scope.onFirstAttempt?.(startedAt);
        }
        // hedge; not for a begun mutation, which is never cancelled
        const hedge = attempts > 1 || !isRepeatable || call.runsToCompletion === true ? undefined : hedging;
        try {
          if (hedge !== undefined) return await hedge.run({ guarded, attempt, scope, admitted, callerClass });
          const value = await limit.run(attempt, scope, startedAt);
          outcomes.succeeded(guarded, admitted, scope.requestId);
          return value;
        } catch (cause) {
          const error =
            hedge === undefined ? outcomes.failed(guarded, admitted, cause, scope.requestId) : cause;
          const endedAt = now();
          const mayRetry = isRepeatable && breaker.state() === 'CLOSED' && isGatewayError(error);
          if (!mayRetry || retry === undefined || retry.isPersistent(breaker.failuresInARow())) throw error;
          const delayMs = retry.delayMs(error, attempts, endedAt, retryUntilOf(scope));
          if (delayMs === NO_RETRY) throw error;
          failure = error;
          await pause(delayMs, scope.signal);
          // Other calls have failed during the pause.
          if (retry.isPersistent(breaker.failuresInARow())) {
            retry.refund();
            throw error;
          }
          takenAt = await enterAgain(call, scope.signal, error);
        }
      }
    } catch (error) {
      rejections.count(error, wasSent);
      const isOnce = call?.runsToCompletion === true && !isRepeatable;
      throw callErrorOf(guarded, error, isOnce && isOutcomeUnknown(error));
    } finally {
      if (takenAt !== 0) quota?.giveBack(takenAt, call?.callerClass);
      if (hasPlace) bulkhead.leave();
    }
  };

  const assertGatePasses = (): void => {
    const rejection = gate.rejection(sharedNow());
    if (rejection !== undefined) throw rejection;
  };

  /**
   * Gate and quota of a further attempt.
   * @returns when its call was taken from the quota
   * @throws the failure of the attempt before, if the further attempt is not allowed
   */
  const enterAgain = async (
    call: GuardCall | undefined,
    signal: AbortSignal,
    failure: unknown,
  ): Promise<number> => {
    try {
      assertGatePasses();
      const at = sharedNow();
      const later = quota?.take(at, call?.callerClass, signal);
      if (later !== undefined) await later;
      return at;
    } catch {
      throw failure;
    }
  };

  const callErrorOf = (
    { name, breaker }: GuardedOperation,
    error: unknown,
    mayHaveBeenMade = false,
  ): GatewayError =>
    toCallError(error, {
      connector,
      operation: name,
      breaker: breaker.state(),
      retryAfterMs: breaker.retryAfterMs(),
      mayHaveBeenMade,
    });

  const shared = createSharedAnswers({ now, cache, coalescer, makeCall, toError: callErrorOf });

  const stateOf = (name: string, breaker: Breaker | undefined): OperationState =>
    operationState(name, breaker, operations.throttleOf(name), createdAt, sharedNow());

  return {
    run,
    setGate: gate.set,
    gate: () => gate.state(sharedNow()),
    holdBack: ({ operation, until }) => {
      const throttle = operations.throttleFor(operation ?? '');
      if (throttle?.holdUntil(until, sharedNow()) === true) rejectHeldBack(operation);
    },
    dropCache: cache.clear,
    state: (operation) => stateOf(operation, operations.breakerOf(operation)),
    states: () => Array.from(operations.breakers(), (breaker) => stateOf(breaker.operation, breaker)),
    worstBreaker: () => worstOf(operations.breakers()),
    transitions: transitions.list,
    probeNow: operations.probeNow,
    load: () => ({ running: bulkhead.running(), waiting: bulkhead.waiting(), limit: bulkhead.limit() }),
    figures: () => ({
      cache: cache.figures(),
      coalesced: coalescer.figures(),
      quota: quota?.state(sharedNow()),
      rejected: rejections.figures(),
      retry: retry?.figures() ?? (hedging && { budget: retryBudget.left(), retries: 0 }),
      hedge: hedging?.figures(),
    }),
    close: () => {
      cache.close();
      bulkhead.close();
      for (const breaker of operations.breakers()) breaker.close();
      return runToCompletion.settled();
    },
  };
}
