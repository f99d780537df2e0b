// Counts what one request did with each connector: calls, cache hits, fields answered and failed. The sums are published in
// `extensions.sources` and in the log line.

import type { SourceTally } from '../connect/contract.ts';
import { type BreakerState, ERRORS, type GatewayError, isGatewayError, retryAfterMsOf } from '../errors.ts';

/**
 * `OK`: every field was answered, live or from the cache. `STALE`: every field was answered, some from expired cache entries.
 * `PARTIAL`: some fields were answered. `UNAVAILABLE`: no field was answered. `SKIPPED`: the document selects fields of this
 * connector, but no call was necessary.
 */
export type SourceStatus = 'OK' | 'STALE' | 'PARTIAL' | 'UNAVAILABLE' | 'SKIPPED';

/** One row of `extensions.sources`. */
export interface SourceRow {
  readonly connector: string;
  readonly status: SourceStatus;
  readonly breaker: BreakerState;
  /** Calls that left the gateway. */
  readonly calls: number;
  /** Look-ups that shared a call that was already running. */
  readonly coalesced: number;
  readonly cacheHits: number;
  /** Age of the oldest answer used, in milliseconds; 0 when all answers were live, null without an answer. */
  readonly ageMs: number | null;
  /** From the start of the first call to the end of the last, in milliseconds; null without a call. */
  readonly durationMs: number | null;
  /** Milliseconds after which a retry makes sense; null when no failure can be retried. */
  readonly retryAfterMs: number | null;
}

export interface RequestTally extends SourceTally {
  /** The document selects a field of this connector. */
  expect(connector: string): void;
  /** A field or an entity of this connector was answered, possibly with "no such record". */
  ok(connector: string): void;
  /** A field or an entity of this connector could not be answered. */
  failed(connector: string, error: unknown): void;
  /** The rows, in the order in which the connectors were first recorded. `breakerOf` supplies the state where no failure did. */
  rows(breakerOf?: (connector: string) => BreakerState | undefined): SourceRow[];
}

interface Count {
  calls: number;
  coalesced: number;
  cacheHits: number;
  stale: number;
  answered: number;
  failed: number;
  /** Failures that are independent of the health of the source, such as a business refusal. */
  refused: number;
  oldestMs: number;
  from: number;
  to: number;
  breaker: BreakerState | undefined;
  retryAfterMs: number;
}

function statusOf(count: Count): SourceStatus {
  const answered = count.answered > 0;
  if (count.failed > 0) return answered || count.refused > 0 ? 'PARTIAL' : 'UNAVAILABLE';
  if (count.refused > 0) return 'PARTIAL';
  if (count.stale > 0) return 'STALE';
  return answered || count.calls > 0 || count.cacheHits > 0 || count.coalesced > 0 ? 'OK' : 'SKIPPED';
}

/** Creates the tally of one request. `now` returns epoch milliseconds. */
export function createTally(now: () => number): RequestTally {
  const counts = new Map<string, Count>();

  const of = (connector: string): Count => {
    let count = counts.get(connector);
    if (count === undefined) {
      count = {
        calls: 0,
        coalesced: 0,
        cacheHits: 0,
        stale: 0,
        answered: 0,
        failed: 0,
        refused: 0,
        oldestMs: 0,
        from: Number.POSITIVE_INFINITY,
        to: 0,
        breaker: undefined,
        retryAfterMs: -1,
      };
      counts.set(connector, count);
    }
    return count;
  };

  const noteError = (count: Count, error: GatewayError): void => {
    if (error.breaker !== undefined) count.breaker = error.breaker;
    // The longest delay, after which everything that failed can be retried.
    const retryAfterMs = retryAfterMsOf(error);
    if (retryAfterMs !== undefined && retryAfterMs > count.retryAfterMs) count.retryAfterMs = retryAfterMs;
  };

  return {
    expect: (connector) => {
      of(connector);
    },
    call: (connector, durationMs) => {
      const count = of(connector);
      const end = now();
      count.calls++;
      if (end - durationMs < count.from) count.from = end - durationMs;
      if (end > count.to) count.to = end;
    },
    coalesced: (connector) => {
      of(connector).coalesced++;
    },
    cacheHit: (connector, ageMs, stale) => {
      const count = of(connector);
      count.cacheHits++;
      if (stale) count.stale++;
      if (ageMs > count.oldestMs) count.oldestMs = ageMs;
    },
    ok: (connector) => {
      of(connector).answered++;
    },
    failed: (connector, error) => {
      const count = of(connector);
      if (!isGatewayError(error)) {
        count.failed++;
        return;
      }
      if (ERRORS[error.code].refusal) count.refused++;
      else count.failed++;
      noteError(count, error);
    },
    rows: (breakerOf) => {
      const rows: SourceRow[] = [];
      for (const [connector, count] of counts) {
        const had = count.answered > 0 || count.cacheHits > 0;
        rows.push({
          connector,
          status: statusOf(count),
          breaker: count.breaker ?? breakerOf?.(connector) ?? 'CLOSED',
          calls: count.calls,
          coalesced: count.coalesced,
          cacheHits: count.cacheHits,
          ageMs: had ? Math.round(count.oldestMs) : null,
          durationMs: count.calls > 0 ? Math.round((count.to - count.from) * 10) / 10 : null,
          retryAfterMs: count.retryAfterMs < 0 ? null : count.retryAfterMs,
        });
      }
      return rows;
    },
  };
}
