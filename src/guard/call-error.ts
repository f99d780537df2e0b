// The error that a guarded call fails with: always a GatewayError with connector, operation and the state of the breaker.
// The only place where the guard amends an error.
import { type BreakerState, GatewayError, isGatewayError } from '../errors.ts';

export interface FailedCall {
  readonly connector: string;
  readonly operation: string;
  readonly breaker: BreakerState;
  /** Until the breaker lets calls through again. */
  readonly retryAfterMs: number | undefined;
  /** The call can have been made, and a repetition could make it twice. */
  readonly mayHaveBeenMade: boolean;
}

/** Returns a copy: all calls of a request share the reason of its signal, and each call has its own operation and breaker. */
export function toCallError(error: unknown, call: FailedCall): GatewayError {
  const { connector, operation, breaker } = call;
  if (!isGatewayError(error)) {
    const detail = 'an attempt failed';
    return new GatewayError('INTERNAL_SERVER_ERROR', { connector, operation, breaker, detail, cause: error });
  }
  const retryable = error.retryable && !call.mayHaveBeenMade;
  return error.amend({
    connector: error.connector ?? connector,
    operation: error.operation ?? operation,
    breaker,
    retryable,
    retryAfterMs: error.retryAfterMs ?? (retryable ? call.retryAfterMs : undefined),
  });
}
