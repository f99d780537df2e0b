// How long the good answers of an operation take, as a quantile of the recent ones: counts in buckets that grow by a fifth, halved now
// and then so that old answers fade. A record costs a logarithm; the memory is fixed. Recorded where hedging is on.

export interface LatencyQuantile {
  record(ms: number): void;
  /** Not less than the quantile, and at most a fifth more; `undefined` before there are `minimumCalls`. */
  valueMs(): number | undefined;
}

/** 2^(i/4) ms is the upper end of bucket i: the last ends at 3 hours, longer than any attempt. */
const BUCKETS = 96;
const PER_DOUBLING = 4;

/** The weight of an answer halves with so many new ones: a source that becomes slow is believed within a few hundred calls. */
const HALF_LIFE = 500;

export function createLatencyQuantile(quantile: number, minimumCalls: number): LatencyQuantile {
  const counts = new Float64Array(BUCKETS);
  let total = 0;
  let sinceHalved = 0;
  let seen = 0;
  /** Of the moment; computed when asked after a record. */
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
