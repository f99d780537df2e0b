// A source that asks for fewer calls, over real sockets: all callers are held back until the time that it named, and the first calls
// afterwards come gently. The clock of the guard is set by the tests.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayError } from '../../../src/errors.ts';
import type { BreakerTransition, GuardCall, Hold } from '../../../src/guard/guard.ts';
import { anUpstream, aRequest, aSource, type Behaviour, json } from '../../upstream/a-source.ts';
import { aGuardWith, type GuardOverrides } from '../made.ts';

const STARTS_AT = Date.now();

async function aThrottledSource(overrides: GuardOverrides = {}, outcome?: object) {
  const source = await aSource(json({ ok: true }));
  const upstream = anUpstream(outcome as never);
  const transitions: BreakerTransition[] = [];
  const holds: Hold[] = [];
  const clock = { at: STARTS_AT };
  const guard = aGuardWith(
    {
      connector: 'busy',
      retry: { maxAttempts: 1 },
      breaker: { minimumCalls: 3, recoverMs: 0 },
      ...overrides,
    },
    {
      now: () => clock.at,
      onTransition: (transition) => void transitions.push(transition),
      onHold: (hold) => void holds.push(hold),
    },
  );
  onTestFinished(() => guard.close());
  const request = aRequest(source.origin);
  const call = (operation = 'Thing', own?: GuardCall): Promise<unknown> =>
    guard
      .run(
        operation,
        (signal) => upstream.attempt(request, signal),
        { signal: new AbortController().signal, deadlineAt: clock.at + 10_000_000 },
        own,
      )
      .then(
        () => 'OK',
        ({ code, retryAfterMs }: GatewayError) => ({ code, retryAfterMs }),
      );
  const calls = (count: number): Promise<unknown[]> =>
    Promise.all(Array.from({ length: count }, () => call()));
  return { source, guard, clock, transitions, holds, call, calls };
}

const refusing =
  (status: number, headers: Readonly<Record<string, string>>, body: unknown = {}): Behaviour =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

const heldBack = (retryAfterMs: number) => ({ code: 'UPSTREAM_THROTTLED', retryAfterMs });

describe('a source that answers 429 with Retry-After', () => {
  it('is not called until then by anybody · callers fail at once with the time left · no breaker opens', async () => {
    const { source, guard, clock, transitions, call, calls } = await aThrottledSource();
    source.behave(refusing(429, { 'retry-after': '3' }));
    expect(await call()).toEqual(heldBack(3_000));
    clock.at += 1_000;
    expect(await calls(200)).toEqual(Array(200).fill(heldBack(2_000)));
    clock.at += 1_999;
    expect(await call()).toEqual(heldBack(1));
    expect(source.asked).toHaveLength(1);
    expect(guard.figures().rejected).toMatchObject({ throttle: 201, breaker: 0 });
    expect(guard.state('Thing')).toMatchObject({ breaker: 'CLOSED', heldBack: true });
    expect(transitions).toEqual([]);
  });

  it('receives one call first, then gradually more, then all', async () => {
    const { source, guard, clock, call, calls } = await aThrottledSource();
    source.behave(refusing(429, { 'retry-after': '3' }));
    await call();
    source.behave(json({ ok: true }));
    clock.at += 3_000;
    for (const admitted of [1, 2, 4, 8, 16]) {
      const answers = await calls(100);
      expect(answers.filter((answer) => answer === 'OK')).toHaveLength(admitted);
      expect(answers).toContainEqual(heldBack(1_000));
    }
    expect(await calls(60)).toEqual(Array(60).fill('OK'));
    expect(guard.state('Thing')).not.toHaveProperty('heldBack');
  });

  it('refuses the first call too · is held back again for the new time', async () => {
    const { source, clock, call, calls } = await aThrottledSource();
    source.behave(refusing(429, { 'retry-after': '3' }));
    await call();
    clock.at += 3_000;
    source.behave(refusing(429, { 'retry-after': '7' }));
    const answers = await calls(50);
    expect(
      answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(heldBack(7_000))),
    ).toHaveLength(1);
    clock.at += 6_000;
    expect(await call()).toEqual(heldBack(1_000));
    expect(source.asked).toHaveLength(2);
  });

  it('other operations · are called, unless the manifest says that the refusal means the source', async () => {
    const one = await aThrottledSource();
    one.source.behave(refusing(429, { 'retry-after': '3' }));
    await one.call();
    one.source.behave(json({}));
    expect(await one.call('Other')).toBe('OK');

    const whole = await aThrottledSource({ throttle: { scope: 'source' } });
    whole.source.behave(refusing(429, { 'retry-after': '3' }));
    await whole.call();
    expect(await whole.call('Other')).toEqual(heldBack(3_000));
    expect(whole.source.asked).toHaveLength(1);
    expect(whole.holds).toEqual([{ operation: undefined, until: whole.clock.at + 3_000 }]);
  });

  it('calls that wait for a place · are rejected at once', async () => {
    const { source, call } = await aThrottledSource({ bulkhead: { maxConcurrent: 1, maxWaiting: 10 } });
    source.behave(refusing(429, { 'retry-after': '3' }));
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers).toEqual(Array(3).fill(heldBack(3_000)));
    expect(source.asked).toHaveLength(1);
  });

  it('a longer time than the limit · is cut', async () => {
    const { source, call } = await aThrottledSource({ throttle: { maxHoldMs: 60_000 } });
    source.behave(refusing(429, { 'retry-after': '86400' }));
    expect(await call()).toEqual(heldBack(3_600_000));
    expect(await call()).toEqual(heldBack(60_000));
  });

  it('a cached answer · is served as STALE meanwhile', async () => {
    const { source, guard, clock, call } = await aThrottledSource({
      operations: { Thing: { cache: { ttlMs: 100, staleIfErrorMs: 60_000 } } },
    });
    const shared = { idempotent: true, key: 'k' };
    expect(await call('Thing', shared)).toBe('OK');
    // Answers have the time of the real clock.
    clock.at = Date.now() + 10_000;
    source.behave(refusing(429, { 'retry-after': '3' }));
    expect(await call('Thing', shared)).toBe('OK');
    expect(await call('Thing', shared)).toBe('OK');
    expect(source.asked).toHaveLength(2);
    expect(guard.figures().cache.stale).toBe(2);
  });

  it('an operator asks for a probe · one call passes', async () => {
    const { source, guard, call, calls } = await aThrottledSource();
    source.behave(refusing(429, { 'retry-after': '3600' }));
    await call();
    source.behave(json({}));
    guard.probeNow();
    expect((await calls(10)).filter((answer) => answer === 'OK')).toHaveLength(1);
  });

  it('a hold of another process · is kept, and never shortened', async () => {
    const { source, guard, clock, call, holds } = await aThrottledSource();
    guard.holdBack({ operation: 'Thing', until: clock.at + 5_000 });
    guard.holdBack({ operation: 'Thing', until: clock.at + 2_000 });
    expect(await call()).toEqual(heldBack(5_000));
    expect(source.asked).toHaveLength(0);
    expect(holds).toEqual([]);
  });
});

describe('a refusal in another form', () => {
  it('HTTP date · by the clock of the source', async () => {
    const { source, call } = await aThrottledSource();
    const skewed = Date.UTC(2020, 0, 1);
    const date = new Date(skewed).toUTCString();
    source.behave(refusing(429, { date, 'retry-after': new Date(skewed + 4_000).toUTCString() }));
    expect(await call()).toEqual(heldBack(4_000));
    expect(await call()).toEqual(heldBack(4_000));
    expect(source.asked).toHaveLength(1);
  });

  it('503 with Retry-After · is held back too', async () => {
    const { source, clock, call } = await aThrottledSource();
    source.behave(refusing(503, { 'retry-after': '3' }));
    expect(await call()).toEqual({ code: 'UPSTREAM_FAULT', retryAfterMs: 3_000 });
    clock.at += 1_000;
    expect(await call()).toEqual(heldBack(2_000));
    expect(source.asked).toHaveLength(1);
  });

  it('200 with a code that means throttled, and Retry-After · is held back too', async () => {
    const { source, call } = await aThrottledSource(
      {},
      { outcome: { at: 'code', success: ['0'], throttled: ['9'] } },
    );
    source.behave(refusing(200, { 'retry-after': '3' }, { code: '9' }));
    expect(await call()).toEqual(heldBack(3_000));
    expect(await call()).toEqual(heldBack(3_000));
    expect(source.asked).toHaveLength(1);
  });

  it('no time given · is held back for a second, then for twice as long with each refusal', async () => {
    const { source, clock, call } = await aThrottledSource();
    source.behave(refusing(429, {}));
    for (const ms of [1_000, 2_000, 4_000]) {
      expect(await call()).toEqual(heldBack(ms));
      expect(await call()).toEqual(heldBack(ms));
      clock.at += ms;
    }
    expect(source.asked).toHaveLength(3);
  });

  it('200 calls at once, all refused without a time · none is repeated before the hold ends', async () => {
    const { source, clock, calls } = await aThrottledSource({
      retry: { maxAttempts: 2, baseMs: 1 },
      throttle: { defaultHoldMs: 20 },
    });
    source.behave(refusing(429, {}));
    const first = calls(200);
    await expect.poll(() => source.asked.length).toBe(64);
    expect(await calls(100)).toEqual(Array(100).fill(heldBack(20)));
    clock.at += 19;
    await first;
    expect(source.asked.length).toBeLessThanOrEqual(65);
  });
});
