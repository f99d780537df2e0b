// Step "attempt limit", the innermost: one attempt within its time limit and the deadline of the request.
// Guarantees that the promise settles even when the attempt ignores its signal, and that no timer or listener is left.
// Time in which the event loop of the gateway stood still does not count: an answer may lie in the socket, or the request may not
// have left. The attempt receives that time again, at most its limit once more.
// Uses setTimeout and AbortController: undici's timeouts are coarse, and AbortSignal.timeout ignores fake clocks.
import { GatewayError } from '../errors.ts';
import { isMostlyStalled } from '../observe/event-loop.ts';
import type { GuardScope } from './contract.ts';
import { createExpiryQueue, type Expiring } from './expiry-queue.ts';
import { abortReason, type RequestSignals, type Stoppable } from './request-signals.ts';

export interface AttemptLimit {
  readonly limitMs: number;
  /**
   * @param at epoch ms of now
   * @throws GatewayError UPSTREAM_TIMEOUT at the limit, DEADLINE_EXCEEDED at the deadline when that comes first, OVERLOADED when the
   * lag of the gateway left too little of either, the reason of the scope's signal, or whatever the attempt throws
   */
  run<T>(attempt: (signal: AbortSignal) => Promise<T>, scope: GuardScope, at: number): Promise<T>;
}

interface RunningAttempt extends Expiring, Stoppable {
  readonly stalledAt: number;
  /** Of an attempt with a deadline before its limit, or whose limit was extended. */
  timer: NodeJS.Timeout | undefined;
}

export interface AttemptLimitDeps {
  readonly requests: RequestSignals;
  readonly now: () => number;
  /** Total time in which the event loop stood still, ms. */
  readonly stalledMs: () => number;
}

/** Creates the limit for all attempts with the same time. */
export function createAttemptLimit(
  limitMs: number,
  { requests, now, stalledMs }: AttemptLimitDeps,
): AttemptLimit {
  const expire = (call: RunningAttempt): void => {
    const stalled = stalledMs() - call.stalledAt;
    const leftMs = call.expiresAt + Math.min(stalled, limitMs) - now();
    // A millisecond lets the event loop read the sockets before it decides.
    if (leftMs > 0) call.timer = setTimeout(() => expire(call), Math.max(1, leftMs));
    else call.stop(stalled >= limitMs ? stalledTooLong(stalled) : attemptTimedOut(limitMs));
  };
  const underWay = createExpiryQueue<RunningAttempt>(now, expire);

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
      const call: RunningAttempt = {
        expiresAt: at + limitMs,
        stalledAt: stalledMs(),
        timer: undefined,
        stop: (error) => {
          done();
          // Rejects before the abort, so that an error which the attempt throws on abort is ignored.
          reject(error);
          controller.abort(error);
        },
      };
      const done = (): void => {
        underWay.delete(call);
        clearTimeout(call.timer);
        requests.unwatch(signal, call);
      };
      const reachDeadline = (): void => {
        const stalled = stalledMs() - call.stalledAt;
        if (stalled === 0) {
          call.stop(deadlineExceeded());
          return;
        }
        const end = (): void =>
          call.stop(isMostlyStalled(stalled, leftMs) ? stalledTooLong(stalled) : deadlineExceeded());
        // The answer may lie in the socket.
        call.timer = setTimeout(end, 1);
      };
      // Only an attempt that begins late in its request needs a timer of its own.
      if (leftMs < limitMs) call.timer = setTimeout(reachDeadline, leftMs);
      else underWay.add(call);
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

/** The gateway itself used up the time of an attempt: nothing is known about the source. */
export const stalledTooLong = (stalledMs: number): GatewayError =>
  new GatewayError('OVERLOADED', {
    detail: `the gateway stood still for ${Math.round(stalledMs)} ms of the time for the call`,
  });

const attemptTimedOut = (limitMs: number): GatewayError =>
  new GatewayError('UPSTREAM_TIMEOUT', { detail: `no complete answer within ${limitMs} ms` });
