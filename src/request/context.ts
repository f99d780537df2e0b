// Who asks, until when, and what the request has met so far: one per request, made by `http/`, read by `graph` and by
// every call below it. Guarantees one timer and one abort signal per request; `dispose` ends both.

import { randomUUID } from 'node:crypto';
import type { ConnectContext } from '../connect/contract.ts';
import { GatewayError, type Locale } from '../errors.ts';
import { type Actor, callerOf, type OperatorActor } from './actor.ts';
import type { OperatorRefusal } from './operator.ts';
import { createTally, type RequestTally } from './tally.ts';

/** A failure noted beside the data: the field keeps what it knows and still has an error at its path. */
export interface FieldFailure {
  readonly path: readonly (string | number)[];
  readonly error: GatewayError;
}

/** What the log line and the metrics say about the operation; filled when the document is known. */
export interface OperationNote {
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
}

export interface RequestContext extends ConnectContext {
  readonly locale: Locale;
  readonly actor: Actor;
  /** The operator who sent the request, or why there is none. Evaluated only by fields for operators. */
  operator(): OperatorActor | OperatorRefusal;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly tally: RequestTally;
  readonly failures: FieldFailure[];
  /** Loaders of this request, by whatever made them (an entity, a statement). */
  readonly loaders: Map<unknown, unknown>;
  readonly operation: OperationNote;
  /** A new random UUID, for systems that want one id per call. */
  callId(): string;
  /** The client has gone: aborts what is under way with CANCELLED. */
  cancel(): void;
  /** Stops the timer. The signal stays as it is. */
  dispose(): void;
}

export interface RequestContextOptions {
  readonly requestId: string;
  readonly locale: Locale;
  readonly actor: Actor;
  readonly callerClass?: string | undefined;
  /** Default: nobody is an operator. */
  readonly operator?: (() => OperatorActor | OperatorRefusal) | undefined;
  /** Milliseconds that this request has. */
  readonly deadlineMs: number;
  /** Aborts when the client has gone; `cancel()` says the same at a lower price. */
  readonly clientGone?: AbortSignal | undefined;
  /** The client's headers, lower case: a connector may pass some on. */
  readonly clientHeaders?: RequestContext['clientHeaders'];
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Creates the context of one request and starts its deadline. Call `dispose` when the answer is sent. */
export function createRequestContext(options: RequestContextOptions): RequestContext {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const controller = new AbortController();
  const { clientGone } = options;

  const timer = setTimeout(
    () =>
      controller.abort(new GatewayError('DEADLINE_EXCEEDED', { detail: `after ${options.deadlineMs} ms` })),
    options.deadlineMs,
  );
  const dispose = (): void => {
    clearTimeout(timer);
    clientGone?.removeEventListener('abort', cancel);
  };
  const cancel = (): void => {
    dispose();
    controller.abort(new GatewayError('CANCELLED', { detail: 'the client has gone' }));
  };
  if (clientGone?.aborted) cancel();
  else clientGone?.addEventListener('abort', cancel, { once: true });

  return {
    requestId: options.requestId,
    locale: options.locale,
    actor: options.actor,
    caller: callerOf(options.actor),
    operator: options.operator ?? nobody,
    callerClass: options.callerClass,
    startedAt,
    deadlineAt: startedAt + options.deadlineMs,
    signal: controller.signal,
    tally: createTally(now),
    failures: [],
    loaders: new Map(),
    clientHeaders: options.clientHeaders,
    operation: { name: null, type: null },
    callId: newCallId,
    cancel,
    dispose,
  };
}

// `randomUUID` keeps a pool of random bytes: about 0.1 µs a call.
const newCallId = (): string => randomUUID();

const nobody = (): OperatorRefusal => 'NO_OPERATORS';
