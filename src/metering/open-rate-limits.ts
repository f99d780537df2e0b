// The rate limits of one gateway: shared with the others where the store is one that they share.

import type { Log } from '../observe/log.ts';
import { createAddressOf } from '../request/address.ts';
import type { Store } from '../store/database.ts';
import {
  createRateLimits,
  type RateLimitQuotas,
  type RateLimits,
  type RateLimitsOptions,
} from './rate-limits.ts';
import { createSharedUsage } from './shared-usage.ts';

export interface RateLimitParts extends Pick<RateLimitsOptions, 'digest'> {
  readonly access: { readonly trustedProxies: readonly string[] };
  readonly quotas: RateLimitQuotas;
  readonly store: Pick<Store, 'run' | 'kind'>;
  readonly log: Log;
}

/** Undefined where nothing is limited. */
export function openRateLimits({
  quotas,
  digest,
  access,
  store,
  log,
}: RateLimitParts): RateLimits | undefined {
  const { rateLimitActor, rateLimitClient, rateLimitAddress } = quotas;
  if (rateLimitActor === null && rateLimitClient === null && rateLimitAddress === null) return undefined;
  const shared = store.kind === 'postgres' ? createSharedUsage({ store, log }) : undefined;
  return createRateLimits({
    quotas,
    digest,
    addressOf: createAddressOf(access.trustedProxies),
    shared,
  });
}
