// The limit that adapts: alone against a source that slows down under its load, and in its guard on a fake clock.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import { createAdaptiveLimit } from '../../../src/guard/bulkhead/adaptive-limit.ts';
import { createBulkhead } from '../../../src/guard/bulkhead/bulkhead.ts';
import { aGuardWith, aScope, errorOf } from '../made.ts';

const MOST = 64;

/** Answers of a source that is kept busy, and the limit after them. */
function busy(
  limit: ReturnType<typeof createAdaptiveLimit>,
  answers: number,
  ms: number,
  most = MOST,
): number {
  let now = most;
  for (let i = 0; i < answers; i++) now = limit.answered('Look', ms, now);
  return now;
}

describe('the limit', () => {
  it('of a source with usual latency · stays at the maximum', () => {
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 4 });
    expect(busy(limit, 5_000, 40)).toBe(MOST);
    for (let i = 0; i < 5_000; i++) limit.answered('Look', i % 2 === 0 ? 30 : 50, MOST);
    expect(limit.answered('Look', 40, MOST)).toBe(MOST);
  });

  it('when answers take twice as long under load · shrinks; when they are as before · recovers', () => {
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 4 });
    busy(limit, 500, 40);
    expect(busy(limit, 300, 100)).toBeLessThan(MOST * 0.75);
    expect(busy(limit, 3_000, 40)).toBe(MOST);
  });

  it('when answers are slow and few calls run · stays, because the calls do not delay each other', () => {
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 4 });
    for (let i = 0; i < 500; i++) limit.answered('Look', 40, 3);
    for (let i = 0; i < 500; i++) expect(limit.answered('Look', 400, 3)).toBe(MOST);
  });

  it('of a source that stays slow · adapts after some hundred answers', () => {
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 4 });
    busy(limit, 500, 40);
    busy(limit, 200, 200);
    expect(busy(limit, 5_000, 200)).toBe(MOST);
  });

  it('at timeouts · shrinks at once, once per group of concurrent calls, and never below the minimum', () => {
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 4 });
    busy(limit, 500, 40);
    for (let i = 0; i < MOST / 2; i++) expect(limit.timedOut()).toBe(48);
    for (let i = 0; i < 5_000; i++) limit.timedOut();
    expect(limit.timedOut()).toBe(4);
    expect(busy(limit, 3_000, 40)).toBe(MOST);
  });

  it('of operations with different latencies · compares each operation with itself', () => {
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 4 });
    for (let i = 0; i < 500; i++) limit.answered('fast', 5, MOST);
    for (let i = 0; i < 500; i++) expect(limit.answered('slow', 900, MOST)).toBe(MOST);
  });

  it('for any outcomes · stays between its bounds, and recovers with the usual latency', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 300 }),
        fc.array(
          fc.oneof(
            fc.record({
              ms: fc.constantFrom(0, 1, 20, 90, 400, 3_000),
              times: fc.integer({ min: 1, max: 80 }),
            }),
            fc.constant('timeOut' as const),
          ),
          { maxLength: 60 },
        ),
        (most, least, events) => {
          const limit = createAdaptiveLimit(most, { minConcurrent: least });
          const within = (value: number): void => {
            expect(Number.isInteger(value)).toBe(true);
            expect(value).toBeLessThanOrEqual(most);
            expect(value).toBeGreaterThanOrEqual(Math.min(least, most));
          };
          let now = most;
          for (const one of events) {
            if (one === 'timeOut') {
              now = limit.timedOut();
              within(now);
            } else
              for (let i = 0; i < one.times; i++) {
                now = limit.answered('Look', one.ms, now);
                within(now);
              }
          }
          for (let i = 0; i < 20_000 && now < most; i++) now = limit.answered('Look', 50, now);
          expect(now).toBe(most);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of a source with a fixed capacity · approaches that capacity', () => {
    // Eight calls are served at once, 20 ms each; the rest waits there.
    const limit = createAdaptiveLimit(MOST, { minConcurrent: 2 });
    for (let i = 0; i < 300; i++) limit.answered('Look', 20, 4);
    let now = MOST;
    for (let i = 0; i < 400; i++) now = limit.answered('Look', 20 * Math.max(1, now / 8), now);
    expect(now).toBeLessThan(32);
    expect(now).toBeGreaterThanOrEqual(8);
  });
});

describe('a bulkhead whose limit changes', () => {
  const never = new AbortController().signal;
  const aBulkhead = () =>
    createBulkhead<string>(
      {
        maxConcurrent: 4,
        maxWaiting: 10,
        maxWaitMs: 1_000,
        rejection: (_, why) => new Error(why),
        abortReason: () => new Error('aborted'),
      },
      Date.now,
    );

  it('lowered · running calls continue, and the next starts below the new limit', async () => {
    const bulkhead = aBulkhead();
    for (let i = 0; i < 4; i++) bulkhead.enter('a', never);
    let begun = 0;
    void (bulkhead.enter('a', never) as Promise<void>).then(() => begun++);
    bulkhead.setLimit(2);
    bulkhead.leave();
    bulkhead.leave();
    await Promise.resolve();
    expect([bulkhead.running(), bulkhead.waiting(), begun]).toEqual([2, 1, 0]);
    bulkhead.leave();
    await Promise.resolve();
    expect([bulkhead.running(), bulkhead.waiting(), begun]).toEqual([2, 0, 1]);
    expect(bulkhead.tryEnter()).toBe(false);
  });

  it('raised · as many waiting calls start as the new limit allows', async () => {
    const bulkhead = aBulkhead();
    for (let i = 0; i < 4; i++) bulkhead.enter('a', never);
    const waiting = Array.from({ length: 3 }, () => bulkhead.enter('a', never) as Promise<void>);
    bulkhead.setLimit(6);
    await Promise.all(waiting.slice(0, 2));
    expect([bulkhead.running(), bulkhead.waiting(), bulkhead.limit()]).toEqual([6, 1, 6]);
    bulkhead.leave();
    await waiting[2];
    for (let i = 0; i < 6; i++) bulkhead.leave();
    expect(bulkhead.running()).toBe(0);
  });
});

describe('in its guard', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  const aGuard = (adaptive?: { minConcurrent: number }) => {
    const guard = aGuardWith({
      connector: 'hub',
      attemptTimeoutMs: 2_000,
      breaker: { minimumCalls: 10_000 },
      bulkhead: { maxConcurrent: 16, maxWaiting: 1_000, maxWaitMs: 60_000, adaptive },
    });
    const burst = async (calls: number, ms: number): Promise<void> => {
      const attempt = () => new Promise<number>((resolve) => setTimeout(() => resolve(1), ms));
      const runs = Array.from({ length: calls }, () => guard.run('Look', attempt, aScope(60_000)));
      await vi.advanceTimersByTimeAsync(60_000);
      await Promise.all(runs);
    };
    return { guard, burst };
  };

  it('a source that slows down · receives fewer concurrent calls; the load statistics show the limit', async () => {
    const { guard, burst } = aGuard({ minConcurrent: 2 });
    await burst(200, 20);
    expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 16 });
    await burst(60, 100);
    expect(guard.load().limit).toBeLessThan(14);
    await burst(600, 20);
    expect(guard.load().limit).toBe(16);
  });

  it('timeouts · lower the limit, too; failures and refusals do not', async () => {
    const { guard } = aGuard({ minConcurrent: 2 });
    for (const code of ['UPSTREAM_FAULT', 'UPSTREAM_REFUSED'] as const)
      await errorOf(guard.run('Look', () => Promise.reject(new GatewayError(code)), aScope()));
    expect(guard.load().limit).toBe(16);
    const run = errorOf(guard.run('Look', () => new Promise(() => {}), aScope()));
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await run).code).toBe('UPSTREAM_TIMEOUT');
    expect(guard.load().limit).toBe(12);
  });

  it('not declared · the limit stays', async () => {
    const { guard, burst } = aGuard();
    await burst(200, 20);
    await burst(200, 400);
    expect(guard.load().limit).toBe(16);
  });
});
