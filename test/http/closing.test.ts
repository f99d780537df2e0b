// The end of the server under load, over sockets: what was sent on an accepted connection is answered.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { aLoad } from './a-load.ts';
import { aServer, type TestServer } from './a-server.ts';
import { aPost, aSocket } from './a-socket.ts';

/** On a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 10 };

const open: TestServer[] = [];
async function started(...more: Parameters<typeof aServer>) {
  const server = await aServer(...more);
  open.push(server);
  return server;
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

describe('the end of a busy server', () => {
  it.each([
    ['that reuse connections', true],
    ['that open a connection for each request', false],
  ])('clients %s · 20 ends · then no request is lost', { timeout: 180_000 }, async (_, keepAlive) => {
    for (let round = 0; round < 20; round++) {
      const server = await aServer({ closeDelayMs: 30 });
      const load = aLoad({ url: server.url, query: '{ hello }', clients: 24, keepAlive });
      await vi.waitFor(() => expect(load.answered()).toBeGreaterThan(50), PATIENCE);
      await server.close();
      const { answered, lost, lastOfConnection } = await load.ended;
      expect(lost).toEqual([]);
      expect(Object.keys(answered)).toEqual(['200']);
      expect(lastOfConnection).toBeGreaterThan(0);
    }
  });
});

describe('the announcement', { timeout: 60_000 }, () => {
  it('at close · then /readyz is 503 with closing, requests are answered, and answers end their connections', async () => {
    const server = await started({ closeDelayMs: 2000 });
    const closed = server.close();
    const ready = await fetch(`${server.origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'closing' }]);
    const answer = await server.post({ query: '{ hello }' });
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    for (const path of ['/livez', '/nothing', '/status']) {
      const { headers } = await fetch(`${server.origin}${path}`);
      expect([path, headers.get('connection')]).toEqual([path, 'close']);
    }
    await closed;
    await expect(server.post({ query: '{ hello }' })).rejects.toThrow();
  });
});

describe('a connection at the end', { timeout: 60_000 }, () => {
  it('with requests behind one another · then all are answered, and the last answer ends it', async () => {
    const server = await started({ closeDelayMs: 20 });
    const client = await aSocket(server.origin);
    client.socket.write(aPost('{ later }') + aPost('{ later }'));
    await vi.waitFor(() => expect(server.waiting).toHaveLength(2), PATIENCE);
    const closed = server.close();
    client.socket.write(aPost('{ hello }'));
    await vi.waitFor(() => expect(server.lines.length).toBe(1), PATIENCE);
    for (const { answer } of server.waiting) answer('done');
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(client.text().match(/connection: close/gi)).toHaveLength(1);
    await closed;
  });

  it('with half a request · then the rest is read and answered', async () => {
    const server = await started({ closeDelayMs: 20, closeGraceMs: 5000 });
    const client = await aSocket(server.origin);
    const text = aPost('{ hello }');
    client.socket.write(text.slice(0, 30));
    await vi.waitFor(async () => expect(await openConnections(server)).toBe(1), PATIENCE);
    const closed = server.close();
    await refusesConnections(server);
    client.socket.write(text.slice(30));
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 200']);
    await closed;
  });

  it('opened and never used · then closed without an answer, long before the grace time', async () => {
    const server = await started({ closeDelayMs: 20, closeGraceMs: 60_000 });
    const client = await aSocket(server.origin);
    await vi.waitFor(async () => expect(await openConnections(server)).toBe(1), PATIENCE);
    await server.close();
    await client.ended;
    expect(client.text()).toBe('');
  });
});

/** Another connection is served, so those before it were accepted. */
async function openConnections(server: TestServer): Promise<number> {
  return (await fetch(`${server.origin}/livez`)).ok ? 1 : 0;
}

async function refusesConnections(server: TestServer): Promise<void> {
  await vi.waitFor(async () => {
    await expect(fetch(`${server.origin}/livez`)).rejects.toThrow();
  }, PATIENCE);
}
