// The breaker alone, with a fake clock: opening, probing, closing, and the traps of opossum that architecture §6 names.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Breaker, createBreaker, NOT_ADMITTED } from '../../../src/guard/breaker/breaker.ts';
import type { BreakerOptions, BreakerTransition } from '../../../src/guard/contract.ts';
import { aGuardOptions } from '../made.ts';

type Change = Omit<BreakerTransition, 'connector'>;

const OPEN_MS = 5_000;

const OPTIONS = {
  failureRate: 0.5,
  minimumCalls: 4,
  windowMs: 10_000,
  openMs: OPEN_MS,
  probes: 2,
  recoverMs: 0,
};

function aBreaker(options: Partial<BreakerOptions> = {}): { breaker: Breaker; changes: Change[] } {
  const changes: Change[] = [];
  const breaker = createBreaker('Citizen', aGuardOptions({ breaker: { ...OPTIONS, ...options } }).breaker, {
    now: Date.now,
    onChange: (c) => void changes.push(c),
  });
  return { breaker, changes };
}

function failing(breaker: Breaker, times: number): void {
  for (let i = 0; i < times; i++) breaker.fail(breaker.admit(), 'UPSTREAM_TIMEOUT');
}
function succeeding(breaker: Breaker, times: number): void {
  for (let i = 0; i < times; i++) breaker.succeed(breaker.admit(), Date.now());
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a closed breaker', () => {
  it('stays closed below the minimum of calls, whatever their results', () => {
    const { breaker } = aBreaker();
    failing(breaker, 3);
    expect(breaker.state()).toBe('CLOSED');
    expect(breaker.reason()).toBeUndefined();
    expect(breaker.retryAfterMs()).toBeUndefined();
  });

  it('opens at failures in a row, even at a low rate', () => {
    const { breaker } = aBreaker({ minimumCalls: 4, failureRate: 0.5 });
    succeeding(breaker, 50);
    failing(breaker, 3);
    expect(breaker.state()).toBe('CLOSED');
    succeeding(breaker, 1);
    failing(breaker, 3);
    expect(breaker.state()).toBe('CLOSED');
    failing(breaker, 1);
    expect(breaker.state()).toBe('OPEN');
  });

  it('opens when the failure rate is reached, not only when it is exceeded', () => {
    const { breaker, changes } = aBreaker();
    succeeding(breaker, 2);
    failing(breaker, 1);
    expect(breaker.state()).toBe('CLOSED');
    failing(breaker, 1);
    expect(breaker.state()).toBe('OPEN');
    expect(changes).toEqual([
      {
        operation: 'Citizen',
        from: 'CLOSED',
        to: 'OPEN',
        at: Date.now(),
        cause: 'UPSTREAM_TIMEOUT',
        trigger: 'FAILURE_RATE',
        failuresInARow: 2,
        counts: { calls: 4, failures: 2 },
      },
    ]);
  });

  it('does not count abandoned calls, neither as failures nor as successes', () => {
    const { breaker } = aBreaker();
    failing(breaker, 3);
    for (let i = 0; i < 50; i++) breaker.abandon(breaker.admit());
    expect(breaker.state()).toBe('CLOSED');
    failing(breaker, 1);
    expect(breaker.state()).toBe('OPEN');
  });

  it('ignores calls older than its window', () => {
    const { breaker } = aBreaker();
    failing(breaker, 3);
    vi.advanceTimersByTime(10_000);
    failing(breaker, 3);
    expect(breaker.state()).toBe('CLOSED');
    vi.advanceTimersByTime(5_000);
    failing(breaker, 1);
    expect(breaker.state()).toBe('OPEN');
  });
});

describe('an open breaker', () => {
  it('rejects calls with retryAfterMs', () => {
    const { breaker } = aBreaker();
    failing(breaker, 4);
    expect(breaker.admit()).toBe(NOT_ADMITTED);
    expect(breaker.retryAfterMs()).toBe(5_000);
    vi.advanceTimersByTime(1_200);
    expect(breaker.retryAfterMs()).toBe(3_800);
    expect(breaker.wouldReject()).toBe(true);
    expect(breaker.reason()).toBe('UPSTREAM_TIMEOUT');
  });

  it('ignores results of calls that were admitted while it was closed', () => {
    const { breaker, changes } = aBreaker();
    const early = [breaker.admit(), breaker.admit(), breaker.admit()];
    failing(breaker, 4);
    breaker.succeed(early[0] as number, Date.now());
    breaker.fail(early[1] as number, 'UPSTREAM_FAULT');
    expect(breaker.state()).toBe('OPEN');
    expect(breaker.reason()).toBe('UPSTREAM_TIMEOUT');
    vi.advanceTimersByTime(5_000);
    expect(breaker.state()).toBe('HALF_OPEN');
    breaker.succeed(early[2] as number, Date.now());
    expect(breaker.state()).toBe('HALF_OPEN');
    expect(changes).toHaveLength(2);
  });

  it('becomes half-open by itself after its time, without a call', () => {
    const { breaker, changes } = aBreaker();
    failing(breaker, 4);
    const openedAt = Date.now();
    vi.advanceTimersByTime(4_999);
    expect(breaker.state()).toBe('OPEN');
    vi.advanceTimersByTime(1);
    expect(breaker.state()).toBe('HALF_OPEN');
    expect(breaker.since()).toBe(openedAt + 5_000);
    expect(changes.at(-1)).toMatchObject({ from: 'OPEN', to: 'HALF_OPEN', cause: 'WAITED' });
  });
});

describe('a half-open breaker', () => {
  const halfOpen = (options: Partial<BreakerOptions> = {}) => {
    const made = aBreaker(options);
    failing(made.breaker, 4);
    vi.advanceTimersByTime(5_000);
    return made;
  };

  it('admits exactly its probes', () => {
    const { breaker } = halfOpen();
    const admitted = Array.from({ length: 10 }, () => breaker.admit()).filter(
      (permit) => permit !== NOT_ADMITTED,
    );
    expect(admitted).toHaveLength(2);
    expect(breaker.wouldReject()).toBe(true);
    expect(breaker.retryAfterMs()).toBe(1_000);
  });

  it('replaces a lost probe until enough have succeeded', () => {
    const { breaker } = halfOpen();
    const [lost, well] = [breaker.admit(), breaker.admit()];
    breaker.succeed(well as number, Date.now());
    expect(breaker.state()).toBe('HALF_OPEN');
    const next = breaker.admit();
    expect(next).not.toBe(NOT_ADMITTED);
    expect(breaker.wouldReject()).toBe(true);
    breaker.succeed(next, Date.now());
    expect(breaker.state()).toBe('CLOSED');
    // What became of it is of a time that is over.
    breaker.fail(lost as number, 'UPSTREAM_TIMEOUT');
    expect(breaker.state()).toBe('CLOSED');
  });

  it('does not close at the first success when it needs two', () => {
    const { breaker, changes } = halfOpen();
    succeeding(breaker, 1);
    expect(breaker.state()).toBe('HALF_OPEN');
    succeeding(breaker, 1);
    expect(breaker.state()).toBe('CLOSED');
    expect(breaker.reason()).toBeUndefined();
    expect(changes.at(-1)).toMatchObject({ to: 'CLOSED', cause: 'PROBES_SUCCEEDED' });
  });

  it.each([
    ['at once', 0, 1],
    ['after a part of the open time', 0.4, 0.6],
    ['after all of it', 1.5, 0.25],
  ])(
    'opens again at a probe that fails %s · for the rest of the open time, at least a quarter',
    (_, took, left) => {
      const { breaker } = halfOpen();
      const sentAt = Date.now();
      const probe = breaker.admit();
      vi.advanceTimersByTime(OPEN_MS * took);
      breaker.fail(probe, 'UPSTREAM_TIMEOUT', 'r', sentAt);
      expect(breaker.state()).toBe('OPEN');
      expect(breaker.retryAfterMs()).toBe(OPEN_MS * left);
      vi.advanceTimersByTime(OPEN_MS * left - 1);
      expect(breaker.state()).toBe('OPEN');
      vi.advanceTimersByTime(1);
      expect(breaker.state()).toBe('HALF_OPEN');
      // One that fails at once is left alone for the whole time again.
      breaker.fail(breaker.admit(), 'UPSTREAM_FAULT', 'r', Date.now());
      expect(breaker.retryAfterMs()).toBe(OPEN_MS);
    },
  );

  it('opens again at the first failure, for the whole open time', () => {
    const { breaker } = halfOpen();
    const [one, two] = [breaker.admit(), breaker.admit()];
    breaker.succeed(one as number, Date.now());
    breaker.fail(two as number, 'UPSTREAM_FAULT');
    expect(breaker.state()).toBe('OPEN');
    expect(breaker.reason()).toBe('UPSTREAM_FAULT');
    expect(breaker.retryAfterMs()).toBe(5_000);
    vi.advanceTimersByTime(5_000);
    expect(breaker.state()).toBe('HALF_OPEN');
  });

  it('admits another probe in place of an abandoned one', () => {
    const { breaker } = halfOpen({ probes: 1 });
    const probe = breaker.admit();
    expect(breaker.admit()).toBe(NOT_ADMITTED);
    breaker.abandon(probe);
    expect(breaker.state()).toBe('HALF_OPEN');
    succeeding(breaker, 1);
    expect(breaker.state()).toBe('CLOSED');
  });

  it('ignores a probe of an earlier half-open state', () => {
    const { breaker } = halfOpen();
    const [old, bad] = [breaker.admit(), breaker.admit()];
    breaker.fail(bad as number, 'UPSTREAM_FAULT');
    vi.advanceTimersByTime(5_000);
    breaker.succeed(old as number, Date.now());
    succeeding(breaker, 1);
    expect(breaker.state()).toBe('HALF_OPEN');
    succeeding(breaker, 1);
    expect(breaker.state()).toBe('CLOSED');
  });

  it('starts with an empty window after closing: earlier failures do not count', () => {
    const { breaker } = halfOpen({ windowMs: 60_000 });
    succeeding(breaker, 2);
    failing(breaker, 3);
    expect(breaker.state()).toBe('CLOSED');
    failing(breaker, 1);
    expect(breaker.state()).toBe('OPEN');
  });
});

it('a breaker that is shut down · late results · are ignored and no timer stays', () => {
  const { breaker } = aBreaker();
  const late = breaker.admit();
  failing(breaker, 4);
  breaker.close();
  breaker.succeed(late, Date.now());
  expect(breaker.admit()).toBe(NOT_ADMITTED);
  expect(vi.getTimerCount()).toBe(0);
});
