// Records an answered GraphQL request: its log line, its metrics and its message on the channel. None of them contains the
// query, a variable or a value of the answer.

import { ERRORS, type ErrorCode } from '../errors.ts';
import { codesOf } from '../graph/public-errors.ts';
import type { Channels, OperationOutcome } from '../observe/channels.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { RequestContext } from '../request/context.ts';

export interface AnsweredRequest {
  readonly context: RequestContext;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  /** Until the result was complete, before it was written. */
  readonly executedMs: number;
  /** `undefined` when nothing was executed. */
  readonly data: unknown;
  readonly errors: readonly { readonly extensions?: { readonly code?: unknown } }[] | undefined;
}

function outcomeOf({ data, errors, status }: AnsweredRequest): OperationOutcome {
  if (!errors?.length) return 'ok';
  if (data) return 'partial';
  return data === undefined && status < 500 ? 'rejected' : 'failed';
}

const levelOf = (codes: Readonly<Record<string, number>>): 'info' | 'error' =>
  Object.keys(codes).some((code) => ERRORS[code as ErrorCode]?.logLevel === 'error') ? 'error' : 'info';

/** Creates the function that records an answered request. */
export function createRequestLog(
  log: Log,
  metrics: Metrics,
  channels: Channels,
): (answered: AnsweredRequest) => void {
  return (answered) => {
    const { context, method, status, durationMs, errors } = answered;
    const outcome = outcomeOf(answered);
    metrics.httpRequest('/graphql', status, durationMs / 1000);
    metrics.operation(context.operation.type ?? 'none', outcome);

    const codes: Record<string, number> = {};
    for (const code of codesOf(errors ?? [])) {
      codes[code] = (codes[code] ?? 0) + 1;
      metrics.error(code);
    }
    if (channels.requestDone.hasSubscribers())
      publishRequestEnd(channels, answered, outcome, Object.keys(codes));

    const level = levelOf(codes);
    if (!log.isLevelEnabled(level)) return;
    const sources: Record<string, string> = {};
    for (const row of context.tally.rows()) sources[row.connector] = row.status;
    log[level](
      {
        requestId: context.requestId,
        method,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        operation: context.operation.name?.slice(0, 100) ?? null,
        outcome,
        errors: errors?.length ? codes : undefined,
        sources,
      },
      'request',
    );
  };
}

/** Publishes how a request ended. */
export function publishRequestEnd(
  channels: Channels,
  answered: AnsweredRequest,
  outcome: OperationOutcome,
  errorCodes: readonly string[],
): void {
  const { context, durationMs, executedMs, status } = answered;
  channels.requestDone.publish({
    request: context.signal,
    requestId: context.requestId,
    durationMs,
    executedMs,
    status,
    operationName: context.operation.name,
    operationType: context.operation.type,
    outcome,
    errorCodes,
    sources: context.tally.rows(),
  });
}
