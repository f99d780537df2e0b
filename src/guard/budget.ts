// Step "budget" of a guarded call, the outermost: the whole time of one call of an operation, its waits and further attempts included,
// below the request's own deadline. One timer for all calls with one budget; operations without one never come here.
import { GatewayError } from '../errors.ts';
import { createExpiryQueue, type Expiring } from './expiry-queue.ts';
import { type InnerScope, retryUntilOf } from './inner-scope.ts';
import type { RequestSignals, Stoppable } from './request-signals.ts';

export interface Budget {
  /** @param begin makes the call in a scope that ends with the budget, or with the request when that comes first. */
  run<T>(scope: InnerScope, begin: (within: InnerScope) => Promise<T>): Promise<T>;
}

interface Running extends Expiring, Stoppable {}

/** For all calls with the same budget. */
export function createBudget(budgetMs: number, requests: RequestSignals, now: () => number): Budget {
  const underWay = createExpiryQueue<Running>(now, (call) => call.stop(budgetSpent(budgetMs)));

  return {
    run: (scope, begin) => {
      const { signal } = scope;
      const expiresAt = now() + budgetMs;
      // The request ends first, or has ended: nothing to add.
      if (signal.aborted || scope.deadlineAt <= expiresAt) return begin(scope);
      const controller = new AbortController();
      const call: Running = {
        expiresAt,
        stop: (error) => {
          done();
          controller.abort(error);
        },
      };
      const done = (): void => {
        underWay.delete(call);
        requests.forget(signal, call);
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
