// A histogram for the hot path: an observation costs an array write. prom-client's histogram hashes the labels each time.

import type { Metric, Registry } from 'prom-client';

export interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Label names. Their values must come from bounded sets. */
  readonly labels: readonly string[];
  /** Upper bounds, ascending, in the unit of the name. */
  readonly buckets: readonly number[];
  /** Most label sets; further sets are counted together as `other`. Default: 1,000. */
  readonly maxSeries?: number;
}

export interface Series {
  observe(value: number): void;
}

export interface Histogram {
  /** The series of these label values. Callers with constant values keep it. */
  series(...values: string[]): Series;
}

type Branch = Map<string, Branch | Series>;

interface Counted {
  readonly labels: Record<string, string>;
  /** A count per bucket; the last counts the values above all bounds. */
  readonly counts: Float64Array;
  sum: number;
}

/** Creates a histogram and registers it. */
export function createHistogram(registry: Registry, options: HistogramOptions): Histogram {
  const { name, help, labels, buckets } = options;
  const maxSeries = options.maxSeries ?? 1000;
  const all: Counted[] = [];
  const root: Branch = new Map();

  const addSeries = (values: readonly string[]): Series => {
    const counted: Counted = {
      labels: Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])),
      counts: new Float64Array(buckets.length + 1),
      sum: 0,
    };
    all.push(counted);
    const { counts } = counted;
    return {
      observe: (value) => {
        let bucket = 0;
        while (bucket < buckets.length && value > (buckets[bucket] as number)) bucket++;
        counts[bucket] = (counts[bucket] as number) + 1;
        counted.sum += value;
      },
    };
  };
  const otherSeries = addSeries(labels.map(() => 'other'));

  const series = (...values: string[]): Series => {
    let branch = root;
    for (let depth = 0; depth < labels.length - 1; depth++) {
      let next = branch.get(values[depth] as string);
      if (next === undefined) {
        if (all.length > maxSeries) return otherSeries;
        next = new Map();
        branch.set(values[depth] as string, next);
      }
      branch = next as Branch;
    }
    const last = values[labels.length - 1] as string;
    let found = branch.get(last);
    if (found === undefined) {
      if (all.length > maxSeries) return otherSeries;
      found = addSeries(values);
      branch.set(last, found);
    }
    return found as Series;
  };

  const read = () => ({
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: all.flatMap((counted) => readSeries(name, buckets, counted)),
  });
  // The registry uses only `name`, `get` and `reset`.
  const metric = { name, get: async () => read(), reset: () => reset(all) };
  registry.registerMetric(metric as unknown as Metric<string>);
  return { series };
}

function reset(all: readonly Counted[]): void {
  for (const counted of all) {
    counted.counts.fill(0);
    counted.sum = 0;
  }
}

function readSeries(name: string, buckets: readonly number[], { labels, counts, sum }: Counted) {
  let total = 0;
  const values = [];
  for (let index = 0; index < counts.length; index++) {
    total += counts[index] as number;
    const le = buckets[index] === undefined ? '+Inf' : String(buckets[index]);
    values.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: total });
  }
  if (total === 0) return [];
  values.push({ metricName: `${name}_sum`, labels, value: sum });
  values.push({ metricName: `${name}_count`, labels, value: total });
  return values;
}
