// The shapes of one attempt against one source: request, answer, and the specification of the source taken from its manifest.
// Independent of guards, GraphQL and mappings.

import type { LookupFunction } from 'node:net';

import type { Credentials } from './credential-kinds.ts';
import type { Secret } from './secret.ts';
import type { MessageSignature, Signing } from './signature-kinds.ts';

export type * from './credential-kinds.ts';
export type { Secret } from './secret.ts';
export type * from './signature-kinds.ts';

/** A request built by a connector: the part of connect's `ConnectRequest` that an attempt needs. */
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
  /** Code of the dossier that the call is made for, sent where the bus requires it (X-Road-Issue). */
  readonly issue?: string | undefined;
  /** Id of the officer that the call is made for, sent where the bus requires it (X-Road-UserId). */
  readonly userId?: string | undefined;
  /** The connector's own success condition. Default: a status of 2xx. */
  readonly isSuccess?: ((answer: UpstreamAnswer) => boolean) | undefined;
  /** Builds the connector's declared public error of an unsuccessful answer. */
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
  /** True when the outcome table classifies the answer as "no such record". */
  readonly notFound?: boolean;
  /** When the answer was complete, epoch milliseconds. */
  readonly fetchedAt: number;
  readonly freshness: 'LIVE';
}

export type Protocol = 'json' | 'form' | 'xml' | 'soap11' | 'soap12' | 'text';

export type Verdict = 'success' | 'notFound' | 'refused' | 'throttled' | 'unauthorized' | 'fault' | 'invalid';

/** How a source reports its outcome in the body. Values are compared as text: `0` equals `"0"` and differs from `"00"`. */
export interface Outcome {
  /** Dotted path of the code in the decoded body, e.g. `response.error_code`. */
  readonly at: string;
  readonly success?: readonly (string | number | boolean)[] | undefined;
  readonly notFound?: readonly (string | number | boolean)[] | undefined;
  readonly refused?: readonly (string | number | boolean)[] | undefined;
  readonly throttled?: readonly (string | number | boolean)[] | undefined;
  readonly unauthorized?: readonly (string | number | boolean)[] | undefined;
  /** A text that a success must also contain, ignoring case; without it the verdict is `otherwise` (or fault). */
  readonly successText?: { readonly at: string; readonly contains: string } | undefined;
  /** Verdict on a code in no list. Default `fault` when `success` is given, else `success`. */
  readonly otherwise?: Verdict | undefined;
  /** Verdict when there is no code at that path, or null. Default: as `otherwise`. */
  readonly missing?: Verdict | undefined;
  /** HTTP statuses judged before anything else, e.g. `{ 404: 'notFound' }`. */
  readonly statuses?: Readonly<Record<number, Verdict>> | undefined;
}

export interface Soap {
  /** Namespace of the operation element and all elements in it. */
  readonly namespace: string;
  /** SOAP 1.1: `SOAPAction`, sent in quotes; SOAP 1.2: `action` of the content type. Default empty. */
  readonly action?: string | undefined;
  /** Default `text/xml`, for SOAP 1.2 `application/soap+xml`. Some services require another, e.g. `application/xml`. */
  readonly contentType?: string | undefined;
  /** Element that wraps the value of the body. Without it, the keys of the value are the elements of Body. */
  readonly operation?: string | undefined;
  /** Element and action by name of the connect operation, for sources with several. */
  readonly operations?:
    | Readonly<
        Record<string, { readonly element?: string | undefined; readonly action?: string | undefined }>
      >
    | undefined;
  /** Names and values of SOAP Header elements, in `namespace`. */
  readonly headers?: Readonly<Record<string, Secret>> | undefined;
  /** Local names of elements that are always lists. */
  readonly lists?: readonly string[] | undefined;
  /** Local names that elements of Body may have; any other makes the answer invalid. Default: any name. */
  readonly responseRoots?: readonly string[] | undefined;
}

/** Answers of `json` and `form` sources. */
export interface Json {
  /** Media types that are read as JSON besides `application/json`, `text/json` and `*+json`, e.g. `application/javascript`. */
  readonly mediaTypes?: readonly string[] | undefined;
}

/** Plain XML documents. */
export interface Xml {
  /** Namespace of the elements in requests. Default none. */
  readonly namespace?: string | undefined;
  /** Default `application/xml`. */
  readonly contentType?: string | undefined;
  /** Local names of elements that are always lists. */
  readonly lists?: readonly string[] | undefined;
  /** Local names that the root may have; any other makes the answer invalid. Default: any name. */
  readonly responseRoots?: readonly string[] | undefined;
}

/** A text inside the answer that contains XML or JSON. It is parsed before the answer is judged and mapped. */
export interface Unwrap {
  /**
   * Dotted path of the text in the decoded body, e.g. `message` or `Response.Result`; `$` for a body that is itself a text. A list on
   * the path stands for each of its items. Values that are absent, empty or not text stay unchanged.
   */
  readonly at: string;
  /** `xml`: an object with the root element as key. `json`: the value; a bare number or boolean stays text. */
  readonly as: 'xml' | 'json';
  /** XML: local names of elements that are always lists. */
  readonly lists?: readonly string[] | undefined;
  /** XML: local names that the root may have. Default: any name except `html`. */
  readonly responseRoots?: readonly string[] | undefined;
  /**
   * Keeps a text that cannot be parsed as it is. Default false: the answer is invalid, unless the outcome table finds a failure code
   * elsewhere in the body.
   */
  readonly optional?: boolean | undefined;
}

/** X-Road (NDXP) between the gateway and the source: HTTP headers for REST protocols, header elements for SOAP. */
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

/** Mutual TLS and the source's own certificate authority. PEM texts, read again at each new socket. */
export interface Tls {
  /** Our certificate, with its chain. */
  readonly cert?: Secret | undefined;
  readonly key?: Secret | undefined;
  readonly passphrase?: Secret | undefined;
  /** Authority that signed the source's certificate. Default: the system's authorities. */
  readonly ca?: Secret | undefined;
  /** Name in the source's certificate, if it differs from the host name. */
  readonly serverName?: string | undefined;
}

export interface Limits {
  /** Bytes of an answer's body, both as sent and decompressed. Default 1 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Bytes of an answer's status line and headers. Default 16 KiB. */
  readonly maxHeaderBytes?: number | undefined;
  /** Nested objects, lists or elements of an answer. Default 64. */
  readonly maxDepth?: number | undefined;
  /** Concurrent calls per origin: sockets over HTTP/1.1, streams over HTTP/2. Default 64; docs/performance.md shows what more would cost. */
  readonly connections?: number | undefined;
}

/** Everything that a manifest determines about a source, parsed, with secrets by reference. */
export interface UpstreamSpec {
  readonly protocol: Protocol;
  /**
   * Hosts that may be called: `host` (any port) or `host:port`, including the base URL's. A name may resolve to an internal address
   * only when that address, or a range that contains it (`10.20.0.0/16`), is listed as well.
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
  /** Applied in order: a later entry may read inside the value that an earlier one produced. */
  readonly unwrap?: readonly Unwrap[] | undefined;
  readonly xroad?: XRoad | undefined;
  readonly tls?: Tls | undefined;
  readonly limits?: Limits | undefined;
  /** Allows the source to compress its answers (gzip, br, zstd). Default true. */
  readonly compression?: boolean | undefined;
  /**
   * Offers HTTP/2 to the source over TLS. Default false: HTTP/2 costs slightly more CPU per call, a lost session fails all its calls,
   * and answers with more than 64 KiB of headers are refused whatever `maxHeaderBytes` is.
   */
  readonly http2?: boolean | undefined;
  /** Default: probing this source is an error. */
  readonly probe?: ProbeTarget | undefined;
}

/** How to check that a source can be reached. */
export interface ProbeTarget {
  readonly origin: string;
  /** Path and query of a health endpoint that spends no quota. Without it, a socket is opened and nothing is sent. */
  readonly path?: string | undefined;
  /** Statuses that mean the source is reachable. Default: 2xx. */
  readonly statuses?: readonly number[] | undefined;
  /** Sends credentials, in header or query. Default false. */
  readonly credentials?: boolean | undefined;
}

export interface Probed {
  readonly kind: 'SOCKET' | 'REQUEST';
}

export interface Expiry {
  /** Our certificate · the source's, as last presented · credentials with an agreed last day · the current token. */
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

/** The connections of a source, including those to its token endpoint. */
export interface UpstreamStats {
  /** Calls in flight: one socket each over HTTP/1.1, one stream each over HTTP/2. */
  readonly running: number;
  /** Calls waiting for a connection. */
  readonly waiting: number;
  /** Open sockets without a call. */
  readonly idle: number;
  /** Sockets that are open or will be opened by the next call. */
  readonly clients: number;
}

/** One source. Created once per registered connector; cheap per call. */
export interface Upstream {
  /**
   * Makes one attempt: credentials, sign, encode, send, decode, judge. When the source rejects the credentials (401, or by the outcome
   * table) and they can be renewed, the request is sent once more.
   * @param signal the deadline of this attempt; its reason is thrown unchanged when it is a `GatewayError`.
   * @param idempotent may it reach the source twice? Default: a GET. Then a kept socket that the source closed meanwhile fails no call.
   * @throws GatewayError UPSTREAM_UNREACHABLE, UPSTREAM_FAULT, UPSTREAM_THROTTLED, UPSTREAM_UNAUTHORIZED, UPSTREAM_REFUSED,
   * UPSTREAM_INVALID, UPSTREAM_TOO_LARGE, BAD_USER_INPUT (a value that cannot be signed or sent), CANCELLED.
   */
  attempt(request: UpstreamRequest, signal: AbortSignal, idempotent?: boolean): Promise<UpstreamAnswer>;
  /**
   * Checks that the source can be reached: by a new socket with the same checks as for a call, or by the manifest's health endpoint.
   * Spends no quota. With TLS 1.3 a source verifies our certificate after the handshake, so only a REQUEST shows whether it accepts it.
   * @throws GatewayError as `attempt`
   */
  probe(signal: AbortSignal): Promise<Probed>;
  /** At most one expiry per kind: the earliest. Parses certificates, so it does not belong on the path of a call. */
  expiries(): readonly Expiry[];
  /** Destroys all sockets; attempts in flight fail with CANCELLED. */
  close(): Promise<void>;
  stats(): UpstreamStats;
}
