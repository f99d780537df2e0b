// The quota with a fake clock: by the second, by the day, by class; and what is given back.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createGuard, type GuardOptions, type QuotaOptions } from '../../src/guard/guard.ts';
import { createQuota } from '../../src/guard/quota.ts';
import { createQuotaLedger } from '../../src/guard/quota-ledger.ts';
import { aScope, errorOf, failingWith, hanging } from './made.ts';

const aQuota = (options: QuotaOptions) => createQuota(options, createQuotaLedger());
const taken = (
  quota: ReturnType<typeof aQuota>,
  at: number,
  callerClass?: string,
): GatewayError | undefined => {
  try {
    quota?.take(at, callerClass);
    return undefined;
  } catch (error) {
    return error as GatewayError;
  }
};
const NOON = Date.parse('2026-11-25T12:00:00+07:00');

it('nothing limited · no quota', () => {
  expect(aQuota({})).toBeUndefined();
});

it('by the second · so many, then refused with the rest of the second', () => {
  const quota = aQuota({ perSecond: 2 });
  expect([NOON, NOON + 100].map((at) => taken(quota, at))).toEqual([undefined, undefined]);
  expect(taken(quota, NOON + 300)).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    retryAfterMs: 700,
    fault: 'GATEWAY',
  });
  expect(taken(quota, NOON + 1_000)).toBeUndefined();
});

it('by the day · until midnight in Vietnam', () => {
  const quota = aQuota({ perDay: 1, perSecond: 10 });
  expect(taken(quota, NOON)).toBeUndefined();
  expect(taken(quota, NOON + 3_600_000)?.retryAfterMs).toBe(11 * 3_600_000);
  expect(taken(quota, NOON + 12 * 3_600_000 - 1)?.retryAfterMs).toBe(1);
  expect(taken(quota, NOON + 12 * 3_600_000)).toBeUndefined();
});

it('a refused call · takes nothing of the other window', () => {
  const quota = aQuota({ perSecond: 1, perDay: 100 });
  taken(quota, NOON);
  taken(quota, NOON);
  expect(quota?.state(NOON)).toEqual({
    perSecond: { limit: 1, used: 1, refillsAt: NOON + 1_000 },
    perDay: { limit: 100, used: 1, refillsAt: NOON + 12 * 3_600_000 },
  });
});

it('a class with a share · is refused when that share is used, the others are not', () => {
  const quota = aQuota({ perSecond: 4, classes: { batch: { share: 0.5 } } });
  expect(taken(quota, NOON, 'citizen')).toBeUndefined();
  expect(taken(quota, NOON, 'batch')).toBeUndefined();
  expect(taken(quota, NOON, 'batch')?.code).toBe('QUOTA_EXCEEDED');
  expect(taken(quota, NOON, 'citizen')).toBeUndefined();
  expect(taken(quota, NOON)).toBeUndefined();
  expect(taken(quota, NOON)?.code).toBe('QUOTA_EXCEEDED');
});

it('any calls at any times · never more in a second or a day than allowed', () => {
  const calls = fc.array(fc.record({ wait: fc.nat(700), back: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 50 }),
      calls,
      (perSecond, perDay, all) => {
        const quota = aQuota({ perSecond, perDay });
        const passed: number[] = [];
        let at = NOON;
        for (const { wait, back } of all) {
          at += wait;
          if (taken(quota, at) !== undefined) continue;
          if (back) quota?.giveBack(at, undefined);
          else passed.push(at);
          const second = passed.filter((one) => Math.floor(one / 1_000) === Math.floor(at / 1_000));
          expect(second.length).toBeLessThanOrEqual(perSecond);
          expect(passed.length).toBeLessThanOrEqual(perDay);
        }
      },
    ),
  );
});

describe('a guarded call', () => {
  const aGuard = (options: Partial<GuardOptions> = {}) =>
    createGuard({ connector: 'c', quota: { perDay: 10 }, ...options }, { random: () => 0.5 });
  const used = (guard: ReturnType<typeof aGuard>) => guard.figures().quota?.perDay?.used;

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('quota used · QUOTA_EXCEEDED without an attempt, and the breaker hears nothing', async () => {
    const guard = aGuard({ quota: { perDay: 1 }, breaker: { minimumCalls: 1 } });
    const attempt = vi.fn(async () => 1);
    await guard.run('A', attempt, aScope());
    expect(await errorOf(guard.run('A', attempt, aScope()))).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      connector: 'c',
      operation: 'A',
      breaker: 'CLOSED',
      retryAfterMs: expect.any(Number),
    });
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 64 });
  });

  it('the class of a call · counts', async () => {
    const guard = aGuard({ quota: { perDay: 2, classes: { batch: { share: 0.5 } } } });
    const call = { idempotent: true, callerClass: 'batch' };
    await guard.run('A', async () => 1, aScope(), call);
    expect((await errorOf(guard.run('A', async () => 1, aScope(), call))).code).toBe('QUOTA_EXCEEDED');
    expect(await guard.run('A', async () => 1, aScope())).toBe(1);
  });

  it('a call that does not reach the source · given back', async () => {
    const guard = aGuard({ breaker: { minimumCalls: 1 }, bulkhead: { maxConcurrent: 1, maxWaiting: 1 } });
    await errorOf(guard.run('A', failingWith('UPSTREAM_FAULT'), aScope()));
    expect(used(guard)).toBe(1);
    for (let i = 0; i < 20; i++)
      expect((await errorOf(guard.run('A', hanging, aScope()))).code).toBe('CIRCUIT_OPEN');
    expect(used(guard)).toBe(1);

    let free: (value: number) => void = () => {};
    const first = guard.run('B', () => new Promise<number>((resolve) => (free = resolve)), aScope());
    const goes = aScope();
    const waits = errorOf(guard.run('B', hanging, goes));
    expect((await errorOf(guard.run('B', hanging, aScope()))).code).toBe('BULKHEAD_FULL');
    goes.controller.abort(new GatewayError('CANCELLED'));
    await waits;
    free(1);
    await first;
    expect(used(guard)).toBe(2);
    guard.close();
  });

  it('a further attempt · is another call; without quota it ends with what the source said', async () => {
    const guard = aGuard({ quota: { perDay: 3 }, breaker: { minimumCalls: 100 } });
    const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
    for (let i = 0; i < 2; i++) {
      const run = errorOf(guard.run('A', attempt, aScope(), { idempotent: true }));
      await vi.advanceTimersByTimeAsync(100);
      expect((await run).code).toBe('UPSTREAM_FAULT');
    }
    expect(attempt).toHaveBeenCalledTimes(3);
    expect(used(guard)).toBe(3);
  });
});
