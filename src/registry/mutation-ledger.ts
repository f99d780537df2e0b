// What is recorded of mutations that carry an idempotency key, shared by all gateways on one store. `replicas/` implements it.

import type { ErrorCode } from '../errors.ts';

/** What is known of a mutation. `input` is the digest of what it was asked with, `owner` who made the claim. */
export type KnownMutation =
  /** It is under way elsewhere; its owner renews the claim. */
  | { readonly state: 'CLAIMED'; readonly input: string; readonly owner: string }
  | { readonly state: 'ANSWERED'; readonly input: string; readonly owner: string; readonly answer: string }
  /** It failed, and may be made again with the same input. */
  | { readonly state: 'FREE'; readonly input: string; readonly owner: string; readonly failure: ErrorCode }
  /** It may have been made: its owner ended before the answer, or cannot tell. */
  | { readonly state: 'UNKNOWN'; readonly input: string; readonly owner: string };

export type MutationOutcome =
  | { readonly state: 'ANSWERED'; readonly answer: string }
  | { readonly state: 'FREE'; readonly failure: ErrorCode }
  | { readonly state: 'UNKNOWN' };

export interface MutationClaim {
  /** Digest of connector, operation, actor and key: neither the key nor the actor is stored. */
  readonly id: string;
  readonly input: string;
  readonly owner: string;
  /** Time for which the record is kept, ms. */
  readonly retentionMs: number;
}

export interface MutationLedger {
  /**
   * Claims a mutation that is unknown, expired, or free with the same input. Exactly one of several claims succeeds.
   * @returns what is known of it, or `undefined` when the claim succeeded
   * @throws GatewayError STORE_UNAVAILABLE; the reason of the signal
   */
  claim(claim: MutationClaim, signal: AbortSignal): Promise<KnownMutation | undefined>;
  /** @throws GatewayError STORE_UNAVAILABLE */
  read(id: string, signal: AbortSignal): Promise<KnownMutation | undefined>;
  /** Call it every `renewEveryMs` while the mutation is under way: a claim that is not renewed becomes UNKNOWN. */
  renew(id: string, owner: string): Promise<void>;
  readonly renewEveryMs: number;
  /** Records the outcome. @throws GatewayError STORE_UNAVAILABLE */
  settle(id: string, owner: string, outcome: MutationOutcome): Promise<void>;
}
