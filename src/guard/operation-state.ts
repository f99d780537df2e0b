// The state of an operation, as operators see it: its breaker, and whether calls are held back.
import type { BreakerState } from '../errors.ts';
import type { Breaker } from './breaker/breaker.ts';
import type { OperationState } from './contract.ts';
import type { Throttle } from './throttle/throttle.ts';

/** @param createdAt epoch ms of the creation of the guard, @param at epoch ms of now, by the clock of holds */
export function operationState(
  operation: string,
  breaker: Breaker | undefined,
  throttle: Throttle | undefined,
  createdAt: number,
  at: number,
): OperationState {
  const heldMs = throttle?.retryAfterMs(at);
  const reason = breaker?.reason();
  const openedBy = breaker?.openedBy();
  const retryAfterMs = Math.max(breaker?.retryAfterMs() ?? 0, heldMs ?? 0);
  return {
    operation,
    breaker: breaker?.state() ?? 'CLOSED',
    since: breaker?.since() ?? createdAt,
    ...(reason !== undefined && { reason }),
    ...(openedBy !== undefined && { openedBy }),
    ...(heldMs !== undefined && { heldBack: true as const }),
    ...(retryAfterMs > 0 && { retryAfterMs }),
  };
}

/** OPEN is worse than HALF_OPEN, and that than CLOSED. */
export function worstOf(breakers: Iterable<Breaker>): BreakerState | undefined {
  let worst: BreakerState | undefined;
  for (const breaker of breakers) {
    const state = breaker.state();
    if (state === 'OPEN') return state;
    if (state === 'HALF_OPEN' || worst === undefined) worst = state;
  }
  return worst;
}
