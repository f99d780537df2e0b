// Keeps the last transitions of the breakers of a source, and reports each to a listener.
import type { BreakerTransition } from './contract.ts';

export interface TransitionLog {
  add(transition: BreakerTransition): void;
  /** Newest first. */
  list(): readonly BreakerTransition[];
}

/** Covers some hours of a source that fails now and then; the log has all. */
const TRANSITIONS_KEPT = 20;

export function createTransitionLog(onTransition?: (transition: BreakerTransition) => void): TransitionLog {
  const transitions: BreakerTransition[] = [];
  return {
    add: (transition) => {
      transitions.unshift(transition);
      transitions.length = Math.min(transitions.length, TRANSITIONS_KEPT);
      try {
        onTransition?.(transition);
      } catch {
        // An error of a listener must not fail the call that changed the breaker.
      }
    },
    list: () => [...transitions],
  };
}
