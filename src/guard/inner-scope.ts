// The scope of a call between the steps of the guard: that of the request, with the changes of the steps before.
import { deadlineExceeded } from './attempt-limit.ts';
import type { GuardScope } from './contract.ts';
import { abortReason } from './request-signals.ts';

export interface InnerScope extends GuardScope {
  /** Epoch ms after which no retry begins. Default: the deadline. */
  readonly retryUntil?: number;
  /** Called when the first attempt begins. @param at epoch ms of now */
  onFirstAttempt?(at: number): void;
}

export const retryUntilOf = ({ retryUntil, deadlineAt }: InnerScope): number => retryUntil ?? deadlineAt;

/** @param at epoch ms of now @throws the error that ended the request while the call waited */
export function assertUnderWay({ signal, deadlineAt }: InnerScope, at: number): void {
  if (signal.aborted) throw abortReason(signal);
  if (deadlineAt <= at) throw deadlineExceeded();
}
