// Named diagnostics channels for events of requests, calls and connectors; log, metrics and traces subscribe to them.
// No message contains personal data, secrets or text of an upstream.

import { channel } from 'node:diagnostics_channel';
import type { BreakerState, ErrorCode } from '../errors.ts';

/** The end of a call that left the gateway, or that a step rejected before. */
export interface UpstreamCallDone {
  readonly connector: string;
  /** Name within the connector; the set of names is bounded by the manifests. */
  readonly operation: string;
  readonly outcome: 'OK' | 'NOT_FOUND' | ErrorCode;
  readonly durationMs: number;
  readonly requestId: string;
  /** Did the caller wait longer than is usual for the operation (`health.lateMs`), retries and queues included? */
  readonly isLate?: boolean | undefined;
  /** The answer is an older one from the cache: the failure that it replaced. */
  readonly replaced?: ErrorCode | undefined;
}

export interface BreakerTransition {
  readonly connector: string;
  /** Distinguishes the connectors that had this id in succession: a reload can replace a connector. */
  readonly instance: number;
  readonly operation: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Epoch milliseconds. */
  readonly at: number;
  /** A cause of the guard, e.g. an error code; `RELOADED` if the connector was replaced. */
  readonly cause?: string | undefined;
  /** To OPEN: the rule that opened it, and the failures since the last success. */
  readonly trigger?: string | undefined;
  readonly failuresInARow?: number | undefined;
  /** To OPEN: the last requests that contributed, newest first. */
  readonly requestIds?: readonly string[] | undefined;
}

/** What users get from a connector: everything, a part or late, nothing. */
export type ConnectorStatus = 'OK' | 'DEGRADED' | 'UNAVAILABLE';

/** The status of a connector changed, or its leading cause did. */
export interface ConnectorStatusChange {
  readonly connector: string;
  readonly from: ConnectorStatus;
  readonly to: ConnectorStatus;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Name of the leading cause; `null` for OK. */
  readonly reason: string | null;
  /** The error code behind it, else the name again. */
  readonly cause: string | null;
  readonly operation?: string | undefined;
  /** For operators, in English: no personal data, no text of a source. */
  readonly message?: string | undefined;
  /** Share of the last minute's answers that the cause concerns, 0 to 1. */
  readonly share?: number | undefined;
  /** Of a breaker that opened. */
  readonly trigger?: string | undefined;
  readonly failuresInARow?: number | undefined;
  readonly counts?: { readonly calls: number; readonly failures: number } | undefined;
  /** The last requests that failed, newest first. */
  readonly requestIds?: readonly string[] | undefined;
}

/** The status of a connector and the names of all its causes, for the metrics. */
export interface ConnectorStatusReading {
  readonly connector: string;
  readonly status: ConnectorStatus;
  readonly causes: readonly string[];
}

/** An answer did not fit its mapping: the format of the source may have changed. */
export interface MappingProblem {
  readonly connector: string;
  readonly operation: string;
  /** A text of the gateway with a path in the selection; never a value. */
  readonly problem: string;
  readonly count: number;
  readonly requestId?: string | undefined;
}

/** A renewal of the certificate that a connector presents. */
export interface CertificateRenewal {
  readonly connector: string;
  /** REJECTED: the files cannot be used, and the last usable certificate stays in force. ACCEPTED: they are whole again. */
  readonly change: 'REJECTED' | 'ACCEPTED';
}

/** The state of a connector, and its counts since it was created. Integers, unless stated otherwise. */
export interface ConnectorReading {
  readonly connector: string;
  /** Do calls pass the gate now? */
  readonly gatePasses: boolean;
  readonly breakers: readonly { readonly operation: string; readonly state: BreakerState }[];
  readonly bulkhead: {
    readonly running: number;
    readonly waiting: number;
    /** Current limit of concurrent calls. */
    readonly limit: number;
  };
  /** Calls that a step rejected before they reached the source. */
  readonly rejected: {
    readonly gate: number;
    readonly throttle: number;
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
  /** Calls that joined an equal call under way. */
  readonly coalesced: number;
  readonly quotas: readonly {
    readonly window: 'second' | 'day';
    readonly limit: number;
    readonly used: number;
  }[];
  readonly retries: number;
  /** Further attempts that the budget allows; `null` without retries. */
  readonly retryBudget: number | null;
  readonly hedges: { readonly sent: number; readonly won: number };
  readonly sockets: { readonly running: number; readonly idle: number; readonly waiting: number };
  /** Expiry of certificates and credentials, epoch ms. */
  readonly expiries: readonly { readonly what: string; readonly at: number }[];
}

/** A request for readings: each connector adds its reading synchronously, before `publish` returns. */
export interface Collection {
  add(reading: ConnectorReading): void;
  addStatus(reading: ConnectorStatusReading): void;
  /** @param clock the clock that this one is compared with @param skewMs wall clock of this process minus that clock */
  addSkew(clock: string, skewMs: number): void;
}

/** Outcome of a GraphQL request: all data, some data, no data, or not executed because of the caller. */
export type OperationOutcome = 'ok' | 'partial' | 'failed' | 'rejected';

/** A GraphQL request over HTTP was read. `RequestDone` follows. */
export interface RequestStarted {
  /** Identifies the request in all its messages: clients may send two requests with the same id. */
  readonly request: AbortSignal;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The same time by `performance.now()`, the clock of the other messages of this request. */
  readonly startedTick: number;
  readonly method: string;
  /** The route's pattern, never the path. */
  readonly route: string;
  /** The client's header, not validated. */
  readonly traceparent: string | undefined;
}

export interface RequestDone {
  readonly request: AbortSignal;
  readonly requestId: string;
  readonly durationMs: number;
  /** From the start until the result was complete, before it was written. */
  readonly executedMs: number;
  readonly status: number;
  /** Chosen by the client: any valid GraphQL name. */
  readonly operationName: string | null;
  readonly operationType: 'query' | 'mutation' | 'subscription' | null;
  readonly outcome: OperationOutcome;
  /** Codes of the errors sent, without duplicates. */
  readonly errorCodes: readonly string[];
  /** The use of each connector. */
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

/** The end of an attempt that was sent to a source. */
export interface AttemptDone {
  /** The signal of its request. */
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
  /** HTTP status; `undefined` without an answer. */
  readonly status: number | undefined;
  readonly outcome: UpstreamCallDone['outcome'];
  /** 1 for the first attempt of a call. */
  readonly number: number;
}

export interface Topic<T> {
  readonly name: string;
  /** Cheap: check it before building a message. */
  hasSubscribers(): boolean;
  publish(message: T): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: (message: T) => void): () => void;
}

function createTopic<T>(name: string): Topic<T> {
  const diagnostics = channel(name);
  return {
    name,
    hasSubscribers: () => diagnostics.hasSubscribers,
    publish: (message) => diagnostics.publish(message),
    subscribe: (listener) => {
      const onMessage = (message: unknown): void => listener(message as T);
      diagnostics.subscribe(onMessage);
      return () => {
        diagnostics.unsubscribe(onMessage);
      };
    },
  };
}

/** The channels of a gateway. Their names are global in the process, so other tools can subscribe. */
export interface Channels {
  readonly upstreamCall: Topic<UpstreamCallDone>;
  readonly breaker: Topic<BreakerTransition>;
  readonly connectorStatus: Topic<ConnectorStatusChange>;
  readonly mappingProblem: Topic<MappingProblem>;
  readonly certificate: Topic<CertificateRenewal>;
  readonly collection: Topic<Collection>;
  readonly requestStarted: Topic<RequestStarted>;
  readonly requestDone: Topic<RequestDone>;
  readonly attempt: Topic<AttemptDone>;
}

/** Opens the channels. */
export const createChannels = (): Channels => ({
  upstreamCall: createTopic('lienthong:upstream:call'),
  breaker: createTopic('lienthong:guard:breaker'),
  connectorStatus: createTopic('lienthong:operate:connector-status'),
  mappingProblem: createTopic('lienthong:connect:mapping-problem'),
  certificate: createTopic('lienthong:upstream:certificate'),
  collection: createTopic('lienthong:registry:collection'),
  requestStarted: createTopic('lienthong:request:started'),
  requestDone: createTopic('lienthong:request:done'),
  attempt: createTopic('lienthong:upstream:attempt'),
});
