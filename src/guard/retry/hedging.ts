// Step "hedge" of a guarded call, where its source has it: an attempt that has not answered after what nearly all answers take gets a
// second one beside it; the first good answer is taken, the other attempt is given up and says nothing of the source. Called by
// `guard.ts` in place of a first attempt. The second one is paid like a retry and never waits: not for a place, not for quota.
import { GatewayError } from '../../errors.ts';
import type { AttemptEnds } from '../attempt-ends.ts';
import type { Permit } from '../breaker/breaker.ts';
import type { Bulkhead } from '../bulkhead/bulkhead.ts';
import type { Attempt, HedgeOptions } from '../contract.ts';
import type { Gate } from '../gate/gate.ts';
import type { Guarded } from '../guarded-operations.ts';
import type { InnerScope } from '../inner-scope.ts';
import type { Quota } from '../quota/quota.ts';
import type { RequestSignals, Stoppable } from '../request-signals.ts';
import { isRefusal } from '../verdicts.ts';
import { createLatencyQuantile, type LatencyQuantile } from './latency-quantile.ts';
import type { RetryBudget } from './retry-budget.ts';

/** The first attempt of a call; it has its place, its quota and the breaker's permit. */
export interface FirstAttempt<T> {
  readonly guarded: Guarded;
  readonly attempt: Attempt<T>;
  readonly scope: InnerScope;
  readonly permit: Permit;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly callerClass: string | undefined;
}

export interface Hedging {
  /** Runs it, and maybe a second one beside it; the breaker has heard of both when this settles. */
  run<T>(first: FirstAttempt<T>): Promise<T>;
  figures(): HedgeFigures;
}

export interface HedgeFigures {
  /** Second attempts that were sent, and those whose answer was taken. */
  readonly sent: number;
  readonly won: number;
}

export interface HedgingDeps {
  readonly now: () => number;
  readonly requests: RequestSignals;
  readonly budget: RetryBudget;
  readonly gate: Gate;
  readonly quota: Quota | undefined;
  readonly bulkhead: Bulkhead<unknown>;
  readonly ends: AttemptEnds;
}

function ignore(): void {}

interface Running {
  readonly controller: AbortController;
  readonly permit: Permit;
  readonly startedAt: number;
  /** It has a place of its own. */
  readonly isSecond: boolean;
}

export function createHedging(options: HedgeOptions, deps: HedgingDeps): Hedging {
  const { now, requests, budget, gate, quota, bulkhead, ends } = deps;
  const { quantile, minimumCalls, minDelayMs, maxDelayMs } = options;
  const times = new WeakMap<Guarded, LatencyQuantile>();
  let sent = 0;
  let won = 0;

  const timesOf = (guarded: Guarded): LatencyQuantile => {
    let known = times.get(guarded);
    if (known === undefined) {
      known = createLatencyQuantile(quantile, minimumCalls);
      times.set(guarded, known);
    }
    return known;
  };

  /** `undefined` while too little is known, or when an attempt would end before. */
  const delayMsOf = (guarded: Guarded): number | undefined => {
    const usual = timesOf(guarded).valueMs();
    if (usual === undefined) return undefined;
    const delay = Math.min(maxDelayMs, Math.max(minDelayMs, usual));
    return delay < guarded.limit.limitMs ? delay : undefined;
  };

  /** Takes all that a second attempt needs, or nothing. */
  const enter = (callerClass: string | undefined, at: number): boolean => {
    if (gate.refusal(at) !== undefined || budget.left() < 1 || !bulkhead.tryEnter()) return false;
    if (!takeQuota(callerClass, at)) {
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
      // A call that has to be fetched comes too late for this: it is for others.
      later.then(() => quota?.giveBack(at, callerClass), ignore);
    } catch {
      // Used up.
    }
    return false;
  };

  const run: Hedging['run'] = ({ guarded, attempt, scope, permit, startedAt, callerClass }) =>
    new Promise((resolve, reject) => {
      const { breaker, limit } = guarded;
      const { requestId } = scope;
      const running = new Set<Running>();
      const known = timesOf(guarded);
      let failure: unknown;
      let settled = false;

      const request: Stoppable = {
        stop: (error) => {
          clearTimeout(timer);
          for (const one of running) one.controller.abort(error);
        },
      };
      const settle = (): void => {
        settled = true;
        clearTimeout(timer);
        requests.forget(scope.signal, request);
        for (const one of running) {
          // It took so long at least; left out, the slow ones would be missing and the delay would shrink by itself.
          if (!one.isSecond) known.record(now() - one.startedAt);
          one.controller.abort(new GatewayError('CANCELLED', { detail: 'another attempt answered first' }));
        }
      };

      const send = (one: Running): void => {
        running.add(one);
        const end = (): void => {
          running.delete(one);
          if (one.isSecond) bulkhead.leave();
        };
        limit.run(attempt, { ...scope, signal: one.controller.signal }, one.startedAt).then(
          (value) => {
            end();
            if (settled) return breaker.abandon(one.permit);
            known.record(now() - one.startedAt);
            if (one.isSecond) won++;
            settle();
            ends.answered(guarded, one.permit, one.startedAt, requestId);
            resolve(value);
          },
          (error: unknown) => {
            end();
            if (settled) return breaker.abandon(one.permit);
            const isLast = running.size === 0 || isRefusal(error);
            if (isLast) settle();
            ends.failed(guarded, one.permit, one.startedAt, error, requestId);
            // What the first said is kept: the second was sent for it.
            if (isLast) reject(isRefusal(error) ? error : (failure ?? error));
            else failure = error;
          },
        );
      };

      const sendAnother = (): void => {
        const at = now();
        if (at >= scope.deadlineAt || breaker.state() !== 'CLOSED') return;
        if (!enter(callerClass, at)) return;
        sent++;
        // A closed breaker refuses nobody.
        send({ controller: new AbortController(), permit: breaker.admit(), startedAt: at, isSecond: true });
      };
      const delayMs = delayMsOf(guarded);
      const timer = delayMs === undefined ? undefined : setTimeout(sendAnother, delayMs);
      requests.watch(scope.signal, request);
      send({ controller: new AbortController(), permit, startedAt, isSecond: false });
    });

  return { run, figures: () => ({ sent, won }) };
}
