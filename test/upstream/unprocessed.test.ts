// Requests that the source certainly did not process are sent again, mutations too; requests that it may have processed are not.
import { readFileSync } from 'node:fs';
import {
  createSecureServer,
  constants as h2,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';

const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');
const tls = { ca: () => pem('ca.crt') };

/** Counts how often each path was processed; `onStream` decides first. */
async function anH2Source(
  onStream: (stream: ServerHttp2Stream, path: string, session: number) => 'process' | 'leave',
  maxConcurrentStreams = 100,
) {
  const sessions: ServerHttp2Session[] = [];
  const processed = new Map<string, number>();
  const server = createSecureServer({
    cert: pem('source.crt'),
    key: pem('source.key'),
    settings: { maxConcurrentStreams },
  });
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  server.on('stream', (incoming, headers) => {
    const stream = incoming as ServerHttp2Stream;
    stream.on('error', () => {});
    stream.resume();
    const path = headers[':path'] as string;
    const session = sessions.indexOf(stream.session as ServerHttp2Session);
    if (onStream(stream, path, session) === 'leave') return;
    processed.set(path, (processed.get(path) ?? 0) + 1);
    setTimeout(() => {
      if (stream.destroyed || stream.closed) return;
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end('1');
    }, 30);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.destroy();
    await closed;
  });
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, sessions, processed };
}

const outcomeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'OK',
    (error: unknown) => (error instanceof GatewayError && error.outcomeUnknown ? 'UNKNOWN' : String(error)),
  );

const mutations = (upstream: ReturnType<typeof anUpstream>, origin: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, i) =>
      outcomeOf(
        upstream.attempt(aRequest(origin, { path: `/${i}`, method: 'POST', body: { i } }), live(), false),
      ),
    ),
  );

describe('30 mutations over HTTP/2', () => {
  it.each([
    ['NO_ERROR', h2.NGHTTP2_NO_ERROR, 'OK'],
    // Node ends its session at once: what became of the requests before the last id is not known.
    ['ENHANCE_YOUR_CALM', h2.NGHTTP2_ENHANCE_YOUR_CALM, 'UNKNOWN'],
    ['INTERNAL_ERROR', h2.NGHTTP2_INTERNAL_ERROR, 'UNKNOWN'],
  ])('of which 23 are above the last id of a GOAWAY %s · these are made, once', async (_, code, others) => {
    let arrived = 0;
    const source = await anH2Source((stream, path, session) => {
      if (path === '/warm' || session > 0) return 'process';
      arrived += 1;
      if (arrived === 30) {
        stream.session?.goaway(code, 2 * 7 + 1);
      }
      return arrived <= 7 ? 'process' : 'leave';
    });
    const upstream = anUpstream({ http2: true, tls });
    await upstream.attempt(aRequest(source.origin, { path: '/warm' }), live());
    expect((await mutations(upstream, source.origin, 30)).toSorted()).toEqual([
      ...Array(others === 'OK' ? 30 : 23).fill('OK'),
      ...Array(others === 'OK' ? 0 : 7).fill('UNKNOWN'),
    ]);
    expect([...source.processed.values()]).toEqual(Array(31).fill(1));
  });

  it.each([100, 9])(
    'to a server that accepts seven per session of %i streams and says goodbye · are all made once',
    async (streams) => {
      const arrived: number[] = [];
      const source = await anH2Source((stream, path, session) => {
        if (path === '/warm') return 'process';
        const count = (arrived[session] ?? 0) + 1;
        arrived[session] = count;
        if (count === 7) stream.session?.goaway(h2.NGHTTP2_NO_ERROR, stream.id);
        return count <= 7 ? 'process' : 'leave';
      }, streams);
      const upstream = anUpstream({ http2: true, tls });
      await upstream.attempt(aRequest(source.origin, { path: '/warm' }), live());
      expect(await mutations(upstream, source.origin, 30)).toEqual(Array(30).fill('OK'));
      expect([...source.processed.values()]).toEqual(Array(31).fill(1));
    },
  );

  it.each([1, 2, 5])('of which 23 are refused %i times · are all made once', async (times) => {
    const refusals = new Map<string, number>();
    const source = await anH2Source((stream, path) => {
      const refused = refusals.get(path) ?? 0;
      if (path === '/warm' || Number(path.slice(1)) < 7 || refused >= times) return 'process';
      refusals.set(path, refused + 1);
      stream.close(h2.NGHTTP2_REFUSED_STREAM);
      return 'leave';
    });
    const upstream = anUpstream({ http2: true, tls });
    await upstream.attempt(aRequest(source.origin, { path: '/warm' }), live());
    expect(await mutations(upstream, source.origin, 30)).toEqual(Array(30).fill('OK'));
    expect([...source.processed.values()]).toEqual(Array(31).fill(1));
  });

  it('that are always refused · fail, and were certainly not made', async () => {
    const source = await anH2Source((stream, path) => {
      if (path === '/warm') return 'process';
      stream.close(h2.NGHTTP2_REFUSED_STREAM);
      return 'leave';
    });
    const upstream = anUpstream({ http2: true, tls });
    await upstream.attempt(aRequest(source.origin, { path: '/warm' }), live());
    await expect(
      upstream.attempt(aRequest(source.origin, { method: 'POST', body: {} }), live()),
    ).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', outcomeUnknown: false, retryable: true });
  });

  it('whose session is lost without a word · are not sent again: they may have been made', async () => {
    let arrived = 0;
    const source = await anH2Source((stream, path) => {
      if (path === '/warm') return 'process';
      arrived += 1;
      if (arrived === 30) setImmediate(() => stream.session?.destroy());
      return 'leave';
    });
    const upstream = anUpstream({ http2: true, tls });
    await upstream.attempt(aRequest(source.origin, { path: '/warm' }), live());
    expect(await mutations(upstream, source.origin, 30)).toEqual(Array(30).fill('UNKNOWN'));
    expect(arrived).toBe(30);
  });
});

describe('a mutation over HTTP/1.1', () => {
  const post = (origin: string) => aRequest(origin, { method: 'POST', body: {} });

  it('to a closed port · was certainly not made', async () => {
    const source = await aSource(json({}));
    await source.close();
    await expect(anUpstream().attempt(post(source.origin), live())).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      outcomeUnknown: false,
    });
  });

  it('to a name that cannot be found · was certainly not made', async () => {
    const upstream = anUpstream({ hosts: ['nowhere.invalid'] });
    await expect(upstream.attempt(post('http://nowhere.invalid'), live())).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      outcomeUnknown: false,
    });
  });

  it.each([
    ['has the certificate of a stranger', { ca: () => pem('other-ca.crt') }],
    ['closes during the handshake', tls],
  ])('to a source that %s · was certainly not made', async (what, trusted) => {
    const server =
      what === 'closes during the handshake'
        ? createServer((socket) => void socket.once('data', () => socket.destroy()))
        : createTlsServer({ cert: pem('source.crt'), key: pem('source.key') });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(anUpstream({ tls: trusted }).attempt(post(origin), live())).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      outcomeUnknown: false,
    });
  });

  it('that is reset after it was sent · may have been made, and is not sent again', async () => {
    const source = await aSource((_, __, request) => void request.socket.resetAndDestroy());
    await expect(anUpstream().attempt(post(source.origin), live(), false)).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      outcomeUnknown: true,
    });
    expect(source.asked).toHaveLength(1);
  });

  it.each([421, 425])('answered with %i · is sent once more, over another socket', async (status) => {
    const ports = new Set<number | undefined>();
    const source = await aSource((response, asked, request) => {
      ports.add(request.socket.remotePort);
      json({ n: source.asked.length }, source.asked.length === 1 ? status : 200)(response, asked, request);
    });
    expect((await anUpstream().attempt(post(source.origin), live(), false)).body).toEqual({ n: 2 });
    expect(ports.size).toBe(2);
  });

  it('answered with 421 for good · is refused', async () => {
    const source = await aSource(json({}, 421));
    await expect(anUpstream().attempt(post(source.origin), live(), false)).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
      outcomeUnknown: false,
    });
    expect(source.asked).toHaveLength(2);
  });
});

describe('interim answers', () => {
  it.each([
    ['100 Continue', ['HTTP/1.1 100 Continue\r\n\r\n']],
    ['102 and 103', ['HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n']],
    ['100 in single bytes', [...'HTTP/1.1 100 Continue\r\nx: 1\r\n\r\n']],
    ['100 of HTTP/1.0', ['HTTP/1.0 100\r\n\r\n']],
  ])('%s, unasked, before every answer · are skipped on a kept socket', async (_, pieces) => {
    let sockets = 0;
    const server = createServer((socket) => {
      sockets += 1;
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('data', () => {
        const rest = [
          ...pieces,
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n',
          '7',
        ];
        const next = (): void => {
          const piece = rest.shift();
          if (piece !== undefined) socket.write(piece, () => setImmediate(next));
        };
        next();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const upstream = anUpstream();
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let i = 0; i < 3; i++) expect((await upstream.attempt(aRequest(origin), live())).body).toBe(7);
    expect(sockets).toBe(1);
    await upstream.close();
  });

  it('an endless one · UPSTREAM_TOO_LARGE', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\n');
        const more = (): void => {
          if (!socket.destroyed) socket.write('x: 0123456789abcdef\r\n'.repeat(50), () => setImmediate(more));
        };
        more();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const upstream = anUpstream();
    await expect(upstream.attempt(aRequest(origin), live())).rejects.toMatchObject({
      code: 'UPSTREAM_TOO_LARGE',
    });
    await upstream.close();
  });

  it('over HTTP/2: 100, 102 and 103 · are skipped', async () => {
    const source = await anH2Source((stream, path) => {
      if (path === '/hints')
        for (const status of [100, 102, 103]) stream.additionalHeaders({ ':status': status });
      return 'process';
    });
    const upstream = anUpstream({ http2: true, tls });
    expect(
      (await upstream.attempt(aRequest(source.origin, { path: '/hints', method: 'POST', body: {} }), live()))
        .body,
    ).toBe(1);
  });
});
