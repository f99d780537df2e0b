// Converts messages of the channels to spans, by the semantic conventions for HTTP and GraphQL.
// Guarantees that a span contains names, numbers, codes and addresses of systems, and nothing that identifies a person; and that
// the state kept for a request is freed with the request, even if the request never ends.

import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';
import type { AttemptDone, Channels, RequestDone, RequestStarted } from './channels.ts';
import { redact } from './redact.ts';
import { parseTraceparent } from './traceparent.ts';

// The conventions for GraphQL are in development; the package exports these names only as unstable.
const GRAPHQL_OPERATION_TYPE = 'graphql.operation.type';
const GRAPHQL_OPERATION_NAME = 'graphql.operation.name';

interface TracedRequest {
  readonly server: Span;
  readonly operation: Span;
  readonly inOperation: Context;
  readonly startedAt: number;
  /** Added to `performance.now()` it is epoch ms: one clock for all spans of a request. */
  readonly offsetMs: number;
}

/** Subscribes to the channels and writes spans. @returns a function that ends the subscriptions */
export function writeSpans(tracer: Tracer, channels: Channels): () => void {
  // Weak keys: no clean-up is needed.
  const requests = new WeakMap<AbortSignal, TracedRequest>();

  const onStarted = (started: RequestStarted): void => {
    const { startedAt, method, route } = started;
    const parent = parseTraceparent(started.traceparent);
    const around = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const server = tracer.startSpan(
      `${method} ${route}`,
      { kind: SpanKind.SERVER, startTime: startedAt, attributes: {} },
      around,
    );
    if (!server.isRecording()) return;
    server.setAttributes({
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [ATTR_HTTP_ROUTE]: route,
      // The gateway serves HTTP only; TLS is terminated before it.
      [ATTR_URL_SCHEME]: 'http',
      // Possibly chosen by the client.
      'lienthong.request.id': redact(started.requestId),
    });
    // Renamed when the document is known.
    const operation = tracer.startSpan(
      'GraphQL Operation',
      { kind: SpanKind.SERVER, startTime: startedAt },
      trace.setSpan(ROOT_CONTEXT, server),
    );
    requests.set(started.request, {
      server,
      operation,
      inOperation: trace.setSpan(ROOT_CONTEXT, operation),
      startedAt,
      offsetMs: startedAt - started.startedTick,
    });
  };

  const onAttempt = (attempt: AttemptDone): void => {
    const traced = requests.get(attempt.request);
    if (traced === undefined) return;
    const { connector, operation, method, status, outcome, number } = attempt;
    const startTime = attempt.startedTick + traced.offsetMs;
    const { hostname, port, protocol } = new URL(attempt.origin);
    const span = tracer.startSpan(
      `${method} ${connector}/${operation}`,
      {
        kind: SpanKind.CLIENT,
        startTime,
        attributes: {
          [ATTR_HTTP_REQUEST_METHOD]: method,
          [ATTR_SERVER_ADDRESS]: hostname,
          [ATTR_SERVER_PORT]: Number(port) || (protocol === 'https:' ? 443 : 80),
          'lienthong.connector': connector,
          'lienthong.operation': operation,
        },
      },
      traced.inOperation,
    );
    if (status !== undefined) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    if (number > 1) span.setAttribute(ATTR_HTTP_REQUEST_RESEND_COUNT, number - 1);
    if (outcome !== 'OK' && outcome !== 'NOT_FOUND') fail(span, outcome);
    span.end(startTime + attempt.durationMs);
  };

  const onDone = (done: RequestDone): void => {
    const traced = requests.get(done.request);
    if (traced === undefined) return;
    const { server, operation, startedAt } = traced;
    const executedAt = startedAt + done.executedMs;
    describeOperation(operation, done, executedAt);
    operation.end(executedAt);
    server.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, done.status);
    if (done.status >= 500) fail(server, String(done.status));
    server.end(startedAt + done.durationMs);
  };

  const subscriptions = [
    channels.requestStarted.subscribe(onStarted),
    channels.attempt.subscribe(onAttempt),
    channels.requestDone.subscribe(onDone),
  ];
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

function describeOperation(span: Span, done: RequestDone, at: number): void {
  const { operationType, operationName, outcome, errorCodes } = done;
  if (operationType !== null)
    span.updateName(operationType).setAttribute(GRAPHQL_OPERATION_TYPE, operationType);
  // Chosen by the client, and could contain a personal id.
  if (operationName !== null) span.setAttribute(GRAPHQL_OPERATION_NAME, redact(operationName.slice(0, 100)));
  span.setAttribute('lienthong.outcome', outcome);
  if (errorCodes.length > 0) span.setAttribute('lienthong.error.codes', [...errorCodes]);
  if (outcome === 'failed') fail(span, errorCodes[0] ?? 'INTERNAL_SERVER_ERROR');
  // Covers what has no attempt: cached and shared answers, and calls rejected by a breaker.
  for (const { connector, status, breaker, calls, coalesced, cacheHits } of done.sources) {
    const attributes = {
      'lienthong.connector': connector,
      'lienthong.status': status,
      'lienthong.breaker': breaker,
      'lienthong.calls': calls,
      'lienthong.coalesced': coalesced,
      'lienthong.cache_hits': cacheHits,
    };
    span.addEvent('lienthong.source', attributes, at);
  }
}

/** Sets the code only: the text of an error is written to the log. */
function fail(span: Span, type: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, type).setStatus({ code: SpanStatusCode.ERROR });
}
