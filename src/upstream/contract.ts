// The shapes of one attempt against one source: request, answer, and what a manifest determines about formats, outcome and limits.
// Values only: defaults, ranges and their descriptions are the manifest's. Independent of guards, GraphQL and mappings.

import type { Secret } from './secret.ts';

export type { Secret } from './secret.ts';

/** What proves an attempt: digests (SHA-256, base64url), ids and times (epoch ms). */
export interface Evidence {
  messageId?: string | undefined;
  sent?: string | undefined;
  received?: string | undefined;
  sentAt?: number | undefined;
  receivedAt?: number | undefined;
}

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
  /** Filled by each attempt, where the call is recorded: connect's `CallEvidence`. */
  readonly evidence?: Evidence | undefined;
  /** An earlier answer to the same request: if the source still holds it, a 304 renews it (`conditional.ts`). */
  readonly known?: KnownAnswer | undefined;
  /** The connector's own success condition. Default: a status of 2xx. */
  readonly isSuccess?: ((answer: UpstreamAnswer) => boolean) | undefined;
  /** Builds the connector's declared public error of an unsuccessful answer. */
  readonly describeError?:
    | ((answer: UpstreamAnswer) => { message?: string; extensions?: Record<string, unknown> })
    | undefined;
}

/** An earlier answer, whose age does not matter. */
export type KnownAnswer = Pick<UpstreamAnswer, 'status' | 'headers' | 'body' | 'notFound'>;

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
  readonly evidence?: Readonly<Evidence> | undefined;
}

export type Protocol = 'json' | 'form' | 'xml' | 'soap11' | 'soap12' | 'text' | 'csv' | 'fixed-width';

export type Verdict = 'success' | 'notFound' | 'refused' | 'throttled' | 'unauthorized' | 'fault' | 'invalid';

/** How a source reports its outcome in the body. Values are compared as text: `0` equals `"0"` and differs from `"00"`. */
export interface Outcome {
  /** Dotted path of the code in the decoded body, e.g. `response.error_code`. */
  readonly at: string;
  readonly success: readonly (string | number | boolean)[];
  readonly notFound: readonly (string | number | boolean)[];
  readonly refused: readonly (string | number | boolean)[];
  readonly throttled: readonly (string | number | boolean)[];
  readonly unauthorized: readonly (string | number | boolean)[];
  /** A text that a success must also contain, ignoring case; without it the verdict is `otherwise` (or fault). */
  readonly successText?: { readonly at: string; readonly contains: string } | undefined;
  /** Verdict on a code in no list. */
  readonly otherwise: Verdict;
  /** Verdict when there is no code at that path, or null. */
  readonly missing: Verdict;
  /** HTTP statuses judged before anything else, e.g. `{ 404: 'notFound' }`. */
  readonly statuses: Readonly<Record<number, Verdict>>;
}

/** Reads references, and headers of the request by their lower-case names; `undefined` without a value. */
export type SoapText = (headers: Readonly<Record<string, string>>) => string | undefined;

export type SoapHeaderNode = SoapText | readonly SoapHeaderNode[] | SoapHeaderTree;

/** Keys are element names, `@attribute` or `#text`. */
export interface SoapHeaderTree {
  readonly [name: string]: SoapHeaderNode;
}

export interface Soap {
  /** Namespace of the operation element and all elements in it. */
  readonly namespace: string;
  /** SOAP 1.1: `SOAPAction`, sent in quotes; SOAP 1.2: `action` of the content type, unless empty. */
  readonly action: string;
  /** Media type of requests. */
  readonly contentType: string;
  /** Element that wraps the value of the body. Without it, the keys of the value are the elements of Body. */
  readonly operation?: string | undefined;
  /** Element and action by name of the connect operation, for sources with several. */
  readonly operations: Readonly<
    Record<string, { readonly element?: string | undefined; readonly action?: string | undefined }>
  >;
  /** Namespaces by prefix, for names in `headers`. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** Elements of the SOAP Header; a name without a prefix is in `namespace`. */
  readonly headers: SoapHeaderTree;
  /** Lower-case names of the HTTP headers that these elements read; they are not sent. */
  readonly consumedHeaders: ReadonlySet<string>;
  /** Local names of elements that are always lists. */
  readonly lists: readonly string[];
  /** Local names that elements of Body may have; any other makes the answer invalid. Unset: any name. */
  readonly responseRoots?: readonly string[] | undefined;
}

/** Answers of `json` and `form` sources. */
export interface Json {
  /** Media types that are read as JSON besides `application/json`, `text/json` and `*+json`, e.g. `application/javascript`. */
  readonly mediaTypes: readonly string[];
}

/** Tables as CSV (RFC 4180). */
export interface Csv {
  /** One character. */
  readonly delimiter: string;
  /** One character. */
  readonly quote: string;
  /** Whether the first row has the names of the columns. */
  readonly header: boolean;
  /** Names of the columns, in their order; with a header, the names that it must have. */
  readonly columns?: readonly string[] | undefined;
  /** Of answers that name none. Unset: UTF-8. */
  readonly charset?: string | undefined;
}

/** Tables as lines whose columns have a width in characters. */
export interface FixedWidth {
  readonly columns: readonly { readonly name: string; readonly length: number }[];
  /** Of answers that name none. Unset: UTF-8. */
  readonly charset?: string | undefined;
}

/** Plain XML documents. */
export interface Xml {
  /** Namespace of the elements in requests. Unset: none. */
  readonly namespace?: string | undefined;
  /** Media type of requests. */
  readonly contentType: string;
  /** Local names of elements that are always lists. */
  readonly lists: readonly string[];
  /** Local names that the root may have; any other makes the answer invalid. Unset: any name. */
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
  readonly lists: readonly string[];
  /** XML: local names that the root may have. Unset: any name except `html`. */
  readonly responseRoots?: readonly string[] | undefined;
  /**
   * Keeps a text that cannot be parsed as it is. If false, the answer is invalid, unless the outcome table finds a failure code
   * elsewhere in the body.
   */
  readonly optional: boolean;
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
  /** Country of the officers' ids. */
  readonly userIdPrefix: string;
}

/** Mutual TLS and the source's own certificate authority. PEM texts, read again at each new socket. */
export interface Tls {
  /** Our certificate, with its chain. */
  readonly cert?: Secret | undefined;
  readonly key?: Secret | undefined;
  readonly passphrase?: Secret | undefined;
  /** Authority that signed the source's certificate. Unset: the system's authorities. */
  readonly ca?: Secret | undefined;
  /** Name in the source's certificate, if it differs from the host name. */
  readonly serverName?: string | undefined;
}

export interface Limits {
  /** Bytes of an answer's body, both as sent and decompressed. */
  readonly maxResponseBytes: number;
  /** Bytes of an answer's status line and headers. */
  readonly maxHeaderBytes: number;
  /** Nested objects, lists or elements of an answer. */
  readonly maxDepth: number;
  /** Concurrent calls per origin: sockets over HTTP/1.1, streams over HTTP/2. docs/performance.md shows what more would cost. */
  readonly connections: number;
}

/** How requests are encoded and answers decoded. */
export interface FormatSpec {
  readonly protocol: Protocol;
  /** Required when `protocol` is `soap11` or `soap12`. */
  readonly soap?: Soap | undefined;
  readonly xml: Xml;
  readonly json: Json;
  readonly csv: Csv;
  /** Required when `protocol` is `fixed-width`. */
  readonly fixedWidth?: FixedWidth | undefined;
  /** Applied in order: a later entry may read inside the value that an earlier one produced. */
  readonly unwrap: readonly Unwrap[];
  readonly xroad?: XRoad | undefined;
  readonly limits: Pick<Limits, 'maxDepth'>;
}

/** How to check that a source can be reached. */
export interface ProbeTarget {
  readonly origin: string;
  /** Path and query of a health endpoint that spends no quota. Without it, a socket is opened and nothing is sent. */
  readonly path?: string | undefined;
  /** Statuses that mean the source is reachable. Unset: 2xx. */
  readonly statuses?: readonly number[] | undefined;
  /** Sends credentials, in header or query. */
  readonly credentials: boolean;
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
