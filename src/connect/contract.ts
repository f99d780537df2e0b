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
  /** Filled by the last attempt of the call. Set where the call is recorded in the audit trail. */
  readonly evidence?: CallEvidence | undefined;
  /** Builds the declared public error (`errors { message, extensions }`) of an unsuccessful answer. */
  readonly describeError?:
    | ((answer: ConnectAnswer) => { message?: string; extensions?: Record<string, unknown> })
    | undefined;
}

/** What proves one call to a source; filled while the call is made. Contains digests, ids and times only. */
export interface CallEvidence {
  /** The id under which the source knows the call: `X-Road-Id`, or `$context.call.id` where the request carries it. */
  messageId?: string | undefined;
  /** SHA-256, base64url, of method, path and body as they were sent. */
  sent?: string | undefined;
  /** SHA-256, base64url, of the body of the answer as it came. */
  received?: string | undefined;
  /** Epoch ms. */
  sentAt?: number | undefined;
  receivedAt?: number | undefined;
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
  /** Of the call that the source answered, where that call is recorded. */
  readonly evidence?: Readonly<CallEvidence> | undefined;
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
/** An access to the data of one subject, in one system, for one purpose. Equal accesses of a request are one. */
export interface AccessOf {
  readonly connector: string;
  readonly operation: string;
  /** A personal identification number or an enterprise code; null where neither request nor answer names one. */
  readonly subject: string | null;
  readonly purpose: Purpose | undefined;
}

/** Records what a request does with personal data. Implemented by `audit/`. */
export interface AccessAudit {
  /** @throws GatewayError AUDIT_UNAVAILABLE while nothing can be recorded: then nothing may be fetched */
  admit(): void;
  /** @param fields the type and its selected personal fields: `Citizen fullName birthDate` */
  reads(of: AccessOf, fields: string): void;
  /** The access has ended. @param outcome `OK`, `CACHED`, `STALE`, `COALESCED`, `NOT_FOUND` or an error code */
  ended(of: AccessOf, outcome: string, evidence: Readonly<CallEvidence>): void;
  /** A mutation has ended. @param fields the field and its arguments: `Mutation.pay amount` */
  mutated(of: AccessOf, fields: string, outcome: string, evidence: Readonly<CallEvidence>): void;
}

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
  /** Where accesses to personal data are recorded; absent in tools that run no requests. */
  readonly audit?: AccessAudit | undefined;
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
