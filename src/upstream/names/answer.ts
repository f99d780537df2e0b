// What looking up a name results in.

export interface Address {
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

/** Addresses and how long they may be used, ms. No addresses: the name certainly has none. */
export interface NameAnswer {
  readonly addresses: readonly Address[];
  readonly lifeMs: number;
}

/**
 * Looks up a name in lower case, without a final dot. Rejects when no answer came; stops for good when the signal aborts.
 */
export type FindAddresses = (name: string, signal: AbortSignal) => Promise<NameAnswer>;
