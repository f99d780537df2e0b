// Step "attempt timeout" of a guarded call, the innermost: one attempt, at most so long, never past the deadline.
// Guarantees: the promise settles at the limit even when the attempt ignores its signal; no timer or listener stays.
// Own timers and AbortController because undici's are coarse and AbortSignal.timeout ignores fake clocks.
import { GatewayError } from '../errors.ts';
import type { GuardScope } from './contract.ts';
import { createExpiryQueue, type Expiring } from './expiry-queue.ts';
import { type RequestSignals, reasonOf, type Stoppable } from './request-signals.ts';

export interface AttemptLimit {
  readonly limitMs: number;
  /**
   * @param at epoch ms of now.
   * @throws GatewayError UPSTREAM_TIMEOUT at the limit, DEADLINE_EXCEEDED at the deadline when that comes first, the reason of
   * the scope's signal, or whatever the attempt throws.
   */
  run<T>(attempt: (signal: AbortSignal) => Promise<T>, scope: GuardScope, at: number): Promise<T>;
}

interface Running extends Expiring, Stoppable {}

/** For all attempts with the same limit. */
export function createAttemptLimit(
  limitMs: number,
  requests: RequestSignals,
  now: () => number,
): AttemptLimit {
  const underWay = createExpiryQueue<Running>(now, (call) => call.stop(attemptTimedOut(limitMs)));

  const run: AttemptLimit['run'] = (attempt, { signal, deadlineAt }, at) =>
    new Promise((resolve, reject) => {
      // It may have aborted between this call's turn and now; nobody would hear of that any more.
      if (signal.aborted) {
        reject(reasonOf(signal));
        return;
      }
      const leftMs = deadlineAt - at;
      if (leftMs <= 0) {
        reject(deadlineExceeded());
        return;
      }
      const controller = new AbortController();
      // Only a call that begins late in its request needs a timer of its own.
      const timer = leftMs < limitMs ? setTimeout(() => call.stop(deadlineExceeded()), leftMs) : undefined;
      const call: Running = {
        expiresAt: at + limitMs,
        stop: (error) => {
          done();
          // First ours, then the attempt's: whatever it throws now is no longer heard.
          reject(error);
          controller.abort(error);
        },
      };
      const done = (): void => {
        if (timer === undefined) underWay.delete(call);
        else clearTimeout(timer);
        requests.forget(signal, call);
      };
      if (timer === undefined) underWay.add(call);
      requests.watch(signal, call);

      try {
        attempt(controller.signal).then(
          (value) => {
            done();
            resolve(value);
          },
          (error: unknown) => {
            done();
            reject(error);
          },
        );
      } catch (error) {
        done();
        reject(error);
      }
    });

  return { limitMs, run };
}

export const deadlineExceeded = (): GatewayError =>
  new GatewayError('DEADLINE_EXCEEDED', { detail: 'the deadline of the request came before the answer' });

const attemptTimedOut = (limitMs: number): GatewayError =>
  new GatewayError('UPSTREAM_TIMEOUT', { detail: `no complete answer within ${limitMs} ms` });
