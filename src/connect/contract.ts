// The contract between `connect` and its surroundings: the request context, and `Send`, which sends a built request and
// returns a decoded answer. `connect` depends on neither HTTP clients nor breakers.

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
   * Everything that the answer depends on, as text: the inputs and the parts of the request's context that are read; for
   * answers that are shared per caller also the actor and the purpose. Set only where answers may be shared between
   * requests. Contains personal data and must never be logged.
   */
  readonly inputKey?: string | undefined;
  /** The connector's own `isSuccess`; unset means "status 2xx". Runs inside the guard. */
  readonly isSuccess?: ((answer: ConnectAnswer) => boolean) | undefined;
  /** Builds the declared public error (`errors { message, extensions }`) of an unsuccessful answer. */
  readonly describeError?:
    | ((answer: ConnectAnswer) => { message?: string; extensions?: Record<string, unknown> })
    | undefined;
}

/** A decoded answer from a source. */
export interface ConnectAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded JSON; XML as objects whose text stays text; a string for text/plain; null for an empty body. */
  readonly body: unknown;
  /** True when the outcome rules of the manifest classify the answer as "no such record". */
  readonly notFound?: boolean;
  /** Epoch milliseconds when the source answered. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE' | 'CACHED' | 'STALE';
}

/** The part of a request's context that a single call needs. Implemented by `request/`. */
export interface CallScope {
  /** Aborts at the request's deadline (reason: DEADLINE_EXCEEDED) or when the client disconnects (reason: CANCELLED). */
  readonly signal: AbortSignal;
  /** Epoch milliseconds of the deadline. */
  readonly deadlineAt: number;
  readonly requestId: string;
  /** The class of the client application, for quotas; `undefined`: none. */
  readonly callerClass?: string | undefined;
  /** In whose name the request runs; repetitions of a mutation are recognised per caller. */
  readonly caller?: ConnectCaller | undefined;
  /** Counts calls per connector for `extensions.sources`. */
  readonly tally: SourceTally;
}

/** Counts the calls of one request per connector. */
export interface SourceTally {
  call(connector: string, durationMs: number): void;
  coalesced(connector: string): void;
  cacheHit(connector: string, ageMs: number, stale: boolean): void;
  /** Records that a field or entity of this connector was resolved, including "no such record". */
  ok(connector: string): void;
  /** Records that a field or entity of this connector could not be resolved. */
  failed(connector: string, error: unknown): void;
}

export type Send = (request: ConnectRequest, scope: CallScope) => Promise<ConnectAnswer>;

/** The purpose of a look-up. Every personal look-up carries it (`$context.purpose`). */
export interface Purpose {
  /** Dossier code. */
  readonly dossier: string;
  /** Procedure code. */
  readonly procedure: string;
}

/** The request context that `connect` requires. Implemented by `request/`. */
/** In whose name a request runs, as far as connectors need it. */
export interface ConnectCaller {
  /** Unique per caller: answers for one caller are shared under it. Personal data, so never logged. */
  readonly key: string;
  /** `$context.actor`; null where the caller is not an officer. */
  readonly actor: { readonly officer: string | null; readonly agency: string | null };
}

export interface ConnectContext extends CallScope {
  readonly caller: ConnectCaller;
  readonly startedAt: number;
  readonly locale: string;
  /** Per-request state, keyed by the operation or connector it belongs to. */
  readonly loaders: Map<unknown, unknown>;
  /**
   * Counts a call before it is made; absent: any number of calls.
   * @throws GatewayError QUERY_TOO_COSTLY when the request has made too many calls to this connector
   */
  readonly spendCall?: ((connector: string) => void) | undefined;
  /** A new unique id for one upstream call (`$context.call.id`), at most 40 characters. */
  callId(): string;
  /** The client's headers, lower case, for `from` rules. */
  readonly clientHeaders?: Readonly<Record<string, string | string[] | undefined>> | undefined;
}
