// The gateway stands still while a source works: what the source is blamed for, over real sockets.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GatewayError } from '../../../src/errors.ts';
import { createEventLoop } from '../../../src/observe/event-loop.ts';
import { createRequestContext } from '../../../src/request/context.ts';
import { anOfficer } from '../../request/an-identity.ts';
import { anUpstream, aRequest } from '../../upstream/a-source.ts';
import { aGuardWith, type GuardOverrides } from '../made.ts';
import { aSourceInAThread, blockFor } from './a-source-in-a-thread.ts';

const LIMIT_MS = 150;
/** A busy machine adds stalls of its own; they stay below this. */
const LONG_MS = 700;

async function aGuardedSource(overrides: GuardOverrides = {}) {
  const origin = await aSourceInAThread();
  const loop = createEventLoop();
  const upstream = anUpstream();
  const guard = aGuardWith(
    {
      attemptTimeoutMs: LIMIT_MS,
      retry: { maxAttempts: 1 },
      breaker: { minimumCalls: 1, failuresInARow: 1, slowCallMs: LIMIT_MS, slowCallRate: 0.01 },
      ...overrides,
    },
    { stalledMs: loop.stalledMs },
  );
  onTestFinished(async () => {
    loop.close();
    await guard.close();
  });
  const call = (delayMs?: number, deadlineMs = 10_000): Promise<string> => {
    const path = delayMs === undefined ? '/' : `/?delayMs=${delayMs}`;
    return guard
      .run('Thing', (signal) => upstream.attempt(aRequest(origin, { path }), signal), {
        signal: new AbortController().signal,
        deadlineAt: Date.now() + deadlineMs,
      })
      .then(
        () => 'OK',
        (error: GatewayError) => `${error.code} ${error.fault}`,
      );
  };
  // Connections are open, and the loop has been measured once.
  expect(await call(0)).toBe('OK');
  return { guard, call, loop };
}

/** Until the requests have left. */
const sent = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

describe('a healthy source, while the gateway stands still for longer than the time limit', () => {
  it('calls whose answers lie in the sockets · are answered, and the breaker stays closed', async () => {
    const { guard, call, loop } = await aGuardedSource();
    const calls = [call(20), call(30), call(40)];
    await sent();
    blockFor(2 * LIMIT_MS);
    expect(await Promise.all(calls)).toEqual(['OK', 'OK', 'OK']);
    expect(guard.state('Thing').breaker).toBe('CLOSED');
    expect(loop.stalledMs()).toBeGreaterThan(LIMIT_MS);
  });

  it('a deadline before the time limit · the same', async () => {
    const { guard, call } = await aGuardedSource({ attemptTimeoutMs: 5_000 });
    const answer = call(20, LIMIT_MS);
    await sent();
    blockFor(2 * LIMIT_MS);
    expect(await answer).toBe('OK');
    expect(guard.state('Thing').breaker).toBe('CLOSED');
  });

  it('no time is left for the source · OVERLOADED, the fault of the gateway, and the breaker stays closed', async () => {
    const { guard, call } = await aGuardedSource({ attemptTimeoutMs: 5_000 });
    const answer = call(5_000, LIMIT_MS);
    await sent();
    blockFor(2 * LIMIT_MS);
    expect(await answer).toBe('OVERLOADED GATEWAY');
    expect(guard.state('Thing').breaker).toBe('CLOSED');
  });
});

describe('a source that hangs, while the gateway stands still', () => {
  it('has its whole time limit first · then UPSTREAM_TIMEOUT, and it counts', async () => {
    const { guard, call } = await aGuardedSource({ attemptTimeoutMs: LONG_MS });
    const answer = call();
    await sent();
    blockFor(LIMIT_MS);
    expect(await answer).toBe('UPSTREAM_TIMEOUT PROVIDER');
    expect(guard.state('Thing').breaker).toBe('OPEN');
  });

  it('without any stall · UPSTREAM_TIMEOUT at the limit', async () => {
    const { guard, call } = await aGuardedSource({ attemptTimeoutMs: LONG_MS });
    expect(await call()).toBe('UPSTREAM_TIMEOUT PROVIDER');
    expect(guard.state('Thing').breaker).toBe('OPEN');
  });
});

describe('the deadline of a request', () => {
  const reasonOf = (stalledMs: () => number): Promise<string> =>
    new Promise((resolve) => {
      const context = createRequestContext({
        requestId: 'r',
        locale: 'en',
        identity: anOfficer('O1', 'A1'),
        deadlineMs: 20,
        stalledMs,
      });
      context.signal.addEventListener('abort', () => {
        const { code, fault } = context.signal.reason as GatewayError;
        resolve(`${code} ${fault}`);
      });
    });

  it('used up by the gateway · OVERLOADED; else DEADLINE_EXCEEDED', async () => {
    let stalled = 0;
    const own = reasonOf(() => stalled);
    stalled = 15;
    expect(await own).toBe('OVERLOADED GATEWAY');
    expect(await reasonOf(() => 0)).toBe('DEADLINE_EXCEEDED PROVIDER');
  });
});

describe('the measure of the event loop', () => {
  it('a stall that goes on · is part of it; noise is not', () => {
    vi.useFakeTimers();
    try {
      let at = 0;
      const loop = createEventLoop({ now: () => at });
      at = 25;
      expect([loop.stalledMs(), loop.delayMs()]).toEqual([0, 0]);
      at = 310;
      expect([loop.stalledMs(), loop.delayMs()]).toEqual([300, 300]);
      vi.advanceTimersByTime(10);
      expect([loop.stalledMs(), loop.delayMs()]).toEqual([300, 0]);
      at = 320;
      vi.advanceTimersByTime(10);
      expect(loop.stalledMs()).toBe(300);
      loop.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
