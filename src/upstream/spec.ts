// Everything that a manifest determines about a source, and the source that is created from it.
import type { LookupFunction } from 'node:net';
import type {
  Expiry,
  FormatSpec,
  Limits,
  Outcome,
  Probed,
  ProbeTarget,
  Tls,
  UpstreamAnswer,
  UpstreamRequest,
} from './contract.ts';
import type { Credentials } from './credentials/contract.ts';
import type { NameOptions } from './names/names.ts';
import type { CertificateChange } from './own-certificate.ts';
import type { MessageSignature } from './signing/http-message.ts';
import type { RequestSigner } from './signing/request-signer.ts';
import type { Signer } from './signing/signer.ts';
import type { WsSecuritySettings } from './ws-security/keys.ts';

/** Parsed values, with secrets by reference. */
export interface UpstreamSpec extends FormatSpec {
  /**
   * Hosts that may be called: `host` (any port) or `host:port`, including the base URL's. A name may resolve to an internal address
   * only when that address, or a range that contains it (`10.20.0.0/16`), is listed as well.
   */
  readonly hosts: readonly string[];
  readonly credentials: Credentials;
  /** Signs values before encoding. */
  readonly signer?: Signer | undefined;
  /** Signs parts of the request as it is sent. */
  readonly requestSigner?: RequestSigner | undefined;
  readonly messageSignature?: MessageSignature | undefined;
  /** WS-Security, of SOAP sources. */
  readonly wsSecurity?: WsSecuritySettings | undefined;
  readonly outcome?: Outcome | undefined;
  readonly tls?: Tls | undefined;
  readonly limits: Limits;
  /** Age after which a kept connection receives no more requests, ms. */
  readonly connectionMaxAgeMs: number;
  /** Allows the source to compress its answers (gzip, br, zstd). */
  readonly compression: boolean;
  /**
   * Offers HTTP/2 to the source over TLS. HTTP/2 costs slightly more CPU per call, a lost session fails all its calls, and answers
   * with more than 64 KiB of headers are refused whatever `maxHeaderBytes` is.
   */
  readonly http2: boolean;
  readonly probe: ProbeTarget;
}

export interface UpstreamDeps {
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Monotonic milliseconds, for the life of addresses and sockets. Default: `now` if given, else `performance.now`. */
  readonly tick?: () => number;
  /** Total time in which the event loop of this process stood still, ms. Default: none. */
  readonly stalledMs?: (() => number) | undefined;
  /** Where names are looked up. Default: the system's hosts file and name servers. */
  readonly names?: Pick<NameOptions, 'servers' | 'configuration' | 'hostsFile'>;
  /** A renewal of our certificate was rejected, and the last usable one stays in force; or it was accepted after that. */
  readonly onCertificate?: (change: CertificateChange) => void;
  /** Replaces hosts file and name servers. Its answers are used once. */
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
   * @param idempotent may it reach the source twice? Then a kept socket that the source closed meanwhile fails no call. Whether a POST
   * is a look-up is known to the caller only. Default: `true` for GET only.
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
  /**
   * This machine's clock minus the source's, ms, by the Date header of the last answer that refused or failed; within a second and
   * the time of the answer. `undefined` without such an answer.
   */
  clockSkewMs(): number | undefined;
  /** TLS code by which the last handshake refused the certificate of the source; `undefined` after one that succeeded. */
  certificateError(): string | undefined;
  /** At most one expiry per kind: the earliest. Parses certificates, so it does not belong on the path of a call. */
  expiries(): readonly Expiry[];
  /** Destroys all sockets; attempts in flight fail with CANCELLED. */
  close(): Promise<void>;
  stats(): UpstreamStats;
}
