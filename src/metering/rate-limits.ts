// Limits the cost of what a caller asks for in a minute: per actor, per client application, and per address for callers without
// accepted credentials. Never waits for the store: other gateways are counted a moment later. Buckets and the store have digests as
// keys, which name no person.

import type { Sender } from '../request/address.ts';
import type { RequestContext } from '../request/context.ts';
import { type Buckets, createBuckets, WINDOW_MS } from './buckets.ts';
import type { SharedUsage } from './shared-usage.ts';

/** Units of a minute; null: no limit. */
export interface RateLimitQuotas {
  readonly rateLimitActor: number | null;
  readonly rateLimitClient: number | null;
  readonly rateLimitAddress: number | null;
}

export interface Admission {
  /** Milliseconds after which the caller may try again; undefined: admitted. */
  readonly retryAfterMs: number | undefined;
  /** RateLimit fields of the answer, by draft-ietf-httpapi-ratelimit-headers-10. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Gives back what a request did not cost in the end. */
  readonly refund: (units: number) => void;
}

export interface RateLimits {
  readonly admit: (context: RequestContext, units: number) => Admission;
  /** Charges the address from which credentials came that were refused. */
  readonly chargeRefusal: (sender: Sender) => Admission;
  readonly close: () => void;
}

export interface RateLimitsOptions {
  readonly quotas: RateLimitQuotas;
  /** The keyed digest of a text; the same on every gateway of a store. */
  readonly digest: (text: string) => string;
  /** The address of a caller without accepted credentials. */
  readonly addressOf: (sender: Sender) => string;
  readonly shared?: SharedUsage | undefined;
  readonly tick?: (() => number) | undefined;
}

type LimitName = 'actor' | 'client' | 'address';

interface Limit {
  readonly name: LimitName;
  readonly buckets: Buckets;
}

/** A limit and the bucket of one caller. */
interface Applied extends Limit {
  readonly key: string;
}

export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { quotas, digest, addressOf, shared, tick } = options;
  const limitOf = (name: LimitName, quota: number | null): Limit | undefined =>
    quota === null ? undefined : { name, buckets: createBuckets(quota, tick) };
  const limits = {
    actor: limitOf('actor', quotas.rateLimitActor),
    client: limitOf('client', quotas.rateLimitClient),
    address: limitOf('address', quotas.rateLimitAddress),
  };
  shared?.onOthers((key, units) => {
    limits[key.slice(0, key.indexOf(' ')) as LimitName]?.buckets.adjust(key, -units);
  });
  /** A digest costs some microseconds, and most requests are those of a caller who was here a moment ago. */
  const digests = new Map<string, string>();
  const keyFor = (name: LimitName, text: string): string => {
    const plain = `${name} ${text}`;
    let key = digests.get(plain);
    if (key === undefined) {
      if (digests.size >= MAX_DIGESTS) digests.clear();
      key = `${name} ${digest(plain)}`;
      digests.set(plain, key);
    }
    return key;
  };
  const apply = (limit: Limit | undefined, text: string | null): Applied[] =>
    limit === undefined || text === null ? [] : [{ ...limit, key: keyFor(limit.name, text) }];

  const charge = (applied: readonly Applied[], units: number): Admission => {
    let refused: { readonly limit: Applied; readonly waitMs: number } | undefined;
    for (const limit of applied) {
      const waitMs = limit.buckets.waitMs(limit.key);
      if (waitMs > (refused?.waitMs ?? 0)) refused = { limit, waitMs };
    }
    if (refused !== undefined) {
      const { limit, waitMs } = refused;
      return { retryAfterMs: waitMs, headers: headersOf(limit, 0, waitMs), refund: () => {} };
    }
    let tightest: { readonly limit: Applied; readonly left: number; readonly resetMs: number } | undefined;
    for (const limit of applied) {
      const { left, resetMs } = limit.buckets.take(limit.key, units);
      shared?.add(limit.key, units);
      if (tightest === undefined || left / limit.buckets.quota < tightest.left / tightest.limit.buckets.quota)
        tightest = { limit, left, resetMs };
    }
    if (tightest === undefined) return UNLIMITED;
    return {
      retryAfterMs: undefined,
      headers: headersOf(tightest.limit, tightest.left, tightest.resetMs),
      refund: (unused) => {
        for (const { buckets, key } of applied) {
          buckets.adjust(key, unused);
          shared?.add(key, -unused);
        }
      },
    };
  };

  return {
    admit: ({ identity, caller, peer, clientHeaders: headers = {} }, units) => {
      // Operators act while others are the problem.
      if (identity.roles.has('operator')) return UNLIMITED;
      const isAnonymous = identity.actor.kind === 'anonymous';
      return charge(
        [
          ...apply(limits.actor, isAnonymous ? null : caller.key),
          ...apply(limits.client, identity.client.id),
          ...apply(limits.address, isAnonymous ? addressOf({ headers, peer }) : null),
        ],
        units,
      );
    },
    chargeRefusal: (sender) => charge(apply(limits.address, addressOf(sender)), REFUSAL_UNITS),
    close: () => shared?.close(),
  };
}

/** Units of refused credentials: those of a call, since an issuer may have been asked. */
const REFUSAL_UNITS = 20;

const MAX_DIGESTS = 10_000;

const UNLIMITED: Admission = { retryAfterMs: undefined, headers: [], refund: () => {} };

const headersOf = ({ name, buckets }: Limit, left: number, resetMs: number): Admission['headers'] => [
  ['ratelimit-policy', `"${name}";q=${buckets.quota};w=${WINDOW_MS / 1000}`],
  ['ratelimit', `"${name}";r=${left};t=${Math.ceil(resetMs / 1000)}`],
];
