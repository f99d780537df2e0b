// Statistics of the calls in the last minute, per connector and operation: outcomes, percentiles, the last success and the last
// failures. Memory is bounded: a ring of slices per operation, and operations are those of the manifests.

import { ERRORS } from '../errors.ts';
import { type AnswerCounts, type AnswerWindow, createAnswerWindow } from './answer-window.ts';
import type { Channels, UpstreamCallDone } from './channels.ts';
import { bucketOf, LATENCY_BUCKETS, percentileOf } from './latency-buckets.ts';

/** A failed call that was sent to the source. */
export interface CallFailure {
  readonly code: string;
  /** Epoch ms. */
  readonly at: number;
  readonly requestId: string;
  readonly durationMs: number;
}

export interface OperationStatistics {
  /** The time that the counts below cover, ms: the last minute, or less after a start. */
  readonly windowMs: number;
  /** Calls that left the gateway. */
  readonly calls: number;
  /** Number of each outcome, calls rejected by the guard included; most frequent first. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[];
  /** Percentiles of the calls that left; `null` without any. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Calls in the window that took at least `limitMs`, within 5 % of the limit. */
  slowerThan(limitMs: number): number;
  /** Epoch ms. */
  readonly lastSuccessAt: number | null;
  /** Epoch ms of the last call that left, whatever its outcome. */
  readonly lastCallAt: number | null;
  /** Newest first, at most ten. Calls rejected by the guard are counted, and not listed. */
  readonly lastFailures: readonly CallFailure[];
  /** What callers got in the last minute. */
  readonly answers: AnswerCounts;
  /** Answers that did not fit their mapping, since the start. */
  readonly mappingProblems: {
    readonly count: number;
    readonly last: { readonly problem: string; readonly at: number } | null;
  };
}

export interface CallStatistics {
  /** By operation; empty for a connector that was not called. */
  of(connector: string): ReadonlyMap<string, OperationStatistics>;
  /** Only what callers got, by operation: cheap enough for a look every second. */
  answersOf(connector: string): ReadonlyMap<string, AnswerCounts>;
  /** The latest answer that did not fit its mapping: the place, never a value. */
  lastMappingProblemOf(connector: string): string | undefined;
  /** The operation has recovered: what callers got before no longer counts. */
  recovered(connector: string, operation: string): void;
  /** Ends the subscriptions. */
  close(): void;
}

const SLICE_MS = 10_000;
const SLICES = 6;
const MAX_FAILURES = 10;

interface Slice {
  /** Slices since the epoch. */
  number: number;
  calls: number;
  readonly outcomes: Map<string, number>;
  readonly latencies: Uint32Array;
}

interface OperationRecord {
  readonly slices: readonly Slice[];
  readonly failures: CallFailure[];
  readonly answers: AnswerWindow;
  lastSuccessAt: number | null;
  lastCallAt: number | null;
  problems: number;
  lastProblem: { readonly problem: string; readonly at: number } | null;
}

/** @param now epoch ms */
export function createCallStatistics(channels: Channels, now: () => number = Date.now): CallStatistics {
  const startedAt = now();
  const records = new Map<string, Map<string, OperationRecord>>();

  const recordOf = (connector: string, operation: string): OperationRecord => {
    let operations = records.get(connector);
    if (operations === undefined) {
      operations = new Map();
      records.set(connector, operations);
    }
    let record = operations.get(operation);
    if (record === undefined) {
      record = createRecord();
      operations.set(operation, record);
    }
    return record;
  };

  const onCall = (call: UpstreamCallDone): void => {
    const { connector, operation, outcome, durationMs, requestId } = call;
    const at = now();
    const record = recordOf(connector, operation);
    record.answers.add(call, at);
    const slice = sliceAt(record, at);
    slice.outcomes.set(outcome, (slice.outcomes.get(outcome) ?? 0) + 1);
    const isSuccess = outcome === 'OK' || outcome === 'NOT_FOUND';
    // Rejected calls have no duration, and no part in the latencies.
    if (durationMs > 0) {
      slice.calls++;
      const bucket = bucketOf(durationMs);
      slice.latencies[bucket] = (slice.latencies[bucket] as number) + 1;
      record.lastCallAt = at;
      if (!isSuccess && !ERRORS[outcome].abandoned) {
        record.failures.unshift({ code: outcome, at, requestId, durationMs });
        if (record.failures.length > MAX_FAILURES) record.failures.pop();
      }
    }
    if (isSuccess) record.lastSuccessAt = at;
  };

  const subscriptions = [
    channels.upstreamCall.subscribe(onCall),
    channels.mappingProblem.subscribe(({ connector, operation, problem, count }) => {
      const record = recordOf(connector, operation);
      const at = now();
      record.problems += count;
      record.lastProblem = { problem, at };
      record.answers.addUnmapped(at);
    }),
  ];

  return {
    of: (connector) => {
      const at = now();
      return new Map(
        Array.from(records.get(connector) ?? [], ([operation, record]) => [
          operation,
          statisticsOf(record, at, startedAt),
        ]),
      );
    },
    answersOf: (connector) => {
      const at = now();
      const operations = records.get(connector) ?? [];
      return new Map(Array.from(operations, ([operation, { answers }]) => [operation, answers.counts(at)]));
    },
    lastMappingProblemOf: (connector) => {
      let last: OperationRecord['lastProblem'] = null;
      for (const { lastProblem } of records.get(connector)?.values() ?? [])
        if (lastProblem !== null && lastProblem.at >= (last?.at ?? 0)) last = lastProblem;
      return last?.problem;
    },
    recovered: (connector, operation) => records.get(connector)?.get(operation)?.answers.clear(),
    close: () => {
      for (const unsubscribe of subscriptions) unsubscribe();
    },
  };
}

const createRecord = (): OperationRecord => ({
  slices: Array.from({ length: SLICES }, () => ({
    number: -1,
    calls: 0,
    outcomes: new Map(),
    latencies: new Uint32Array(LATENCY_BUCKETS),
  })),
  failures: [],
  answers: createAnswerWindow(),
  lastSuccessAt: null,
  lastCallAt: null,
  problems: 0,
  lastProblem: null,
});

/** The current slice, emptied if it holds the counts of a minute ago. */
function sliceAt({ slices }: OperationRecord, at: number): Slice {
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

function statisticsOf(record: OperationRecord, at: number, startedAt: number): OperationStatistics {
  const current = Math.floor(at / SLICE_MS);
  const oldest = current - SLICES + 1;
  const latencies = new Float64Array(LATENCY_BUCKETS);
  const counts = new Map<string, number>();
  let calls = 0;
  for (const slice of record.slices) {
    if (slice.number < oldest || slice.number > current) continue;
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
    lastSuccessAt: record.lastSuccessAt,
    lastCallAt: record.lastCallAt,
    lastFailures: [...record.failures],
    answers: record.answers.counts(at),
    mappingProblems: { count: record.problems, last: record.lastProblem },
  };
}
