// Retries with a fake clock and chosen jitter: what is tried again, when, and what it costs the budget.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ErrorCode, GatewayError } from '../../../src/errors.ts';
import { createRetry, NO_RETRY } from '../../../src/guard/retry/retry.ts';
import { createRetryBudget } from '../../../src/guard/retry/retry-budget.ts';
import { aGuardOptions, aGuardWith, aScope, errorOf, failingWith, type GuardOverrides } from '../made.ts';

const LOOK_UP = { idempotent: true };

const aGuard = (options: GuardOverrides = {}) =>
  aGuardWith({ connector: 'population', breaker: { minimumCalls: 100 }, ...options }, { random: () => 0.5 });

/** Fails as told, then succeeds. */
const failingFirst = (...codes: ErrorCode[]) =>
  vi.fn(async (_: AbortSignal) => {
    const code = codes.shift();
    if (code !== undefined) throw new GatewayError(code);
    return 7;
  });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a look-up', () => {
  it.each<ErrorCode>(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNREACHABLE', 'UPSTREAM_FAULT', 'UPSTREAM_INVALID'])(
    'failed once with %s · after the jitter · answered by the second attempt',
    async (code) => {
      const guard = aGuard();
      const attempt = failingFirst(code);
      const scope = aScope();
      const run = guard.run('Citizen', attempt, scope, LOOK_UP);
      await vi.advanceTimersByTimeAsync(49);
      expect(attempt).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await run).toBe(7);
      expect(attempt).toHaveBeenCalledTimes(2);
      expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
      expect(guard.load().running).toBe(0);
      expect(guard.figures().retry?.retries).toBe(1);
    },
  );

  it('throttled once without a time · after the hold and the jitter · answered by the second attempt', async () => {
    const guard = aGuard();
    const attempt = failingFirst('UPSTREAM_THROTTLED');
    const run = guard.run('Citizen', attempt, aScope(), LOOK_UP);
    await vi.advanceTimersByTimeAsync(1_049);
    expect(attempt).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await run).toBe(7);
    expect(guard.figures().retry?.retries).toBe(1);
  });

  it.each<ErrorCode>(['UPSTREAM_REFUSED', 'UPSTREAM_UNAUTHORIZED', 'UPSTREAM_TOO_LARGE', 'BAD_USER_INPUT'])(
    'failed with %s · not retried',
    async (code) => {
      const attempt = failingFirst(code);
      expect((await errorOf(aGuard().run('Citizen', attempt, aScope(), LOOK_UP))).code).toBe(code);
      expect(attempt).toHaveBeenCalledTimes(1);
    },
  );

  it('that always fails · two attempts by default, three if the manifest sets them', async () => {
    for (const [retry, times] of [[{}, 2] as const, [{ maxAttempts: 3 }, 3] as const]) {
      const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
      const run = errorOf(aGuard({ retry }).run('Citizen', attempt, aScope(), LOOK_UP));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await run).toMatchObject({ code: 'UPSTREAM_FAULT', connector: 'population' });
      expect(attempt).toHaveBeenCalledTimes(times);
    }
  });

  it('of a source that sends Retry-After · is retried after this delay · not retried if the delay is too long', async () => {
    const soon = vi
      .fn(failingWith('UPSTREAM_THROTTLED', { retryAfterMs: 1_500 }))
      .mockImplementationOnce(failingWith('UPSTREAM_THROTTLED', { retryAfterMs: 1_500 }));
    const run = errorOf(aGuard().run('Citizen', soon, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(1_549);
    expect(soon).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await run;
    expect(soon).toHaveBeenCalledTimes(2);

    const late = vi.fn(failingWith('UPSTREAM_THROTTLED', { retryAfterMs: 2_001 }));
    expect((await errorOf(aGuard().run('Citizen', late, aScope(), LOOK_UP))).retryAfterMs).toBe(2_001);
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('near its deadline · not retried', async () => {
    const attempt = failingFirst('UPSTREAM_FAULT');
    expect((await errorOf(aGuard().run('Citizen', attempt, aScope(50), LOOK_UP))).code).toBe(
      'UPSTREAM_FAULT',
    );
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('cancelled while it waits for its second attempt · ends at once and leaves nothing', async () => {
    const guard = aGuard();
    const attempt = failingFirst('UPSTREAM_FAULT');
    const scope = aScope();
    const run = errorOf(guard.run('Citizen', attempt, scope, LOOK_UP));
    await vi.advanceTimersByTimeAsync(10);
    scope.controller.abort(new GatewayError('CANCELLED'));
    expect((await run).code).toBe('CANCELLED');
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(guard.load().running).toBe(0);
  });

  it('whose breaker opens · not retried, and ends with the error of the source', async () => {
    const guard = aGuard({ breaker: { minimumCalls: 1, failureRate: 1 } });
    const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
    const error = await errorOf(guard.run('Citizen', attempt, aScope(), LOOK_UP));
    expect(error).toMatchObject({ code: 'UPSTREAM_FAULT', breaker: 'OPEN' });
    expect(attempt).toHaveBeenCalledTimes(1);
    guard.close();
  });

  it('whose breaker opens while it waits · not sent, and ends with the error of the source', async () => {
    const guard = aGuard({ breaker: { minimumCalls: 2, failureRate: 1 } });
    const attempt = vi.fn(failingWith('UPSTREAM_INVALID'));
    const run = errorOf(guard.run('Citizen', attempt, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(10);
    await errorOf(guard.run('Citizen', failingWith('UPSTREAM_FAULT'), aScope()));
    await vi.advanceTimersByTimeAsync(100);
    expect(await run).toMatchObject({ code: 'UPSTREAM_INVALID', breaker: 'OPEN' });
    expect(attempt).toHaveBeenCalledTimes(1);
    guard.close();
  });
});

it('a call that is not marked as repeatable · is sent once', async () => {
  const attempt = failingFirst('UPSTREAM_FAULT');
  await errorOf(aGuard().run('Pay', attempt, aScope(), { idempotent: false }));
  await errorOf(aGuard().run('Pay', failingFirst('UPSTREAM_FAULT'), aScope()));
  expect(attempt).toHaveBeenCalledTimes(1);
});

describe('the budget', () => {
  const spend = (retry: ReturnType<typeof createRetry>): number => {
    let spent = 0;
    while (
      retry?.delayMs(new GatewayError('UPSTREAM_FAULT'), 1, Date.now(), Number.POSITIVE_INFINITY) !== NO_RETRY
    )
      spent++;
    return spent;
  };
  const aRetry = () => {
    const options = aGuardOptions().retry;
    const budget = createRetryBudget(options, Date.now);
    return { budget, retry: createRetry(options, { random: Math.random, budget }) };
  };

  it('no calls · a few retries a minute', async () => {
    const { retry } = aRetry();
    expect(spend(retry)).toBe(3);
    vi.advanceTimersByTime(20_000);
    expect(spend(retry)).toBe(1);
    vi.advanceTimersByTime(3_600_000);
    expect(spend(retry)).toBe(10);
  });

  it('calls · one retry for ten of them, at most ten saved up', () => {
    const { retry, budget } = aRetry();
    spend(retry);
    for (let i = 0; i < 51; i++) budget.earn();
    expect(spend(retry)).toBe(5);
    for (let i = 0; i < 5_000; i++) budget.earn();
    expect(retry?.figures()).toEqual({ budget: 10, retries: 8 });
  });

  it('a source that fails every other call · receives at most 10 % more attempts than calls', async () => {
    const guard = aGuard({ breaker: { minimumCalls: 1_000_000 }, bulkhead: { maxConcurrent: 5_000 } });
    let calls = 0;
    const attempt = vi.fn(async () => {
      if (calls++ % 2 === 0) throw new GatewayError('UPSTREAM_FAULT');
      return 'well';
    });
    for (let wave = 0; wave < 100; wave++) {
      const runs = Array.from({ length: 20 }, () =>
        guard.run('Citizen', attempt, aScope(), LOOK_UP).catch(() => {}),
      );
      await vi.advanceTimersByTimeAsync(200);
      await Promise.all(runs);
    }
    expect(attempt.mock.calls.length).toBeGreaterThan(2_150);
    expect(attempt.mock.calls.length).toBeLessThanOrEqual(2_000 * 1.1 + 3);
  });
});

describe('an outage', () => {
  const many = { breaker: { minimumCalls: 100 } };

  it('three failures in a row · the third is not retried, nor is a call that waits for its retry', async () => {
    const guard = aGuard(many);
    const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
    const runs = [1, 2, 3].map(() => errorOf(guard.run('Citizen', attempt, aScope(), LOOK_UP)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => 'UPSTREAM_FAULT'),
    );
    expect(attempt).toHaveBeenCalledTimes(3);
    // What was not made is not paid for.
    expect(guard.figures().retry).toMatchObject({ retries: 0, budget: 3 });
  });

  it('a success in between · failures are retried', async () => {
    const guard = aGuard(many);
    const ends = ['fail', 'fail', 'well', 'fail', 'well', 'well', 'well'];
    const attempt = vi.fn(async () => {
      if (ends.shift() === 'fail') throw new GatewayError('UPSTREAM_FAULT');
      return 'well';
    });
    const runs = Array.from({ length: 4 }, () => guard.run('Citizen', attempt, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await Promise.all(runs)).toEqual(['well', 'well', 'well', 'well']);
    expect(attempt).toHaveBeenCalledTimes(7);
  });

  it('a call with more attempts than that · may use all of them', async () => {
    const guard = aGuard({ ...many, retry: { maxAttempts: 5, baseMs: 1, budgetFloorPerMinute: 10 } });
    const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
    const run = errorOf(guard.run('Citizen', attempt, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(1_000);
    await run;
    expect(attempt).toHaveBeenCalledTimes(5);
  });

  it('failures of one operation · other operations are retried', async () => {
    const guard = aGuard(many);
    const runs = [1, 2, 3].map(() =>
      errorOf(guard.run('Citizen', failingWith('UPSTREAM_FAULT'), aScope(), LOOK_UP)),
    );
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(runs);
    const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
    const run = errorOf(guard.run('Relatives', attempt, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(1_000);
    await run;
    expect(attempt).toHaveBeenCalledTimes(2);
  });
});

it('retries are off · if maxAttempts is 1', () => {
  const options = aGuardOptions({ retry: { maxAttempts: 1 } }).retry;
  expect(
    createRetry(options, { random: Math.random, budget: createRetryBudget(options, Date.now) }),
  ).toBeUndefined();
});
