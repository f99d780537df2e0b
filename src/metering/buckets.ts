// Token buckets in units of cost: each holds the quota of a minute and fills evenly. A request may take more than is left, once, so
// that a costly one is not refused for ever; the next ones wait until the bucket has filled.

import { LRUCache } from 'lru-cache';

export interface BucketState {
  /** Units left, 0 or more. */
  readonly left: number;
  /** Milliseconds until the bucket is full. */
  readonly resetMs: number;
}

export interface Buckets {
  readonly quota: number;
  /** Milliseconds to wait until a request is admitted; 0: now. */
  readonly waitMs: (key: string) => number;
  readonly take: (key: string, units: number) => BucketState;
  /** Gives units back, or takes those that other gateways admitted, where they are negative. */
  readonly adjust: (key: string, units: number) => void;
}

interface Bucket {
  tokens: number;
  /** Monotonic ms. */
  at: number;
}

/** Time in which an empty bucket fills, ms. */
export const WINDOW_MS = 60_000;

/** Callers that are remembered: about 200 bytes each. The one that has been quiet for longest is forgotten, and begins anew. */
const MAX_KEYS = 50_000;

/** @param quota units of a minute */
export function createBuckets(quota: number, tick: () => number = () => performance.now()): Buckets {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_KEYS });
  const perMs = quota / WINDOW_MS;

  const filled = (key: string): Bucket => {
    const now = tick();
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = { tokens: quota, at: now };
      buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(quota, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    return bucket;
  };

  return {
    quota,
    waitMs: (key) => {
      const { tokens } = filled(key);
      return tokens > 0 ? 0 : Math.ceil((1 - tokens) / perMs);
    },
    take: (key, units) => {
      const bucket = filled(key);
      // A debt of a minute at most: nobody waits longer for one request.
      bucket.tokens = Math.max(-quota, bucket.tokens - units);
      return {
        left: Math.max(0, Math.floor(bucket.tokens)),
        resetMs: Math.ceil((quota - bucket.tokens) / perMs),
      };
    },
    adjust: (key, units) => {
      const bucket = filled(key);
      bucket.tokens = Math.max(-quota, Math.min(quota, bucket.tokens + units));
    },
  };
}
