// HTTP/2 to a source, over real sockets: what it must share (one session), and what must stay as it is over HTTP/1.1 when a source
// stops, floods, resets, says goodbye or dies. Servers speak through node:http2, or through bare TLS where they misbehave.
import { readFileSync } from 'node:fs';
import {
  createSecureServer,
  constants as h2,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../src/errors.ts';

import { anUpstream, aRequest, live } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');
const pair = (name: string) => ({ cert: pem(`${name}.crt`), key: pem(`${name}.key`) });
const ca = (): string => pem('ca.crt');

const overH2 = (spec: SpecParts = {}) => anUpstream({ http2: true, tls: { ca }, ...spec });

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Behaviour = (stream: ServerHttp2Stream, path: string, body: string) => void;

function answer(stream: ServerHttp2Stream, body: unknown, headers: object = {}): void {
  stream.respond({ ':status': 200, 'content-type': 'application/json', ...headers });
  stream.end(JSON.stringify(body));
}

/** Writes down the paths it is asked for, and its sessions. */
async function anH2Source(behaviour: Behaviour, options: SecureServerOptions = {}) {
  const sessions: ServerHttp2Session[] = [];
  const asked: string[] = [];
  const server = createSecureServer({ ...pair('source'), ...options });
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    let body = '';
    stream.on('data', (chunk) => {
      body += chunk;
    });
    stream.on('end', () => {
      asked.push(headers[':path'] as string);
      behaviour(stream as ServerHttp2Stream, headers[':path'] as string, body);
    });
  });
  const origin = await listening(server);
  onTestFinished(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.destroy();
    await closed;
  });
  return { origin, sessions, asked };
}

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'OK',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );

describe('a source that chooses HTTP/2', () => {
  it('receives all calls over one session, from the first burst on', async () => {
    const source = await anH2Source((stream, path) => setTimeout(() => answer(stream, path), 5));
    const upstream = overH2();
    const paths = Array.from({ length: 40 }, (_, i) => `/${i}`);
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(
        paths.map((path) => upstream.attempt(aRequest(source.origin, { path }), live())),
      );
      expect(answers.map((one) => one.body)).toEqual(paths);
    }
    expect(source.sessions).toHaveLength(1);
    expect(upstream.stats()).toEqual({ running: 0, waiting: 0, idle: 1, clients: 1 });
  });

  it('gets bodies and gives headers as over HTTP/1.1', async () => {
    const source = await anH2Source((stream, _, body) =>
      answer(stream, JSON.parse(body), { 'x-trace': 'a' }),
    );
    const request = aRequest(source.origin, { method: 'POST', body: { tên: 'Ngọc Ánh' } });
    const { status, headers, body } = await overH2().attempt(request, live());
    expect([status, headers['x-trace'], body]).toEqual([200, 'a', { tên: 'Ngọc Ánh' }]);
  });

  it('has at most `connections` calls at once; the rest waits its turn', async () => {
    let now = 0;
    let most = 0;
    const source = await anH2Source((stream) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now -= 1;
        answer(stream, 1);
      }, 5);
    });
    const upstream = overH2({ limits: { connections: 3 } });
    const calls = Array.from({ length: 20 }, () => upstream.attempt(aRequest(source.origin), live()));
    expect((await Promise.all(calls)).map((one) => one.body)).toEqual(Array(20).fill(1));
    expect(most).toBe(3);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('with a limit of streams · receives a further session, and never more streams per session than its limit', async () => {
    let most = 0;
    const running = new Map<unknown, number>();
    const source = await anH2Source(
      (stream) => {
        const count = (running.get(stream.session) ?? 0) + 1;
        running.set(stream.session, count);
        most = Math.max(most, count);
        const { session } = stream;
        setTimeout(() => {
          running.set(session, (running.get(session) ?? 1) - 1);
          answer(stream, 1);
        }, 10);
      },
      { settings: { maxConcurrentStreams: 2 } },
    );
    const upstream = overH2({ limits: { connections: 6 } });
    const calls = Array.from({ length: 12 }, () => upstream.attempt(aRequest(source.origin), live()));
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(12).fill('OK'));
    expect(most).toBe(2);
    expect(source.sessions.length).toBeGreaterThan(1);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('may answer in small pieces, after early hints', async () => {
    const source = await anH2Source((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</style>' });
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      const bytes = Buffer.from(JSON.stringify({ name: 'Trần Thị Bưởi' }));
      let i = 0;
      const drip = (): void => {
        if (i === bytes.length) stream.end();
        else stream.write(bytes.subarray(i, ++i), () => setImmediate(drip));
      };
      drip();
    });
    const { status, body } = await overH2().attempt(aRequest(source.origin), live());
    expect([status, body]).toEqual([200, { name: 'Trần Thị Bưởi' }]);
  });
});

describe('a source that does not', () => {
  it.each<[string, object]>([
    ['offers HTTP/1.1 only', { ALPNProtocols: ['http/1.1'] }],
    ['does not support ALPN', { ALPNProtocols: [] }],
  ])('%s · is called over HTTP/1.1, each call over a socket of its own', async (_, options) => {
    let sockets = 0;
    const server = createTlsServer({ ...pair('source'), ...options }, (socket) => {
      sockets += 1;
      socket.on('error', () => {});
      socket.on('data', () =>
        setTimeout(
          () =>
            socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n1'),
          20,
        ),
      );
    });
    const origin = await listening(server);
    onTestFinished(() => void server.close());
    const upstream = overH2();
    const calls = Array.from({ length: 5 }, () => upstream.attempt(aRequest(origin), live()));
    expect((await Promise.all(calls)).map((one) => one.body)).toEqual([1, 1, 1, 1, 1]);
    expect(sockets).toBe(5);
    await upstream.close();
  });

  it('is not offered HTTP/2, unless the manifest enables it', async () => {
    let offered: unknown;
    const server = createTlsServer({
      ...pair('source'),
      ALPNCallback: ({ protocols }) => {
        offered = protocols;
        return 'http/1.1';
      },
    });
    const origin = await listening(server);
    onTestFinished(() => void server.close());
    server.on('secureConnection', (socket) => socket.destroy());
    await codeOf(overH2({ http2: false }).attempt(aRequest(origin), live()));
    expect(offered).toEqual(['http/1.1']);
  });
});

describe('an aborted call', () => {
  const hang: Record<string, (stream: ServerHttp2Stream) => void> = {
    'before headers': () => {},
    'in the middle of the body': (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.write('{"a":');
    },
  };
  it.each(Object.keys(hang))(
    '%s · resets its stream; other calls continue over the same session',
    async (when) => {
      let reset: { over: Promise<number> } | undefined;
      let finish: (() => void) | undefined;
      const source = await anH2Source((stream, path) => {
        if (path === '/hangs') {
          reset = { over: new Promise((resolve) => stream.on('close', () => resolve(stream.rstCode))) };
          hang[when]?.(stream);
        } else if (path === '/slow') {
          stream.respond({ ':status': 200, 'content-type': 'application/json' });
          stream.write('"go');
          finish = () => stream.end('od"');
        } else answer(stream, path);
      });
      const upstream = overH2();
      const ask = (path: string, signal = live()) =>
        upstream.attempt(aRequest(source.origin, { path }), signal);
      const controller = new AbortController();
      const given = ask('/hangs', controller.signal);
      await expect.poll(() => reset).toBeDefined();
      const slow = ask('/slow');
      await expect.poll(() => finish).toBeDefined();
      expect((await ask('/between')).body).toBe('/between');
      const reason = new GatewayError('UPSTREAM_TIMEOUT');
      controller.abort(reason);
      await expect(given).rejects.toBe(reason);
      await reset?.over;
      expect((await ask('/after')).body).toBe('/after');
      finish?.();
      expect((await slow).body).toBe('good');
      expect(source.sessions).toHaveLength(1);
      expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
    },
  );

  it('on a session that was silent all the while · makes the next call open another', async () => {
    let isDead = false;
    const source = await anH2Source((stream, path) => {
      if (!isDead) answer(stream, path);
    });
    const upstream = overH2();
    const ask = (signal: AbortSignal) => upstream.attempt(aRequest(source.origin), signal);
    await ask(live());
    isDead = true;
    const controller = new AbortController();
    const lost = codeOf(ask(controller.signal));
    await expect.poll(() => source.asked.length).toBe(2);
    controller.abort(new GatewayError('UPSTREAM_TIMEOUT'));
    expect(await lost).toBe('UPSTREAM_TIMEOUT');
    isDead = false;
    expect(await codeOf(ask(live()))).toBe('OK');
    expect(source.sessions).toHaveLength(2);
    expect(upstream.stats()).toMatchObject({ running: 0, clients: 1 });
  });

  it('with a source that never sends its limit of streams · releases its place', async () => {
    let sockets = 0;
    const server = createTlsServer({ ...pair('source'), ALPNProtocols: ['h2'] }, (socket) => {
      sockets += 1;
      socket.on('error', () => {}).resume();
    });
    const origin = await listening(server);
    const upstream = overH2({ limits: { connections: 2 } });
    const ask = async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new GatewayError('UPSTREAM_TIMEOUT')), 60);
      return codeOf(upstream.attempt(aRequest(origin), controller.signal));
    };
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill('UPSTREAM_TIMEOUT'));
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
    expect(await ask()).toBe('UPSTREAM_TIMEOUT');
    expect(sockets).toBeGreaterThan(0);
    await upstream.close();
    server.close();
  });

  it('by closing the upstream · CANCELLED, the waiting ones too', async () => {
    const source = await anH2Source(() => {});
    const upstream = overH2({ limits: { connections: 2 } });
    const attempts = [1, 2, 3].map(() => codeOf(upstream.attempt(aRequest(source.origin), live())));
    await expect.poll(() => source.asked.length).toBe(2);
    await upstream.close();
    expect(await Promise.all(attempts)).toEqual(Array(3).fill('CANCELLED'));
  });
});

describe('bounds', () => {
  const headers = (size: number) => ({ 'x-large': 'a'.repeat(size) });

  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    [
      'a body without end',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/json' });
        const more = (): void => {
          if (!stream.destroyed && !stream.closed)
            stream.write(Buffer.alloc(65_536, 32), () => setImmediate(more));
        };
        more();
      },
    ],
    [
      'a body announced too large',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-length': '5000000' });
        stream.write('"');
      },
    ],
    ['headers above 16 KiB', (stream) => answer(stream, {}, headers(20_000))],
    [
      'headers in many fields',
      (stream) =>
        answer(
          stream,
          {},
          Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x-${i}`, 'a'.repeat(200)])),
        ),
    ],
  ])('%s · UPSTREAM_TOO_LARGE; the session lives', async (_, large) => {
    const source = await anH2Source((stream, path) =>
      path === '/large' ? large(stream) : answer(stream, 1),
    );
    const upstream = overH2({ limits: { maxResponseBytes: 200_000 } });
    const large$ = upstream.attempt(aRequest(source.origin, { path: '/large' }), live());
    expect(await codeOf(large$)).toBe('UPSTREAM_TOO_LARGE');
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
    expect(source.sessions).toHaveLength(1);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('headers without end, in frame after frame · an error, and the place is free', async () => {
    const frame = (type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer => {
      const head = Buffer.alloc(9);
      head.writeUIntBE(payload.length, 0, 3);
      head.writeUInt8(type, 3);
      head.writeUInt8(flags, 4);
      head.writeUInt32BE(stream, 5);
      return Buffer.concat([head, payload]);
    };
    const PREFACE = 24;
    const status200 = Buffer.from([0x88]);
    // Literal fields without indexing: a name of 3 and a value of 126 bytes.
    const field = Buffer.concat([
      Buffer.from([0, 3]),
      Buffer.from('x-a'),
      Buffer.from([126]),
      Buffer.alloc(126, 98),
    ]);
    const fields = Buffer.concat(Array<Buffer>(100).fill(field));
    let sent = 0;
    const server = createTlsServer({ ...pair('source'), ALPNProtocols: ['h2'] }, (socket) => {
      socket.on('error', () => {});
      socket.write(Buffer.concat([frame(4, 0, 0), frame(4, 1, 0)]));
      let got = Buffer.alloc(0);
      let isAsked = false;
      socket.on('data', (chunk: Buffer) => {
        got = Buffer.concat([got, chunk]);
        for (let at = PREFACE; at + 9 <= got.length; at += 9 + got.readUIntBE(at, 3)) {
          if (got[at + 3] !== 1 || isAsked) continue;
          isAsked = true;
          socket.write(frame(1, 0, 1, status200));
          const more = (): void => {
            sent += fields.length;
            if (!socket.destroyed) socket.write(frame(9, 0, 1, fields), () => setImmediate(more));
          };
          more();
        }
      });
    });
    const origin = await listening(server);
    const upstream = overH2();
    expect(await codeOf(upstream.attempt(aRequest(origin), live()))).toMatch(
      /^UPSTREAM_(TOO_LARGE|UNREACHABLE)$/,
    );
    expect(sent).toBeGreaterThan(fields.length);
    expect(sent).toBeLessThan(10_000_000);
    expect(upstream.stats().running).toBe(0);
    await upstream.close();
    server.close();
  });

  it('headers within a larger limit · are read', async () => {
    const source = await anH2Source((stream) => answer(stream, 1, headers(20_000)));
    const upstream = overH2({ limits: { maxHeaderBytes: 32_768 } });
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
  });

  it('a request that HTTP forbids · BAD_USER_INPUT, and its neighbours do not notice', async () => {
    const source = await anH2Source((stream) => setTimeout(() => answer(stream, 1), 20));
    const upstream = overH2();
    const good = codeOf(upstream.attempt(aRequest(source.origin), live()));
    await expect.poll(() => source.asked.length).toBe(1);
    const bad = upstream.attempt(aRequest(source.origin, { headers: { 'x-name': 'a\r\nx: b' } }), live());
    expect(await codeOf(bad)).toBe('BAD_USER_INPUT');
    expect(await good).toBe('OK');
    expect(source.sessions).toHaveLength(1);
  });
});

describe('a session that ends', () => {
  it('by GOAWAY · lets its calls end; the next ones go over another', async () => {
    let finish: (() => void) | undefined;
    const source = await anH2Source((stream, path) => {
      if (path === '/slow') finish = () => answer(stream, path);
      else answer(stream, path);
    });
    const upstream = overH2();
    const ask = (path: string) => upstream.attempt(aRequest(source.origin, { path }), live());
    const slow = ask('/slow');
    await expect.poll(() => finish).toBeDefined();
    source.sessions[0]?.close();
    for (let i = 0; i < 5; i++) expect((await ask('/next')).body).toBe('/next');
    // Two where the GOAWAY overtook the first of them; else that one was refused, and sent again over a session of its own.
    expect([2, 3]).toContain(source.sessions.length);
    finish?.();
    expect((await slow).body).toBe('/slow');
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('by a reset · fails its calls, none is sent twice, and the next call opens a new connection', async () => {
    const source = await anH2Source((stream, path) => {
      if (path === '/ok') answer(stream, path);
    });
    const upstream = overH2();
    const ask = (path: string) =>
      codeOf(upstream.attempt(aRequest(source.origin, { path, method: 'POST', body: {} }), live()));
    expect(await ask('/ok')).toBe('OK');
    const failing = ['/1', '/2', '/3'].map(ask);
    await expect.poll(() => source.asked.length).toBe(4);
    (source.sessions[0]?.socket as unknown as TLSSocket | undefined)?.destroy?.();
    source.sessions[0]?.destroy();
    expect(await Promise.all(failing)).toEqual(Array(3).fill('UPSTREAM_UNREACHABLE'));
    expect(await ask('/ok')).toBe('OK');
    expect(source.asked).toEqual(['/ok', '/1', '/2', '/3', '/ok']);
    expect(source.sessions).toHaveLength(2);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it.each([
    ['reset', h2.NGHTTP2_INTERNAL_ERROR],
    ['reset before it was looked at, for good', h2.NGHTTP2_REFUSED_STREAM],
    ['sent ENHANCE_YOUR_CALM', h2.NGHTTP2_ENHANCE_YOUR_CALM],
  ])('no, only a stream that is %s · UPSTREAM_UNREACHABLE; other streams continue', async (_, code) => {
    const source = await anH2Source((stream, path) => {
      if (path === '/reset') stream.close(code);
      else setTimeout(() => answer(stream, path), 20);
    });
    const upstream = overH2();
    const ask = (path: string) => codeOf(upstream.attempt(aRequest(source.origin, { path }), live()));
    expect(await Promise.all([ask('/good'), ask('/reset'), ask('/good')])).toEqual([
      'OK',
      'UPSTREAM_UNREACHABLE',
      'OK',
    ]);
    expect(source.sessions).toHaveLength(1);
  });

  it('a length that does not fit · UPSTREAM_INVALID', async () => {
    const source = await anH2Source((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-length': '100' });
      stream.end('1');
    });
    expect(await codeOf(overH2().attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_INVALID');
  });

  it('what arrives is no HTTP/2 · an error, and the place is free', async () => {
    const server = createTlsServer({ ...pair('source'), ALPNProtocols: ['h2'] }, (socket) => {
      socket.on('error', () => {});
      socket.write('SSH-2.0-OpenSSH_9 SECRET\r\n'.repeat(10));
    });
    const origin = await listening(server);
    const upstream = overH2();
    const error = await upstream.attempt(aRequest(origin), live()).catch((failure) => failure);
    expect(error).toMatchObject({ code: expect.stringMatching(/^UPSTREAM_(UNREACHABLE|INVALID)$/) });
    expect(error.message).not.toContain('SECRET');
    expect(upstream.stats().running).toBe(0);
    await upstream.close();
    server.close();
  });
});

it('a renewed certificate of the gateway · is used under steady traffic: a session serves 1,000 calls', async () => {
  const seen: string[] = [];
  const source = await anH2Source(
    (stream) => {
      const socket = stream.session?.socket as TLSSocket;
      seen.push(socket.getPeerCertificate().subject.CN as string);
      answer(stream, 1);
    },
    { ca: ca(), requestCert: true, rejectUnauthorized: true },
  );
  let name = 'gateway';
  const upstream = overH2({
    tls: { ca, cert: () => pem(`${name}.crt`), key: () => pem(`${name}.key`) },
  });
  const ask = () => codeOf(upstream.attempt(aRequest(source.origin), live()));
  await ask();
  name = 'gateway-2';
  for (let i = 0; i < 101; i++)
    expect(await Promise.all(Array.from({ length: 10 }, ask))).toEqual(Array(10).fill('OK'));
  expect([seen[0], seen.at(-1)]).toEqual(['gateway-1', 'gateway-2']);
  expect(source.sessions).toHaveLength(2);
});

describe('a session', () => {
  it('beyond its age · receives no more calls; those that run on it end there', async () => {
    let finish: (() => void) | undefined;
    const source = await anH2Source((stream, path) => {
      if (path === '/slow') finish = () => answer(stream, path);
      else answer(stream, path);
    });
    const clock = { now: 0 };
    const upstream = anUpstream(
      { http2: true, tls: { ca }, connectionMaxAgeMs: 10_000 },
      { tick: () => clock.now },
    );
    const ask = async (path: string) =>
      (await upstream.attempt(aRequest(source.origin, { path, method: 'POST', body: {} }), live(), false))
        .body;
    await ask('/first');
    const slow = ask('/slow');
    await expect.poll(() => finish).toBeDefined();
    clock.now = 8_999;
    await ask('/young');
    expect(source.sessions).toHaveLength(1);
    clock.now = 11_001;
    const paths = Array.from({ length: 20 }, (_, i) => `/${i}`);
    expect(await Promise.all(paths.map(ask))).toEqual(paths);
    expect(source.sessions).toHaveLength(2);
    finish?.();
    expect(await slow).toBe('/slow');
    await expect.poll(() => source.sessions[0]?.closed).toBe(true);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0, clients: 1 });
    expect(new Set(source.asked).size).toBe(source.asked.length);
  });

  it('to an address that its name has left · receives no more calls', async () => {
    const source = await anH2Source((stream, path) => answer(stream, path), pair('elsewhere'));
    const clock = { now: 0 };
    let address = '127.0.0.1';
    const upstream = anUpstream(
      { http2: true, tls: { ca, serverName: 'elsewhere.example' }, hosts: ['source.test', '127.0.0.0/8'] },
      {
        tick: () => clock.now,
        lookup: (_, __, callback) => setImmediate(() => callback(null, [{ address, family: 4 }])),
      },
    );
    const ask = () =>
      codeOf(upstream.attempt(aRequest(`https://source.test:${new URL(source.origin).port}`), live()));
    expect([await ask(), await ask()]).toEqual(['OK', 'OK']);
    // Nothing listens there: calls fail, which shows that they no longer go to the old address.
    address = '127.0.0.9';
    clock.now = 1_000;
    await ask();
    await expect.poll(ask).toBe('UPSTREAM_UNREACHABLE');
    expect(source.sessions).toHaveLength(1);
  });
});
