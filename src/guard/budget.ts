// Step "budget", the outermost: limits the total time of a call, waits and further attempts included, below the deadline of the
// request. All calls with the same budget share a timer; operations without a budget skip the step.
import { GatewayError } from '../errors.ts';
import { createExpiryQueue, type Expiring } from './expiry-queue.ts';
import { type InnerScope, retryUntilOf } from './inner-scope.ts';
import type { RequestSignals, Stoppable } from './request-signals.ts';

export interface Budget {
  /** @param begin makes the call in a scope that ends with the budget, or with the request if that ends first */
  run<T>(scope: InnerScope, begin: (within: InnerScope) => Promise<T>): Promise<T>;
}

interface RunningCall extends Expiring, Stoppable {}

/** Creates the budget for all calls with the same total time. */
export function createBudget(budgetMs: number, requests: RequestSignals, now: () => number): Budget {
  const underWay = createExpiryQueue<RunningCall>(now, (call) => call.stop(budgetSpent(budgetMs)));

  return {
    run: (scope, begin) => {
      const { signal } = scope;
      const expiresAt = now() + budgetMs;
      // The request has ended, or ends before the budget.
      if (signal.aborted || scope.deadlineAt <= expiresAt) return begin(scope);
      const controller = new AbortController();
      const call: RunningCall = {
        expiresAt,
        stop: (error) => {
          done();
          controller.abort(error);
        },
      };
      const done = (): void => {
        underWay.delete(call);
        requests.unwatch(signal, call);
      };
      underWay.add(call);
      requests.watch(signal, call);
      const retryUntil = Math.min(retryUntilOf(scope), expiresAt);
      return begin({ ...scope, signal: controller.signal, retryUntil }).finally(done);
    },
  };
}

const budgetSpent = (budgetMs: number): GatewayError =>
  new GatewayError('DEADLINE_EXCEEDED', {
    detail: `no answer within the operation's budget of ${budgetMs} ms`,
  });
