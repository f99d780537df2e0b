// The scope of one call between the guard's own steps: the request's, with what a step before has changed of it. The coalescer
// makes one for calls that several wait for, `budget.ts` for calls with a time of their own, `run-on.ts` for begun mutations.
import type { GuardScope } from './contract.ts';

export interface InnerScope extends GuardScope {
  /** Epoch ms: it makes no sense to try again after it. Default: the deadline. */
  readonly retryUntil?: number;
  /** The first attempt begins. @param at epoch ms of now */
  begin?(at: number): void;
}

export const retryUntilOf = ({ retryUntil, deadlineAt }: InnerScope): number => retryUntil ?? deadlineAt;
