// The breaker with a fake clock: slow answers open it, and after healing it takes calls back little by little.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Breaker, createBreaker, NOT_ADMITTED } from '../../../src/guard/breaker/breaker.ts';
import type { BreakerOptions, BreakerTransition } from '../../../src/guard/contract.ts';
import { aGuardOptions } from '../made.ts';

function aBreaker(options: Partial<BreakerOptions>) {
  const breakerOptions = { minimumCalls: 4, windowMs: 10_000, openMs: 5_000, probes: 2, recoverMs: 0 };
  const changes: Omit<BreakerTransition, 'connector'>[] = [];
  const breaker = createBreaker(
    'Citizen',
    aGuardOptions({ breaker: { ...breakerOptions, ...options } }).breaker,
    { now: Date.now, onChange: (c) => void changes.push(c) },
  );
  return { breaker, changes };
}
function answering(breaker: Breaker, times: number, ms: number): void {
  for (let i = 0; i < times; i++) breaker.succeed(breaker.admit(), Date.now() - ms);
}
function failing(breaker: Breaker, times: number): void {
  for (let i = 0; i < times; i++) breaker.fail(breaker.admit(), 'UPSTREAM_FAULT');
}
const admitted = (breaker: Breaker, times: number): number =>
  Array.from({ length: times }, () => breaker.admit()).filter((permit) => permit !== NOT_ADMITTED).length;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('slow answers', () => {
  it('half of the window · open the breaker, with a cause and a count of their own', () => {
    const { breaker, changes } = aBreaker({ slowCallMs: 1_000 });
    answering(breaker, 3, 999);
    answering(breaker, 2, 1_000);
    expect(breaker.state()).toBe('CLOSED');
    answering(breaker, 1, 1_500);
    expect(breaker.state()).toBe('OPEN');
    expect(breaker.reason()).toBe('UPSTREAM_TIMEOUT');
    expect(changes).toMatchObject([
      { to: 'OPEN', cause: 'SLOW_CALLS', counts: { calls: 6, failures: 0, slow: 3 } },
    ]);
    breaker.close();
  });

  it('below the minimum of calls, or without slowCallMs · do not open it', () => {
    const few = aBreaker({ slowCallMs: 1_000 }).breaker;
    answering(few, 3, 5_000);
    expect(few.state()).toBe('CLOSED');
    const off = aBreaker({}).breaker;
    answering(off, 100, 5_000);
    expect(off.state()).toBe('CLOSED');
  });

  it('that have left the window · do not count', () => {
    const { breaker } = aBreaker({ slowCallMs: 1_000 });
    answering(breaker, 3, 1_000);
    vi.advanceTimersByTime(10_000);
    answering(breaker, 3, 0);
    answering(breaker, 1, 1_000);
    expect(breaker.state()).toBe('CLOSED');
  });

  it('to a probe · open the breaker again', () => {
    const { breaker, changes } = aBreaker({ slowCallMs: 1_000 });
    failing(breaker, 4);
    vi.advanceTimersByTime(5_000);
    answering(breaker, 1, 1_000);
    expect(changes.map(({ to, cause }) => `${to} ${cause}`)).toEqual([
      'OPEN UPSTREAM_FAULT',
      'HALF_OPEN WAITED',
      'OPEN SLOW_CALLS',
    ]);
    breaker.close();
  });
});

describe('recovery', () => {
  const recovering = () => {
    const made = aBreaker({ recoverMs: 1_000 });
    failing(made.breaker, 4);
    vi.advanceTimersByTime(5_000);
    answering(made.breaker, 2, 0);
    return made;
  };

  it('after the probes · a quarter of the calls passes, then a growing share, then all', () => {
    const { breaker, changes } = recovering();
    expect(breaker.state()).toBe('HALF_OPEN');
    expect(breaker.retryAfterMs()).toBe(1_000);
    expect(admitted(breaker, 100)).toBe(25);
    vi.advanceTimersByTime(500);
    expect(admitted(breaker, 1_000)).toBe(625);
    vi.advanceTimersByTime(500);
    expect(breaker.state()).toBe('CLOSED');
    expect(breaker.retryAfterMs()).toBeUndefined();
    expect(admitted(breaker, 100)).toBe(100);
    expect(changes.map(({ from, to, cause }) => `${from} ${to} ${cause}`)).toEqual([
      'CLOSED OPEN UPSTREAM_FAULT',
      'OPEN HALF_OPEN WAITED',
      'HALF_OPEN CLOSED RECOVERED',
    ]);
  });

  it('the first call after the probes · passes', () => {
    const { breaker } = recovering();
    expect(admitted(breaker, 1)).toBe(1);
    breaker.close();
  });

  it('failures during recovery · a few open the breaker again, and end the recovery', () => {
    const { breaker, changes } = recovering();
    vi.advanceTimersByTime(900);
    failing(breaker, 1);
    expect(breaker.state()).toBe('HALF_OPEN');
    failing(breaker, 1);
    expect(breaker.state()).toBe('OPEN');
    expect(changes.at(-1)).toMatchObject({ from: 'HALF_OPEN', to: 'OPEN', cause: 'UPSTREAM_FAULT' });
    vi.advanceTimersByTime(200);
    expect(breaker.state()).toBe('OPEN');
    breaker.close();
  });

  it('a closed breaker · leaves no timer', () => {
    recovering().breaker.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
