// The error a guarded call leaves with: always a GatewayError, with connector, operation and the breaker's state.
import { amendError, type BreakerState, GatewayError, isGatewayError } from '../errors.ts';

export interface Departure {
  readonly connector: string;
  readonly operation: string;
  readonly breaker: BreakerState;
  readonly retryAfterMs: number | undefined;
}

/** A copy: the reason of a request's signal is shared by all its calls, and each call has its own operation and breaker. */
export function leavingError(error: unknown, from: Departure): GatewayError {
  if (!isGatewayError(error)) {
    return new GatewayError('INTERNAL_SERVER_ERROR', {
      ...from,
      retryAfterMs: undefined,
      detail: 'an attempt failed',
      cause: error,
    });
  }
  return amendError(error, {
    connector: error.connector ?? from.connector,
    operation: error.operation ?? from.operation,
    retryAfterMs: error.retryAfterMs ?? (error.retryable ? from.retryAfterMs : undefined),
    breaker: from.breaker,
  });
}
