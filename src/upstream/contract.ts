// The shapes of one attempt against one source: what goes in, what comes out, and what a source's manifest has settled.
// `registry/` builds the spec from a manifest and calls `createUpstream`; nothing here knows guards, GraphQL or mappings.

import type { LookupFunction } from 'node:net';

import type { Credentials } from './credential-kinds.ts';
import type { Secret } from './secret.ts';
import type { MessageSignature, Signing } from './signature-kinds.ts';

export type * from './credential-kinds.ts';
export type { Secret } from './secret.ts';
export type * from './signature-kinds.ts';

/** One request, as a connector built it. Structurally the part of connect's `ConnectRequest` that an attempt needs. */
export interface UpstreamRequest {
  /** Stable name of the operation within its connector. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query, percent-encoded, starting with `/`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's value, not yet encoded; `undefined` when the request has none. */
  readonly body?: unknown;
  /** Code of the dossier the call is made for, where the bus wants to know it (X-Road-Issue). */
  readonly issue?: string | undefined;
  /** The officer the call is made for, where the bus wants to know it (X-Road-UserId). */
  readonly userId?: string | undefined;
  /** The connector's own judgement; absent means "status 2xx". */
  readonly isSuccess?: ((answer: UpstreamAnswer) => boolean) | undefined;
  /** The connector's declared public error of an unsuccessful answer. */
  readonly describeError?:
    | ((answer: UpstreamAnswer) => { message?: string; extensions?: Record<string, unknown> })
    | undefined;
}

/** A decoded and judged answer. */
export interface UpstreamAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded JSON; the content of a SOAP Body as objects with text kept as text; a string for text/plain; null when empty. */
  readonly body: unknown;
  /** True when the outcome table says "there is no such record". */
  readonly notFound?: boolean;
  /** Epoch milliseconds when the answer was complete. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE';
}

export type Protocol = 'json' | 'form' | 'xml' | 'soap11' | 'soap12' | 'text';

export type Verdict = 'success' | 'notFound' | 'refused' | 'throttled' | 'unauthorized' | 'fault' | 'invalid';

/** How a source says in its body what happened. Values are compared as text: `0`, `"0"` and `"00"` differ only as text does. */
export interface Outcome {
  /** Dotted path of the code in the decoded body, e.g. `response.error_code`. */
  readonly at: string;
  readonly success?: readonly (string | number | boolean)[] | undefined;
  readonly notFound?: readonly (string | number | boolean)[] | undefined;
  readonly refused?: readonly (string | number | boolean)[] | undefined;
  readonly throttled?: readonly (string | number | boolean)[] | undefined;
  readonly unauthorized?: readonly (string | number | boolean)[] | undefined;
  /** A text that a success must hold as well, in either case; without it the verdict is `otherwise` (or fault). */
  readonly successText?: { readonly at: string; readonly contains: string } | undefined;
  /** A code in no list. Default `fault` when `success` is given, else `success`. */
  readonly otherwise?: Verdict | undefined;
  /** No code at that path, or null. Default: as `otherwise`. */
  readonly missing?: Verdict | undefined;
  /** HTTP statuses judged before anything else, e.g. `{ 404: 'notFound' }`. */
  readonly statuses?: Readonly<Record<number, Verdict>> | undefined;
}

export interface Soap {
  /** Namespace of the operation element and all elements in it. */
  readonly namespace: string;
  /** SOAP 1.1: `SOAPAction`, sent in quotes; SOAP 1.2: `action` of the content type. Default empty. */
  readonly action?: string | undefined;
  /** Default `text/xml`, for SOAP 1.2 `application/soap+xml`; the population service wants `application/xml`. */
  readonly contentType?: string | undefined;
  /** Element that wraps the body's value. Without it the value's own keys are the elements of Body. */
  readonly operation?: string | undefined;
  /** Element and action by name of the connect operation, where one source has several. */
  readonly operations?:
    | Readonly<
        Record<string, { readonly element?: string | undefined; readonly action?: string | undefined }>
      >
    | undefined;
  /** Elements of the SOAP Header, in `namespace`: names and values. */
  readonly headers?: Readonly<Record<string, Secret>> | undefined;
  /** Local names of elements that are always lists. */
  readonly lists?: readonly string[] | undefined;
  /** Local names that the first element of Body must have; another one is an invalid answer. Default: any. */
  readonly responseRoots?: readonly string[] | undefined;
}

/** Answers of `json` and `form` sources. */
export interface Json {
  /** Media types that are read as JSON besides `application/json`, `text/json` and `*+json`, e.g. `application/javascript`. */
  readonly mediaTypes?: readonly string[] | undefined;
}

/** Plain XML documents. */
export interface Xml {
  /** Namespace of the elements that are sent. Default none. */
  readonly namespace?: string | undefined;
  /** Default `application/xml`. */
  readonly contentType?: string | undefined;
  /** Local names of elements that are always lists. */
  readonly lists?: readonly string[] | undefined;
  /** Local names that the root must have; another one is an invalid answer. Default: any. */
  readonly responseRoots?: readonly string[] | undefined;
}

/** A text inside the answer that holds XML or JSON, and is read as such before the answer is judged and mapped. */
export interface Unwrap {
  /**
   * Dotted path of the text in the decoded body, e.g. `message` or `Response.Result`; `$` for a body that is a text itself. A list on
   * the way stands for each of its items. Nothing there, an empty text or something that is no text: left alone.
   */
  readonly at: string;
  /** `xml`: an object with the root as its key. `json`: the value; a bare number or truth value stays text. */
  readonly as: 'xml' | 'json';
  /** XML: local names of elements that are always lists. */
  readonly lists?: readonly string[] | undefined;
  /** XML: local names that the root must have. Default: any but `html`. */
  readonly responseRoots?: readonly string[] | undefined;
  /**
   * A text that cannot be read is left as the text it is. Default false: it is an invalid answer, except where the outcome table
   * finds a code without it that is no success: then that is what happened.
   */
  readonly optional?: boolean | undefined;
}

/** X-Road (NDXP) between us and the source: headers for REST protocols, header elements for SOAP. */
export interface XRoad {
  /** `instance/memberClass/memberCode[/subsystem]` of the caller. */
  readonly client: string;
  /** SOAP: `instance/memberClass/memberCode[/subsystem]` of the provider; the service code is the operation element. */
  readonly service?: string | undefined;
  readonly serviceVersion?: string | undefined;
  /** `instance/memberClass/memberCode/serverCode`. */
  readonly securityServer?: string | undefined;
  /** `[memberClass/]memberCode`. */
  readonly representedParty?: string | undefined;
  /** Country of the officers' ids. Default `VN`. */
  readonly userIdPrefix?: string | undefined;
}

/** Mutual TLS and the source's own authority. PEM texts, read anew at each new socket. */
export interface Tls {
  /** Our certificate, with its chain. */
  readonly cert?: Secret | undefined;
  readonly key?: Secret | undefined;
  readonly passphrase?: Secret | undefined;
  /** The authority that signed the source's certificate. Default: the system's. */
  readonly ca?: Secret | undefined;
  /** The name in the source's certificate, when it is not the host's. */
  readonly serverName?: string | undefined;
}

export interface Limits {
  /** Bytes of an answer's body, as sent and when decompressed. Default 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Bytes of an answer's status line and headers. Default 16 KiB. */
  readonly maxHeaderBytes?: number | undefined;
  /** Nested objects, lists or elements of an answer. Default 64. */
  readonly maxDepth?: number | undefined;
  /** Calls at once per origin: sockets over HTTP/1.1, streams over HTTP/2. Default 64; see docs/performance.md for why more costs more. */
  readonly connections?: number | undefined;
}

/** Everything a manifest settles about one source, parsed and with secrets by reference. */
export interface UpstreamSpec {
  readonly protocol: Protocol;
  /**
   * Hosts that may be called: `host` (any port) or `host:port`, the base URL's own among them. A name may resolve to an inside
   * address only when that address, or a range it is in (`10.20.0.0/16`), stands here too.
   */
  readonly hosts: readonly string[];
  readonly credentials?: Credentials | undefined;
  readonly signing?: Signing | undefined;
  readonly messageSignature?: MessageSignature | undefined;
  readonly outcome?: Outcome | undefined;
  /** Required when `protocol` is `soap11` or `soap12`. */
  readonly soap?: Soap | undefined;
  readonly xml?: Xml | undefined;
  readonly json?: Json | undefined;
  /** In their order: a later one may lead into what an earlier one brought to light. */
  readonly unwrap?: readonly Unwrap[] | undefined;
  readonly xroad?: XRoad | undefined;
  readonly tls?: Tls | undefined;
  readonly limits?: Limits | undefined;
  /** May the source compress its answers (gzip, br, zstd)? Default true. */
  readonly compression?: boolean | undefined;
  /**
   * Is HTTP/2 offered to the source, over TLS? Default false: it costs a little more CPU per call, a session that dies takes all its
   * calls with it, and answers with headers above 64 KiB are refused whatever `maxHeaderBytes` says.
   */
  readonly http2?: boolean | undefined;
  /** Default: a probe is refused, since nobody said where to. */
  readonly probe?: ProbeTarget | undefined;
}

/** How one finds out whether a source is there. */
export interface ProbeTarget {
  readonly origin: string;
  /** Path and query of a health endpoint that costs nothing. Without: a socket is opened, and nothing is sent. */
  readonly path?: string | undefined;
  /** The good ones. Default: 2xx. */
  readonly statuses?: readonly number[] | undefined;
  /** Are credentials sent, in header or query? Default false. */
  readonly credentials?: boolean | undefined;
}

export interface Probed {
  readonly kind: 'SOCKET' | 'REQUEST';
}

export interface Expiry {
  /** Our certificate · the source's, as last seen · what was agreed with the source · the token in hand. */
  readonly what: 'CLIENT_CERTIFICATE' | 'SOURCE_CERTIFICATE' | 'CREDENTIAL' | 'TOKEN';
  /** Epoch ms. */
  readonly at: number;
}

export interface UpstreamDeps {
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Resolves names. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** The connections of a source, the token endpoint's among them. */
export interface UpstreamStats {
  /** Calls on the wire: a socket each over HTTP/1.1, a stream each over HTTP/2. */
  readonly running: number;
  /** Calls that wait for one of them to end. */
  readonly waiting: number;
  /** Open sockets without a call. */
  readonly idle: number;
  /** Sockets, open or to be opened by the next call. */
  readonly clients: number;
}

/** One source. Made once per registered source; cheap per call. */
export interface Upstream {
  /**
   * Makes one attempt: credentials, sign, encode, send, decode, judge. An answer that says "unauthorized" (401, or by the
   * outcome table) renews a token and is tried once more.
   * @param signal the deadline of this attempt; its reason is thrown as it is when it is a `GatewayError`.
   * @param idempotent may it reach the source twice? Default: a GET. Then a kept socket that the source closed meanwhile fails no call.
   * @throws GatewayError UPSTREAM_UNREACHABLE, UPSTREAM_FAULT, UPSTREAM_THROTTLED, UPSTREAM_UNAUTHORIZED, UPSTREAM_REFUSED,
   * UPSTREAM_INVALID, UPSTREAM_TOO_LARGE, BAD_USER_INPUT (a value that cannot be signed or sent), CANCELLED.
   */
  attempt(request: UpstreamRequest, signal: AbortSignal, idempotent?: boolean): Promise<UpstreamAnswer>;
  /**
   * Is the source there? By a new socket with the same checks as a call's, or by the manifest's health endpoint. Spends no quota.
   * Over TLS 1.3 a source looks at our certificate after the handshake: only a REQUEST tells whether it takes it.
   * @throws GatewayError as `attempt`
   */
  probe(signal: AbortSignal): Promise<Probed>;
  /** What ends when; at most one of each kind, the soonest. Reads certificates when asked: not for the path of a call. */
  expiries(): readonly Expiry[];
  /** Destroys all sockets; attempts under way fail with CANCELLED. */
  close(): Promise<void>;
  stats(): UpstreamStats;
}
