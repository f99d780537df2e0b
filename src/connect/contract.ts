// What `connect` asks of the world around it: one function that sends a built request and gives a decoded answer.
// `connect` builds these and reads the answers; it knows neither HTTP clients nor breakers. `registry/` supplies `Send`.

import type { GatewayError } from '../errors.ts';

/** One request, built by a connector's templates and mappings. */
export interface ConnectRequest {
  /** Stable name of the operation within its connector, e.g. `Citizen` or `Delivery.events`. */
  readonly operation: string;
  /** The `@source` name, or `undefined` for an absolute `@connect` URL. */
  readonly source: string | undefined;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Scheme, host and port, fixed at registration. */
  readonly origin: string;
  /** Path and query, percent-encoded, starting with `/`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The mapped body value, not yet encoded; `undefined` when the request has none. */
  readonly body?: unknown;
  /**
   * What the answer depends on, as text: the inputs and what else of the request's context is read; for one caller's answers
   * also who asks and what for. Only where answers may be shared between requests; personal data, so never logged.
   */
  readonly inputKey?: string | undefined;
  /** The connector's own `isSuccess`; absent means "status 2xx". Runs inside the guard. */
  readonly isSuccess?: ((answer: ConnectAnswer) => boolean) | undefined;
  /** Builds the declared public error (`errors { message, extensions }`) of an unsuccessful answer. */
  readonly describeError?:
    | ((answer: ConnectAnswer) => { message?: string; extensions?: Record<string, unknown> })
    | undefined;
}

/** A decoded answer of a source. */
export interface ConnectAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON-like value: decoded JSON, XML as objects with text kept as text, a string for text/plain, null when empty. */
  readonly body: unknown;
  /** True when the outcome table of the manifest says "there is no such record". */
  readonly notFound?: boolean;
  /** Epoch milliseconds when the source answered. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE' | 'CACHED' | 'STALE';
}

/** What one call needs to know of the request it serves. Implemented by `request/`. */
export interface CallScope {
  /** Aborts at the request's deadline (reason: DEADLINE_EXCEEDED) or when the client has gone (reason: CANCELLED). */
  readonly signal: AbortSignal;
  /** Epoch milliseconds of the deadline. */
  readonly deadlineAt: number;
  readonly requestId: string;
  /** The class of callers that the request counts itself to, for quotas; `undefined` for none. */
  readonly callerClass?: string | undefined;
  /** Tallies calls per connector for `extensions.sources`. */
  readonly tally: SourceTally;
}

/** Counts what a request asked of each connector. */
export interface SourceTally {
  call(connector: string, durationMs: number): void;
  coalesced(connector: string): void;
  cacheHit(connector: string, ageMs: number, stale: boolean): void;
  /** A field or entity of this connector was answered (also with "there is no such record"). */
  ok(connector: string): void;
  /** A field or entity of this connector could not be answered. */
  failed(connector: string, error: unknown): void;
}

export type Send = (request: ConnectRequest, scope: CallScope) => Promise<ConnectAnswer>;

/** What a look-up is made for: every personal look-up carries it (`$context.purpose`). */
export interface Purpose {
  /** Dossier code. */
  readonly dossier: string;
  /** Procedure code. */
  readonly procedure: string;
}

/** What `connect` needs of the request it serves, besides the bounds of a call. Implemented by `request/`. */
export interface ConnectContext extends CallScope {
  readonly actor: { readonly officer: string; readonly agency: string };
  readonly startedAt: number;
  readonly locale: string;
  /** Failures noted beside the data: a field keeps its known part and still reports an error at its path. */
  readonly failures: { readonly path: readonly (string | number)[]; readonly error: GatewayError }[];
  /** Per-request state of the binders, keyed by them. */
  readonly loaders: Map<unknown, unknown>;
  /** A new unique id for one upstream call (`$context.call.id`), at most 40 characters. */
  callId(): string;
  /** The client's headers, lower case, for `from` rules. */
  readonly clientHeaders?: Readonly<Record<string, string | string[] | undefined>> | undefined;
}
