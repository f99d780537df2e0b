// The cache in front of the guard, with a fake clock: what is answered from memory, how it says so, and what is never kept.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import { GatewayError } from '../../../src/errors.ts';
import { freezeAndWeigh } from '../../../src/guard/cache/freeze-and-weigh.ts';
import type { CacheRules, Guard, GuardedAnswer } from '../../../src/guard/guard.ts';
import { aGuardWith, aScope, errorOf, type GuardOverrides } from '../made.ts';

interface Answer extends GuardedAnswer {
  readonly body: unknown;
}

const RULES: CacheRules = {
  ttlMs: 1_000,
  staleWhileRevalidateMs: 500,
  staleIfErrorMs: 5_000,
  negativeTtlMs: 200,
};

let guard: Guard;
function aGuard(rules: Partial<CacheRules> = {}, more: GuardOverrides = {}): Guard {
  guard = aGuardWith({
    connector: 'population',
    retry: { maxAttempts: 1 },
    operations: { Citizen: { cache: { ...RULES, ...rules } } },
    ...more,
  });
  return guard;
}

/** Answers 1, 2, 3 …; fails while `code` is set. */
function aSource() {
  const source = {
    calls: 0,
    code: undefined as ErrorCode | undefined,
    notFound: false,
    attempt: async (): Promise<Answer> => {
      source.calls++;
      if (source.code !== undefined) throw new GatewayError(source.code);
      return {
        fetchedAt: Date.now(),
        freshness: 'LIVE',
        body: { n: source.calls, list: [1] },
        ...(source.notFound && { notFound: true }),
      };
    },
  };
  return source;
}

const ask = (source: ReturnType<typeof aSource>, key = 'id=1', operation = 'Citizen') =>
  guard.run(operation, source.attempt, aScope(), { idempotent: true, key });
async function told(asked: Promise<Answer>) {
  const { freshness, body } = await asked;
  return `${freshness} ${(body as { n: number }).n}`;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  guard.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('an answer', () => {
  it('read again within ttlMs · CACHED, with the time of the fetch, without a call', async () => {
    aGuard();
    const source = aSource();
    const { fetchedAt } = await ask(source);
    vi.advanceTimersByTime(999);
    expect(await ask(source)).toMatchObject({ freshness: 'CACHED', fetchedAt, body: { n: 1 } });
    expect(source.calls).toBe(1);
    expect(guard.figures().cache).toMatchObject({ entries: 1, hits: 1, misses: 1 });
  });

  it('shortly after ttlMs · STALE at once, and refreshed once in the background', async () => {
    aGuard();
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(1_000);
    expect(await Promise.all([told(ask(source)), told(ask(source))])).toEqual(['STALE 1', 'STALE 1']);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.calls).toBe(2);
    expect(await told(ask(source))).toBe('CACHED 2');
  });

  it('shortly after ttlMs · the refresh is marked as such, and its failure affects no caller', async () => {
    aGuard();
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(1_200);
    source.code = 'UPSTREAM_FAULT';
    const attempt = vi.fn(source.attempt);
    expect(await told(guard.run('Citizen', attempt, aScope(), { idempotent: true, key: 'id=1' }))).toBe(
      'STALE 1',
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(attempt.mock.calls[0]).toEqual([
      expect.any(AbortSignal),
      true,
      expect.objectContaining({ freshness: 'CACHED' }),
    ]);
    expect(await told(ask(source))).toBe('STALE 1');
  });

  it('long after ttlMs · fetched again', async () => {
    aGuard();
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(1_500);
    expect(await told(ask(source))).toBe('LIVE 2');
  });

  it.each<ErrorCode>(['UPSTREAM_FAULT', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAUTHORIZED', 'UPSTREAM_TOO_LARGE'])(
    'expired, and the source answers %s · STALE until staleIfErrorMs is over',
    async (code) => {
      aGuard({}, { breaker: { minimumCalls: 100 } });
      const source = aSource();
      await ask(source);
      source.code = code;
      vi.advanceTimersByTime(5_999);
      expect(await told(ask(source))).toBe('STALE 1');
      vi.advanceTimersByTime(1);
      expect((await errorOf(ask(source))).code).toBe(code);
    },
  );

  it('expired, and the breaker open or the gate closed · STALE without a call', async () => {
    aGuard({}, { breaker: { minimumCalls: 1 } });
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(2_000);
    source.code = 'UPSTREAM_FAULT';
    await ask(source);
    expect(guard.state('Citizen').breaker).toBe('OPEN');
    expect(await told(ask(source))).toBe('STALE 1');
    guard.setGate({ gate: 'CLOSED' });
    expect(await told(ask(source))).toBe('STALE 1');
    expect(source.calls).toBe(2);
  });

  it('expired, and the source refuses · the refusal, and the old answer is dropped', async () => {
    aGuard();
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(2_000);
    source.code = 'UPSTREAM_REFUSED';
    expect((await errorOf(ask(source))).code).toBe('UPSTREAM_REFUSED');
    source.code = 'UPSTREAM_FAULT';
    expect((await errorOf(ask(source))).code).toBe('UPSTREAM_FAULT');
    expect(guard.figures().cache.entries).toBe(0);
  });

  it('older than the legal maximum · never returned, whatever else is allowed', async () => {
    aGuard({ maxAgeMs: 1_200 });
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(1_199);
    source.code = 'UPSTREAM_FAULT';
    expect(await told(ask(source))).toBe('STALE 1');
    await vi.advanceTimersByTimeAsync(1);
    expect((await errorOf(ask(source))).code).toBe('UPSTREAM_FAULT');
  });

  it('with a time in the future, after the clock was set back · fetched again', async () => {
    let at = 1_000_000;
    guard = aGuardWith({ connector: 'c', operations: { Citizen: { cache: RULES } } }, { now: () => at });
    const source = aSource();
    const attempt = async () => ({ ...(await source.attempt()), fetchedAt: at });
    const again = () => guard.run('Citizen', attempt, aScope(), { idempotent: true, key: 'k' });
    await again();
    at -= 60_000;
    expect((await again()).freshness).toBe('LIVE');
  });
});

describe('the cache', () => {
  it('errors · never cached', async () => {
    aGuard();
    const source = aSource();
    source.code = 'UPSTREAM_FAULT';
    await errorOf(ask(source));
    source.code = undefined;
    expect(await told(ask(source))).toBe('LIVE 2');
  });

  it('"no such record" · cached for a time of its own, never STALE, and replaces an older answer', async () => {
    aGuard();
    const source = aSource();
    await ask(source);
    vi.advanceTimersByTime(1_500);
    source.notFound = true;
    expect(await ask(source)).toMatchObject({ freshness: 'LIVE', notFound: true });
    vi.advanceTimersByTime(199);
    expect(await ask(source)).toMatchObject({ freshness: 'CACHED', notFound: true });
    vi.advanceTimersByTime(1);
    source.code = 'UPSTREAM_FAULT';
    expect((await errorOf(ask(source))).code).toBe('UPSTREAM_FAULT');
  });

  it('"no such record" without a time · not cached', async () => {
    aGuard({ negativeTtlMs: 0 });
    const source = aSource();
    source.notFound = true;
    await ask(source);
    await ask(source);
    expect(source.calls).toBe(2);
    expect(guard.figures().cache.entries).toBe(0);
  });

  it('an answer · not returned for another key, another operation, or a call without a key', async () => {
    aGuard({}, { operations: { Citizen: { cache: RULES }, Other: { cache: RULES }, Plain: {} } });
    const source = aSource();
    await ask(source);
    expect(await told(ask(source, 'id=2'))).toBe('LIVE 2');
    expect(await told(ask(source, 'id=1', 'Other'))).toBe('LIVE 3');
    expect(await told(ask(source, 'id=1', 'Plain'))).toBe('LIVE 4');
    expect((await guard.run('Citizen', source.attempt, aScope(), { idempotent: true })).body).toMatchObject({
      n: 5,
    });
    expect((await guard.run('Citizen', source.attempt, aScope())).body).toMatchObject({ n: 6 });
  });

  it('an answer · is one frozen object for all callers', async () => {
    aGuard();
    const source = aSource();
    const first = await ask(source);
    const second = await ask(source);
    expect(second.body).toBe(first.body);
    expect(() => (second.body as { list: number[] }).list.push(2)).toThrow(TypeError);
  });

  it('the size · is bounded by count and by bytes', async () => {
    aGuard({}, { cache: { maxEntries: 10, maxBytes: 1_000_000 } });
    const source = aSource();
    for (let i = 0; i < 30; i++) await ask(source, `id=${i}`);
    expect(guard.figures().cache.entries).toBe(10);
    guard.close();

    aGuard({}, { cache: { maxBytes: 1_000 } });
    for (let i = 0; i < 30; i++) await ask(source, `id=${i}`);
    expect(guard.figures().cache.entries).toBeGreaterThan(0);
    expect(guard.figures().cache.bytes).toBeLessThanOrEqual(1_000);
  });

  it('an expired answer · is removed from memory', async () => {
    aGuard();
    await ask(aSource());
    await vi.advanceTimersByTimeAsync(36_000);
    expect(guard.figures().cache).toMatchObject({ entries: 0, bytes: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('dropped · fetched again; the answer of a call under way is not cached', async () => {
    aGuard();
    const source = aSource();
    await ask(source);
    expect(guard.dropCache()).toBe(1);
    let free: () => void = () => {};
    const slow = guard.run(
      'Citizen',
      () =>
        new Promise<Answer>(
          (resolve) => (free = () => resolve({ fetchedAt: Date.now(), freshness: 'LIVE', body: 0 })),
        ),
      aScope(),
      { idempotent: true, key: 'id=1' },
    );
    guard.dropCache();
    free();
    await slow;
    expect(guard.figures().cache.entries).toBe(0);
  });

  it('an answer without a fetch time · not cached', async () => {
    aGuard();
    const attempt = vi.fn(async () => 7);
    const call = { idempotent: true, key: 'k' };
    expect(await guard.run('Citizen', attempt, aScope(), call)).toBe(7);
    expect(await guard.run('Citizen', attempt, aScope(), call)).toBe(7);
    expect(attempt).toHaveBeenCalledTimes(2);
  });
});

it('weight · grows with the value, and everything is frozen', () => {
  const body = { a: 'x'.repeat(100), b: [{ c: 1 }, null, true], d: Buffer.alloc(50) };
  const bytes = freezeAndWeigh(body);
  expect(bytes).toBeGreaterThan(300);
  expect(bytes).toBeLessThan(1_000);
  expect(Object.isFrozen(body.b[0])).toBe(true);
  guard = aGuardWith({ connector: 'c' });
});
