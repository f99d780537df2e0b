// Step "coalesce": a caller whose key equals that of a call under way waits for its answer. Keys contain the inputs, and for personal
// data the caller and the purpose, so no caller receives an answer for another. A caller that leaves does not affect the others;
// the call is cancelled when the last has left.
import { GatewayError } from '../../errors.ts';
import { type InnerScope, retryUntilOf } from '../inner-scope.ts';
import { abortReason, type RequestSignals, type Stoppable } from '../request-signals.ts';

/** The scope of a shared call: it ends with its last waiter and has no deadline of its own. */
export interface SharedScope extends InnerScope {
  /** The latest among its waiters. */
  retryUntil: number;
}

export interface Coalescer {
  /**
   * Joins the call under way with this key, or makes one.
   * @param begin makes the call
   * @param toError makes the error of a waiter that leaves, from the reason of its signal
   */
  join<T>(
    key: string,
    scope: InnerScope,
    begin: (scope: SharedScope) => Promise<T>,
    toError: (error: unknown) => GatewayError,
  ): Promise<T>;
  isUnderWay(key: string): boolean;
  figures(): CoalescerFigures;
}

export interface CoalescerFigures {
  readonly underWay: number;
  /** Callers that joined a call under way. */
  readonly joined: number;
}

interface Waiter extends Stoppable {
  readonly signal: AbortSignal;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface SharedCall {
  readonly scope: SharedScope;
  readonly controller: AbortController;
  readonly waiters: Set<Waiter>;
}

export function createCoalescer(requests: RequestSignals): Coalescer {
  const underWay = new Map<string, SharedCall>();
  let joined = 0;

  const remove = (key: string, call: SharedCall): void => {
    // A later call with this key may be under way.
    if (underWay.get(key) === call) underWay.delete(key);
  };

  const settle = (key: string, call: SharedCall, each: (waiter: Waiter) => void): void => {
    remove(key, call);
    for (const waiter of call.waiters) {
      requests.unwatch(waiter.signal, waiter);
      each(waiter);
    }
    call.waiters.clear();
  };

  /** The request id is that of the first caller. */
  const createCall = (retryUntil: number, { requestId }: InnerScope): SharedCall => {
    const controller = new AbortController();
    const scope = {
      signal: controller.signal,
      deadlineAt: Number.POSITIVE_INFINITY,
      retryUntil,
      ...(requestId !== undefined && { requestId }),
    };
    return { scope, controller, waiters: new Set() };
  };

  return {
    join: (key, scope, begin, toError) =>
      new Promise((resolve, reject) => {
        const { signal } = scope;
        const retryUntil = retryUntilOf(scope);
        if (signal.aborted) {
          reject(toError(abortReason(signal)));
          return;
        }
        const known = underWay.get(key);
        const call = known ?? createCall(retryUntil, scope);
        const waiter: Waiter = {
          signal,
          resolve: resolve as (value: unknown) => void,
          reject,
          stop: (error) => {
            requests.unwatch(signal, waiter);
            call.waiters.delete(waiter);
            if (call.waiters.size === 0) {
              remove(key, call);
              call.controller.abort(new GatewayError('CANCELLED', { detail: 'the last caller has left' }));
            }
            reject(toError(error));
          },
        };
        call.waiters.add(waiter);
        requests.watch(signal, waiter);
        if (known !== undefined) {
          joined++;
          if (retryUntil > call.scope.retryUntil) call.scope.retryUntil = retryUntil;
          return;
        }
        underWay.set(key, call);
        begin(call.scope).then(
          (value) => settle(key, call, (each) => each.resolve(value)),
          (error: unknown) => settle(key, call, (each) => each.reject(error)),
        );
      }),
    isUnderWay: (key) => underWay.has(key),
    figures: () => ({ underWay: underWay.size, joined }),
  };
}
