// Step "run to completion": a mutation that has begun is not cancelled, because its outcome would be unknown.
// Before its first attempt the call ends with its caller. Afterwards only the caller receives the error, at once; the call
// completes in its place of the bulkhead, and the breaker records its outcome.
import type { GatewayError } from '../errors.ts';
import { deadlineExceeded } from './attempt-limit.ts';
import type { InnerScope } from './inner-scope.ts';
import { abortReason, type RequestSignals, type Stoppable } from './request-signals.ts';

export interface RunToCompletion {
  /**
   * @param maxMs time after the first attempt's start in which further attempts may begin
   * @param begin makes the call in a scope of its own
   * @param toError makes the error of a caller that leaves
   */
  run<T>(
    scope: InnerScope,
    maxMs: number,
    begin: (own: InnerScope) => Promise<T>,
    toError: (error: unknown, mayHaveBeenMade: boolean) => GatewayError,
  ): Promise<T>;
  /** Resolves when no such call is under way. Each ends by the time limits of its attempts. */
  settled(): Promise<void>;
}

interface OwnScope extends InnerScope {
  deadlineAt: number;
  retryUntil?: number;
}

export function createRunToCompletion(requests: RequestSignals): RunToCompletion {
  let underWay = 0;
  let waiting: (() => void)[] = [];

  const end = (): void => {
    underWay--;
    if (underWay > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  return {
    run: (scope, maxMs, begin, toError) =>
      new Promise((resolve, reject) => {
        const { signal, deadlineAt } = scope;
        if (signal.aborted) {
          reject(toError(abortReason(signal), false));
          return;
        }
        const controller = new AbortController();
        let timer: NodeJS.Timeout | undefined;
        let begun = false;
        const caller: Stoppable = {
          stop: (error) => {
            requests.unwatch(signal, caller);
            clearTimeout(timer);
            // The call is still under way.
            if (begun) reject(toError(error, true));
            else controller.abort(error);
          },
        };
        const own: OwnScope = {
          ...scope,
          signal: controller.signal,
          onFirstAttempt: (at) => {
            begun = true;
            // From here on the time limit of the attempt ends the call, and not the caller's deadline.
            own.deadlineAt = Number.POSITIVE_INFINITY;
            own.retryUntil = at + maxMs;
            const leftMs = deadlineAt - at;
            if (leftMs < maxMs) timer = setTimeout(() => caller.stop(deadlineExceeded()), leftMs);
          },
        };
        requests.watch(signal, caller);
        underWay++;
        begin(own)
          .finally(() => {
            requests.unwatch(signal, caller);
            clearTimeout(timer);
            end();
          })
          .then(resolve, reject);
      }),
    settled: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
