// The quota with a fake clock: by the second, by the day, by class; and what is given back.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import type { QuotaOptions } from '../../../src/guard/guard.ts';
import { createQuota } from '../../../src/guard/quota/quota.ts';
import { createQuotaLedger, type QuotaLedger } from '../../../src/guard/quota/quota-ledger.ts';
import { aGuardWith, aScope, errorOf, failingWith, type GuardOverrides, hanging } from '../made.ts';

const aQuota = (options: Partial<QuotaOptions>, ledger = createQuotaLedger()) =>
  createQuota({ classes: {}, ...options }, ledger);
function taken(quota: ReturnType<typeof aQuota>, at: number, callerClass?: string): GatewayError | undefined {
  try {
    quota?.take(at, callerClass);
    return undefined;
  } catch (error) {
    return error as GatewayError;
  }
}
const NOON = Date.parse('2026-11-25T12:00:00+07:00');

it('nothing limited · no quota', () => {
  expect(aQuota({})).toBeUndefined();
});

it('per second · the limit, then rejected with the rest of the second', () => {
  const quota = aQuota({ perSecond: 2 });
  expect([NOON, NOON + 100].map((at) => taken(quota, at))).toEqual([undefined, undefined]);
  expect(taken(quota, NOON + 300)).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    retryAfterMs: 700,
    fault: 'GATEWAY',
  });
  expect(taken(quota, NOON + 1_000)).toBeUndefined();
});

it('per day · until midnight in Vietnam', () => {
  const quota = aQuota({ perDay: 1, perSecond: 10 });
  expect(taken(quota, NOON)).toBeUndefined();
  expect(taken(quota, NOON + 3_600_000)?.retryAfterMs).toBe(11 * 3_600_000);
  expect(taken(quota, NOON + 12 * 3_600_000 - 1)?.retryAfterMs).toBe(1);
  expect(taken(quota, NOON + 12 * 3_600_000)).toBeUndefined();
});

it('a rejected call · uses nothing of the other window', () => {
  const quota = aQuota({ perSecond: 1, perDay: 100 });
  taken(quota, NOON);
  taken(quota, NOON);
  expect(quota?.state(NOON)).toEqual({
    perSecond: { limit: 1, used: 1, refillsAt: NOON + 1_000 },
    perDay: { limit: 100, used: 1, refillsAt: NOON + 12 * 3_600_000 },
  });
});

it('a class with a share · is rejected when the share is used; other callers are not', () => {
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
  const aGuard = (options: GuardOverrides = {}) =>
    aGuardWith({ connector: 'c', quota: { perDay: 10 }, ...options }, { random: () => 0.5 });
  const used = (guard: ReturnType<typeof aGuard>) => guard.figures().quota?.perDay?.used;

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('quota used up · QUOTA_EXCEEDED without an attempt, which does not count for the breaker', async () => {
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

  it('the class of a call · selects its share', async () => {
    const guard = aGuard({ quota: { perDay: 2, classes: { batch: { share: 0.5 } } } });
    const call = { idempotent: true, callerClass: 'batch' };
    await guard.run('A', async () => 1, aScope(), call);
    expect((await errorOf(guard.run('A', async () => 1, aScope(), call))).code).toBe('QUOTA_EXCEEDED');
    expect(await guard.run('A', async () => 1, aScope())).toBe(1);
  });

  it('a call that does not reach the source · is returned to the quota', async () => {
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

  it('a further attempt · uses another call; without quota the call ends with the error of the source', async () => {
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

/** A ledger that has to ask elsewhere, and is answered when the test says so. */
function aSlowLedger() {
  const ledger = createQuotaLedger();
  const asked: (() => void)[] = [];
  const slow: QuotaLedger = {
    ...ledger,
    take: (...call) =>
      new Promise((resolve) => {
        asked.push(() => resolve(ledger.take(...call)));
      }),
  };
  return {
    slow,
    asked,
    /** Answers all that ask, and those that ask because of it. */
    answer: async (): Promise<void> => {
      while (asked.length > 0) {
        asked.shift()?.();
        for (let i = 0; i < 10; i++) await Promise.resolve();
      }
    },
  };
}

describe('an asynchronous ledger', () => {
  const limits = { perSecond: 2, perDay: 3 };

  it('calls left in both windows · granted when the ledger has answered', async () => {
    const { slow, asked, answer } = aSlowLedger();
    const quota = aQuota(limits, slow);
    const taking = [quota?.take(NOON, undefined), quota?.take(NOON, undefined)];
    expect(asked).toHaveLength(2);
    await answer();
    expect(await Promise.all(taking)).toEqual([undefined, undefined]);
    expect(quota?.state(NOON)).toMatchObject({ perSecond: { used: 2 }, perDay: { used: 2 } });
  });

  it('one window used up · QUOTA_EXCEEDED with its end, and nothing of the other is used', async () => {
    const { slow, answer } = aSlowLedger();
    const quota = aQuota(limits, slow);
    const take = async (at: number): Promise<GatewayError | undefined> => {
      const taking = quota?.take(at, undefined)?.then(
        () => undefined,
        (error: GatewayError) => error,
      );
      await answer();
      return taking;
    };
    expect([await take(NOON), await take(NOON)]).toEqual([undefined, undefined]);
    expect(await take(NOON + 400)).toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfterMs: 600 });
    expect(quota?.state(NOON).perDay?.used).toBe(2);
    expect(await take(NOON + 1_000)).toBeUndefined();
    expect(await take(NOON + 2_000)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      retryAfterMs: 12 * 3_600_000 - 2_000,
    });
  });

  it.each([
    ['while the day is read', 0],
    ['while the second is read', 1],
  ])('aborted %s · the reason of the signal, and nothing is used', async (_, answered) => {
    const { slow, asked, answer } = aSlowLedger();
    const quota = aQuota(limits, slow);
    const { controller, signal } = aScope();
    const taking = quota?.take(NOON, undefined, signal);
    for (let i = 0; i < answered; i++) {
      asked.shift()?.();
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
    controller.abort(new GatewayError('DEADLINE_EXCEEDED'));
    await expect(taking).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await answer();
    expect(quota?.state(NOON)).toMatchObject({ perSecond: { used: 0 }, perDay: { used: 0 } });
  });

  it('a guarded call · waits for the ledger, and is returned if the gate has closed meanwhile', async () => {
    const { slow, answer } = aSlowLedger();
    const guard = aGuardWith({ connector: 'c', quota: { perDay: 2 } }, { quotaLedger: slow });
    const attempt = vi.fn(async () => 1);
    const passes = guard.run('A', attempt, aScope());
    expect(attempt).not.toHaveBeenCalled();
    await answer();
    expect(await passes).toBe(1);
    const late = errorOf(guard.run('A', attempt, aScope()));
    guard.setGate({ gate: 'CLOSED' });
    await answer();
    expect((await late).code).toBe('MAINTENANCE');
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(guard.figures().quota?.perDay?.used).toBe(1);
  });

  it('a further attempt · waits for the ledger, too; without quota the call ends with the error of the source', async () => {
    vi.useFakeTimers();
    try {
      const { slow, answer } = aSlowLedger();
      const guard = aGuardWith(
        { connector: 'c', quota: { perDay: 3 }, breaker: { minimumCalls: 100 } },
        { quotaLedger: slow, random: () => 0.5 },
      );
      const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
      for (let i = 0; i < 2; i++) {
        const run = errorOf(guard.run('A', attempt, aScope(), { idempotent: true }));
        await answer();
        await vi.advanceTimersByTimeAsync(100);
        await answer();
        expect((await run).code).toBe('UPSTREAM_FAULT');
      }
      expect(attempt).toHaveBeenCalledTimes(3);
      expect(guard.figures().quota?.perDay?.used).toBe(3);
    } finally {
      vi.useRealTimers();
    }
  });
});
