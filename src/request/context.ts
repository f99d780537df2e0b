// The state of one request: identity, language, deadline, failures and the tally of its calls. Uses one timer and one abort signal
// per request.

import { randomUUID } from 'node:crypto';
import type { ConnectContext } from '../connect/contract.ts';
import { GatewayError, type Locale } from '../errors.ts';
import { isMostlyStalled } from '../observe/event-loop.ts';
import { callerOf } from './actor.ts';
import type { RequestAudit } from './audit.ts';
import type { Identity } from './identity/identity.ts';
import { createTally, type RequestTally } from './tally.ts';

/** Name and type of the operation, for the log line and the metrics; null until the document is prepared. */
export interface OperationInfo {
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
}

export interface RequestContext extends ConnectContext {
  readonly locale: Locale;
  readonly identity: Identity;
  /** Address from which the connection comes: a client, or a proxy in front of the gateway. */
  readonly peer?: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly tally: RequestTally;
  /** Loaders of this request, by their creators (an entity, a statement). */
  readonly loaders: Map<unknown, unknown>;
  readonly operation: OperationInfo;
  /** Absent in tools and tests that record nothing. */
  readonly audit?: RequestAudit | undefined;
  /** Returns a new random UUID, for systems that require an id per call. */
  callId(): string;
  /** Aborts running calls with CANCELLED, because the client closed the connection. */
  cancel(): void;
  /** Stops the deadline. The signal is left as it is. */
  dispose(): void;
}

export interface RequestContextOptions {
  readonly requestId: string;
  readonly locale: Locale;
  readonly identity: Identity;
  /** Opens the audit trail of the request. */
  readonly audit?:
    | ((request: Pick<RequestContext, 'requestId' | 'identity' | 'startedAt'>) => RequestAudit)
    | undefined;
  readonly peer?: string | undefined;
  /** Time limit of the request, in milliseconds. */
  readonly deadlineMs: number;
  /** Calls that the request may make to one connector. Default: any number. */
  readonly maxCallsPerConnector?: number | undefined;
  /** Aborts when the client has closed the connection; `cancel()` has the same effect at a lower cost. */
  readonly clientGone?: AbortSignal | undefined;
  /** The client's headers, with lower-case names; a connector may forward some. */
  readonly clientHeaders?: RequestContext['clientHeaders'];
  /** Total time in which the event loop of the gateway stood still, ms. Default: none. */
  readonly stalledMs?: (() => number) | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Creates the context of one request and starts its deadline. Call `dispose` when the request has been answered. */
export function createRequestContext(options: RequestContextOptions): RequestContext {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const controller = new AbortController();
  const { clientGone } = options;

  const { deadlineMs, stalledMs = () => 0 } = options;
  const stalledAt = stalledMs();
  const reachDeadline = (): void => {
    const stalled = stalledMs() - stalledAt;
    const end = (): void => controller.abort(deadlineError(deadlineMs, stalled));
    // The answers that the request waits for may lie in the sockets: a millisecond lets the event loop read them.
    if (stalled === 0) end();
    else timer = setTimeout(end, 1);
  };
  let timer = setTimeout(reachDeadline, deadlineMs);
  const dispose = (): void => {
    clearTimeout(timer);
    clientGone?.removeEventListener('abort', cancel);
  };
  const cancel = (): void => {
    dispose();
    controller.abort(new GatewayError('CANCELLED', { detail: 'the client closed the connection' }));
  };
  if (clientGone?.aborted) cancel();
  else clientGone?.addEventListener('abort', cancel, { once: true });

  return {
    requestId: options.requestId,
    locale: options.locale,
    identity: options.identity,
    peer: options.peer,
    caller: callerOf(options.identity.actor),
    callerClass: options.identity.client.class,
    audit: options.audit?.({ requestId: options.requestId, identity: options.identity, startedAt }),
    startedAt,
    deadlineAt: startedAt + deadlineMs,
    signal: controller.signal,
    tally: createTally(now),
    loaders: new Map(),
    clientHeaders: options.clientHeaders,
    operation: { name: null, type: null },
    spendCall: createCallBudget(options.maxCallsPerConnector),
    callId: newCallId,
    cancel,
    dispose,
  };
}

/** Counts the calls to each connector. */
function createCallBudget(most: number | undefined): RequestContext['spendCall'] {
  if (most === undefined) return undefined;
  let made: Map<string, number> | undefined;
  return (connector) => {
    made ??= new Map();
    const count = (made.get(connector) ?? 0) + 1;
    made.set(connector, count);
    if (count > most) throw tooManyCalls(connector, most);
  };
}

const tooManyCalls = (connector: string, most: number): GatewayError =>
  new GatewayError('QUERY_TOO_COSTLY', {
    connector,
    detail: `more than ${most} calls in one request`,
    reason: {
      vi: `Mỗi yêu cầu được gọi hệ thống này tối đa ${most.toLocaleString('vi')} lượt.`,
      en: `A request may call this system at most ${most.toLocaleString('en')} times.`,
    },
  });

/** The source is not to blame for a deadline when the gateway itself used up most of the time. */
const deadlineError = (deadlineMs: number, stalledMs: number): GatewayError =>
  isMostlyStalled(stalledMs, deadlineMs)
    ? new GatewayError('OVERLOADED', {
        detail: `the gateway stood still for ${Math.round(stalledMs)} of ${deadlineMs} ms`,
      })
    : new GatewayError('DEADLINE_EXCEEDED', { detail: `after ${deadlineMs} ms` });

// Node keeps a pool of random bytes for `randomUUID`: about 0.1 µs per call.
const newCallId = (): string => randomUUID();
