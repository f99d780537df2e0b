// The look-ups of a source over real sockets: what a slow, dead or changing name server does to it, and to others.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createNames, type NameOptions } from '../../src/upstream/names/names.ts';
import { type ANameServer, aNameServer } from './a-name-server.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';

function aFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const NO_FILE = '/nonexistent';

function aResolver(server: ANameServer, more: Partial<NameOptions> = {}) {
  const clock = { now: 0 };
  const changes: [string, string[]][] = [];
  const names = createNames({
    servers: [server.at],
    configuration: NO_FILE,
    hostsFile: NO_FILE,
    tick: () => clock.now,
    onChange: (name, addresses) => changes.push([name, [...addresses]]),
    ...more,
  });
  onTestFinished(() => names.close());
  const find = (name: string): Promise<string> =>
    new Promise((resolve) => {
      names.lookup(name, { all: true }, (error, found) => {
        if (error !== null) resolve(`${(error as { code?: string }).code} ${error.message}`);
        else resolve((found as { address: string }[]).map(({ address }) => address).join(' '));
      });
    });
  return { names, clock, changes, find };
}

const NONE = /^UPSTREAM_UNREACHABLE .*\(ENOTFOUND\)$/;

describe('a look-up', () => {
  it('finds both families, IPv4 first, and is made once for all that wait', async () => {
    const server = await aNameServer();
    server.records.set('source.test', ['fd00::7', '10.0.0.1', '10.0.0.2']);
    const { find } = aResolver(server);
    const found = await Promise.all(Array.from({ length: 50 }, () => find('source.test')));
    expect(new Set(found)).toEqual(new Set(['10.0.0.1 10.0.0.2 fd00::7']));
    expect(server.asked.toSorted()).toEqual(['A source.test', 'AAAA source.test']);
  });

  it('is kept for the life of its records, within bounds', async () => {
    const server = await aNameServer();
    server.records.set('source.test', ['10.0.0.1']);
    const { find, clock } = aResolver(server);
    const askedAt = async (at: number): Promise<boolean> => {
      const before = server.asked.length;
      clock.now = at;
      await find('source.test');
      return server.asked.length > before;
    };
    expect([await askedAt(0), await askedAt(59_999)]).toEqual([true, false]);
    server.ttl = 0;
    expect([await askedAt(60_000), await askedAt(60_999), await askedAt(61_000)]).toEqual([
      true,
      false,
      true,
    ]);
    server.ttl = 86_400;
    expect([await askedAt(70_000), await askedAt(369_999), await askedAt(370_000)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('of a name that does not exist · fails, and is repeated after a second', async () => {
    const server = await aNameServer();
    const { find, clock } = aResolver(server);
    expect(await find('source.test')).toMatch(NONE);
    expect(await find('source.test')).toMatch(NONE);
    expect(server.asked).toHaveLength(2);
    clock.now = 1_000;
    server.records.set('source.test', ['10.0.0.1']);
    expect(await find('source.test')).toBe('10.0.0.1');
  });

  it('whose IPv6 part is not answered · does not wait for it', async () => {
    const server = await aNameServer();
    server.mood = 'silentV6';
    server.records.set('source.test', ['10.0.0.1', 'fd00::7']);
    expect(await aResolver(server).find('source.test')).toBe('10.0.0.1');
  });

  it('that is not answered · ends at its own limit, and leaves nothing behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await aNameServer();
    server.mood = 'silent';
    const { find } = aResolver(server);
    const found = find('source.test');
    await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await found).toMatch(/^UPSTREAM_UNREACHABLE no name server answered .*\(ETIMEOUT\)$/);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['silent', 'fails'] as const)(
    'when the name server is %s · addresses beyond their life remain in use, for an hour',
    async (mood) => {
      const server = await aNameServer();
      server.records.set('source.test', ['10.0.0.1']);
      const { find, clock } = aResolver(server);
      await find('source.test');
      server.mood = mood;
      clock.now = 60_000;
      expect(await find('source.test')).toBe('10.0.0.1');
      clock.now = 3_600_000;
      expect(await find('source.test')).toBe('10.0.0.1');
      if (mood === 'silent') return;
      clock.now = 3_660_001;
      expect(await find('source.test')).toContain('UPSTREAM_UNREACHABLE');
    },
  );

  it('when the name no longer exists · its addresses are not used any more', async () => {
    const server = await aNameServer();
    server.records.set('source.test', ['10.0.0.1']);
    const { find, clock } = aResolver(server);
    await find('source.test');
    server.records.clear();
    clock.now = 60_000;
    expect(await find('source.test')).toMatch(NONE);
    expect(await find('source.test')).toMatch(NONE);
  });

  it('that finds other addresses · reports the change', async () => {
    const server = await aNameServer();
    server.records.set('source.test', ['10.0.0.1', '10.0.0.2']);
    const { find, names, clock, changes } = aResolver(server);
    await find('source.test');
    server.records.set('source.test', ['10.0.0.2', '10.0.0.3']);
    names.refresh('source.test');
    expect(server.asked).toHaveLength(2);
    clock.now = 60_000;
    names.refresh('source.test');
    names.refresh('source.test');
    await expect.poll(() => changes).toEqual([['source.test', ['10.0.0.2', '10.0.0.3']]]);
    expect(server.asked).toHaveLength(4);
  });
});

describe('names that are not asked for', () => {
  it('the hosts file · decides, and is read again when it has changed', async () => {
    const server = await aNameServer();
    const hostsFile = aFile(
      'hosts',
      '10.0.0.9 Source.test alias # 10.0.0.8 other.test\nnonsense source.test\n',
    );
    const { find, clock } = aResolver(server, { hostsFile });
    expect(await find('source.test')).toBe('10.0.0.9');
    expect(await find('ALIAS.')).toBe('10.0.0.9');
    writeFileSync(hostsFile, '10.0.0.99 source.test\nfd00::1 source.test\n');
    clock.now = 2_000;
    expect(await find('source.test')).toBe('10.0.0.99 fd00::1');
    expect(server.asked).toEqual([]);
    expect(await find('other.test')).toMatch(NONE);
  });

  it('localhost · is the loopback, and .invalid has no address', async () => {
    const server = await aNameServer();
    const { find } = aResolver(server);
    expect([await find('localhost'), await find('a.localhost')]).toEqual(['127.0.0.1 ::1', '127.0.0.1 ::1']);
    expect(await find('source.invalid')).toMatch(NONE);
    expect(server.asked).toEqual([]);
  });
});

it('short names · are searched in the domains of resolv.conf', async () => {
  const server = await aNameServer();
  server.records.set('registry.default.svc.cluster.test', ['10.0.0.5']);
  server.records.set('api.city.test', ['10.0.0.6']);
  const configuration = aFile('resolv.conf', 'search svc.cluster.test cluster.test\noptions edns0 ndots:5\n');
  const { find } = aResolver(server, { configuration });
  expect(await find('registry.default')).toBe('10.0.0.5');
  expect(await find('api.city.test')).toBe('10.0.0.6');
  expect(server.asked.filter((query) => query.startsWith('A '))).toEqual([
    'A registry.default.svc.cluster.test',
    'A api.city.test.svc.cluster.test',
    'A api.city.test.cluster.test',
    'A api.city.test',
  ]);
});

describe('sources beside each other', () => {
  it("while nobody answers for the name of one · the other's calls are all answered", async () => {
    const dead = await aNameServer();
    dead.mood = 'silent';
    const good = await aNameServer();
    good.records.set('b.test', ['127.0.0.1']);
    const source = await aSource((response) => {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('1');
    });
    const files = { configuration: NO_FILE, hostsFile: NO_FILE };
    const a = anUpstream({ hosts: ['a.test'] }, { names: { servers: [dead.at], ...files } });
    const b = anUpstream({ hosts: ['b.test', '127.0.0.1'] }, { names: { servers: [good.at], ...files } });
    const origin = `http://b.test:${new URL(source.origin).port}`;
    const ofA = Array.from({ length: 80 }, () => a.attempt(aRequest('http://a.test'), live()).catch(() => 0));
    const ofB = await Promise.all(Array.from({ length: 100 }, () => b.attempt(aRequest(origin), live())));
    expect(ofB.map(({ body }) => body)).toEqual(Array(100).fill(1));
    await a.close();
    await Promise.all(ofA);
    // One query for each family, however many calls wait.
    expect(new Set(dead.asked)).toEqual(new Set(['A a.test', 'AAAA a.test']));
    expect(dead.asked.length).toBeLessThanOrEqual(6);
  });

  it('a name with a dead and a live address · leads to the live one', async () => {
    const server = await aNameServer();
    server.records.set('source.test', ['127.0.0.2', '127.0.0.1']);
    const source = await aSource(json(1));
    const upstream = anUpstream(
      { hosts: ['source.test', '127.0.0.0/8'] },
      { names: { servers: [server.at], configuration: NO_FILE, hostsFile: NO_FILE } },
    );
    const answer = await upstream.attempt(
      aRequest(`http://source.test:${new URL(source.origin).port}`),
      live(),
    );
    expect(answer.body).toBe(1);
  });

  it('a name with an internal address · is refused', async () => {
    const server = await aNameServer();
    server.records.set('source.test', ['8.8.8.8', '127.0.0.1']);
    const upstream = anUpstream(
      { hosts: ['source.test'] },
      { names: { servers: [server.at], configuration: NO_FILE, hostsFile: NO_FILE } },
    );
    await expect(upstream.attempt(aRequest('http://source.test'), live())).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      message: expect.stringContaining('source.hosts'),
    });
  });
});

/** A server on each of two loopback addresses, on the same port. */
async function twoServers(): Promise<{ port: number }> {
  const listen = (address: string, port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(address));
      });
      server.on('error', reject).listen(port, address, () => resolve((server.address() as AddressInfo).port));
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
    });
  const port = await listen('127.0.0.1', 0);
  await listen('127.0.0.2', port);
  return { port };
}

describe('a source that has moved', () => {
  async function aMovingSource(ttl: number) {
    const server = await aNameServer();
    server.ttl = ttl;
    server.records.set('source.test', ['127.0.0.1']);
    const { port } = await twoServers();
    const clock = { now: 0 };
    const upstream = anUpstream(
      { hosts: ['source.test', '127.0.0.0/8'], connectionMaxAgeMs: 100_000 },
      {
        tick: () => clock.now,
        names: { servers: [server.at], configuration: NO_FILE, hostsFile: NO_FILE },
      },
    );
    const ask = async () =>
      (await upstream.attempt(aRequest(`http://source.test:${port}`), live())).body as string;
    return { server, clock, upstream, ask };
  }

  it('is called there when its record has ended, under steady traffic', async () => {
    const { server, clock, ask } = await aMovingSource(30);
    for (let i = 0; i < 5; i++) expect(await ask()).toBe('127.0.0.1');
    server.records.set('source.test', ['127.0.0.2']);
    expect(await ask()).toBe('127.0.0.1');
    clock.now = 30_000;
    await ask();
    await expect.poll(ask).toBe('127.0.0.2');
    for (let i = 0; i < 100; i++) expect(await ask()).toBe('127.0.0.2');
  });

  it('keeps its socket when the name server fails meanwhile', async () => {
    const { server, clock, ask, upstream } = await aMovingSource(30);
    await ask();
    server.mood = 'fails';
    clock.now = 30_000;
    for (let i = 0; i < 5; i++) expect(await ask()).toBe('127.0.0.1');
    expect(upstream.stats().clients).toBe(1);
  });
});

it('a kept socket · receives no more calls beyond its age', async () => {
  const ports: (number | undefined)[] = [];
  const source = await aSource((response, asked, request) => {
    ports.push(request.socket.remotePort);
    json(1)(response, asked, request);
  });
  const clock = { now: 0 };
  const upstream = anUpstream({ connectionMaxAgeMs: 10_000 }, { tick: () => clock.now });
  const ask = () => upstream.attempt(aRequest(source.origin), live());
  for (const at of [0, 5_000, 8_999, 11_001, 12_000, 19_000, 23_002]) {
    clock.now = at;
    await ask();
  }
  const numbers = [...new Set(ports)];
  expect(ports.map((port) => numbers.indexOf(port))).toEqual([0, 0, 0, 1, 1, 1, 2]);
  expect(upstream.stats()).toMatchObject({ running: 0, waiting: 0, clients: 1 });
});
