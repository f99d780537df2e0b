// Step "budget", the outermost: limits the total time of a call, waits and further attempts included, below the deadline of the
// request. All calls with the same budget share a timer; operations without a budget skip the step. A budget is a promise to the caller
// and is not extended when the gateway stands still, but the source is not blamed for it then.
import { GatewayError } from '../errors.ts';
import { isMostlyStalled } from '../observe/event-loop.ts';
import { stalledTooLong } from './attempt-limit.ts';
import { createExpiryQueue, type Expiring } from './expiry-queue.ts';
import { type InnerScope, retryUntilOf } from './inner-scope.ts';
import type { RequestSignals, Stoppable } from './request-signals.ts';

export interface Budget {
  /** @param begin makes the call in a scope that ends with the budget, or with the request if that ends first */
  run<T>(scope: InnerScope, begin: (within: InnerScope) => Promise<T>): Promise<T>;
}

interface RunningCall extends Expiring, Stoppable {
  readonly stalledAt: number;
  /** Of a call whose budget ended after a stall. */
  timer: NodeJS.Timeout | undefined;
}

export interface BudgetDeps {
  readonly requests: RequestSignals;
  readonly now: () => number;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs: () => number;
}

/** Creates the budget for all calls with the same total time. */
export function createBudget(budgetMs: number, { requests, now, stalledMs }: BudgetDeps): Budget {
  const underWay = createExpiryQueue<RunningCall>(now, (call) => {
    const stalled = stalledMs() - call.stalledAt;
    const end = (): void =>
      call.stop(isMostlyStalled(stalled, budgetMs) ? stalledTooLong(stalled) : budgetSpent(budgetMs));
    // The answer may lie in the socket: a millisecond lets the event loop read it.
    if (stalled === 0) end();
    else call.timer = setTimeout(end, 1);
  });

  return {
    run: (scope, begin) => {
      const { signal } = scope;
      const expiresAt = now() + budgetMs;
      // The request has ended, or ends before the budget.
      if (signal.aborted || scope.deadlineAt <= expiresAt) return begin(scope);
      const controller = new AbortController();
      const call: RunningCall = {
        expiresAt,
        stalledAt: stalledMs(),
        timer: undefined,
        stop: (error) => {
          done();
          controller.abort(error);
        },
      };
      const done = (): void => {
        underWay.delete(call);
        clearTimeout(call.timer);
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
