// Limits the retries and hedges of a source: a token bucket that each call fills by its share, and from which each further attempt takes
// a token. A failing source therefore receives few attempts more than its callers make calls.
import type { RetryOptions } from '../contract.ts';

export interface RetryBudget {
  /** Adds the share of a call that begins its first attempt. */
  earn(): void;
  /** Takes the token of a further attempt. @param at epoch ms of now @returns whether there was a token */
  spend(at: number): boolean;
  /** Returns the token of an attempt that was not made. */
  refund(): void;
  /** Number of further attempts that are allowed now. */
  left(): number;
}

/** Most tokens, unless the floor per minute is higher: more would allow a burst after a quiet hour. */
const MAX_TOKENS = 10;

export function createRetryBudget(options: RetryOptions, now: () => number): RetryBudget {
  const { budgetShare: share, budgetFloorPerMinute: floorPerMinute } = options;
  const maxTokens = Math.max(MAX_TOKENS, floorPerMinute);

  // The floor is added over time, for sources with too few calls to earn a token by their share.
  let tokens = floorPerMinute;
  let filledAt = now();

  const fill = (at: number): void => {
    // A clock that was set back adds and takes no tokens.
    if (at > filledAt) tokens = Math.min(maxTokens, tokens + ((at - filledAt) * floorPerMinute) / 60_000);
    filledAt = at;
  };

  return {
    earn: () => {
      if (tokens < maxTokens) tokens = Math.min(maxTokens, tokens + share);
    },
    spend: (at) => {
      fill(at);
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
    refund: () => {
      tokens = Math.min(maxTokens, tokens + 1);
    },
    left: () => {
      fill(now());
      return Math.floor(tokens);
    },
  };
}
