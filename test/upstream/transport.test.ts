// Sending, over real sockets: what a source can do to us, and the code each of it becomes.
import { getEventListeners } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { type ASource, anUpstream, aRequest, aSource, json, live, text } from './a-source.ts';

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'OK',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );

async function errorOf(attempt: Promise<unknown>): Promise<GatewayError> {
  try {
    await attempt;
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    return error as GatewayError;
  }
  throw new Error('expected a failure');
}

/** Nothing of the upstream's whereabouts or words in what logs and clients may see. */
function expectSafe(error: GatewayError, source?: ASource): void {
  const seen = JSON.stringify([error.message, error.reason, error.extensions, String(error.cause ?? '')]);
  expect(seen).not.toContain('127.0.0.1');
  if (source !== undefined) expect(seen).not.toContain(source.origin.split(':').at(-1));
  expect(seen).not.toContain('SECRET');
}

describe('a healthy source', () => {
  it('gives status, headers and decoded body, and when it answered', async () => {
    const source = await aSource(json({ name: 'Nguyễn Văn An' }, 200, { 'x-trace': 'abc' }));
    const answer = await anUpstream({}, { now: () => 1234 }).attempt(aRequest(source.origin), live());
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'Nguyễn Văn An' },
      fetchedAt: 1234,
      freshness: 'LIVE',
    });
    expect(answer.headers['x-trace']).toBe('abc');
    expect(source.asked[0]).toMatchObject({ method: 'GET', url: '/thing?id=1', body: '' });
    expect(source.asked[0]?.headers['content-type']).toBeUndefined();
  });

  it('keeps its sockets: twenty sequential calls use one', async () => {
    const source = await aSource(json({}));
    const upstream = anUpstream();
    for (let i = 0; i < 20; i++) await upstream.attempt(aRequest(source.origin), live());
    expect(upstream.stats()).toEqual({ running: 0, waiting: 0, idle: 1, clients: 1 });
  });

  it('is called over at most `connections` sockets at once; other calls wait', async () => {
    let most = 0;
    let now = 0;
    const source = await aSource((response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.writeHead(200, { 'content-type': 'application/json' }).end('1');
      }, 5);
    });
    const upstream = anUpstream({ limits: { connections: 3 } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => upstream.attempt(aRequest(source.origin), live())),
    );
    expect(answers.map((a) => a.body)).toEqual(Array(20).fill(1));
    expect(most).toBe(3);
    expect(upstream.stats()).toEqual({ running: 0, waiting: 0, idle: 3, clients: 3 });
  });

  it('leaves no listener on the signal of the attempt', async () => {
    const source = await aSource(json({}));
    const signal = live();
    await anUpstream().attempt(aRequest(source.origin), signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('may answer in many small pieces', async () => {
    const source = await aSource((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const bytes = Buffer.from(JSON.stringify({ name: 'Trần Thị Bưởi' }));
      let i = 0;
      const drip = (): void => {
        if (i === bytes.length) response.end();
        else response.write(bytes.subarray(i, ++i), drip);
      };
      drip();
    });
    expect((await anUpstream().attempt(aRequest(source.origin), live())).body).toEqual({
      name: 'Trần Thị Bưởi',
    });
  });
});

describe('a source that cannot be reached', () => {
  it('refused connection · UPSTREAM_UNREACHABLE', async () => {
    const source = await aSource(json({}));
    await source.close();
    const error = await errorOf(anUpstream().attempt(aRequest(source.origin), live()));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', message: 'transport failed (ECONNREFUSED)' });
    expectSafe(error, source);
  });

  it('refused connection, while more calls wait than there are connections · each fails, and nothing else does', async () => {
    const source = await aSource(json({}));
    await source.close();
    const thrown: unknown[] = [];
    const onUncaught = (error: unknown): void => void thrown.push(error);
    process.on('uncaughtExceptionMonitor', onUncaught);
    onTestFinished(() => void process.off('uncaughtExceptionMonitor', onUncaught));
    const upstream = anUpstream({ limits: { connections: 2 } });
    const attempts = Array.from({ length: 7 }, () =>
      codeOf(upstream.attempt(aRequest(source.origin), live())),
    );
    expect(await Promise.all(attempts)).toEqual(Array(7).fill('UPSTREAM_UNREACHABLE'));
    expect(thrown).toEqual([]);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('unknown host name · UPSTREAM_UNREACHABLE', async () => {
    const upstream = anUpstream({ hosts: ['nowhere.invalid'] });
    const error = await errorOf(upstream.attempt(aRequest('http://nowhere.invalid'), live()));
    expect(error.code).toBe('UPSTREAM_UNREACHABLE');
    expect(error.message).not.toContain('nowhere');
  });

  it('reset before any answer · UPSTREAM_UNREACHABLE, and the next call works', async () => {
    const source = await aSource((_, __, request) => void request.socket.resetAndDestroy());
    const upstream = anUpstream();
    expectSafe(await errorOf(upstream.attempt(aRequest(source.origin), live())), source);
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_UNREACHABLE');
    source.behave(json({}));
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
  });

  it('reset in the middle of the body · UPSTREAM_UNREACHABLE', async () => {
    const source = await aSource((response, _, request) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"SECRET":"half', () => setTimeout(() => request.socket.resetAndDestroy(), 5));
    });
    const error = await errorOf(anUpstream().attempt(aRequest(source.origin), live()));
    expect(error.code).toBe('UPSTREAM_UNREACHABLE');
    expectSafe(error, source);
  });

  it('closed in the middle of a chunked body · UPSTREAM_UNREACHABLE', async () => {
    const source = await aSource((response, _, request) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":', () => setTimeout(() => request.socket.end(), 5));
    });
    expect(await codeOf(anUpstream().attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_UNREACHABLE');
  });
});

describe('a source that does not end its answer', () => {
  const hang = {
    'before headers': () => {},
    'in the middle of the body': (r: import('node:http').ServerResponse) => {
      r.writeHead(200, { 'content-type': 'application/json' });
      r.write('{"a":');
    },
  };
  for (const [when, behaviour] of Object.entries(hang)) {
    it(`hangs ${when} · ends with the reason of the signal, and the socket is closed`, async () => {
      let closed: Promise<void> | undefined;
      const source = await aSource((response, _, request) => {
        closed = new Promise((resolve) => request.socket.once('close', () => resolve()));
        behaviour(response);
      });
      const upstream = anUpstream();
      const controller = new AbortController();
      const attempt = upstream.attempt(aRequest(source.origin), controller.signal);
      setTimeout(() => controller.abort(new GatewayError('UPSTREAM_TIMEOUT', { detail: 'limit' })), 30);
      expect(await errorOf(attempt)).toBe(controller.signal.reason);
      await closed;
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      source.behave(json({ ok: 1 }));
      expect((await upstream.attempt(aRequest(source.origin), live())).body).toEqual({ ok: 1 });
      expect(upstream.stats().running).toBe(0);
    });
  }

  it('abort by anything else · CANCELLED', async () => {
    const source = await aSource(() => {});
    const controller = new AbortController();
    const attempt = anUpstream().attempt(aRequest(source.origin), controller.signal);
    setTimeout(() => controller.abort(), 10);
    expect(await codeOf(attempt)).toBe('CANCELLED');
  });

  it('aborted before it began · nothing is sent', async () => {
    const source = await aSource(json({}));
    expect(await codeOf(anUpstream().attempt(aRequest(source.origin), AbortSignal.abort()))).toBe(
      'CANCELLED',
    );
    expect(source.asked).toHaveLength(0);
  });

  it('aborted while it waited for a socket · leaves the queue; the others continue', async () => {
    const answer: (() => void)[] = [];
    const source = await aSource((response) => {
      answer.push(() => response.writeHead(200, { 'content-type': 'application/json' }).end('1'));
    });
    const upstream = anUpstream({ limits: { connections: 1 } });
    const first = upstream.attempt(aRequest(source.origin), live());
    const controller = new AbortController();
    const second = codeOf(upstream.attempt(aRequest(source.origin), controller.signal));
    const third = upstream.attempt(aRequest(source.origin), live());
    controller.abort();
    expect(await second).toBe('CANCELLED');
    expect(upstream.stats()).toEqual({ running: 1, waiting: 1, idle: 0, clients: 1 });
    await expect.poll(() => answer.length).toBe(1);
    answer.shift()?.();
    expect((await first).body).toBe(1);
    await expect.poll(() => answer.length).toBe(1);
    answer.shift()?.();
    expect((await third).body).toBe(1);
  });

  it('aborted while it connects to an address that never answers · frees the place', async () => {
    // A full backlog: the kernel accepts no more, a connect hangs. 127.0.0.1 with backlog 1 and no accept is not portable,
    // so the test uses an address of TEST-NET-1, which nothing routes.
    const upstream = anUpstream({ hosts: ['192.0.2.1'], limits: { connections: 1 } });
    const controller = new AbortController();
    const attempt = codeOf(upstream.attempt(aRequest('http://192.0.2.1:9'), controller.signal));
    setTimeout(() => controller.abort(new GatewayError('UPSTREAM_TIMEOUT')), 20);
    expect(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNREACHABLE']).toContain(await attempt);
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });

  it('closed upstream · attempts under way and waiting ones are CANCELLED', async () => {
    const source = await aSource(() => {});
    const upstream = anUpstream({ limits: { connections: 1 } });
    const attempts = [1, 2, 3].map(() => codeOf(upstream.attempt(aRequest(source.origin), live())));
    await expect.poll(() => source.asked.length).toBe(1);
    await upstream.close();
    expect(await Promise.all(attempts)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('CANCELLED');
  });
});

describe('a source that answers otherwise', () => {
  it.each([
    [
      'web page with status 200',
      text('<html><body>Hệ thống SECRET bảo trì</body></html>', 'text/html; charset=utf-8'),
      'UPSTREAM_INVALID',
    ],
    ['invalid JSON', text('{"a": SECRET', 'application/json'), 'UPSTREAM_INVALID'],
    ['503', text('<html>SECRET</html>', 'text/html', 503), 'UPSTREAM_FAULT'],
    ['500 with JSON', json({ message: 'SECRET' }, 500), 'UPSTREAM_FAULT'],
    ['400', json({ message: 'SECRET' }, 400), 'UPSTREAM_REFUSED'],
    ['404', json({}, 404), 'UPSTREAM_REFUSED'],
    ['401 without renewal', json({}, 401), 'UPSTREAM_UNAUTHORIZED'],
    ['403', json({}, 403), 'UPSTREAM_UNAUTHORIZED'],
    ['429', json({}, 429), 'UPSTREAM_THROTTLED'],
  ] as const)('%s', async (_, behaviour, code) => {
    const source = await aSource(behaviour);
    const error = await errorOf(anUpstream().attempt(aRequest(source.origin), live()));
    expect(error.code).toBe(code);
    expectSafe(error, source);
  });

  it.each([301, 302, 303, 307, 308])(
    'redirect %i to an internal address · UPSTREAM_INVALID, and no second call',
    async (status) => {
      const inside = await aSource(json({ inside: true }));
      const source = await aSource((response) => {
        response.writeHead(status, { location: `${inside.origin}/SECRET` }).end();
      });
      const error = await errorOf(anUpstream().attempt(aRequest(source.origin), live()));
      expect(error).toMatchObject({
        code: 'UPSTREAM_INVALID',
        fault: 'PROVIDER',
        extensions: { http: { status } },
      });
      expect(source.asked).toHaveLength(1);
      expect(inside.asked).toHaveLength(0);
      expectSafe(error, source);
    },
  );

  it('no HTTP at all · UPSTREAM_INVALID', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await errorOf(anUpstream().attempt(aRequest(origin), live()));
    server.close();
    expect(error.code).toBe('UPSTREAM_INVALID');
    expectSafe(error);
  });

  it('announces too large a body · UPSTREAM_TOO_LARGE before it is read', async () => {
    const source = await aSource((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('"');
    });
    const upstream = anUpstream({ limits: { maxResponseBytes: 1000 } });
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_TOO_LARGE');
  });

  it('never stops sending · UPSTREAM_TOO_LARGE, the socket is closed', async () => {
    let sent = 0;
    let closed: Promise<void> | undefined;
    const source = await aSource((response, _, request) => {
      closed = new Promise((resolve) => request.socket.once('close', () => resolve()));
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        sent += 65_536;
        if (!response.destroyed) response.write(Buffer.alloc(65_536, 32), () => setImmediate(more));
      };
      more();
    });
    const upstream = anUpstream({ limits: { maxResponseBytes: 200_000 } });
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_TOO_LARGE');
    await closed;
    expect(sent).toBeLessThan(100_000_000);
    expect(upstream.stats().running).toBe(0);
  });

  it('endless headers · UPSTREAM_TOO_LARGE', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(`HTTP/1.1 200 OK\r\n${'x-a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n'.repeat(4000)}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await codeOf(anUpstream().attempt(aRequest(origin), live()))).toBe('UPSTREAM_TOO_LARGE');
    server.close();
  });
});

describe('a request that cannot be sent', () => {
  it('to a host outside the list · is refused before a socket is opened', async () => {
    const source = await aSource(json({}));
    const error = await errorOf(
      anUpstream({ hosts: ['other.example'] }).attempt(aRequest(source.origin), live()),
    );
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(error.message).toContain('source.hosts');
    expect(source.asked).toHaveLength(0);
    expectSafe(error, source);
  });

  it.each([
    ['expect', '100-continue'],
    ['content-length', '3'],
  ])(
    "with a header that is the transport's, %s · it is left out, and the place is free",
    async (name, value) => {
      const source = await aSource(json({}));
      const upstream = anUpstream({ limits: { connections: 1 } });
      const request = aRequest(source.origin, { method: 'POST', body: { a: 1 }, headers: { [name]: value } });
      expect(await codeOf(upstream.attempt(request, live()))).toBe('OK');
      expect(source.asked[0]?.body).toBe('{"a":1}');
      expect(source.asked[0]?.headers[name]).toBe(name === 'expect' ? undefined : '7');
      expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
    },
  );

  it('with a line break in a header · BAD_USER_INPUT, nothing is sent, and the place is free', async () => {
    const source = await aSource(json({}));
    const upstream = anUpstream({ limits: { connections: 1 } });
    const error = await errorOf(
      upstream.attempt(aRequest(source.origin, { headers: { 'x-name': 'a\r\nx: SECRET' } }), live()),
    );
    expect(error.code).toBe('BAD_USER_INPUT');
    expectSafe(error, source);
    expect(source.asked).toHaveLength(0);
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
  });
});

describe('an idle socket', () => {
  /** Answers the first request of each socket; what it does with the next one is `second`. */
  const aRawSource = async (second: (socket: Socket) => void) => {
    let sockets = 0;
    const asked: string[] = [];
    const server = createServer((socket) => {
      sockets += 1;
      let requests = 0;
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        asked.push(String(chunk).slice(0, 4).trim());
        requests += 1;
        if (requests > 1) second(socket);
        else socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n1');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin, asked, sockets: () => sockets };
  };
  const ends: [string, (socket: Socket) => void][] = [
    ['reset', (socket) => socket.resetAndDestroy()],
    ['closed', (socket) => socket.end()],
  ];

  it.each(ends)(
    '%s as the next GET was written · the GET is sent again, over a new socket',
    async (_, end) => {
      const source = await aRawSource(end);
      const upstream = anUpstream();
      for (let i = 0; i < 4; i++)
        expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
      expect(source.asked).toHaveLength(7);
      expect(source.sockets()).toBe(4);
      expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0, clients: 1 });
    },
  );

  it.each(ends)('%s as a POST was written · is sent once more only if it may be', async (_, end) => {
    const source = await aRawSource(end);
    const upstream = anUpstream();
    const post = aRequest(source.origin, { method: 'POST', body: {} });
    const codes: string[] = [];
    for (const idempotent of [undefined, undefined, true, true, false]) {
      codes.push(await codeOf(upstream.attempt(post, live(), idempotent)));
    }
    expect(codes).toEqual(['OK', 'UPSTREAM_UNREACHABLE', 'OK', 'OK', 'UPSTREAM_UNREACHABLE']);
    expect(source.asked).toHaveLength(6);
  });

  it('and the new socket is reset, too · UPSTREAM_UNREACHABLE: no third attempt', async () => {
    let isIll = false;
    const source = await aSource((response, asked, request) => {
      if (isIll) request.socket.resetAndDestroy();
      else json(1)(response, asked, request);
    });
    const upstream = anUpstream();
    await upstream.attempt(aRequest(source.origin), live());
    isIll = true;
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_UNREACHABLE');
    expect(source.asked).toHaveLength(3);
    expect(upstream.stats().running).toBe(0);
  });

  it('reset after the answer began · UPSTREAM_UNREACHABLE, nothing is sent twice', async () => {
    const source = await aRawSource((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.resetAndDestroy());
    });
    const upstream = anUpstream();
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('OK');
    expect(await codeOf(upstream.attempt(aRequest(source.origin), live()))).toBe('UPSTREAM_UNREACHABLE');
    expect(source.asked).toHaveLength(2);
  });

  it('aborted while it is sent again · ends with the reason of the signal', async () => {
    const source = await aRawSource((socket) => socket.resetAndDestroy());
    const upstream = anUpstream();
    await upstream.attempt(aRequest(source.origin), live());
    const controller = new AbortController();
    const attempt = upstream.attempt(aRequest(source.origin), controller.signal);
    await expect.poll(() => source.asked.length).toBeGreaterThan(1);
    const reason = new GatewayError('UPSTREAM_TIMEOUT');
    controller.abort(reason);
    expect(['OK', 'UPSTREAM_TIMEOUT']).toContain(await codeOf(attempt));
    expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0 });
  });
});

describe('a source that violates the protocol', () => {
  /** Writes these bytes for each request. */
  const aRawAnswer = async (...answers: string[]) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () =>
        socket.write(answers.length > 1 ? (answers.shift() as string) : String(answers[0])),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const http = (body: string, status = '200 OK', more = ''): string =>
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;

  it('with a second answer behind the first · no call receives it, not even a waiting one', async () => {
    const origin = await aRawAnswer(http('1') + http('"SECRET"'), http('2'));
    const upstream = anUpstream({ limits: { connections: 1 } });
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        upstream.attempt(aRequest(origin), live()).then(
          (one) => one.body,
          (e) => e.code,
        ),
      ),
    );
    expect(answers).toEqual([1, 2, 2]);
  });

  it('with a body longer than announced · the rest is dropped', async () => {
    const origin = await aRawAnswer(`${http('1')}"SECRET"`, http('2'));
    const upstream = anUpstream({ limits: { connections: 1 } });
    const [first, second] = await Promise.all(
      [1, 2].map(() =>
        upstream.attempt(aRequest(origin), live()).then(
          (one) => one.body,
          (e) => e.code,
        ),
      ),
    );
    expect([first, second]).toEqual([1, 2]);
  });

  it('with a body behind 204 · is null, and the next answer is complete', async () => {
    const origin = await aRawAnswer(http('"SECRET"', '204 No Content'), http('2'));
    const upstream = anUpstream();
    expect((await upstream.attempt(aRequest(origin), live())).body).toBeNull();
    expect((await upstream.attempt(aRequest(origin), live())).body).toBe(2);
  });

  it('with early hints, then the answer · is read', async () => {
    const origin = await aRawAnswer(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${http('1')}`);
    const { status, body, headers } = await anUpstream().attempt(aRequest(origin), live());
    expect([status, body, headers.link]).toEqual([200, 1, undefined]);
  });

  it.each([
    ['length and chunks at once', http('1', '200 OK', 'transfer-encoding: chunked\r\n'), 'UPSTREAM_INVALID'],
    ['two lengths', http('1', '200 OK', 'content-length: 5\r\n'), 'UPSTREAM_INVALID'],
    ['a length below zero', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n', 'UPSTREAM_INVALID'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'UPSTREAM_UNREACHABLE',
    ],
  ])('with %s · %s', async (_, bytes, code) => {
    const origin = await aRawAnswer(bytes);
    const upstream = anUpstream();
    expect(await codeOf(upstream.attempt(aRequest(origin), live()))).toBe(code);
    expect(upstream.stats().running).toBe(0);
  });
});
