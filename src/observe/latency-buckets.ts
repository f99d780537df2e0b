// Latencies as counts in logarithmic buckets: percentiles within 5 %, without an allocation per observation.
// `/metrics` has fixed bounds of its own.

/** Buckets per doubling: the bounds of a bucket are 9 % apart, so its middle is within 5 % of each value in it. */
const PER_DOUBLING = 8;
/** 1/16 ms: no call over a socket is faster. */
const LOWEST_MS = 0.0625;
/** Up to 131 s, longer than any deadline. */
const DOUBLINGS = 21;

export const LATENCY_BUCKETS = PER_DOUBLING * DOUBLINGS;

/** The bucket of a duration, 0 to `LATENCY_BUCKETS` - 1. */
export function bucketOf(ms: number): number {
  if (ms <= LOWEST_MS) return 0;
  const bucket = Math.floor(Math.log2(ms / LOWEST_MS) * PER_DOUBLING);
  return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

/** The middle of a bucket, ms. */
const middleOf = (bucket: number): number => LOWEST_MS * 2 ** ((bucket + 0.5) / PER_DOUBLING);

/**
 * The value that a share of the observations does not exceed, ms, within 5 %; `null` without any.
 * @param share 0 < share ≤ 1, e.g. 0.95
 */
export function percentileOf(counts: ArrayLike<number>, total: number, share: number): number | null {
  if (total === 0) return null;
  let left = Math.ceil(total * share);
  for (let bucket = 0; bucket < counts.length; bucket++) {
    left -= counts[bucket] as number;
    if (left <= 0) return middleOf(bucket);
  }
  return middleOf(counts.length - 1);
}
