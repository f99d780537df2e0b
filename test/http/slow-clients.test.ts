// Clients that hold connections without using them, and polite clients that take their time. Over sockets; the limits are short.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aServer, type TestServer } from './a-server.ts';
import { aPost, aSocket } from './a-socket.ts';

const LIMITS = { headersTimeoutMs: 1500, requestTimeoutMs: 2500, answerStallMs: 1500, keepAliveMs: 1500 };

const OPTIONS = { ...LIMITS, maxBodyBytes: 16_000_000, requestDeadlineMs: 20_000 };

/** On a busy machine. */
const PATIENCE = { timeout: 15_000, interval: 10 };

let server: TestServer;
const others: TestServer[] = [];
beforeAll(async () => {
  server = await aServer(OPTIONS);
});
afterAll(() => Promise.all([server, ...others].map((each) => each.close())));

/** A request that is being executed on a server of its own, until `answer` is called. */
async function anExecutedRequest() {
  const own = await aServer(OPTIONS);
  others.push(own);
  const client = await aSocket(own.origin);
  client.socket.write(aPost('{ later }'));
  await vi.waitFor(() => expect(own.waiting).toHaveLength(1), PATIENCE);
  return { client, answer: (text: string) => own.waiting[0]?.answer(text) };
}

/** Text without an end, so that only the server can end it. */
function* forever(first: string, rest: string): Iterable<string> {
  yield first;
  for (;;) yield rest;
}

const BIG = 'x'.repeat(14_000_000);

describe.concurrent('a client that holds a connection is cut', { timeout: 20_000 }, () => {
  it('without a request · without an answer', async () => {
    const client = await aSocket(server.origin);
    await client.ended;
    expect(client.text()).toBe('');
  });

  it('headers that never end · with 408 and a public text', async () => {
    const client = await aSocket(server.origin);
    client.drip(forever('GET /livez HTTP/1.1\r\n', 'a: b\r\n'), 100);
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 408']);
    const [, body = ''] = client.text().split('\r\n\r\n');
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message: expect.stringContaining('Yêu cầu được gửi quá chậm.'),
          extensions: expect.objectContaining({ code: 'BAD_REQUEST', fault: 'CALLER', retryable: false }),
        },
      ],
    });
  });

  it('a body that never ends · with 408 in the language of the client', async () => {
    const client = await aSocket(server.origin);
    const text = aPost('{ hello }').replace(/content-length: \d+/, 'content-length: 9999');
    client.drip(forever(text, ' '), 100);
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 408']);
    expect(client.text()).toContain('The request was sent too slowly.');
  });

  it('chunks that never end · with 408', async () => {
    const client = await aSocket(server.origin);
    const text = aPost('').replace(/content-length: \d+/, 'transfer-encoding: chunked');
    client.drip(forever(text.slice(0, text.indexOf('\r\n\r\n') + 4), '1\r\n \r\n'), 100);
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 408']);
  });

  it('a body for an unknown path, which is not read · after the answer', async () => {
    const client = await aSocket(server.origin);
    const text = aPost('{ hello }')
      .replace('/graphql', '/x')
      .replace(/-length: \d+/, '-length: 9999');
    client.drip(forever(text, ' '), 100);
    await client.ended;
    expect(client.statuses().at(0)).toMatch(/404|408/);
    expect(client.statuses()).toHaveLength(1);
  });

  it.each([
    ['no further request', undefined],
    ['empty lines, which belong to no request', '\r\n'],
  ])('kept open with %s', async (_, piece) => {
    const client = await aSocket(server.origin);
    client.socket.write(aPost('{ hello }'));
    await vi.waitFor(() => expect(client.statuses()).toHaveLength(1), PATIENCE);
    if (piece !== undefined) client.drip(forever(piece, piece), 100);
    await client.ended;
    expect(client.statuses()[0]).toBe('HTTP/1.1 200');
  });

  it('headers of a second request that never end · with 408', async () => {
    const client = await aSocket(server.origin);
    client.socket.write(aPost('{ hello }'));
    await vi.waitFor(() => expect(client.statuses()).toHaveLength(1), PATIENCE);
    client.drip(forever('GET /livez HTTP/1.1\r\n', 'a: b\r\n'), 100);
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 200', 'HTTP/1.1 408']);
  });

  it('an answer that is not read', async () => {
    const client = await aSocket(server.origin, { reads: false });
    client.socket.write(aPost('query($n: String) { hello(name: $n) }', { n: BIG }));
    // A client that does not read notices the end when it writes.
    client.drip(forever('\r\n', '\r\n'), 100);
    await client.ended.catch(() => {});
    expect(client.socket.bytesRead).toBeLessThan(BIG.length);
  });

  it('many requests whose answers are not read', async () => {
    const client = await aSocket(server.origin, { reads: false });
    const text = aPost('query($n: String) { hello(name: $n) }', { n: 'x'.repeat(500_000) });
    client.drip(forever(text, text), 5);
    await client.ended.catch(() => {});
  });
});

describe.concurrent('a polite client is not cut', { timeout: 30_000 }, () => {
  it('a slow reader of a large answer · who takes far longer than the limit · receives all of it', async () => {
    const client = await aSocket(server.origin, { reads: false });
    client.socket.write(aPost('query($n: String) { hello(name: $n) }', { n: BIG }));
    let received = 0;
    const startedAt = performance.now();
    while (received < BIG.length) {
      await pause(100);
      received += String(client.socket.read(Math.min(300_000, client.socket.readableLength)) ?? '').length;
      if (client.socket.readableEnded || client.socket.destroyed) break;
    }
    expect(performance.now() - startedAt).toBeGreaterThan(2 * LIMITS.answerStallMs);
    expect(received).toBeGreaterThan(BIG.length);
    client.socket.destroy();
  });

  it('a request that takes long to execute · then it is answered', async () => {
    const { client, answer } = await anExecutedRequest();
    await pause(2 * LIMITS.requestTimeoutMs);
    answer('done');
    await vi.waitFor(() => expect(client.text()).toContain('done'), PATIENCE);
  });

  it('a request in pieces, within the limits · then it is answered', async () => {
    const client = await aSocket(server.origin);
    const text = aPost('{ hello }');
    client.drip(text.match(/[\s\S]{1,40}/g) ?? [], 60);
    await vi.waitFor(() => expect(client.statuses()).toEqual(['HTTP/1.1 200']), PATIENCE);
  });

  it('a broken request behind a request that is executed · then the first answer is its own', async () => {
    const { client, answer } = await anExecutedRequest();
    client.socket.write('no HTTP at all\r\n\r\n');
    await pause(50);
    answer('first');
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(client.text()).toContain('first');
  });

  it('half a request behind a request that is executed · then the first is answered before the 408', async () => {
    const { client, answer } = await anExecutedRequest();
    client.socket.write(aPost('{ hello }').slice(0, -5));
    await pause(LIMITS.requestTimeoutMs + 1500);
    answer('first');
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 200', 'HTTP/1.1 408']);
  });
});
