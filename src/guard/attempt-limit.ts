// Step "attempt limit", the innermost: one attempt within its time limit and the deadline of the request.
// Guarantees that the promise settles at the limit even when the attempt ignores its signal, and that no timer or listener is left.
// Uses setTimeout and AbortController: undici's timeouts are coarse, and AbortSignal.timeout ignores fake clocks.
import { GatewayError } from '../errors.ts';
import type { GuardScope } from './contract.ts';
import { createExpiryQueue, type Expiring } from './expiry-queue.ts';
import { abortReason, type RequestSignals, type Stoppable } from './request-signals.ts';

export interface AttemptLimit {
  readonly limitMs: number;
  /**
   * @param at epoch ms of now
   * @throws GatewayError UPSTREAM_TIMEOUT at the limit, DEADLINE_EXCEEDED at the deadline when that comes first, the reason of
   * the scope's signal, or whatever the attempt throws
   */
  run<T>(attempt: (signal: AbortSignal) => Promise<T>, scope: GuardScope, at: number): Promise<T>;
}

interface RunningAttempt extends Expiring, Stoppable {}

/** Creates the limit for all attempts with the same time. */
export function createAttemptLimit(
  limitMs: number,
  requests: RequestSignals,
  now: () => number,
): AttemptLimit {
  const underWay = createExpiryQueue<RunningAttempt>(now, (call) => call.stop(attemptTimedOut(limitMs)));

  const run: AttemptLimit['run'] = (attempt, { signal, deadlineAt }, at) =>
    new Promise((resolve, reject) => {
      // A signal that aborted before `watch` would not stop the attempt.
      if (signal.aborted) {
        reject(abortReason(signal));
        return;
      }
      const leftMs = deadlineAt - at;
      if (leftMs <= 0) {
        reject(deadlineExceeded());
        return;
      }
      const controller = new AbortController();
      // Only an attempt that begins late in its request needs a timer of its own.
      const timer = leftMs < limitMs ? setTimeout(() => call.stop(deadlineExceeded()), leftMs) : undefined;
      const call: RunningAttempt = {
        expiresAt: at + limitMs,
        stop: (error) => {
          done();
          // Rejects before the abort, so that an error which the attempt throws on abort is ignored.
          reject(error);
          controller.abort(error);
        },
      };
      const done = (): void => {
        if (timer === undefined) underWay.delete(call);
        else clearTimeout(timer);
        requests.unwatch(signal, call);
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
