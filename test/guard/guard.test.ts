// The whole guard with a fake clock: what a call meets on its way, what it leaves with, and what it leaves behind.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ErrorCode, GatewayError } from '../../src/errors.ts';
import type { BreakerTransition, GuardScope } from '../../src/guard/guard.ts';
import { aGuardWith, type GuardOverrides } from './made.ts';

function aScope(deadlineMs = 10_000): GuardScope & { controller: AbortController } {
  const controller = new AbortController();
  return { controller, signal: controller.signal, deadlineAt: Date.now() + deadlineMs };
}

function aGuard(options: GuardOverrides = {}) {
  const transitions: BreakerTransition[] = [];
  const guard = aGuardWith(
    {
      connector: 'population',
      attemptTimeoutMs: 2_000,
      breaker: {
        failureRate: 0.5,
        minimumCalls: 4,
        windowMs: 10_000,
        openMs: 5_000,
        probes: 2,
        recoverMs: 0,
      },
      ...options,
    },
    { onTransition: (t) => void transitions.push(t) },
  );
  return { guard, transitions };
}

const hanging = (): Promise<never> => new Promise(() => {});
const failingWith = (code: ErrorCode) => () => Promise.reject(new GatewayError(code));

/** Runs and gives the error it leaves with, or fails. */
const errorOf = (run: Promise<unknown>): Promise<GatewayError> =>
  run.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: GatewayError) => error,
  );

async function opened(made: ReturnType<typeof aGuard>): Promise<void> {
  for (let i = 0; i < 4; i++)
    await errorOf(made.guard.run('Citizen', failingWith('UPSTREAM_FAULT'), aScope()));
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a healthy call', () => {
  it('returns the value of the attempt and leaves no timer or listener', async () => {
    const { guard } = aGuard();
    const scope = aScope();
    expect(await guard.run('Citizen', () => Promise.resolve(7), scope)).toBe(7);
    expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
    expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 64 });
    expect(guard.state('Citizen')).toMatchObject({ operation: 'Citizen', breaker: 'CLOSED' });
  });

  it('emits no warning about listeners when one request makes many calls', async () => {
    const { guard } = aGuard({ bulkhead: { maxConcurrent: 16 } });
    const warned = vi.fn();
    process.on('warning', warned);
    const scope = aScope();
    await Promise.all(Array.from({ length: 64 }, () => guard.run('Citizen', async () => 1, scope)));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('an attempt that takes too long', () => {
  it('is UPSTREAM_TIMEOUT at the attempt limit, even when it ignores its signal', async () => {
    const { guard } = aGuard();
    const scope = aScope();
    let inner: AbortSignal | undefined;
    const run = errorOf(
      guard.run(
        'Citizen',
        (signal) => {
          inner = signal;
          return hanging();
        },
        scope,
      ),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    const error = await run;
    expect(error).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      connector: 'population',
      operation: 'Citizen',
      breaker: 'CLOSED',
    });
    expect(inner?.aborted).toBe(true);
    expect(inner?.reason).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
    expect(guard.load().running).toBe(0);
  });

  it('counts as a failure: the breaker opens at the limit', async () => {
    const made = aGuard();
    const runs = Array.from({ length: 4 }, () => errorOf(made.guard.run('Citizen', hanging, aScope())));
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await Promise.all(runs)).at(-1)).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      breaker: 'OPEN',
      retryAfterMs: 5_000,
    });
    expect(made.guard.state('Citizen')).toMatchObject({ breaker: 'OPEN', reason: 'UPSTREAM_TIMEOUT' });
    made.guard.close();
  });

  it('is DEADLINE_EXCEEDED when the deadline comes first, and does not count', async () => {
    const { guard } = aGuard();
    const runs = Array.from({ length: 6 }, () => errorOf(guard.run('Citizen', hanging, aScope(1_500))));
    await vi.advanceTimersByTimeAsync(1_500);
    for (const error of await Promise.all(runs)) expect(error.code).toBe('DEADLINE_EXCEEDED');
    expect(guard.state('Citizen').breaker).toBe('CLOSED');
  });

  it('is not begun when the deadline has passed', async () => {
    const { guard } = aGuard();
    const attempt = vi.fn(hanging);
    expect((await errorOf(guard.run('Citizen', attempt, aScope(0)))).code).toBe('DEADLINE_EXCEEDED');
    expect(attempt).not.toHaveBeenCalled();
  });

  it('counts at the deadline if it ran for the time limit of an attempt', async () => {
    const { guard } = aGuard();
    const scopes = Array.from({ length: 4 }, () => aScope(60_000));
    // The requests' own timers fire at the same moment as the attempts'.
    for (const { controller } of scopes) {
      setTimeout(() => controller.abort(new GatewayError('DEADLINE_EXCEEDED')), 2_000);
    }
    const runs = scopes.map((scope) => errorOf(guard.run('Citizen', hanging, scope)));
    await vi.advanceTimersByTimeAsync(2_000);
    for (const error of await Promise.all(runs)) expect(error.code).toBe('DEADLINE_EXCEEDED');
    expect(guard.state('Citizen').breaker).toBe('OPEN');
    guard.close();
  });

  it('has the limit of its operation, if set', async () => {
    const { guard } = aGuard({ operations: { Slow: { attemptTimeoutMs: 100 } } });
    const run = errorOf(guard.run('Slow', hanging, aScope()));
    await vi.advanceTimersByTimeAsync(100);
    expect((await run).code).toBe('UPSTREAM_TIMEOUT');
  });
});

describe('attempts of several requests', () => {
  it('share one timer, and each times out at its own limit', async () => {
    const { guard } = aGuard({ breaker: { minimumCalls: 100 } });
    const ended: string[] = [];
    const begin = (name: string): Promise<unknown> =>
      errorOf(guard.run('Citizen', hanging, aScope())).then((error) => ended.push(`${name} ${error.code}`));
    const one = begin('one');
    await vi.advanceTimersByTimeAsync(700);
    const two = begin('two');
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_299);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['one UPSTREAM_TIMEOUT']);
    await vi.advanceTimersByTimeAsync(699);
    expect(ended).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['one UPSTREAM_TIMEOUT', 'two UPSTREAM_TIMEOUT']);
    await Promise.all([one, two]);
  });

  it('do not shorten the time of later attempts when they end', async () => {
    const { guard } = aGuard();
    let free: (value: number) => void = () => {};
    const first = guard.run('Citizen', () => new Promise<number>((resolve) => (free = resolve)), aScope());
    await vi.advanceTimersByTimeAsync(1_500);
    let late: unknown;
    const second = errorOf(guard.run('Citizen', hanging, aScope())).then((error) => (late = error.code));
    free(1);
    await first;
    await vi.advanceTimersByTimeAsync(1_999);
    expect(late).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(late).toBe('UPSTREAM_TIMEOUT');
  });

  it('share one listener per request; a cancelled request does not affect the others', async () => {
    const { guard } = aGuard();
    const [going, staying] = [aScope(), aScope()];
    const gone = [1, 2, 3].map(() => errorOf(guard.run('Citizen', hanging, going)));
    let free: (value: number) => void = () => {};
    const stays = guard.run('Citizen', () => new Promise<number>((resolve) => (free = resolve)), staying);
    expect(getEventListeners(going.signal, 'abort')).toHaveLength(1);
    going.controller.abort(new GatewayError('CANCELLED'));
    for (const error of await Promise.all(gone)) expect(error.code).toBe('CANCELLED');
    expect(getEventListeners(going.signal, 'abort')).toHaveLength(0);
    expect(guard.load().running).toBe(1);
    free(9);
    expect(await stays).toBe(9);
    expect(getEventListeners(staying.signal, 'abort')).toHaveLength(0);
  });
});

describe('a client that disconnects', () => {
  it('ends the call at once with CANCELLED, aborts the attempt, and does not count', async () => {
    const { guard } = aGuard();
    for (let i = 0; i < 8; i++) {
      const scope = aScope();
      let inner: AbortSignal | undefined;
      const run = errorOf(
        guard.run(
          'Citizen',
          (signal) => {
            inner = signal;
            return hanging();
          },
          scope,
        ),
      );
      scope.controller.abort(new GatewayError('CANCELLED'));
      expect((await run).code).toBe('CANCELLED');
      expect(inner?.aborted).toBe(true);
    }
    expect(guard.state('Citizen').breaker).toBe('CLOSED');
  });

  it('starts no attempt if it disconnected before the call', async () => {
    const { guard } = aGuard();
    const scope = aScope();
    scope.controller.abort();
    const attempt = vi.fn(hanging);
    expect((await errorOf(guard.run('Citizen', attempt, scope))).code).toBe('CANCELLED');
    expect(attempt).not.toHaveBeenCalled();
  });

  it('starts no attempt if it disconnects between admission and start', async () => {
    const { guard } = aGuard({ bulkhead: { maxConcurrent: 1 } });
    let free: (value: number) => void = () => {};
    const first = guard.run('Citizen', () => new Promise<number>((resolve) => (free = resolve)), aScope());
    const scope = aScope();
    const attempt = vi.fn(hanging);
    const second = errorOf(guard.run('Citizen', attempt, scope));
    free(1);
    await first;
    scope.controller.abort(new GatewayError('CANCELLED'));
    expect((await second).code).toBe('CANCELLED');
    expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 1 });
  });
});

describe('failures', () => {
  it('of the source open the breaker; then calls are rejected without an attempt', async () => {
    const made = aGuard();
    await opened(made);
    const attempt = vi.fn(hanging);
    const error = await errorOf(made.guard.run('Citizen', attempt, aScope()));
    expect(error).toMatchObject({
      code: 'CIRCUIT_OPEN',
      fault: 'PROVIDER',
      connector: 'population',
      operation: 'Citizen',
      breaker: 'OPEN',
      retryAfterMs: 5_000,
    });
    expect(attempt).not.toHaveBeenCalled();
    expect(made.transitions).toEqual([
      {
        connector: 'population',
        operation: 'Citizen',
        from: 'CLOSED',
        to: 'OPEN',
        at: Date.now(),
        cause: 'UPSTREAM_FAULT',
        trigger: 'FAILURES_IN_A_ROW',
        failuresInARow: 4,
        counts: { calls: 4, failures: 4 },
      },
    ]);
    made.guard.close();
  });

  it('are over after a recovery: the breaker closes by itself', async () => {
    const made = aGuard();
    await opened(made);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(made.guard.state('Citizen').breaker).toBe('HALF_OPEN');
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () => made.guard.run('Citizen', async () => 1, aScope())),
    );
    expect(answers.map((a) => a.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect((answers[2] as PromiseRejectedResult).reason).toMatchObject({
      code: 'CIRCUIT_OPEN',
      retryAfterMs: 1_000,
    });
    expect(made.guard.state('Citizen').breaker).toBe('CLOSED');
    expect(made.transitions.map((t) => t.to)).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
  });

  it.each<ErrorCode>([
    'UPSTREAM_REFUSED',
    'UPSTREAM_THROTTLED',
    'UPSTREAM_UNAUTHORIZED',
    'CANCELLED',
    'BAD_USER_INPUT',
  ])('with %s do not open the breaker', async (code) => {
    const { guard } = aGuard();
    for (let i = 0; i < 20; i++) {
      expect((await errorOf(guard.run('Citizen', failingWith(code), aScope()))).code).toBe(code);
    }
    expect(guard.state('Citizen').breaker).toBe('CLOSED');
  });

  it('do not include a throttled probe: it neither closes nor opens the breaker', async () => {
    const made = aGuard();
    await opened(made);
    await vi.advanceTimersByTimeAsync(5_000);
    for (let i = 0; i < 5; i++)
      await errorOf(made.guard.run('Citizen', failingWith('UPSTREAM_THROTTLED'), aScope()));
    expect(made.guard.state('Citizen').breaker).toBe('HALF_OPEN');
  });

  it('of the gateway become INTERNAL_SERVER_ERROR with their cause, and do not count', async () => {
    const { guard } = aGuard();
    const bug = new TypeError('secret text');
    for (let i = 0; i < 8; i++) {
      const thrower =
        i % 2 === 0
          ? () => Promise.reject(bug)
          : () => {
              throw bug;
            };
      const error = await errorOf(guard.run('Citizen', thrower, aScope()));
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', cause: bug, connector: 'population' });
      expect(error.message).not.toContain('secret');
    }
    expect(guard.state('Citizen').breaker).toBe('CLOSED');
  });

  it('keep reason, fault, extensions and retryAfterMs of the attempt', async () => {
    const { guard } = aGuard();
    const said = new GatewayError('UPSTREAM_THROTTLED', {
      fault: 'BUS',
      reason: 'r',
      extensions: { a: 1 },
      retryAfterMs: 9,
    });
    const error = await errorOf(guard.run('Citizen', () => Promise.reject(said), aScope()));
    expect(error).toMatchObject({
      fault: 'BUS',
      reason: { vi: 'r', en: 'r' },
      extensions: { a: 1 },
      retryAfterMs: 9,
      breaker: 'CLOSED',
    });
  });

  it('of one operation do not affect the others, unless they form a group', async () => {
    const made = aGuard({ operations: { A: { group: 'g' }, B: { group: 'g' } } });
    for (let i = 0; i < 4; i++) await errorOf(made.guard.run('A', failingWith('UPSTREAM_FAULT'), aScope()));
    expect(await made.guard.run('Other', async () => 1, aScope())).toBe(1);
    expect((await errorOf(made.guard.run('B', async () => 1, aScope()))).code).toBe('CIRCUIT_OPEN');
    expect(made.guard.state('B').breaker).toBe('OPEN');
    expect(made.guard.states().map((s) => [s.operation, s.breaker])).toEqual([
      ['g', 'OPEN'],
      ['Other', 'CLOSED'],
    ]);
    made.guard.close();
  });

  it('of a listener do not fail the call', async () => {
    const guard = aGuardWith(
      { connector: 'c', breaker: { minimumCalls: 1 } },
      {
        onTransition: () => {
          throw new Error('listener');
        },
      },
    );
    expect((await errorOf(guard.run('A', failingWith('UPSTREAM_FAULT'), aScope()))).code).toBe(
      'UPSTREAM_FAULT',
    );
    expect(guard.state('A').breaker).toBe('OPEN');
    guard.close();
  });
});

describe('calls beyond the limits', () => {
  it('at most maxConcurrent run and maxWaiting wait; the rest are rejected, which does not count', async () => {
    const { guard } = aGuard({ bulkhead: { maxConcurrent: 2, maxWaiting: 3, maxWaitMs: 500 } });
    let most = 0;
    let now = 0;
    const release: (() => void)[] = [];
    const attempt = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise<void>((resolve) => release.push(resolve));
      now--;
    };
    const runs = Array.from({ length: 12 }, () =>
      guard.run('Citizen', attempt, aScope()).then(
        () => 'ok',
        (e: GatewayError) => e.code,
      ),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(guard.load()).toEqual({ running: 2, waiting: 3, limit: 2 });
    while (release.length > 0) {
      release.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    }
    const results = await Promise.all(runs);
    expect(results.filter((r) => r === 'ok')).toHaveLength(5);
    expect(results.filter((r) => r === 'BULKHEAD_FULL')).toHaveLength(7);
    expect(most).toBe(2);
    expect(guard.state('Citizen').breaker).toBe('CLOSED');
  });

  it('waiting calls are rejected at once when the breaker opens', async () => {
    const made = aGuard({
      bulkhead: { maxConcurrent: 8, maxWaiting: 100, maxWaitMs: 60_000 },
      breaker: { minimumCalls: 4, openMs: 5_000 },
    });
    const attempts = vi.fn(hanging);
    // Four calls fail fast, four hang; a hundred wait behind them.
    const ill = Array.from({ length: 4 }, () =>
      errorOf(
        made.guard.run(
          'Citizen',
          () => new Promise((_, reject) => setTimeout(() => reject(new GatewayError('UPSTREAM_FAULT')), 100)),
          aScope(),
        ),
      ),
    );
    const hung = Array.from({ length: 4 }, () => errorOf(made.guard.run('Citizen', hanging, aScope())));
    const waiting = Array.from({ length: 100 }, () => errorOf(made.guard.run('Citizen', attempts, aScope())));
    await vi.advanceTimersByTimeAsync(100);
    // Those whose turn came with the first failures had begun; the rest was turned away, long before the hung calls end.
    expect(made.guard.load().waiting).toBe(0);
    expect(attempts.mock.calls.length).toBeLessThanOrEqual(3);
    await vi.advanceTimersByTimeAsync(2_000);
    const codes = (await Promise.all(waiting)).map((e) => e.code);
    expect(codes.filter((c) => c === 'CIRCUIT_OPEN')).toHaveLength(100 - attempts.mock.calls.length);
    await Promise.all([...ill, ...hung]);
    made.guard.close();
  });

  it('are rejected at once instead of waiting behind hung calls while the breaker is open', async () => {
    const made = aGuard({ bulkhead: { maxConcurrent: 4 }, breaker: { minimumCalls: 2 } });
    const hung = Array.from({ length: 2 }, () => errorOf(made.guard.run('Citizen', hanging, aScope())));
    const ill = Array.from({ length: 2 }, () =>
      errorOf(made.guard.run('Citizen', failingWith('UPSTREAM_FAULT'), aScope())),
    );
    await Promise.all(ill);
    const more = Array.from({ length: 2 }, () => errorOf(made.guard.run('Other', hanging, aScope())));
    expect(made.guard.load()).toEqual({ running: 4, waiting: 0, limit: 4 });
    expect((await errorOf(made.guard.run('Citizen', hanging, aScope()))).code).toBe('CIRCUIT_OPEN');
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all([...hung, ...more]);
    made.guard.close();
  });
});

it('a closed guard · rejects waiting and new calls · lets running calls end', async () => {
  const { guard } = aGuard({ bulkhead: { maxConcurrent: 1 } });
  let free: (value: number) => void = () => {};
  const running = guard.run('Citizen', () => new Promise<number>((resolve) => (free = resolve)), aScope());
  const waiting = errorOf(guard.run('Citizen', hanging, aScope()));
  guard.close();
  expect((await waiting).code).toBe('CANCELLED');
  expect((await errorOf(guard.run('Citizen', hanging, aScope()))).code).toBe('CANCELLED');
  free(5);
  expect(await running).toBe(5);
});

describe('statistics', () => {
  it('rejected calls · are counted by step; failures of the source are not included', async () => {
    const { guard } = aGuard({
      bulkhead: { maxConcurrent: 1, maxWaiting: 0 },
      quota: { perDay: 6 },
      breaker: { minimumCalls: 4, openMs: 5_000 },
    });
    const running = errorOf(guard.run('Other', hanging, aScope(100)));
    await errorOf(guard.run('Citizen', hanging, aScope()));
    await vi.advanceTimersByTimeAsync(100);
    await running;
    for (let i = 0; i < 4; i++) await errorOf(guard.run('Citizen', failingWith('UPSTREAM_FAULT'), aScope()));
    for (let i = 0; i < 2; i++) await errorOf(guard.run('Citizen', hanging, aScope()));
    guard.setGate({ gate: 'CLOSED' });
    for (let i = 0; i < 3; i++) await errorOf(guard.run('Other', hanging, aScope()));
    guard.setGate({ gate: 'AUTOMATIC' });
    await guard.run('Other', async () => 1, aScope());
    for (let i = 0; i < 4; i++) await errorOf(guard.run('Other', hanging, aScope()));
    expect(guard.figures().rejected).toEqual({ gate: 3, throttle: 0, quota: 4, bulkhead: 1, breaker: 2 });
    await guard.close();
  });
});
