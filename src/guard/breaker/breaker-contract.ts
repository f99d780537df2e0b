// The interface of a breaker: admissions, and the outcomes that are reported to it afterwards.
import type { BreakerState, ErrorCode } from '../../errors.ts';
import type { BreakerTransition, BreakerTrigger } from '../contract.ts';

/** An admission: the epoch in which it was granted. Each is returned exactly once, to `succeed`, `fail` or `abandon`. */
export type Permit = number;

/** Returned instead of a permit. */
export const NOT_ADMITTED = -1;

export interface Breaker {
  readonly operation: string;
  /** @returns a permit, or `NOT_ADMITTED` */
  admit(): Permit;
  /** Would `admit` reject an attempt now? Changes nothing. */
  wouldReject(): boolean;
  /** The source answered, with data or with a refusal. @param at epoch ms of the attempt's start */
  succeed(permit: Permit, at: number, requestId?: string): void;
  /**
   * The source failed.
   * @param at epoch ms of the attempt's start; the duration of a failed probe counts as open time. Default: now
   */
  fail(permit: Permit, code: ErrorCode, requestId?: string, at?: number): void;
  /** The outcome shows nothing about the source's health: cancelled, throttled, an error of the gateway. */
  abandon(permit: Permit): void;
  /** Makes an open breaker half-open now. @returns whether it was open */
  probeNow(): boolean;
  state(): BreakerState;
  /** Failures in the window since the last success. */
  failuresInARow(): number;
  since(): number;
  reason(): ErrorCode | undefined;
  /** What opened it, however often its probes failed since; `undefined` while closed. */
  openedBy(): OpenedBy | undefined;
  /** Ms until calls are let through again, ≥ 1; `undefined` while closed. */
  retryAfterMs(): number | undefined;
  close(): void;
}

export interface OpenedBy {
  readonly trigger: BreakerTrigger;
  readonly failuresInARow: number;
}

export interface BreakerDeps {
  readonly now: () => number;
  /** Called after a change, when the state is consistent. */
  readonly onChange: (change: Omit<BreakerTransition, 'connector'>) => void;
}
