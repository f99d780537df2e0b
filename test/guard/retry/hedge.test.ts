// A second attempt beside a slow one, on a fake clock: when it is sent, which answer is taken, what it is paid from.
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import type { GuardDeps } from '../../../src/guard/guard.ts';
import { createQuotaLedger, type QuotaLedger } from '../../../src/guard/quota/quota-ledger.ts';
import { createLatencyQuantile } from '../../../src/guard/retry/latency-quantile.ts';
import { aGuardWith, aScope, errorOf, failingWith, type GuardOverrides } from '../made.ts';

const LOOK_UP = { idempotent: true };

/** Answers, or fails, after so many ms; gives up with its signal. */
const within =
  (ms: number, result: unknown = 'ok') =>
  (signal: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => (result instanceof GatewayError ? reject(result) : resolve(result)), ms);
      signal.addEventListener('abort', () => clearTimeout(timer));
    });

/** A guard that knows: answers take 100 ms, so a second attempt is due a little later. */
async function aGuard(options: GuardOverrides = {}, deps: GuardDeps = {}) {
  const guard = aGuardWith(
    {
      connector: 'hub',
      hedge: { minimumCalls: 10 },
      retry: { maxAttempts: 1, budgetFloorPerMinute: 2, budgetShare: 0 },
      ...options,
    },
    { random: () => 0.5, ...deps },
  );
  for (let i = 0; i < 10; i++) {
    const run = guard.run('Look', within(100), aScope(), LOOK_UP);
    await vi.advanceTimersByTimeAsync(100);
    await run;
  }
  return guard;
}

/** One attempt after the other, in the order they are sent. */
function inTurn(...attempts: ((signal: AbortSignal) => Promise<unknown>)[]) {
  const signals: AbortSignal[] = [];
  const attempt = vi.fn((signal: AbortSignal) => {
    signals.push(signal);
    return (attempts.shift() as (typeof attempts)[number])(signal);
  });
  return { attempt, signals };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a slow attempt', () => {
  it('has a second attempt beside it · whose answer is used, and the first is abandoned', async () => {
    const guard = await aGuard();
    const { attempt, signals } = inTurn(within(1_900, 'late'), within(50, 'second'));
    const scope = aScope();
    const run = guard.run('Look', attempt, scope, LOOK_UP);
    await vi.advanceTimersByTimeAsync(100);
    expect(attempt).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(attempt).toHaveBeenCalledTimes(2);
    expect(guard.load().running).toBe(2);
    await vi.advanceTimersByTimeAsync(50);
    expect(await run).toBe('second');
    expect(signals[0]?.aborted).toBe(true);
    expect(guard.load().running).toBe(0);
    expect(guard.figures().hedge).toEqual({ sent: 1, won: 1 });
    expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
  });

  it('that still answers first · is used, and the second is abandoned', async () => {
    const guard = await aGuard();
    const { attempt, signals } = inTurn(within(150, 'first'), within(500, 'second'));
    const run = guard.run('Look', attempt, aScope(), LOOK_UP);
    await vi.advanceTimersByTimeAsync(150);
    expect(await run).toBe('first');
    expect(signals[1]?.aborted).toBe(true);
    expect(guard.load().running).toBe(0);
    expect(guard.figures().hedge).toEqual({ sent: 1, won: 0 });
  });

  it.each([
    ['first', [within(150, new GatewayError('UPSTREAM_FAULT')), within(300, 'good')]],
    ['second', [within(400, 'good'), within(20, new GatewayError('UPSTREAM_FAULT'))]],
  ] as const)('when the %s fails · the other is waited for', async (_, attempts) => {
    const guard = await aGuard();
    const { attempt } = inTurn(...attempts);
    const run = guard.run('Look', attempt, aScope(), LOOK_UP);
    await vi.advanceTimersByTimeAsync(500);
    expect(await run).toBe('good');
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('when both fail · both count for the breaker, and the call ends with the first error', async () => {
    const guard = await aGuard({ breaker: { minimumCalls: 100, failuresInARow: 2 } });
    const { attempt } = inTurn(
      within(200, new GatewayError('UPSTREAM_INVALID')),
      within(300, new GatewayError('UPSTREAM_FAULT')),
    );
    const run = errorOf(guard.run('Look', attempt, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(500);
    expect(await run).toMatchObject({ code: 'UPSTREAM_INVALID', breaker: 'OPEN' });
    await guard.close();
  });

  it('refused by either · the source has answered: the other is abandoned', async () => {
    const guard = await aGuard();
    const { attempt, signals } = inTurn(within(1_000), within(20, new GatewayError('UPSTREAM_REFUSED')));
    const run = errorOf(guard.run('Look', attempt, aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(150);
    expect((await run).code).toBe('UPSTREAM_REFUSED');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('abandoned · does not count for the breaker', async () => {
    const guard = await aGuard({ breaker: { minimumCalls: 1, failuresInARow: 1 } });
    const { attempt } = inTurn(within(5_000), within(20));
    const run = guard.run('Look', attempt, aScope(), LOOK_UP);
    await vi.advanceTimersByTimeAsync(200);
    await run;
    expect(guard.state('Look').breaker).toBe('CLOSED');
  });

  it('whose request is cancelled · cancels both attempts', async () => {
    const guard = await aGuard();
    const { attempt, signals } = inTurn(within(5_000), within(5_000));
    const scope = aScope();
    const run = errorOf(guard.run('Look', attempt, scope, LOOK_UP));
    await vi.advanceTimersByTimeAsync(150);
    expect(signals).toHaveLength(2);
    scope.controller.abort(new GatewayError('CANCELLED'));
    expect((await run).code).toBe('CANCELLED');
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(0);
    expect(guard.load().running).toBe(0);
  });
});

describe('no second attempt', () => {
  const sent = async (
    guard: Awaited<ReturnType<typeof aGuard>>,
    call: Parameters<typeof guard.run>[3] = LOOK_UP,
    operation = 'Look',
  ): Promise<number> => {
    const before = guard.figures().hedge?.sent ?? 0;
    const run = guard.run(operation, within(400), aScope(), call);
    await vi.advanceTimersByTimeAsync(400);
    await run;
    return (guard.figures().hedge?.sent ?? 0) - before;
  };

  it('for a call that must not be repeated, for a mutation, before enough answers, without hedging', async () => {
    const guard = await aGuard();
    expect(await sent(guard, { idempotent: false })).toBe(0);
    expect(await sent(guard, { idempotent: true, runsToCompletion: true })).toBe(0);
    expect(await sent(guard, LOOK_UP, 'Other')).toBe(0);
    expect(await sent(guard)).toBe(1);
    const off = await aGuard({ hedge: undefined });
    expect(await sent(off)).toBe(0);
    expect(off.figures().hedge).toBeUndefined();
  });

  it('when the retry budget is used up', async () => {
    const guard = await aGuard();
    const runs = Array.from({ length: 5 }, () => guard.run('Look', within(400), aScope(), LOOK_UP));
    await vi.advanceTimersByTimeAsync(400);
    await Promise.all(runs);
    expect(guard.figures()).toMatchObject({ hedge: { sent: 2 }, retry: { budget: 0, retries: 0 } });
  });

  it('when the bulkhead is full · it never waits', async () => {
    const guard = await aGuard({ bulkhead: { maxConcurrent: 1 } });
    expect(await sent(guard)).toBe(0);
    expect(guard.load()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('when the quota requires a lease first · and the leased call is returned', async () => {
    const own = createQuotaLedger();
    let late: ((taken: boolean) => void) | undefined;
    const quotaLedger: QuotaLedger = {
      ...own,
      take: (window, startsAt, allowed) => {
        // Eleven are at hand here: those that made the source known, and the one that is slow.
        if (own.used(window, startsAt) < 11) return own.take(window, startsAt, allowed);
        return new Promise((resolve) => {
          late = (taken) => resolve(taken && own.take(window, startsAt, allowed) === true);
        });
      },
    };
    const guard = await aGuard({ quota: { perDay: 100 } }, { quotaLedger });
    expect(await sent(guard)).toBe(0);
    expect(guard.load().running).toBe(0);
    late?.(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(guard.figures().quota?.perDay?.used).toBe(11);
  });

  it('when the quota is used up, or the gate has closed · and no quota is used', async () => {
    const guard = await aGuard({ quota: { perDay: 12 } });
    expect(await sent(guard)).toBe(1);
    const full = await aGuard({ quota: { perDay: 11 } });
    expect(await sent(full)).toBe(0);
    expect(full.figures().quota?.perDay?.used).toBe(11);
    const shut = await aGuard({ quota: { perDay: 100 } });
    const run = shut.run('Look', within(400), aScope(), LOOK_UP);
    shut.setGate({ gate: 'CLOSED' });
    await vi.advanceTimersByTimeAsync(400);
    await run;
    expect(shut.figures()).toMatchObject({ hedge: { sent: 0 }, quota: { perDay: { used: 11 } } });
  });

  it('when the breaker is not closed', async () => {
    const guard = await aGuard({ breaker: { minimumCalls: 100, failuresInARow: 2, openMs: 5_000 } });
    const run = guard.run('Look', within(400), aScope(), LOOK_UP);
    for (let i = 0; i < 2; i++) await errorOf(guard.run('Look', failingWith('UPSTREAM_FAULT'), aScope()));
    await vi.advanceTimersByTimeAsync(400);
    await run;
    expect(guard.figures().hedge?.sent).toBe(0);
    await guard.close();
  });
});

it('the delay · follows the source; abandoned attempts are included', async () => {
  const guard = await aGuard({ retry: { maxAttempts: 1, budgetFloorPerMinute: 600, budgetShare: 1 } });
  let sent = 0;
  // The source has become slow for good: at first every call is sent twice, then its new time is known.
  for (let i = 0; i < 40; i++) {
    sent = guard.figures().hedge?.sent ?? 0;
    const run = guard.run('Look', within(300), aScope(), LOOK_UP);
    await vi.advanceTimersByTimeAsync(300);
    await run;
  }
  expect(guard.figures().hedge?.sent).toBe(sent);
  expect(sent).toBeGreaterThan(0);
});

describe('the quantile', () => {
  it('of any answers · not below the exact value, and at most a fifth and a millisecond above it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 100_000, noNaN: true }), { minLength: 20, maxLength: 400 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99),
        (times, quantile) => {
          const estimate = createLatencyQuantile(quantile, 20);
          for (const ms of times) estimate.record(ms);
          const sorted = times.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] as number;
          const value = estimate.valueMs() as number;
          expect(value).toBeGreaterThanOrEqual(exact - 1e-6);
          expect(value).toBeLessThanOrEqual(exact * 2 ** 0.25 + 1);
        },
      ),
    );
  });

  it('before enough answers · undefined; old answers lose weight', () => {
    const estimate = createLatencyQuantile(0.95, 10);
    for (let i = 0; i < 9; i++) estimate.record(10);
    expect(estimate.valueMs()).toBeUndefined();
    for (let i = 0; i < 3_000; i++) estimate.record(1_000);
    expect(estimate.valueMs()).toBeGreaterThanOrEqual(1_000);
    for (let i = 0; i < 3_000; i++) estimate.record(10);
    expect(estimate.valueMs()).toBeLessThan(13);
  });
});
