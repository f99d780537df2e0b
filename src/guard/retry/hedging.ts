// Step "hedge": sends a second attempt beside a first attempt that takes longer than a quantile of recent answers. The first
// successful answer is used; the other attempt is cancelled and does not count in the breaker. The second attempt is paid from the
// retry budget and never waits, neither for a place nor for the quota.
import { GatewayError, isGatewayError } from '../../errors.ts';
import type { AdmittedAttempt, AttemptOutcomes } from '../attempt-outcomes.ts';
import type { Bulkhead } from '../bulkhead/bulkhead.ts';
import type { Attempt, HedgeOptions } from '../contract.ts';
import { isRefusal } from '../failures.ts';
import type { Gate } from '../gate/gate.ts';
import type { GuardedOperation } from '../guarded-operations.ts';
import type { InnerScope } from '../inner-scope.ts';
import type { Quota } from '../quota/quota.ts';
import type { RequestSignals, Stoppable } from '../request-signals.ts';
import { createLatencyQuantile, type LatencyQuantile } from './latency-quantile.ts';
import type { RetryBudget } from './retry-budget.ts';

/** The first attempt of a call, which already has its place and its quota, and which throttle and breaker have admitted. */
export interface FirstAttempt<T> {
  readonly guarded: GuardedOperation;
  readonly attempt: Attempt<T>;
  readonly scope: InnerScope;
  readonly admitted: AdmittedAttempt;
  readonly callerClass: string | undefined;
}

export interface Hedging {
  /** Runs the attempt, and a second beside it if it is slow. The outcome of both is reported before the promise settles. */
  run<T>(first: FirstAttempt<T>): Promise<T>;
  figures(): HedgeFigures;
}

export interface HedgeFigures {
  /** Second attempts sent. */
  readonly sent: number;
  /** Second attempts whose answer was used. */
  readonly won: number;
}

export interface HedgingDeps {
  readonly now: () => number;
  /** Decides the gate and the quota. */
  readonly sharedNow: () => number;
  readonly requests: RequestSignals;
  readonly budget: RetryBudget;
  readonly gate: Gate;
  readonly quota: Quota | undefined;
  readonly bulkhead: Bulkhead<unknown>;
  readonly outcomes: AttemptOutcomes;
}

function ignore(): void {}

interface RunningAttempt {
  readonly controller: AbortController;
  readonly admitted: AdmittedAttempt;
  /** Has a place of its own. */
  readonly isSecond: boolean;
}

export function createHedging(options: HedgeOptions, deps: HedgingDeps): Hedging {
  const { now, sharedNow, requests, budget, gate, quota, bulkhead, outcomes } = deps;
  const { quantile, minimumCalls, minDelayMs, maxDelayMs } = options;
  const latencies = new WeakMap<GuardedOperation, LatencyQuantile>();
  let sent = 0;
  let won = 0;

  const latenciesOf = (guarded: GuardedOperation): LatencyQuantile => {
    let recorded = latencies.get(guarded);
    if (recorded === undefined) {
      recorded = createLatencyQuantile(quantile, minimumCalls);
      latencies.set(guarded, recorded);
    }
    return recorded;
  };

  /** @returns `undefined` without enough records, or if the delay exceeds the time limit of an attempt */
  const delayMsOf = (guarded: GuardedOperation): number | undefined => {
    const usual = latenciesOf(guarded).valueMs();
    if (usual === undefined) return undefined;
    const delay = Math.min(maxDelayMs, Math.max(minDelayMs, usual));
    return delay < guarded.limit.limitMs ? delay : undefined;
  };

  /** Takes the place, the quota and the budget of a second attempt, or nothing. */
  const enter = (callerClass: string | undefined, at: number): boolean => {
    const sharedAt = sharedNow();
    if (gate.rejection(sharedAt) !== undefined || budget.left() < 1 || !bulkhead.tryEnter()) return false;
    if (!takeQuota(callerClass, sharedAt)) {
      bulkhead.leave();
      return false;
    }
    budget.spend(at);
    return true;
  };

  const takeQuota = (callerClass: string | undefined, at: number): boolean => {
    try {
      const later = quota?.take(at, callerClass);
      if (later === undefined) return true;
      // A call that the ledger has to lease comes too late and is given back.
      later.then(() => quota?.giveBack(at, callerClass), ignore);
    } catch {
      // Used up.
    }
    return false;
  };

  const run: Hedging['run'] = ({ guarded, attempt, scope, admitted, callerClass }) =>
    new Promise((resolve, reject) => {
      const { breaker, limit, throttle } = guarded;
      const { requestId } = scope;
      const running = new Set<RunningAttempt>();
      const latency = latenciesOf(guarded);
      let failure: unknown;
      let settled = false;

      const request: Stoppable = {
        stop: (error) => {
          clearTimeout(timer);
          for (const each of running) each.controller.abort(error);
        },
      };
      const settle = (): void => {
        settled = true;
        clearTimeout(timer);
        requests.unwatch(scope.signal, request);
        for (const each of running) {
          // Without the time of cancelled attempts the slow ones would be missing, and the delay would shrink.
          if (!each.isSecond) latency.record(outcomes.tookMs(each.admitted));
          each.controller.abort(new GatewayError('CANCELLED', { detail: 'another attempt answered first' }));
        }
      };

      const send = (current: RunningAttempt): void => {
        running.add(current);
        const end = (): void => {
          running.delete(current);
          if (current.isSecond) bulkhead.leave();
        };
        limit.run(attempt, { ...scope, signal: current.controller.signal }, current.admitted.startedAt).then(
          (value) => {
            end();
            if (settled) return outcomes.abandoned(guarded, current.admitted);
            latency.record(outcomes.tookMs(current.admitted));
            if (current.isSecond) won++;
            settle();
            outcomes.succeeded(guarded, current.admitted, requestId);
            resolve(value);
          },
          (cause: unknown) => {
            end();
            if (settled) return outcomes.abandoned(guarded, current.admitted);
            const isLast = running.size === 0 || isRefusal(cause);
            if (isLast) settle();
            const error = outcomes.failed(guarded, current.admitted, cause, requestId);
            // The failure of the attempt that ended first is reported to the caller.
            if (isLast) reject(isRefusal(error) ? error : (failure ?? error));
            else failure = error;
          },
        );
      };

      const sendAnother = (): void => {
        const at = now();
        // The lag of the gateway made the first attempt late, and not the source.
        const earlyMs = Math.ceil((delayMs as number) - outcomes.tookMs(admitted));
        if (earlyMs > 0 && at - admitted.startedAt >= (delayMs as number)) {
          timer = setTimeout(sendAnother, earlyMs);
          return;
        }
        if (at >= scope.deadlineAt || breaker.state() !== 'CLOSED' || throttle?.isFree() === false) return;
        if (!enter(callerClass, at)) return;
        const another = outcomes.admit(guarded, at);
        // A closed breaker and a free throttle admit every attempt.
        if (isGatewayError(another)) return;
        sent++;
        send({ controller: new AbortController(), admitted: another, isSecond: true });
      };
      const delayMs = delayMsOf(guarded);
      let timer = delayMs === undefined ? undefined : setTimeout(sendAnother, delayMs);
      requests.watch(scope.signal, request);
      send({ controller: new AbortController(), admitted, isSecond: false });
    });

  return { run, figures: () => ({ sent, won }) };
}
