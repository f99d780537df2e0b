// The connections of a source under everything at once: whatever happens to its calls, each settles, and no place is lost.
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { UpstreamAnswer } from '../../src/upstream/upstream.ts';
import { anUpstream, aRequest, live } from './a-source.ts';

const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');

/** A small random generator (mulberry32), so that a failure can be run again. */
function aRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Does what the path says, over either protocol. */
async function aChaoticSource(maxConcurrentStreams: number): Promise<string> {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const server = createSecureServer(
    {
      cert: pem('source.crt'),
      key: pem('source.key'),
      allowHTTP1: true,
      settings: { maxConcurrentStreams },
    },
    (request, response: ServerResponse | Http2ServerResponse) => {
      response.on('error', () => {});
      const session = 'stream' in response ? response.stream?.session : undefined;
      const [, act = '', ms = '0'] = request.url?.split('/') ?? [];
      setTimeout(() => {
        if (act === 'hang') return;
        if (act === 'die') return void (session ?? request.socket).destroy();
        if (act === 'leave' && session !== undefined) session.close();
        if (act === 'reset' && 'stream' in response) return void response.stream?.close(2);
        if (act === 'reset') return void request.socket.destroy();
        if (!response.writableEnded && !response.destroyed) {
          response.setHeader('content-type', 'application/json');
          response.end('1');
        }
      }, Number(ms));
    },
  );
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const isOne = ({ body }: UpstreamAnswer): boolean => body === 1;

const ACTS = ['ok', 'ok', 'ok', 'ok', 'hang', 'reset', 'leave', 'die'] as const;

it.each([
  ['HTTP/1.1', false, 1],
  ['HTTP/1.1', false, 2],
  ['HTTP/2', true, 3],
  ['HTTP/2', true, 4],
  ['HTTP/2', true, 5],
])(
  '300 calls over %s, of which many are reset, aborted, or lose their connection (seed %#) · all settle',
  async (_, http2, seed) => {
    const random = aRandom(seed);
    const pick = (most: number): number => Math.floor(random() * most);
    const origin = await aChaoticSource(1 + pick(6));
    const upstream = anUpstream({ http2, tls: { ca: () => pem('ca.crt') }, limits: { connections: 8 } });
    const outcomes = new Map<string, number>();
    await upstream.attempt(aRequest(origin, { path: '/ok/0' }), live());

    const call = async (): Promise<void> => {
      const act = ACTS[pick(ACTS.length)] as (typeof ACTS)[number];
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(new GatewayError('UPSTREAM_TIMEOUT')), 80 + pick(80));
      const request = aRequest(origin, {
        path: `/${act}/${pick(4)}`,
        method: pick(2) === 0 ? 'GET' : 'POST',
      });
      const outcome = await upstream.attempt(request, controller.signal).then(
        () => 'OK',
        (error: GatewayError) => error.code,
      );
      clearTimeout(timer);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    const worker = async (): Promise<void> => {
      for (let i = 0; i < 15; i++) await call();
    };
    await Promise.all(Array.from({ length: 20 }, worker));

    expect([...outcomes.keys()].sort()).toEqual(['OK', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNREACHABLE']);
    expect([...outcomes.values()].reduce((sum, count) => sum + count)).toBe(300);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
    expect(upstream.stats().clients).toBeLessThanOrEqual(8);
    // A session may refuse a call twice while it still counts streams that were just reset: soon, none fails.
    const ask = () => upstream.attempt(aRequest(origin, { path: '/ok/0' }), live()).then(isOne, () => false);
    const after = () => Promise.all(Array.from({ length: 20 }, ask));
    await expect.poll(after, { timeout: 5_000 }).toEqual(Array(20).fill(true));
  },
);
