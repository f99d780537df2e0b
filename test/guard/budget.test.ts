// The time of a whole call, on a fake clock: waits, attempts and retries within it, each caller with its own.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { aGuardWith, aScope, errorOf, failingWith, type GuardOverrides, hanging } from './made.ts';

const aGuard = (options: GuardOverrides = {}) =>
  aGuardWith(
    { connector: 'hub', operations: { Look: { budgetMs: 300, coalesce: true } }, ...options },
    { random: () => 0.5 },
  );

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await undefined;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('an attempt longer than the budget · is cancelled with DEADLINE_EXCEEDED and does not count for the breaker', async () => {
  const guard = aGuard({ breaker: { minimumCalls: 1 } });
  const scope = aScope();
  let inner: AbortSignal | undefined;
  const run = errorOf(
    guard.run(
      'Look',
      (signal) => {
        inner = signal;
        return hanging();
      },
      scope,
      { idempotent: true },
    ),
  );
  await vi.advanceTimersByTimeAsync(299);
  expect(inner?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await run).toMatchObject({ code: 'DEADLINE_EXCEEDED', connector: 'hub', operation: 'Look' });
  expect(inner?.aborted).toBe(true);
  expect(guard.state('Look').breaker).toBe('CLOSED');
  expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
});

it('waiting for the bulkhead · is part of the budget', async () => {
  const guard = aGuard({ bulkhead: { maxConcurrent: 1 } });
  const first = errorOf(guard.run('Other', hanging, aScope(1_000)));
  const attempt = vi.fn(hanging);
  const run = errorOf(guard.run('Look', attempt, aScope()));
  await vi.advanceTimersByTimeAsync(300);
  expect((await run).code).toBe('DEADLINE_EXCEEDED');
  expect(attempt).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(700);
  await first;
});

it('a retry that would begin after the budget · is not made', async () => {
  const guard = aGuard({ retry: { baseMs: 100 }, operations: { Look: { budgetMs: 50 } } });
  const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
  expect((await errorOf(guard.run('Look', attempt, aScope(), { idempotent: true }))).code).toBe(
    'UPSTREAM_FAULT',
  );
  expect(attempt).toHaveBeenCalledTimes(1);
});

it('an earlier deadline of the request · ends the call', async () => {
  const guard = aGuard();
  const run = errorOf(guard.run('Look', hanging, aScope(100)));
  await vi.advanceTimersByTimeAsync(100);
  expect((await run).code).toBe('DEADLINE_EXCEEDED');
});

it('many calls · share one timer; a cancelled request ends its call at once', async () => {
  const guard = aGuard({ attemptTimeoutMs: 5_000, operations: { Look: { budgetMs: 300 } } });
  const scopes = [aScope(), aScope(), aScope()];
  const runs = scopes.map((scope) => errorOf(guard.run('Look', hanging, scope)));
  // One of the budget, one of the attempts' limit.
  expect(vi.getTimerCount()).toBe(2);
  scopes[0]?.controller.abort(new GatewayError('CANCELLED'));
  expect((await runs[0])?.code).toBe('CANCELLED');
  await vi.advanceTimersByTimeAsync(300);
  expect((await runs[1])?.code).toBe('DEADLINE_EXCEEDED');
  expect((await runs[2])?.code).toBe('DEADLINE_EXCEEDED');
});

it('callers that share a call · have budgets of their own; the call continues for the remaining caller', async () => {
  const guard = aGuard();
  let end: (value: number) => void = () => {};
  const attempt = vi.fn(() => new Promise<number>((resolve) => (end = resolve)));
  const call = { idempotent: true, key: 'k' };
  const first = errorOf(guard.run('Look', attempt, aScope(), call));
  await vi.advanceTimersByTimeAsync(200);
  const second = guard.run('Look', attempt, aScope(), call);
  await vi.advanceTimersByTimeAsync(100);
  expect((await first).code).toBe('DEADLINE_EXCEEDED');
  end(7);
  expect(await second).toBe(7);
  expect(attempt).toHaveBeenCalledTimes(1);
});

it('a cached answer · is returned when the budget ends', async () => {
  const guard = aGuard({
    operations: { Look: { budgetMs: 300, cache: { ttlMs: 100, staleIfErrorMs: 10_000 } } },
  });
  const call = { idempotent: true, key: 'k' };
  const answer = { fetchedAt: Date.now(), freshness: 'LIVE' as const };
  await guard.run<unknown>('Look', async () => answer, aScope(), call);
  await vi.advanceTimersByTimeAsync(100);
  const run = guard.run<unknown>('Look', hanging, aScope(), call);
  await vi.advanceTimersByTimeAsync(300);
  expect(await run).toMatchObject({ freshness: 'STALE' });
  guard.dropCache();
});

it('a mutation that was sent · continues when its budget ends', async () => {
  const guard = aGuard();
  let inner: AbortSignal | undefined;
  let end: (value: number) => void = () => {};
  const run = errorOf(
    guard.run(
      'Look',
      (signal) => {
        inner = signal;
        return new Promise<number>((resolve) => (end = resolve));
      },
      aScope(),
      { idempotent: false, runsToCompletion: true },
    ),
  );
  await vi.advanceTimersByTimeAsync(300);
  expect((await run).code).toBe('DEADLINE_EXCEEDED');
  expect(inner?.aborted).toBe(false);
  expect(guard.load().running).toBe(1);
  end(1);
  await settled();
  expect(guard.load().running).toBe(0);
});
