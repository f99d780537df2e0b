import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type CallStatistics, createCallStatistics } from '../../src/observe/call-statistics.ts';
import { createChannels, type UpstreamCallDone } from '../../src/observe/channels.ts';
import { bucketOf, LATENCY_BUCKETS, percentileOf } from '../../src/observe/latency-buckets.ts';

const open: CallStatistics[] = [];
afterEach(() => {
  for (const statistics of open.splice(0)) statistics.close();
});

function aBook() {
  const clock = { at: 1_700_000_000_000 };
  const channels = createChannels();
  const statistics = createCallStatistics(channels, () => clock.at);
  open.push(statistics);
  const call = (outcome: UpstreamCallDone['outcome'], durationMs: number, requestId = 'r'): void =>
    channels.upstreamCall.publish({
      connector: 'postal',
      operation: 'Delivery',
      outcome,
      durationMs,
      requestId,
    });
  const read = () => {
    const found = statistics.of('postal').get('Delivery');
    if (found === undefined) throw new Error('nothing was counted');
    return found;
  };
  return { clock, channels, statistics, call, read };
}

describe('statistics of calls', () => {
  it('a connector · without calls · then no statistics', () => {
    expect(aBook().statistics.of('postal').size).toBe(0);
  });

  it('calls · of one minute · then outcomes, percentiles, slow ones and the last success', () => {
    const { clock, call, read } = aBook();
    for (let ms = 1; ms <= 100; ms++) call('OK', ms);
    clock.at += 5_000;
    call('NOT_FOUND', 10);
    const { calls, outcomes, p50Ms, p95Ms, p99Ms, lastSuccessAt, windowMs, slowerThan } = read();
    expect(calls).toBe(101);
    expect(outcomes).toEqual([
      { outcome: 'OK', count: 100 },
      { outcome: 'NOT_FOUND', count: 1 },
    ]);
    expect(p50Ms).toBeGreaterThan(46);
    expect(p50Ms).toBeLessThan(54);
    expect(p95Ms).toBeGreaterThan(90);
    expect(p95Ms).toBeLessThan(100);
    expect(p99Ms).toBeGreaterThan(94);
    expect(p99Ms).toBeLessThan(105);
    expect(slowerThan(50)).toBeGreaterThan(45);
    expect(slowerThan(50)).toBeLessThan(56);
    expect(lastSuccessAt).toBe(clock.at);
    expect(windowMs).toBe(5_000);
  });

  it('calls · a minute later · then no longer counted, and the last failure remains', () => {
    const { clock, call, read } = aBook();
    call('UPSTREAM_TIMEOUT', 2_000, 'request-7');
    const at = clock.at;
    clock.at += 61_000;
    expect(read()).toMatchObject({
      calls: 0,
      outcomes: [],
      p99Ms: null,
      lastSuccessAt: null,
      lastCallAt: at,
      lastFailures: [{ code: 'UPSTREAM_TIMEOUT', at, requestId: 'request-7', durationMs: 2_000 }],
    });
  });

  it('rejections by the guard · among failures · then counted as outcomes, without latency and not as last failure', () => {
    const { call, read } = aBook();
    call('UPSTREAM_FAULT', 30, 'ill');
    for (let i = 0; i < 50; i++) call('CIRCUIT_OPEN', 0);
    const { calls, outcomes, lastFailures, p50Ms } = read();
    expect(calls).toBe(1);
    expect(outcomes[0]).toEqual({ outcome: 'CIRCUIT_OPEN', count: 50 });
    expect(lastFailures.map(({ requestId }) => requestId)).toEqual(['ill']);
    expect(p50Ms).toBeGreaterThan(28);
  });

  it('many failures · in sequence · then the ten newest, newest first', () => {
    const { call, read } = aBook();
    for (let i = 0; i < 25; i++) call('UPSTREAM_FAULT', 5, `r${i}`);
    expect(read().lastFailures.map(({ requestId }) => requestId)).toEqual(
      Array.from({ length: 10 }, (_, i) => `r${24 - i}`),
    );
  });

  it('a call · cancelled because its client disconnected · then not a failure of the source', () => {
    const { call, read } = aBook();
    call('CANCELLED', 40);
    expect(read()).toMatchObject({ calls: 1, lastFailures: [], lastSuccessAt: null });
  });

  it('mapping problems · on the channel · then counted, and the last one is kept', () => {
    const { clock, channels, statistics } = aBook();
    const problem = { connector: 'postal', operation: 'Delivery', problem: 'no status', count: 3 };
    channels.mappingProblem.publish(problem);
    channels.mappingProblem.publish({ ...problem, problem: 'no events', count: 1 });
    expect(statistics.of('postal').get('Delivery')?.mappingProblems).toEqual({
      count: 4,
      last: { problem: 'no events', at: clock.at },
    });
  });

  it('closed · then further messages are ignored', () => {
    const { channels, statistics } = aBook();
    statistics.close();
    expect(channels.upstreamCall.hasSubscribers()).toBe(false);
  });
});

describe('latency buckets', () => {
  it('any durations · any share · then the percentile is within 5 % of the exact value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.07, max: 120_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1),
        (durations, share) => {
          const counts = new Uint32Array(LATENCY_BUCKETS);
          for (const ms of durations) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
          const exact = durations.toSorted((a, b) => a - b)[Math.ceil(durations.length * share) - 1] ?? 0;
          const found = percentileOf(counts, durations.length, share) ?? 0;
          expect(Math.abs(found - exact) / exact).toBeLessThan(0.05);
        },
      ),
    );
  });

  it.each([0, 0.001, 1e9])('%d ms · then an existing bucket', (ms) => {
    expect(bucketOf(ms)).toBeGreaterThanOrEqual(0);
    expect(bucketOf(ms)).toBeLessThan(LATENCY_BUCKETS);
  });
});
