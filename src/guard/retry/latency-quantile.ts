// A quantile of the recent successful latencies of an operation: counts in exponential buckets, halved from time to time so that
// old answers lose weight. The memory is fixed, and a record costs a logarithm.

export interface LatencyQuantile {
  record(ms: number): void;
  /** The quantile, rounded up by at most a fifth; `undefined` before `minimumCalls` records. */
  valueMs(): number | undefined;
}

/** Bucket i ends at 2^(i/4) ms; the last ends at 3 hours, longer than any attempt. */
const BUCKETS = 96;
const PER_DOUBLING = 4;

/** Records after which the weight of an answer is halved: the quantile follows a slower source within a few hundred calls. */
const HALF_LIFE = 500;

export function createLatencyQuantile(quantile: number, minimumCalls: number): LatencyQuantile {
  const counts = new Float64Array(BUCKETS);
  let total = 0;
  let sinceHalved = 0;
  let seen = 0;
  /** Computed on demand, until the next record. */
  let known: number | undefined;

  const find = (): number => {
    let left = total * quantile;
    for (let i = 0; i < BUCKETS; i++) {
      left -= counts[i] as number;
      if (left <= 0) return Math.ceil(2 ** (i / PER_DOUBLING));
    }
    return Math.ceil(2 ** ((BUCKETS - 1) / PER_DOUBLING));
  };

  return {
    record: (ms) => {
      const bucket = ms <= 1 ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms) * PER_DOUBLING));
      counts[bucket] = (counts[bucket] as number) + 1;
      total++;
      if (seen < minimumCalls) seen++;
      known = undefined;
      if (++sinceHalved < HALF_LIFE) return;
      sinceHalved = 0;
      total = 0;
      for (let i = 0; i < BUCKETS; i++) total += counts[i] = (counts[i] as number) / 2;
    },
    valueMs: () => {
      if (seen < minimumCalls) return undefined;
      known ??= find();
      return known;
    },
  };
}
