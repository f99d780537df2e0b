// What a guard tells of its breakers' changes, and probes that an operator asks for, on a fake clock.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import type { BreakerTransition } from '../../../src/guard/guard.ts';
import { aGuardWith, aScope, errorOf, failingWith, type GuardOverrides } from '../made.ts';

function aGuard(options: GuardOverrides = {}) {
  const told: BreakerTransition[] = [];
  const guard = aGuardWith(
    {
      connector: 'hub',
      breaker: { minimumCalls: 4, windowMs: 10_000, openMs: 5_000, probes: 2, recoverMs: 0 },
      ...options,
    },
    { onTransition: (transition) => void told.push(transition) },
  );
  const failing = (requestId?: string, operation = 'Look', code: ErrorCode = 'UPSTREAM_FAULT') =>
    errorOf(guard.run(operation, failingWith(code), { ...aScope(), ...(requestId && { requestId }) }));
  const answering = (operation = 'Look') => guard.run(operation, async () => 1, aScope());
  return { guard, told, failing, answering };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a transition', () => {
  it('that opens · lists the requests whose failures contributed, each once, newest first', async () => {
    const { guard, told, failing } = aGuard();
    for (const id of ['r1', 'r2', 'r2', 'r3']) await failing(id);
    expect(told).toMatchObject([{ to: 'OPEN', requestIds: ['r3', 'r2', 'r1'] }]);
    await guard.close();
  });

  it('lists at most five, none from before the window, none that did not count', async () => {
    const { guard, told, failing } = aGuard({ breaker: { minimumCalls: 8, windowMs: 10_000 } });
    for (let i = 0; i < 4; i++) await failing(`old${i}`);
    vi.advanceTimersByTime(20_000);
    await failing('new1');
    await failing('refused', 'Look', 'UPSTREAM_REFUSED');
    for (let i = 2; i < 8; i++) await failing(`new${i}`);
    expect(told[0]?.requestIds).toEqual(['new7', 'new6', 'new5', 'new4', 'new3']);
    await guard.close();

    const few = aGuard();
    await few.failing('old');
    vi.advanceTimersByTime(20_000);
    for (const id of ['a', 'b', 'c', 'd']) await few.failing(id);
    expect(few.told[0]?.requestIds).toEqual(['d', 'c', 'b', 'a']);
    await few.guard.close();
  });

  it('that does not open, or whose requests have no id · lists none', async () => {
    const { guard, told, failing, answering } = aGuard();
    for (let i = 0; i < 4; i++) await failing();
    await vi.advanceTimersByTimeAsync(5_000);
    await answering();
    await answering();
    expect(told.map(({ to, requestIds }) => [to, requestIds])).toEqual([
      ['OPEN', undefined],
      ['HALF_OPEN', undefined],
      ['CLOSED', undefined],
    ]);
    await guard.close();
  });

  it('of a failed probe · lists its request only', async () => {
    const { guard, told, failing } = aGuard();
    for (let i = 0; i < 4; i++) await failing(`r${i}`);
    await vi.advanceTimersByTimeAsync(5_000);
    await failing('probe');
    expect(told.at(-1)).toMatchObject({ from: 'HALF_OPEN', to: 'OPEN', requestIds: ['probe'] });
    await guard.close();
  });

  it('of slow answers · lists the requests that waited for them', async () => {
    const { guard, told } = aGuard({ breaker: { minimumCalls: 2, slowCallMs: 100 } });
    const slow = (requestId: string) =>
      guard.run('Look', () => new Promise((resolve) => setTimeout(resolve, 100)), { ...aScope(), requestId });
    const runs = [slow('s1'), slow('s2')];
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(runs);
    expect(told).toMatchObject([{ cause: 'SLOW_CALLS', requestIds: ['s2', 's1'] }]);
    await guard.close();
  });

  it('of a shared call · lists the request that made it', async () => {
    const { guard, told } = aGuard({
      operations: { Look: { coalesce: true } },
      breaker: { minimumCalls: 1 },
    });
    const run = (requestId: string) =>
      errorOf(
        guard.run(
          'Look',
          failingWith('UPSTREAM_FAULT'),
          { ...aScope(), requestId },
          { idempotent: false, key: 'k' },
        ),
      );
    await Promise.all([run('first'), run('second')]);
    expect(told[0]?.requestIds).toEqual(['first']);
    await guard.close();
  });
});

it('transitions · are kept, the last twenty, newest first', async () => {
  const { guard, told, failing } = aGuard({
    breaker: { minimumCalls: 1, openMs: 10, probes: 1, recoverMs: 0 },
  });
  for (let i = 0; i < 12; i++) {
    await failing();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(told.length).toBe(24);
  expect(guard.transitions()).toEqual(told.toReversed().slice(0, 20));
  await guard.close();
});

describe('requested probes', () => {
  it('an open breaker · admits its probes at once, and closes after them', async () => {
    const { guard, told, failing, answering } = aGuard();
    for (let i = 0; i < 4; i++) await failing();
    expect((await errorOf(answering())).code).toBe('CIRCUIT_OPEN');
    expect(guard.probeNow('Look')).toBe(1);
    expect(guard.state('Look').breaker).toBe('HALF_OPEN');
    expect(guard.probeNow('Look')).toBe(0);
    expect(await answering()).toBe(1);
    expect(await answering()).toBe(1);
    expect(guard.state('Look').breaker).toBe('CLOSED');
    expect(told.map(({ to, cause }) => `${to} ${cause}`)).toEqual([
      'OPEN UPSTREAM_FAULT',
      'HALF_OPEN REQUESTED',
      'CLOSED PROBES_SUCCEEDED',
    ]);
    // The wait that was cut short does not come to an end later.
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveLength(3);
  });

  it('a failed probe · opens it again, for the whole open time', async () => {
    const { guard, told, failing } = aGuard();
    for (let i = 0; i < 4; i++) await failing();
    await vi.advanceTimersByTimeAsync(4_000);
    guard.probeNow();
    await failing();
    expect(guard.state('Look')).toMatchObject({ breaker: 'OPEN', retryAfterMs: 5_000 });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(guard.state('Look').breaker).toBe('OPEN');
    await vi.advanceTimersByTimeAsync(1);
    expect(guard.state('Look').breaker).toBe('HALF_OPEN');
    expect(told.at(-1)?.cause).toBe('WAITED');
  });

  it('all breakers of a source · the open ones probe, and their number is returned', async () => {
    const { guard, failing, answering } = aGuard({ operations: { A: { group: 'g' }, B: { group: 'g' } } });
    for (const operation of ['A', 'Look']) for (let i = 0; i < 4; i++) await failing(undefined, operation);
    await answering('Other');
    expect(guard.probeNow('Never called')).toBe(0);
    expect(guard.probeNow('B')).toBe(1);
    expect(guard.probeNow()).toBe(1);
    expect(guard.states().map(({ breaker }) => breaker)).toEqual(['HALF_OPEN', 'HALF_OPEN', 'CLOSED']);
  });

  it('a closed guard · has no breaker to probe', async () => {
    const { guard, failing } = aGuard();
    for (let i = 0; i < 4; i++) await failing();
    await guard.close();
    expect(guard.probeNow()).toBe(0);
  });
});
