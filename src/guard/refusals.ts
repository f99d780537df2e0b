// How many calls each step has turned away before they reached the source; for operators. Called by `guard.ts` when a call fails.
import { ERRORS, isGatewayError, type RejectingStep } from '../errors.ts';

export type RefusalFigures = Readonly<Record<RejectingStep, number>>;

export interface Refusals {
  /** Counts the end of a call, if a step was it. */
  count(error: unknown): void;
  figures(): RefusalFigures;
}

export function createRefusals(): Refusals {
  const counts: Record<RejectingStep, number> = { gate: 0, quota: 0, bulkhead: 0, breaker: 0 };
  return {
    count: (error) => {
      const step = isGatewayError(error) ? ERRORS[error.code].rejectedBy : null;
      if (step !== null) counts[step]++;
    },
    figures: () => ({ ...counts }),
  };
}
