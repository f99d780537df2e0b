// What the calls of the last minute were like, per connector and operation: outcomes, percentiles, the last success and the
// last failures. Heard on the channels; asked by `registry/` for operators. Bounded: a ring of slices per operation, and the
// operations are those of the manifests.

import { ERRORS } from '../errors.ts';
import type { Channels, UpstreamCallDone } from './channels.ts';
import { bucketOf, LATENCY_BUCKETS, percentileOf } from './latency-buckets.ts';

/** A call that reached the source, or tried to, and failed. */
export interface CallFailure {
  readonly code: string;
  /** Epoch ms. */
  readonly at: number;
  readonly requestId: string;
  readonly durationMs: number;
}

export interface OperationStatistics {
  /** What the counts below cover, ms: the last minute, less after a start. */
  readonly windowMs: number;
  /** Calls that left the gateway. */
  readonly calls: number;
  /** Of all asks, those refused here included: how often each outcome. Most frequent first. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[];
  /** Of the calls that left; `null` without one. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Calls in the window that took so long or longer, within 5 % of the limit. */
  slowerThan(limitMs: number): number;
  /** Epoch ms. */
  readonly lastSuccessAt: number | null;
  /** Epoch ms of the last call that left, whatever came of it. */
  readonly lastCallAt: number | null;
  /** Newest first, at most ten; refusals of our own are counted, and not listed. */
  readonly lastFailures: readonly CallFailure[];
  /** Answers that did not fit their mapping, since the start: the source's format drifts. */
  readonly mappingProblems: {
    readonly count: number;
    readonly last: { readonly problem: string; readonly at: number } | null;
  };
}

export interface CallStatistics {
  /** By operation; empty for a connector that nobody called. */
  of(connector: string): ReadonlyMap<string, OperationStatistics>;
  /** Ends the subscriptions. */
  close(): void;
}

const SLICE_MS = 10_000;
const SLICES = 6;
const KEPT_FAILURES = 10;

interface Slice {
  /** Slices since the epoch. */
  number: number;
  calls: number;
  readonly outcomes: Map<string, number>;
  readonly latencies: Uint32Array;
}

interface Book {
  readonly slices: readonly Slice[];
  readonly failures: CallFailure[];
  lastSuccessAt: number | null;
  lastCallAt: number | null;
  problems: number;
  lastProblem: { readonly problem: string; readonly at: number } | null;
}

/** @param now epoch ms */
export function createCallStatistics(channels: Channels, now: () => number = Date.now): CallStatistics {
  const startedAt = now();
  const books = new Map<string, Map<string, Book>>();

  const bookOf = (connector: string, operation: string): Book => {
    let operations = books.get(connector);
    if (operations === undefined) {
      operations = new Map();
      books.set(connector, operations);
    }
    let book = operations.get(operation);
    if (book === undefined) {
      book = aBook();
      operations.set(operation, book);
    }
    return book;
  };

  const onCall = ({ connector, operation, outcome, durationMs, requestId }: UpstreamCallDone): void => {
    const at = now();
    const book = bookOf(connector, operation);
    const slice = sliceAt(book, at);
    slice.outcomes.set(outcome, (slice.outcomes.get(outcome) ?? 0) + 1);
    const isGood = outcome === 'OK' || outcome === 'NOT_FOUND';
    // What never left says nothing of how long the source takes.
    if (durationMs > 0) {
      slice.calls++;
      const bucket = bucketOf(durationMs);
      slice.latencies[bucket] = (slice.latencies[bucket] as number) + 1;
      book.lastCallAt = at;
      if (!isGood && !ERRORS[outcome].abandoned) {
        book.failures.unshift({ code: outcome, at, requestId, durationMs });
        if (book.failures.length > KEPT_FAILURES) book.failures.pop();
      }
    }
    if (isGood) book.lastSuccessAt = at;
  };

  const ends = [
    channels.upstreamCall.subscribe(onCall),
    channels.mappingProblem.subscribe(({ connector, operation, problem, count }) => {
      const book = bookOf(connector, operation);
      book.problems += count;
      book.lastProblem = { problem, at: now() };
    }),
  ];

  return {
    of: (connector) => {
      const at = now();
      return new Map(
        Array.from(books.get(connector) ?? [], ([operation, book]) => [
          operation,
          statisticsOf(book, at, startedAt),
        ]),
      );
    },
    close: () => {
      for (const end of ends) end();
    },
  };
}

const aBook = (): Book => ({
  slices: Array.from({ length: SLICES }, () => ({
    number: -1,
    calls: 0,
    outcomes: new Map(),
    latencies: new Uint32Array(LATENCY_BUCKETS),
  })),
  failures: [],
  lastSuccessAt: null,
  lastCallAt: null,
  problems: 0,
  lastProblem: null,
});

/** The slice of this moment, emptied when it holds one of a minute ago. */
function sliceAt({ slices }: Book, at: number): Slice {
  const number = Math.floor(at / SLICE_MS);
  const slice = slices[number % SLICES] as Slice;
  if (slice.number !== number) {
    slice.number = number;
    slice.calls = 0;
    slice.outcomes.clear();
    slice.latencies.fill(0);
  }
  return slice;
}

function statisticsOf(book: Book, at: number, startedAt: number): OperationStatistics {
  const present = Math.floor(at / SLICE_MS);
  const oldest = present - SLICES + 1;
  const latencies = new Float64Array(LATENCY_BUCKETS);
  const counts = new Map<string, number>();
  let calls = 0;
  for (const slice of book.slices) {
    if (slice.number < oldest || slice.number > present) continue;
    calls += slice.calls;
    for (const [outcome, count] of slice.outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    for (let i = 0; i < LATENCY_BUCKETS; i++)
      latencies[i] = (latencies[i] as number) + (slice.latencies[i] as number);
  }
  return {
    windowMs: Math.max(1, at - Math.max(oldest * SLICE_MS, startedAt)),
    calls,
    outcomes: Array.from(counts, ([outcome, count]) => ({ outcome, count })).sort(
      (a, b) => b.count - a.count,
    ),
    p50Ms: percentileOf(latencies, calls, 0.5),
    p95Ms: percentileOf(latencies, calls, 0.95),
    p99Ms: percentileOf(latencies, calls, 0.99),
    slowerThan: (limitMs) => {
      let slower = 0;
      for (let i = bucketOf(limitMs); i < LATENCY_BUCKETS; i++) slower += latencies[i] as number;
      return slower;
    },
    lastSuccessAt: book.lastSuccessAt,
    lastCallAt: book.lastCallAt,
    lastFailures: [...book.failures],
    mappingProblems: { count: book.problems, last: book.lastProblem },
  };
}
