// Mutations that have begun, on a fake clock: their callers are let go at once, they themselves go on to their end.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { aGuardWith, aScope, errorOf, failingWith, type GuardOverrides, hanging } from './made.ts';

const MUTATION = { idempotent: false, runsToCompletion: true };
const KEYED = { idempotent: true, runsToCompletion: true };

const aGuard = (options: GuardOverrides = {}) =>
  aGuardWith(
    { connector: 'hub', attemptTimeoutMs: 2_000, breaker: { minimumCalls: 2, openMs: 5_000 }, ...options },
    { random: () => 0.5 },
  );

/** An attempt that ends when told. */
function aLongOne() {
  const signals: AbortSignal[] = [];
  let end: (result: number | GatewayError) => void = () => {};
  const attempt = vi.fn(
    (signal: AbortSignal) =>
      new Promise<number>((resolve, reject) => {
        signals.push(signal);
        end = (result) => (typeof result === 'number' ? resolve(result) : reject(result));
      }),
  );
  return { attempt, signals, end: (result: number | GatewayError) => end(result) };
}

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

describe('a mutation that was sent', () => {
  it('whose client disconnects · its caller receives the error at once; the attempt continues and keeps its place', async () => {
    const guard = aGuard();
    const scope = aScope();
    const { attempt, signals, end } = aLongOne();
    const run = errorOf(guard.run('Send', attempt, scope, MUTATION));
    scope.controller.abort(new GatewayError('CANCELLED'));
    expect(await run).toMatchObject({ code: 'CANCELLED', connector: 'hub', operation: 'Send' });
    expect(signals[0]?.aborted).toBe(false);
    expect(guard.load().running).toBe(1);
    expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
    end(1);
    await settled();
    expect(guard.load().running).toBe(0);
  });

  it('whose deadline passes · the same with DEADLINE_EXCEEDED, with and without a signal', async () => {
    const guard = aGuard();
    const { attempt, signals, end } = aLongOne();
    const run = errorOf(guard.run('Send', attempt, aScope(500), MUTATION));
    await vi.advanceTimersByTimeAsync(500);
    // Whoever sends it again at once may have it made twice.
    expect(await run).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: false, retryAfterMs: undefined });
    expect(signals[0]?.aborted).toBe(false);
    expect(guard.load().running).toBe(1);
    end(1);
    await settled();
    expect(guard.load().running).toBe(0);
  });

  it('without a waiting caller · ends at its own limit, and counts for the breaker', async () => {
    const guard = aGuard();
    const scopes = [aScope(), aScope()];
    const signals: AbortSignal[] = [];
    const runs = scopes.map((scope) =>
      errorOf(
        guard.run(
          'Send',
          (signal) => {
            signals.push(signal);
            return hanging();
          },
          scope,
          MUTATION,
        ),
      ),
    );
    for (const { controller } of scopes) controller.abort(new GatewayError('CANCELLED'));
    await Promise.all(runs);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(guard.state('Send').breaker).toBe('CLOSED');
    expect(guard.load().running).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(guard.state('Send')).toMatchObject({ breaker: 'OPEN', reason: 'UPSTREAM_TIMEOUT' });
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    expect(guard.load().running).toBe(0);
    void guard.close();
  });

  it('with an idempotency key · is retried without a waiting caller, within limits of number and time', async () => {
    const guard = aGuard({ retry: { maxAttempts: 3, baseMs: 20 }, breaker: { minimumCalls: 100 } });
    const scope = aScope();
    const attempt = vi.fn(failingWith('UPSTREAM_FAULT'));
    const run = errorOf(guard.run('Send', attempt, scope, KEYED));
    await settled();
    scope.controller.abort(new GatewayError('CANCELLED'));
    expect((await run).code).toBe('CANCELLED');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(attempt).toHaveBeenCalledTimes(3);
    expect(guard.load().running).toBe(0);

    const slow = vi.fn(
      () =>
        new Promise<never>((_, reject) =>
          setTimeout(() => reject(new GatewayError('UPSTREAM_THROTTLED', { retryAfterMs: 1_990 })), 1_990),
        ),
    );
    const late = aScope(100);
    // Another operation: three failures of the first one in a row are no blip any more.
    const other = errorOf(guard.run('Late', slow, late, KEYED));
    await vi.advanceTimersByTimeAsync(100);
    expect((await other).code).toBe('DEADLINE_EXCEEDED');
    await vi.advanceTimersByTimeAsync(60_000);
    // First at 0, second at 1,990 + 1,990 + jitter; a third would begin after three times the attempt's limit.
    expect(slow).toHaveBeenCalledTimes(2);
  });

  it('that completes in time · returns its result, as for every call', async () => {
    const guard = aGuard();
    const scope = aScope();
    expect(await guard.run('Send', async () => 7, scope, MUTATION)).toBe(7);
    expect((await errorOf(guard.run('Send', failingWith('UPSTREAM_REFUSED'), scope, MUTATION))).code).toBe(
      'UPSTREAM_REFUSED',
    );
    expect(getEventListeners(scope.signal, 'abort')).toHaveLength(0);
  });
});

describe('a mutation that failed', () => {
  it.each(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNREACHABLE', 'UPSTREAM_FAULT', 'UPSTREAM_INVALID'] as const)(
    'with %s · has an unknown outcome: it is not retryable',
    async (code) => {
      const guard = aGuard();
      const failed = await errorOf(guard.run('Send', failingWith(code), aScope(), MUTATION));
      expect(failed).toMatchObject({ code, retryable: false, retryAfterMs: undefined });
    },
  );

  it('with a key, refused, or never sent · is retryable, as for every call', async () => {
    const guard = aGuard({ retry: { maxAttempts: 1 }, throttle: { defaultHoldMs: 0 } });
    const sent = (attempt: () => Promise<never>, call: typeof MUTATION) =>
      errorOf(guard.run('Send', attempt, aScope(), call));
    expect(await sent(failingWith('UPSTREAM_FAULT'), KEYED)).toMatchObject({ retryable: true });
    expect(await sent(failingWith('UPSTREAM_THROTTLED'), MUTATION)).toMatchObject({ retryable: true });
    await sent(failingWith('UPSTREAM_FAULT'), KEYED);
    expect(await sent(failingWith('UPSTREAM_FAULT'), MUTATION)).toMatchObject({
      code: 'CIRCUIT_OPEN',
      retryable: true,
    });
    void guard.close();
  });
});

describe('a waiting mutation', () => {
  it.each(['CANCELLED', 'DEADLINE_EXCEEDED'] as const)(
    'whose request ends with %s · ends with it and never reaches the source',
    async (code) => {
      const guard = aGuard({ bulkhead: { maxConcurrent: 1 }, quota: { perDay: 10 } });
      const before = aLongOne();
      const first = guard.run('Send', before.attempt, aScope(), MUTATION);
      const scope = aScope();
      const attempt = vi.fn(hanging);
      const run = errorOf(guard.run('Send', attempt, scope, MUTATION));
      scope.controller.abort(new GatewayError(code));
      expect((await run).code).toBe(code);
      expect(guard.load().waiting).toBe(0);
      before.end(1);
      await first;
      expect(attempt).not.toHaveBeenCalled();
      expect(guard.figures().quota?.perDay?.used).toBe(1);
    },
  );

  it('whose request ended before · does not begin', async () => {
    const guard = aGuard();
    const gone = aScope();
    gone.controller.abort(new GatewayError('CANCELLED'));
    const attempt = vi.fn(hanging);
    expect((await errorOf(guard.run('Send', attempt, gone, MUTATION))).code).toBe('CANCELLED');
    expect((await errorOf(guard.run('Send', attempt, aScope(0), MUTATION))).code).toBe('DEADLINE_EXCEEDED');
    expect(attempt).not.toHaveBeenCalled();
  });
});

describe('close', () => {
  it('waits for mutations that were sent, and for nothing else', async () => {
    const guard = aGuard();
    const read = errorOf(guard.run('Look', hanging, aScope(), { idempotent: false }));
    const { attempt, end } = aLongOne();
    const scope = aScope();
    const run = errorOf(guard.run('Send', attempt, scope, MUTATION));
    scope.controller.abort(new GatewayError('CANCELLED'));
    await run;
    let isClosed = false;
    const closing = guard.close().then(() => {
      isClosed = true;
    });
    await settled();
    expect(isClosed).toBe(false);
    end(1);
    await closing;
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await read).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('waits at most for the time limit of an attempt', async () => {
    const guard = aGuard();
    const run = errorOf(guard.run('Send', hanging, aScope(), KEYED));
    let isClosed = false;
    void guard.close().then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isClosed).toBe(false);
    // Timed out; a second attempt begins no more.
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isClosed).toBe(true);
    expect((await run).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('resolves at once if nothing is under way', async () => {
    await aGuard().close();
  });
});
