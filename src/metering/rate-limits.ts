// Limits the cost of what a caller asks for in a minute: per actor, per client application, and per address for callers without a
// token. Never waits for the store: other gateways are counted a moment later. Keys are digests; no key names a person.

import type { RequestContext } from '../request/context.ts';
import { networkOf } from './addresses.ts';
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
  readonly close: () => void;
}

export interface RateLimitsOptions {
  readonly quotas: RateLimitQuotas;
  /** The keyed digest of a text; the same on every gateway of a store. */
  readonly digest: (text: string) => string;
  readonly isTrustedProxy: (peer: string) => boolean;
  readonly shared?: SharedUsage | undefined;
  readonly tick?: (() => number) | undefined;
}

type LimitName = 'actor' | 'client' | 'address';

interface Limit {
  readonly name: LimitName;
  readonly buckets: Buckets;
  /** Undefined: the limit does not apply to the caller. */
  readonly keyOf: (context: RequestContext) => string | undefined;
}

export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { quotas, digest, isTrustedProxy, shared, tick } = options;
  const limits: Limit[] = [];
  const add = (name: LimitName, quota: number | null, keyOf: Limit['keyOf']): void => {
    if (quota !== null) limits.push({ name, buckets: createBuckets(quota, tick), keyOf });
  };
  add('actor', quotas.rateLimitActor, ({ identity, caller }) =>
    identity.actor.kind === 'anonymous' ? undefined : caller.key,
  );
  add('client', quotas.rateLimitClient, ({ identity }) => identity.client.id ?? undefined);
  add('address', quotas.rateLimitAddress, ({ identity, peer, clientHeaders }) => {
    if (identity.actor.kind !== 'anonymous') return undefined;
    const forwarded =
      peer !== undefined && isTrustedProxy(peer) ? clientHeaders?.['x-forwarded-for'] : undefined;
    return networkOf(typeof forwarded === 'string' ? lastOf(forwarded) : peer);
  });

  const byName = new Map(limits.map((limit) => [limit.name, limit]));
  shared?.onOthers((key, units) => {
    byName.get(key.slice(0, key.indexOf(' ')) as LimitName)?.buckets.adjust(key, -units);
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

  return {
    admit: (context, units) => {
      // Operators act while others are the problem.
      if (context.identity.roles.has('operator')) return UNLIMITED;
      const applied: { readonly limit: Limit; readonly key: string }[] = [];
      let refused: { readonly limit: Limit; readonly waitMs: number } | undefined;
      for (const limit of limits) {
        const text = limit.keyOf(context);
        if (text === undefined) continue;
        const key = keyFor(limit.name, text);
        const waitMs = limit.buckets.waitMs(key);
        if (waitMs > (refused?.waitMs ?? 0)) refused = { limit, waitMs };
        applied.push({ limit, key });
      }
      if (refused !== undefined) {
        const { limit, waitMs } = refused;
        return { retryAfterMs: waitMs, headers: headersOf(limit, 0, waitMs), refund: () => {} };
      }
      let tightest: { readonly limit: Limit; readonly left: number; readonly resetMs: number } | undefined;
      for (const { limit, key } of applied) {
        const { left, resetMs } = limit.buckets.take(key, units);
        shared?.add(key, units);
        if (
          tightest === undefined ||
          left / limit.buckets.quota < tightest.left / tightest.limit.buckets.quota
        )
          tightest = { limit, left, resetMs };
      }
      if (tightest === undefined) return UNLIMITED;
      return {
        retryAfterMs: undefined,
        headers: headersOf(tightest.limit, tightest.left, tightest.resetMs),
        refund: (unused) => {
          for (const { limit, key } of applied) {
            limit.buckets.adjust(key, unused);
            shared?.add(key, -unused);
          }
        },
      };
    },
    close: () => shared?.close(),
  };
}

const MAX_DIGESTS = 10_000;

const UNLIMITED: Admission = { retryAfterMs: undefined, headers: [], refund: () => {} };

const headersOf = ({ name, buckets }: Limit, left: number, resetMs: number): Admission['headers'] => [
  ['ratelimit-policy', `"${name}";q=${buckets.quota};w=${WINDOW_MS / 1000}`],
  ['ratelimit', `"${name}";r=${left};t=${Math.ceil(resetMs / 1000)}`],
];

/** The proxy adds the address of its own client at the end. */
const lastOf = (forwarded: string): string => forwarded.slice(forwarded.lastIndexOf(',') + 1).trim();
