// Step "retry" of a guarded call: once more for a failure that may pass, of a call that may be sent twice, while time and budget
// last. Says how long to wait, or not to; the loop itself stands in `guard.ts`. One per source, paid from its `retry-budget.ts`.
import { ERRORS, type GatewayError } from '../../errors.ts';
import type { RetryOptions } from '../contract.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

export interface Retry {
  /** A call begins its first attempt: it pays its share into the budget. */
  earn(): void;
  /**
   * How long to wait before the next attempt, ms ≥ 0, paid from the budget; or `NOT_AGAIN`.
   * @param attempts made so far, ≥ 1. @param at epoch ms of now.
   */
  delayMs(error: GatewayError, attempts: number, at: number, deadlineAt: number): number;
  /** Is this more than a blip? Then nothing is tried again before something has succeeded. @param inARow failures without a success between */
  isIll(inARow: number): boolean;
  /** The attempt that was paid for is not made. */
  giveBack(): void;
  /** Retries the budget has room for, and how many were made. */
  figures(): RetryFigures;
}

export interface RetryFigures {
  readonly budget: number;
  readonly retries: number;
}

/** In place of a delay. */
export const NOT_AGAIN = -1;

/** Failures in a row that no single call with two attempts makes by itself. */
const BLIP_ENDS_AT = 3;

export interface RetryDeps {
  readonly now: () => number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** Default: its own. */
  readonly budget?: RetryBudget;
}

/** `undefined` when the options allow one attempt only. */
export function createRetry(
  options: RetryOptions,
  { now, random, budget = createRetryBudget(options, now) }: RetryDeps,
): Retry | undefined {
  const { maxAttempts, baseMs, maxDelayMs, maxRetryAfterMs } = options;
  if (maxAttempts <= 1) return undefined;
  // One call may use up its own attempts.
  const illAt = Math.max(BLIP_ENDS_AT, maxAttempts);
  let retries = 0;

  return {
    earn: budget.earn,
    delayMs: (error, attempts, at, deadlineAt) => {
      if (attempts >= maxAttempts || !ERRORS[error.code].retriedInRequest) return NOT_AGAIN;
      const asked = error.retryAfterMs ?? 0;
      // Sooner than the source asked for is rude, later than the cap is the client's to decide.
      if (asked > maxRetryAfterMs) return NOT_AGAIN;
      // Full jitter: those that failed together do not come back together.
      const delay = asked + random() * Math.min(maxDelayMs, baseMs * 2 ** (attempts - 1));
      if (at + delay >= deadlineAt) return NOT_AGAIN;
      if (!budget.spend(at)) return NOT_AGAIN;
      retries++;
      return delay;
    },
    isIll: (inARow) => inARow >= illAt,
    giveBack: () => {
      budget.refund();
      retries--;
    },
    figures: () => ({ budget: budget.left(), retries }),
  };
}

/** Resolves after `ms`, or rejects with what `reasonOf` makes of the signal. Leaves no timer and no listener. */
export const pause = (
  ms: number,
  signal: AbortSignal,
  reasonOf: (signal: AbortSignal) => GatewayError,
): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(reasonOf(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
