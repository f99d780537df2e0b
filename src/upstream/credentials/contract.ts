// What a kind of credentials provides to an attempt.
import type { TokenRequest } from './token-request.ts';

/** What proves who the gateway is, and where it goes. */
export interface Proof {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Added to the query. Never logged: a URL of such a source is a secret. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Added to the top level of the body, before signing. */
  readonly body?: Readonly<Record<string, string>> | undefined;
}

export interface CredentialSource {
  /** A promise when a token has to be fetched first. `signal` ends the waiting of this caller only. */
  prove(target: { origin: string; path: string }, signal: AbortSignal): Proof | Promise<Proof>;
  /** The source did not answer "unauthorized" to this proof. Only for kinds that keep a token. */
  accepted?(sent: Proof): void;
  /** Forgets a proof that the source answered with "unauthorized". @returns whether another attempt would have another proof */
  renew(sent: Proof): boolean;
  /** When the current token expires, epoch ms; `undefined` without a token, or when its life is not known. */
  expiresAt?(): number | undefined;
  close(): void;
}

export interface CredentialDeps {
  /** Base URL of the source. */
  readonly baseUrl: string;
  /** Sends a request to a token endpoint over the source's own transport. @returns the decoded JSON answer */
  readonly requestToken: (request: TokenRequest, signal: AbortSignal) => Promise<unknown>;
  /** Epoch ms. */
  readonly now: () => number;
  /** The protocol is SOAP and sends its own `SOAPAction`. */
  readonly usesSoap: boolean;
}

/** The credentials that a manifest declares, ready to be opened. */
export interface Credentials {
  /** When keys and passwords stop being agreed, epoch ms. For operators: nothing is refused because of it. */
  readonly validUntil?: number | undefined;
  /** Opens them for a source. */
  readonly open: (deps: Omit<CredentialDeps, 'baseUrl'>) => CredentialSource;
}
