// Guard and attempt together over real sockets, as the registry joins them: a source falls ill in each way, is left alone, and
// is taken back by itself when it is well.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ErrorCode, GatewayError } from '../../src/errors.ts';
import type { BreakerTransition, GuardCall, GuardScope } from '../../src/guard/guard.ts';
import { anUpstream, aRequest, aSource, type Behaviour, json, text } from '../upstream/a-source.ts';
import { aGuardWith } from './made.ts';

const OPEN_MS = 60;

const aScope = (): GuardScope => ({ signal: new AbortController().signal, deadlineAt: Date.now() + 10_000 });

async function aGuardedSource(attemptTimeoutMs = 5_000) {
  const source = await aSource(json({ ok: true }));
  const upstream = anUpstream();
  const transitions: BreakerTransition[] = [];
  const guard = aGuardWith(
    {
      connector: 'ill',
      attemptTimeoutMs,
      breaker: { failureRate: 0.5, minimumCalls: 4, openMs: OPEN_MS, probes: 2, recoverMs: 0 },
    },
    { onTransition: (t) => void transitions.push(t) },
  );
  onTestFinished(() => guard.close());
  const request = aRequest(source.origin);
  const call = (): Promise<ErrorCode | 'OK'> =>
    guard
      .run('Thing', (signal) => upstream.attempt(request, signal), aScope())
      .then(
        () => 'OK' as const,
        (error: GatewayError) => {
          expect(error).toBeInstanceOf(GatewayError);
          return error.code;
        },
      );
  return { source, guard, upstream, transitions, call };
}

const cut = (response: ServerResponse): void => void response.socket?.resetAndDestroy();

const ILLNESSES: [string, Behaviour, ErrorCode][] = [
  ['hangs before headers', () => {}, 'UPSTREAM_TIMEOUT'],
  [
    'hangs in the middle of the body',
    (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":'),
    'UPSTREAM_TIMEOUT',
  ],
  ['resets at once', cut, 'UPSTREAM_UNREACHABLE'],
  [
    'resets in the middle of the body',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":', () => setTimeout(() => cut(response), 2));
    },
    'UPSTREAM_UNREACHABLE',
  ],
  ['answers 503', json({}, 503), 'UPSTREAM_FAULT'],
  ['answers a web page with 200', text('<html>bảo trì</html>', 'text/html'), 'UPSTREAM_INVALID'],
  ['answers broken JSON', text('{"a":', 'application/json'), 'UPSTREAM_INVALID'],
];

describe('a source that', () => {
  it.each(ILLNESSES)(
    '%s · opens the breaker, receives no calls, and is used again after its recovery',
    async (_, illness, code) => {
      const { source, guard, upstream, transitions, call } = await aGuardedSource();
      expect(await call()).toBe('OK');
      source.behave(illness);
      const codes = await Promise.all(Array.from({ length: 4 }, call));
      expect(codes).toEqual(Array(4).fill(code));
      expect(guard.state('Thing')).toMatchObject({ breaker: 'OPEN', reason: code });

      const reached = source.asked.length;
      expect(await Promise.all(Array.from({ length: 20 }, call))).toEqual(Array(20).fill('CIRCUIT_OPEN'));
      expect(source.asked).toHaveLength(reached);

      source.behave(json({ ok: true }));
      await expect.poll(call, { interval: 10, timeout: 2_000 }).toBe('OK');
      await expect.poll(call, { interval: 10 }).toBe('OK');
      expect(guard.state('Thing').breaker).toBe('CLOSED');
      expect(transitions.map((t) => t.to)).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
      expect(guard.load()).toEqual({ running: 0, waiting: 0, limit: 64 });
      expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
    },
  );

  it('cannot be reached · opens the breaker in the same way', async () => {
    const { source, guard, call } = await aGuardedSource();
    await source.close();
    for (let i = 0; i < 4; i++) expect(await call()).toBe('UPSTREAM_UNREACHABLE');
    expect(guard.state('Thing').breaker).toBe('OPEN');
    expect(await call()).toBe('CIRCUIT_OPEN');
  });

  it('refuses · is healthy: the breaker stays closed', async () => {
    const { source, guard, call } = await aGuardedSource();
    source.behave(json({ why: 'no' }, 422));
    for (let i = 0; i < 10; i++) expect(await call()).toBe('UPSTREAM_REFUSED');
    expect(guard.state('Thing').breaker).toBe('CLOSED');
  });
});

describe('a client that disconnects', () => {
  /** The source is asked, and answers when told; the client goes when the source has been asked. */
  const aLeavingClient = async (call: GuardCall, method: 'GET' | 'POST') => {
    let reach: (reached: { response: ServerResponse; request: IncomingMessage }) => void = () => {};
    const reached = new Promise<{ response: ServerResponse; request: IncomingMessage }>((resolve) => {
      reach = resolve;
    });
    const source = await aSource((response, _, request) => reach({ response, request }));
    const upstream = anUpstream();
    const guard = aGuardWith({ connector: 'left', attemptTimeoutMs: 5_000 });
    onTestFinished(() => guard.close());
    const controller = new AbortController();
    const request = aRequest(source.origin, { method, ...(method === 'POST' && { body: { to: 'x' } }) });
    const attempts: Promise<unknown>[] = [];
    const run = guard
      .run(
        'Thing',
        (signal) => {
          const attempt = upstream.attempt(request, signal);
          attempts.push(attempt);
          return attempt;
        },
        { signal: controller.signal, deadlineAt: Date.now() + 10_000 },
        call,
      )
      .then(
        () => 'OK',
        (error: GatewayError) => error.code,
      );
    const { response, request: asked } = await reached;
    const closed = once(asked.socket, 'close').then(() => 'cut');
    controller.abort(new GatewayError('CANCELLED'));
    expect(await run).toBe('CANCELLED');
    return { source, guard, response, closed, attempts };
  };

  it('during a read · the socket is closed', async () => {
    const { closed, guard } = await aLeavingClient({ idempotent: true }, 'GET');
    expect(await closed).toBe('cut');
    expect(guard.load().running).toBe(0);
  });

  it('during a mutation that was sent · the source completes its answer, even while the guard closes', async () => {
    const call = { idempotent: false, runsToCompletion: true };
    const { guard, response, closed, attempts } = await aLeavingClient(call, 'POST');
    let isCut = false;
    void closed.then(() => {
      isCut = true;
    });
    expect(guard.load().running).toBe(1);
    let isClosed = false;
    const closing = guard.close().then(() => {
      isClosed = true;
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"ok":');
    await new Promise((resolve) => setImmediate(resolve));
    expect([isCut, isClosed]).toEqual([false, false]);
    response.end('true}');
    await closing;
    expect(await attempts[0]).toMatchObject({ status: 200, body: { ok: true } });
  });
});
