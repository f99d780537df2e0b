// One attempt, told on its channel when somebody listens. `send.ts` makes all its attempts by this; when nobody
// listens it is the upstream's own function, and nothing more is kept.

import type { CallScope, ConnectAnswer, ConnectRequest } from '../connect/contract.ts';
import { isGatewayError } from '../errors.ts';
import type { AttemptDone, Topic } from '../observe/channels.ts';
import type { Upstream } from '../upstream/upstream.ts';

/** @param number 1 for the first attempt of a call. */
export type ToldAttempt = (
  request: ConnectRequest,
  signal: AbortSignal,
  scope: CallScope,
  number: number,
  idempotent: boolean | undefined,
) => Promise<ConnectAnswer>;

export function createToldAttempt(
  connector: string,
  upstream: Upstream,
  topic: Topic<AttemptDone>,
): ToldAttempt {
  const told: ToldAttempt = (request, signal, scope, number, idempotent) => {
    const startedTick = performance.now();
    const tell = (status: number | undefined, outcome: AttemptDone['outcome']): void =>
      topic.publish({
        request: scope.signal,
        requestId: scope.requestId,
        connector,
        operation: request.operation,
        startedTick,
        durationMs: performance.now() - startedTick,
        method: request.method,
        origin: request.origin,
        status,
        outcome,
        number,
      });
    const answering = upstream.attempt(request, signal, idempotent);
    answering.then(
      ({ status, notFound }) => tell(status, notFound === true ? 'NOT_FOUND' : 'OK'),
      (error: unknown) => tell(statusOf(error), isGatewayError(error) ? error.code : 'INTERNAL_SERVER_ERROR'),
    );
    return answering;
  };
  return (request, signal, scope, number, idempotent) =>
    topic.hasSubscribers()
      ? told(request, signal, scope, number, idempotent)
      : upstream.attempt(request, signal, idempotent);
}

/** The judge says with which status an answer was refused. */
function statusOf(error: unknown): number | undefined {
  const http = isGatewayError(error) ? error.extensions?.http : undefined;
  const status =
    typeof http === 'object' && http !== null ? (http as { status?: unknown }).status : undefined;
  return typeof status === 'number' ? status : undefined;
}
