// Step "retry": decides whether a call gets another attempt after a failure, and after which delay, within time and budget.
// The loop is in `guard.ts`.
import { ERRORS, type GatewayError } from '../../errors.ts';
import type { RetryOptions } from '../contract.ts';
import { abortReason } from '../request-signals.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface Retry {
  /**
   * Takes another attempt from the budget.
   * @param attempts made so far, ≥ 1
   * @param at epoch ms of now
   * @param deadlineAt epoch ms before which the attempt must begin
   * @returns the delay before it, ms ≥ 0, or `NO_RETRY`
   */
  delayMs(error: GatewayError, attempts: number, at: number, deadlineAt: number): number;
  /** Has the source failed so often in a row that no call is retried before the next success? */
  isPersistent(failuresInARow: number): boolean;
  /** Returns the attempt to the budget: it is not made. */
  refund(): void;
  figures(): RetryFigures;
}

export interface RetryFigures {
  /** Further attempts that the budget allows now. */
  readonly budget: number;
  /** Retries made. */
  readonly retries: number;
}

/** Returned instead of a delay. */
export const NO_RETRY = -1;

/** Failures in a row of more than one call with two attempts. */
const PERSISTENT_FAILURES = 3;

export interface RetryDeps {
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly budget: RetryBudget;
}

/** @returns `undefined` if the options allow one attempt only */
export function createRetry(options: RetryOptions, { random, budget }: RetryDeps): Retry | undefined {
  const { maxAttempts, baseMs, maxDelayMs, maxRetryAfterMs } = options;
  if (maxAttempts <= 1) return undefined;
  // The attempts of a single call never count as persistent.
  const persistentAt = Math.max(PERSISTENT_FAILURES, maxAttempts);
  let retries = 0;

  return {
    delayMs: (error, attempts, at, deadlineAt) => {
      if (attempts >= maxAttempts || !ERRORS[error.code].retriedInRequest) return NO_RETRY;
      const requestedMs = error.retryAfterMs ?? 0;
      // A delay beyond the cap is left to the client.
      if (requestedMs > maxRetryAfterMs) return NO_RETRY;
      // Full jitter: calls that failed together are not retried together.
      const delay = requestedMs + random() * Math.min(maxDelayMs, baseMs * 2 ** (attempts - 1));
      if (at + delay >= deadlineAt) return NO_RETRY;
      if (!budget.spend(at)) return NO_RETRY;
      retries++;
      return delay;
    },
    isPersistent: (failuresInARow) => failuresInARow >= persistentAt,
    refund: () => {
      budget.refund();
      retries--;
    },
    figures: () => ({ budget: budget.left(), retries }),
  };
}

/** Resolves after `ms`, or rejects with the abort reason of the signal. Leaves no timer and no listener. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(abortReason(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
