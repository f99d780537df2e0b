// What a kind of credentials gives to an attempt. Each kind implements it; `upstream.ts` asks it.
import type { Transport } from '../transport.ts';

/** What proves who we are, and where it goes. */
export interface Proof {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Added to the query. Never logged: a URL of such a source is a secret. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Added to the top level of the body, before signing. */
  readonly body?: Readonly<Record<string, string>> | undefined;
}

export interface CredentialSource {
  /** At once, or a promise where a token has to be fetched first. `signal` stops the waiting of this caller only. */
  prove(target: { origin: string; path: string }, signal: AbortSignal): Proof | Promise<Proof>;
  /** The answer to this proof was not "unauthorized". Only where that makes a difference. */
  accepted?(sent: Proof): void;
  /** After "unauthorized" for this proof: forget it; true when asking again gives another. */
  renew(sent: Proof): boolean;
  /** Epoch ms when the token in hand ends; `undefined`: there is none, or it does not say. */
  expiresAt?(): number | undefined;
  close(): void;
}

export interface CredentialDeps {
  readonly transport: Transport;
  readonly now: () => number;
  /** The protocol is SOAP and sends its own `SOAPAction`. */
  readonly speaksSoap?: boolean;
}
