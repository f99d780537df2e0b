// Step "coalesce" of a guarded call: who asks for what is being asked already waits for that answer. The key says what is asked, for
// whom and what for, so nobody gets an answer that was made for somebody else. One that goes away leaves the others; when the last
// has gone the call is cancelled.
import { GatewayError } from '../../errors.ts';
import { type InnerScope, retryUntilOf } from '../inner-scope.ts';
import { type RequestSignals, reasonOf, type Stoppable } from '../request-signals.ts';

/** The scope of a call that several wait for: it ends with its last waiter, and so has no deadline of its own. */
export interface SharedScope extends InnerScope {
  /** The latest of its waiters. */
  retryUntil: number;
}

export interface Coalescer {
  /**
   * @param begin makes the call, when none with this key is under way.
   * @param leave the error of a waiter that goes, from the reason of its signal.
   */
  ask<T>(
    key: string,
    scope: InnerScope,
    begin: (scope: SharedScope) => Promise<T>,
    leave: (error: unknown) => GatewayError,
  ): Promise<T>;
  isUnderWay(key: string): boolean;
  figures(): CoalescerFigures;
}

export interface CoalescerFigures {
  readonly underWay: number;
  /** Asks that joined a call under way. */
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

  const forget = (key: string, call: SharedCall): void => {
    // Another call with this key may have begun since.
    if (underWay.get(key) === call) underWay.delete(key);
  };

  const settle = (key: string, call: SharedCall, each: (waiter: Waiter) => void): void => {
    forget(key, call);
    for (const waiter of call.waiters) {
      requests.forget(waiter.signal, waiter);
      each(waiter);
    }
    call.waiters.clear();
  };

  /** For the first that asks: its request is named where the call fails. */
  const aCall = (retryUntil: number, { requestId }: InnerScope): SharedCall => {
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
    ask: (key, scope, begin, leave) =>
      new Promise((resolve, reject) => {
        const { signal } = scope;
        const retryUntil = retryUntilOf(scope);
        if (signal.aborted) {
          reject(leave(reasonOf(signal)));
          return;
        }
        const known = underWay.get(key);
        const call = known ?? aCall(retryUntil, scope);
        const waiter: Waiter = {
          signal,
          resolve: resolve as (value: unknown) => void,
          reject,
          stop: (error) => {
            requests.forget(signal, waiter);
            call.waiters.delete(waiter);
            if (call.waiters.size === 0) {
              forget(key, call);
              call.controller.abort(
                new GatewayError('CANCELLED', { detail: 'nobody waits for this call any more' }),
              );
            }
            reject(leave(error));
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
