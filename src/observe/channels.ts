// Where the steps of a call say what happened: named diagnostics channels. `guard`, `upstream` and `registry` publish;
// the log and the metrics of this folder subscribe. Nothing on them is personal, secret, or an upstream's own text.

import { channel } from 'node:diagnostics_channel';
import type { BreakerState, ErrorCode } from '../errors.ts';

/** One call that left the gateway, or was stopped before it did. */
export interface UpstreamCallDone {
  readonly connector: string;
  /** The operation's name within its connector: bounded by the manifests. */
  readonly operation: string;
  readonly outcome: 'OK' | 'NOT_FOUND' | ErrorCode;
  readonly durationMs: number;
  readonly requestId: string;
}

export interface BreakerTransition {
  readonly connector: string;
  /** Which of the connectors that had this id one after the other: a reload may replace one. */
  readonly instance: number;
  readonly operation: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why, in our own words: a code, a rate, a count; `RELOADED` where the connector was replaced. */
  readonly cause?: string | undefined;
  /** To OPEN: the requests that met what led to it, the last few, newest first. */
  readonly requestIds?: readonly string[] | undefined;
}

/** A mapping did not find what it expects: a sign that the source's format drifts. */
export interface MappingProblem {
  readonly connector: string;
  readonly operation: string;
  /** Our own words, and a path in the selection; never a value. */
  readonly problem: string;
  readonly count: number;
  readonly requestId?: string | undefined;
}

/** What one connector holds at a moment, and what it has counted since it was built: whole numbers unless said otherwise. */
export interface ConnectorReading {
  readonly connector: string;
  /** Do calls pass the gate now? */
  readonly gatePasses: boolean;
  readonly breakers: readonly { readonly operation: string; readonly state: BreakerState }[];
  readonly bulkhead: {
    readonly running: number;
    readonly waiting: number;
    /** Calls that may run at once at this moment. */
    readonly limit: number;
  };
  /** Calls that a step turned away before they reached the source. */
  readonly rejected: {
    readonly gate: number;
    readonly quota: number;
    readonly bulkhead: number;
    readonly breaker: number;
  };
  readonly cache: {
    readonly entries: number;
    readonly bytes: number;
    readonly hits: number;
    readonly stale: number;
    readonly misses: number;
  };
  /** Asks that joined a call under way. */
  readonly coalesced: number;
  readonly quotas: readonly {
    readonly window: 'second' | 'day';
    readonly limit: number;
    readonly used: number;
  }[];
  readonly retries: number;
  /** Retries that the budget has room for; `null` where there are none. */
  readonly retryBudget: number | null;
  readonly hedges: { readonly sent: number; readonly won: number };
  readonly sockets: { readonly running: number; readonly idle: number; readonly waiting: number };
  /** Certificates and credentials: when each ends, epoch ms. */
  readonly expiries: readonly { readonly what: string; readonly at: number }[];
}

/** Published by whoever wants to know; each connector adds what it reads at that moment, before `publish` returns. */
export interface Collection {
  add(reading: ConnectorReading): void;
}

/** How a GraphQL request ended: all data, some data, no data, or it never ran because of the caller. */
export type OperationOutcome = 'ok' | 'partial' | 'failed' | 'rejected';

/** A GraphQL request over HTTP was read; `RequestDone` follows. */
export interface RequestStarted {
  /** The request's own signal: one object in all its messages, where a client may give two requests the same id. */
  readonly request: AbortSignal;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The same moment by `performance.now()`: what the other messages of this request count by. */
  readonly startedTick: number;
  readonly method: string;
  /** The route's pattern, never the path. */
  readonly route: string;
  /** The client's header as it came: nobody has looked at it yet. */
  readonly traceparent: string | undefined;
}

export interface RequestDone {
  readonly request: AbortSignal;
  readonly requestId: string;
  readonly durationMs: number;
  /** From the start until the result was there, before it was written. */
  readonly executedMs: number;
  readonly status: number;
  /** As the client named it: may hold anything that fits a GraphQL name. */
  readonly operationName: string | null;
  readonly operationType: 'query' | 'mutation' | 'subscription' | null;
  readonly outcome: OperationOutcome;
  /** Codes of the errors sent, each once. */
  readonly errorCodes: readonly string[];
  /** What it asked of each connector. */
  readonly sources: readonly SourceUse[];
}

export interface SourceUse {
  readonly connector: string;
  readonly status: string;
  readonly breaker: BreakerState;
  readonly calls: number;
  readonly coalesced: number;
  readonly cacheHits: number;
}

/** One attempt that left for a source. */
export interface AttemptDone {
  /** The signal of the request that it was made for. */
  readonly request: AbortSignal;
  readonly requestId: string;
  readonly connector: string;
  readonly operation: string;
  /** By `performance.now()`. */
  readonly startedTick: number;
  readonly durationMs: number;
  readonly method: string;
  /** Scheme, host and port, as registered; never a path. */
  readonly origin: string;
  /** The status of the answer, where there was one. */
  readonly status: number | undefined;
  readonly outcome: UpstreamCallDone['outcome'];
  /** 1 for the first attempt of a call. */
  readonly number: number;
}

export interface Topic<T> {
  readonly name: string;
  /** Costs one property read and a test when nobody listens, so build the message behind `hasSubscribers`. */
  hasSubscribers(): boolean;
  publish(message: T): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (message: T) => void): () => void;
}

function createTopic<T>(name: string): Topic<T> {
  const wire = channel(name);
  return {
    name,
    hasSubscribers: () => wire.hasSubscribers,
    publish: (message) => wire.publish(message),
    subscribe: (listener) => {
      const onMessage = (message: unknown): void => listener(message as T);
      wire.subscribe(onMessage);
      return () => {
        wire.unsubscribe(onMessage);
      };
    },
  };
}

/** The channels a gateway publishes on and listens to. The names are the process's: another tool may listen as well. */
export interface Channels {
  readonly upstreamCall: Topic<UpstreamCallDone>;
  readonly breaker: Topic<BreakerTransition>;
  readonly mappingProblem: Topic<MappingProblem>;
  readonly collection: Topic<Collection>;
  readonly requestStarted: Topic<RequestStarted>;
  readonly requestDone: Topic<RequestDone>;
  readonly attempt: Topic<AttemptDone>;
}

/** Opens the channels. */
export const createChannels = (): Channels => ({
  upstreamCall: createTopic('lienthong:upstream:call'),
  breaker: createTopic('lienthong:guard:breaker'),
  mappingProblem: createTopic('lienthong:connect:mapping-problem'),
  collection: createTopic('lienthong:registry:collection'),
  requestStarted: createTopic('lienthong:request:started'),
  requestDone: createTopic('lienthong:request:done'),
  attempt: createTopic('lienthong:upstream:attempt'),
});
