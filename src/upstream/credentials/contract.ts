// What a kind of credentials gives to an attempt. Each kind implements it; `upstream.ts` asks it.
import type { Transport } from '../transport.ts';

export type CredentialHeaders = Readonly<Record<string, string>>;

export interface CredentialSource {
  /** Headers at once, or a promise where a token has to be fetched first. `signal` stops the waiting of this caller only. */
  headers(
    target: { origin: string; path: string },
    signal: AbortSignal,
  ): CredentialHeaders | Promise<CredentialHeaders>;
  /** After a 401 for these headers: forget them; true when asking again gives others. */
  renew(sent: CredentialHeaders): boolean;
  close(): void;
}

export interface CredentialDeps {
  readonly transport: Transport;
  readonly now: () => number;
}
