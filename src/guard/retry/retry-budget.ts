// What one source may be asked beyond the calls of its callers: a token bucket that calls fill by their share and that a retry, or a
// hedge, takes one from. So a source in trouble is never asked much more than by its callers alone.
import type { RetryOptions } from '../contract.ts';

export interface RetryBudget {
  /** A call begins its first attempt: it pays its share. */
  earn(): void;
  /** Pays for one more attempt, if there is enough. @param at epoch ms of now */
  spend(at: number): boolean;
  /** What was paid for was not made. */
  refund(): void;
  /** Attempts there is room for. */
  left(): number;
}

/** Retries that can be saved up, unless the floor of a minute is higher: more would let a burst through after a quiet hour. */
const LARGEST_BALANCE = 10;

export function createRetryBudget(options: RetryOptions, now: () => number): RetryBudget {
  const { budgetShare: share, budgetFloorPerMinute: floorPerMinute } = options;
  const most = Math.max(LARGEST_BALANCE, floorPerMinute);

  // The floor flows in with time, for sources with so few calls that their share never makes one retry.
  let tokens = floorPerMinute;
  let filledAt = now();

  const fill = (at: number): void => {
    // A clock that is set back gives nothing and takes nothing.
    if (at > filledAt) tokens = Math.min(most, tokens + ((at - filledAt) * floorPerMinute) / 60_000);
    filledAt = at;
  };

  return {
    earn: () => {
      if (tokens < most) tokens = Math.min(most, tokens + share);
    },
    spend: (at) => {
      fill(at);
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
    refund: () => {
      tokens = Math.min(most, tokens + 1);
    },
    left: () => {
      fill(now());
      return Math.floor(tokens);
    },
  };
}
