// Counts the calls that each step rejected before they reached the source.
import { ERRORS, isGatewayError, type RejectingStep } from '../errors.ts';

export type RejectionFigures = Readonly<Record<RejectingStep, number>>;

export interface RejectionCounts {
  /** Counts a failed call if a step rejected it. @param wasSent whether an attempt of the call was made */
  count(error: unknown, wasSent: boolean): void;
  figures(): RejectionFigures;
}

export function createRejectionCounts(): RejectionCounts {
  const counts: Record<RejectingStep, number> = { gate: 0, throttle: 0, quota: 0, bulkhead: 0, breaker: 0 };
  return {
    count: (error, wasSent) => {
      if (!isGatewayError(error)) return;
      // The source itself refuses with the same code.
      const isHeldBack = error.code === 'UPSTREAM_THROTTLED' && !wasSent;
      const step = isHeldBack ? 'throttle' : ERRORS[error.code].rejectedBy;
      if (step !== null) counts[step]++;
    },
    figures: () => ({ ...counts }),
  };
}
