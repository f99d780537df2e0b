// How many calls each step has turned away before they reached the source; for operators. Called by `guard.ts` when a call fails.
import { type ErrorCode, isGatewayError } from '../errors.ts';

export interface RefusalFigures {
  readonly gate: number;
  readonly quota: number;
  /** No place, and none to wait in; or none came in time. */
  readonly bulkhead: number;
  readonly breaker: number;
}

export interface Refusals {
  /** Counts the end of a call, if a step was it. */
  count(error: unknown): void;
  figures(): RefusalFigures;
}

const STEP: Partial<Record<ErrorCode, keyof RefusalFigures>> = {
  MAINTENANCE: 'gate',
  QUOTA_EXCEEDED: 'quota',
  BULKHEAD_FULL: 'bulkhead',
  CIRCUIT_OPEN: 'breaker',
};

export function createRefusals(): Refusals {
  const counts = { gate: 0, quota: 0, bulkhead: 0, breaker: 0 };
  return {
    count: (error) => {
      const step = isGatewayError(error) ? STEP[error.code] : undefined;
      if (step !== undefined) counts[step]++;
    },
    figures: () => ({ ...counts }),
  };
}
