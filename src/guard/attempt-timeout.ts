// Step "attempt timeout" of a guarded call, the innermost: one attempt, at most so long, never past the deadline.
// Guarantees: the promise settles at the limit even when the attempt ignores its signal; no timer or listener stays.
// setTimeout and AbortController because undici's timers are coarse and AbortSignal.timeout ignores fake clocks.
import { GatewayError } from '../errors.ts';
import type { GuardScope } from './contract.ts';

/**
 * @param limitMs of this attempt.
 * @throws GatewayError UPSTREAM_TIMEOUT at the limit, DEADLINE_EXCEEDED at the deadline when that comes first, the reason of
 * the scope's signal, or whatever the attempt throws.
 */
export const runWithin = <T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  limitMs: number,
  scope: GuardScope,
  now: () => number,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const leftMs = scope.deadlineAt - now();
    if (leftMs <= 0) {
      reject(deadlineExceeded());
      return;
    }
    const { signal } = scope;
    // It may have aborted between this call's turn and now; a listener would not hear of that.
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const controller = new AbortController();

    const stop = (error: GatewayError): void => {
      done();
      // First ours, then the attempt's: whatever it throws now is no longer heard.
      reject(error);
      controller.abort(error);
    };
    const timer = setTimeout(
      () => stop(leftMs < limitMs ? deadlineExceeded() : attemptTimedOut(limitMs)),
      Math.min(limitMs, leftMs),
    );
    const onAbort = (): void => stop(reasonOf(signal));
    signal.addEventListener('abort', onAbort);
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };

    let running: Promise<T>;
    try {
      running = attempt(controller.signal);
    } catch (error) {
      done();
      reject(error);
      return;
    }
    running.then(
      (value) => {
        done();
        resolve(value);
      },
      (error: unknown) => {
        done();
        reject(error);
      },
    );
  });

const deadlineExceeded = (): GatewayError =>
  new GatewayError('DEADLINE_EXCEEDED', { detail: 'the deadline of the request came before the answer' });

const attemptTimedOut = (limitMs: number): GatewayError =>
  new GatewayError('UPSTREAM_TIMEOUT', { detail: `no complete answer within ${limitMs} ms` });

/** Why a request was given up: its own reason, else CANCELLED. */
export const reasonOf = (signal: AbortSignal): GatewayError =>
  signal.reason instanceof GatewayError ? signal.reason : new GatewayError('CANCELLED');
