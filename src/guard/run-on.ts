// Step "run on" of a guarded call: a mutation that has begun is not cancelled, for nobody could say afterwards whether it was made.
// While it waits for its turn it ends with its caller; from its first attempt on the caller alone is let go, at once, and the call
// goes on to its own end: in its place of the bulkhead, heard by the breaker. Called by `guard.ts`, around the call's other steps.
import type { GatewayError } from '../errors.ts';
import { deadlineExceeded } from './attempt-limit.ts';
import type { InnerScope } from './inner-scope.ts';
import { type RequestSignals, reasonOf, type Stoppable } from './request-signals.ts';

export interface RunOn {
  /**
   * @param mostMs from the first attempt on: later than that no further one begins.
   * @param begin makes the call in a scope of its own.
   * @param leave the error of a caller that is let go.
   */
  run<T>(
    scope: InnerScope,
    mostMs: number,
    begin: (own: InnerScope) => Promise<T>,
    leave: (error: unknown, mayHaveBeenMade: boolean) => GatewayError,
  ): Promise<T>;
  /** Resolves when none of these calls is under way. Each ends by the limits of its attempts. */
  ended(): Promise<void>;
}

interface OwnScope extends InnerScope {
  deadlineAt: number;
  retryUntil?: number;
}

export function createRunOn(requests: RequestSignals): RunOn {
  let underWay = 0;
  let waiting: (() => void)[] = [];

  const end = (): void => {
    underWay--;
    if (underWay > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  return {
    run: (scope, mostMs, begin, leave) =>
      new Promise((resolve, reject) => {
        const { signal, deadlineAt } = scope;
        if (signal.aborted) {
          reject(leave(reasonOf(signal), false));
          return;
        }
        const controller = new AbortController();
        let timer: NodeJS.Timeout | undefined;
        let begun = false;
        const caller: Stoppable = {
          stop: (error) => {
            requests.forget(signal, caller);
            clearTimeout(timer);
            // It is still under way.
            if (begun) reject(leave(error, true));
            else controller.abort(error);
          },
        };
        const own: OwnScope = {
          ...scope,
          signal: controller.signal,
          begin: (at) => {
            begun = true;
            // Its caller's no more: the attempt's own limit is what ends it.
            own.deadlineAt = Number.POSITIVE_INFINITY;
            own.retryUntil = at + mostMs;
            const leftMs = deadlineAt - at;
            if (leftMs < mostMs) timer = setTimeout(() => caller.stop(deadlineExceeded()), leftMs);
          },
        };
        requests.watch(signal, caller);
        underWay++;
        begin(own)
          .finally(() => {
            requests.forget(signal, caller);
            clearTimeout(timer);
            end();
          })
          .then(resolve, reject);
      }),
    ended: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
