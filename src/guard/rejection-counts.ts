// Counts the calls that each step rejected before they reached the source.
import { ERRORS, isGatewayError, type RejectingStep } from '../errors.ts';

export type RejectionFigures = Readonly<Record<RejectingStep, number>>;

export interface RejectionCounts {
  /** Counts a failed call if a step rejected it. */
  count(error: unknown): void;
  figures(): RejectionFigures;
}

export function createRejectionCounts(): RejectionCounts {
  const counts: Record<RejectingStep, number> = { gate: 0, quota: 0, bulkhead: 0, breaker: 0 };
  return {
    count: (error) => {
      const step = isGatewayError(error) ? ERRORS[error.code].rejectedBy : null;
      if (step !== null) counts[step]++;
    },
    figures: () => ({ ...counts }),
  };
}
