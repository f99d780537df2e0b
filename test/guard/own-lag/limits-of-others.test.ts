// Time limits around a call, while the gateway stands still: what they report about a source, and about the store.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayError } from '../../../src/errors.ts';
import { createEventLoop } from '../../../src/observe/event-loop.ts';
import { startFairLimit } from '../../../src/observe/fair-limit.ts';
import { createProber } from '../../../src/registry/prober.ts';
import { aServer } from '../../http/a-server.ts';
import { anUpstream, aRequest } from '../../upstream/a-source.ts';
import { aGuardWith } from '../made.ts';
import { aSourceInAThread, blockFor } from './a-source-in-a-thread.ts';

const LIMIT_MS = 150;

/** Until requests have left, or a socket opens. */
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));

function aLoop(): () => number {
  const loop = createEventLoop();
  onTestFinished(loop.close);
  return loop.stalledMs;
}

describe('the budget of an operation', () => {
  async function aBudgetedCall(delayMs: number, budgetMs = LIMIT_MS) {
    const origin = await aSourceInAThread();
    const upstream = anUpstream();
    const guard = aGuardWith(
      {
        attemptTimeoutMs: 5_000,
        retry: { maxAttempts: 1 },
        breaker: { minimumCalls: 1, failuresInARow: 1 },
        operations: { Thing: { budgetMs } },
      },
      { stalledMs: aLoop() },
    );
    onTestFinished(() => guard.close());
    const call = (ms: number): Promise<string> =>
      guard
        .run('Thing', (signal) => upstream.attempt(aRequest(origin, { path: `/?delayMs=${ms}` }), signal), {
          signal: new AbortController().signal,
          deadlineAt: Date.now() + 10_000,
        })
        .then(
          () => 'OK',
          (error: GatewayError) => `${error.code} ${error.fault}`,
        );
    expect(await call(0)).toBe('OK');
    const answer = call(delayMs);
    await soon();
    return { guard, answer };
  }

  it('spent by the gateway, and the answer lies in the socket · is answered', async () => {
    const { answer } = await aBudgetedCall(20);
    blockFor(2 * LIMIT_MS);
    expect(await answer).toBe('OK');
  });

  it('spent by the gateway, without an answer · OVERLOADED, the fault of the gateway; no breaker opens', async () => {
    const { guard, answer } = await aBudgetedCall(5_000);
    blockFor(2 * LIMIT_MS);
    expect(await answer).toBe('OVERLOADED GATEWAY');
    expect(guard.state('Thing').breaker).toBe('CLOSED');
  });

  it('spent by the source · DEADLINE_EXCEEDED, the fault of the source', async () => {
    // A busy machine adds stalls of its own; they stay below half of this.
    const { answer } = await aBudgetedCall(5_000, 1_500);
    expect(await answer).toBe('DEADLINE_EXCEEDED PROVIDER');
  });
});

describe('the limit of a probe', () => {
  async function aProbe(delayMs: number | undefined) {
    const origin = await aSourceInAThread();
    const path = delayMs === undefined ? '/' : `/?delayMs=${delayMs}`;
    const prober = createProber({
      connector: 'any',
      kind: 'REQUEST',
      reach: (signal) => fetch(`${origin}${path}`, { signal }),
      wake: () => 0,
      lastCallAt: () => undefined,
      limitMs: LIMIT_MS,
      stalledMs: aLoop(),
    });
    onTestFinished(prober.close);
    const result = prober.probe();
    await soon();
    return { prober, result };
  }

  it('passed while the gateway stood still, and the answer lies in the socket · the source is reachable', async () => {
    const { result } = await aProbe(30);
    blockFor(LIMIT_MS + 60);
    expect(await result).toMatchObject({ reachable: true, code: null });
  });

  it('used up by the gateway · OVERLOADED, and the last probe is still the one before', async () => {
    const { prober, result } = await aProbe(undefined);
    blockFor(3 * LIMIT_MS);
    await soon();
    blockFor(LIMIT_MS);
    expect(await result).toMatchObject({ reachable: false, code: 'OVERLOADED' });
    expect(prober.last()).toBeUndefined();
  });

  it('a source that hangs · UPSTREAM_TIMEOUT', async () => {
    const { prober, result } = await aProbe(undefined);
    expect(await result).toMatchObject({ reachable: false, code: 'UPSTREAM_TIMEOUT' });
    expect(prober.last()).toBe(await result);
  });
});

describe('the check of the store in /readyz', () => {
  it('the gateway stands still for longer than its limit · the store is not blamed', async () => {
    const store = await aSourceInAThread();
    const { origin } = await aServer({
      stalledMs: aLoop(),
      checkStore: (signal) => fetch(`${store}/?delayMs=100`, { signal }),
    });
    const answer = fetch(`${origin}/readyz`);
    // The check is under way.
    await soon();
    await soon();
    blockFor(1_200);
    expect((await answer).status).toBe(200);
  });

  it('the store hangs · 503, also when the gateway stood still for a part of the time', async () => {
    const store = await aSourceInAThread();
    const { origin } = await aServer({
      stalledMs: aLoop(),
      checkStore: (signal) => fetch(store, { signal }),
    });
    const answer = fetch(`${origin}/readyz`);
    await soon();
    blockFor(300);
    expect((await answer).status).toBe(503);
  });
});

describe('the time limits of connecting', () => {
  it('the short limit of each address passes while the gateway stands still · the source is reached', async () => {
    const source = new URL(await aSourceInAThread());
    let lookups = 0;
    const upstream = anUpstream(
      { hosts: ['source.test', '127.0.0.1', '::1'] },
      {
        stalledMs: aLoop(),
        lookup: (_, __, callback) => {
          lookups++;
          // The source's address, and one where nobody listens.
          const addresses = [
            { address: '127.0.0.1', family: 4 },
            { address: '::1', family: 6 },
          ];
          setImmediate(() => (callback as (error: null, found: unknown) => void)(null, addresses));
          // In the same turn, after the socket has begun to open.
          if (lookups === 1) setImmediate(() => blockFor(900));
        },
      },
    );
    const request = aRequest(`http://source.test:${source.port}`, { path: '/?delayMs=0' });
    const answer = await upstream.attempt(request, new AbortController().signal);
    expect(answer.status).toBe(200);
    expect(lookups).toBe(2);
  });

  it('a whole timeout of undici · is not counted either', async () => {
    // Accepts, and never answers the TLS handshake until the gateway has stood still.
    const server = createServer((socket) => socket.on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const upstream = anUpstream({ hosts: ['127.0.0.1'] }, { stalledMs: aLoop() });
    const limit = new AbortController();
    const attempt = upstream
      .attempt(aRequest(`https://127.0.0.1:${port}`), limit.signal)
      .catch((error: unknown) => error);
    await soon();
    blockFor(5_600);
    const stillOpening = await Promise.race([
      attempt.then(() => false),
      new Promise((resolve) => setTimeout(() => resolve(true), 300)),
    ]);
    limit.abort();
    await attempt;
    expect(stillOpening).toBe(true);
  }, 15_000);
});

it('a limit · ends at its time without stalls, and is cancelled without a trace', async () => {
  const startedAt = performance.now();
  const stalled = await new Promise((resolve) => startFairLimit(50, () => 0, resolve));
  expect(stalled).toBe(0);
  expect(performance.now() - startedAt).toBeGreaterThan(45);
  startFairLimit(
    10,
    () => 0,
    () => expect.unreachable(),
  )();
  await soon();
});
