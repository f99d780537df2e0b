import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ListenError } from '../../src/http/listeners.ts';
import { aServer, OPERATOR_TOKEN, type TestServer } from './a-server.ts';

const open: TestServer[] = [];
async function started(...more: Parameters<typeof aServer>) {
  const server = await aServer(...more);
  open.push(server);
  return server;
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

describe('closing', () => {
  it('a request under way · at close · then it is answered, its connection ends, and no other is accepted', async () => {
    const server = await started();
    const running = server.post({ query: '{ later }' });
    await vi.waitFor(() => expect(server.waiting).toHaveLength(1));
    const closed = server.close();
    await vi.waitFor(() => expect(server.post({ query: '{ hello }' })).rejects.toThrow());
    server.waiting[0]?.answer('done');
    const response = await running;
    expect(await response.json()).toEqual({ data: { later: 'done' } });
    expect(response.headers.get('connection')).toBe('close');
    await closed;
  });

  it('an idle keep-alive connection · at close · then it does not delay the server', async () => {
    const server = await started({ closeGraceMs: 10_000 });
    await (await server.post({ query: '{ hello }' })).text();
    // The grace time does not pass: closing must not need it.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await server.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('a request that never ends · at close · then cut off after the grace time', async () => {
    const server = await started({ closeGraceMs: 40 });
    const running = server.post({ query: '{ later }' });
    running.catch(() => {});
    await vi.waitFor(() => expect(server.waiting).toHaveLength(1));
    await server.close();
    await expect(running).rejects.toThrow();
    await vi.waitFor(() => expect(server.waiting[0]?.context.signal.reason?.code).toBe('CANCELLED'));
  });

  it('close · called twice · then once', async () => {
    const server = await started();
    await Promise.all([server.close(), server.close()]);
  });
});

describe('listening', () => {
  it('a port in use · at start · then one sentence with the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const failure = await aServer({ port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListenError);
    expect((failure as Error).message).toBe(
      `Port ${port} on 127.0.0.1 is in use by another process. Stop that process, or set PORT to a free port.`,
    );
    other.close();
  });

  it('an address of another machine · at start · then one sentence with the way out', async () => {
    await expect(aServer({ host: '192.0.2.1' })).rejects.toThrow(
      /^The address 192\.0\.2\.1 does not belong to this machine/,
    );
  });
});

describe('health', () => {
  it('/livez and /readyz · all healthy · then 200', async () => {
    const { origin } = await started();
    expect((await fetch(`${origin}/livez`)).status).toBe(200);
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  it('/readyz · when the store fails · then 503 without its message', async () => {
    const { origin } = await started({ checkStore: () => Promise.reject(new Error('db.internal is down')) });
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready' }]);
    expect((await fetch(`${origin}/livez`)).status).toBe(200);
  });

  it.each(['/livez', '/readyz', '/status', '/explorer', '/explorer/'])(
    'HEAD %s · then 200 without a body',
    async (path) => {
      const { origin } = await started();
      const response = await fetch(origin + path, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
    },
  );

  it('a path that is no URL · then the error of a bad request, which does not repeat it', async () => {
    const { origin } = await started();
    const response = await fetch(`${origin}/%ff?id=001099000001`, { headers: { 'accept-language': 'en' } });
    const text = await response.text();
    expect([response.status, response.headers.has('x-request-id')]).toEqual([400, true]);
    expect(JSON.parse(text).errors).toMatchObject([
      {
        message: expect.stringContaining('The path is not a valid URL.'),
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
    expect(text).not.toContain('001099');
  });

  it('/status · on the port of clients, even with a token · then health+json without details', async () => {
    const { origin } = await started();
    const response = await fetch(`${origin}/status`, {
      headers: { 'accept-language': 'en', authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/health+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ status: 'warn', detailed: false, locale: 'en' });
  });

  it('/status · when the store fails · then 503', async () => {
    const { origin } = await started({ checkStore: () => Promise.reject(new Error('gone')) });
    expect((await fetch(`${origin}/status`)).status).toBe(503);
  });

  it('/readyz · when the store hangs · then 503 in about a second', async () => {
    const { origin } = await started({
      checkStore: (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    expect((await fetch(`${origin}/readyz`)).status).toBe(503);
  });

  it('/metrics · after a few requests · then counts by route, status, outcome and code', async () => {
    const server = await started();
    await server.post({ query: '{ hello }' });
    await server.post({ query: '{ ill hello }' });
    await server.post({ query: '{' });
    await fetch(`${server.origin}/001099012345`);
    const response = await fetch(`${server.operatorsUrl}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('lienthong_http_request_duration_seconds_count{route="/graphql",status="200"} 2');
    expect(text).toContain('lienthong_http_request_duration_seconds_count{route="/graphql",status="400"} 1');
    expect(text).toContain('lienthong_graphql_operations_total{type="query",outcome="ok"} 1');
    expect(text).toContain('lienthong_graphql_operations_total{type="query",outcome="partial"} 1');
    expect(text).toContain('lienthong_graphql_operations_total{type="none",outcome="rejected"} 1');
    expect(text).toContain('lienthong_graphql_errors_total{code="UPSTREAM_TIMEOUT"} 1');
    expect(text).not.toContain('001099012345');
  });
});

describe('the port of operators', () => {
  it('then metrics, the status in full and what readiness depends on', async () => {
    const { operatorsUrl, origin } = await started({ checkStore: () => Promise.reject(new Error('gone')) });
    expect(new URL(operatorsUrl).hostname).toBe('127.0.0.1');
    expect(operatorsUrl).not.toBe(origin);
    const [metrics, status, ready, alive, unknown] = await Promise.all(
      ['/metrics', '/status', '/readyz', '/livez', '/graphql'].map((path) => fetch(operatorsUrl + path)),
    );
    expect(metrics?.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await status?.json()).toMatchObject({ status: 'fail', detailed: true });
    expect([ready?.status, await ready?.json()]).toEqual([503, { status: 'not ready', store: false }]);
    expect([alive?.status, unknown?.status]).toEqual([200, 404]);
    expect(unknown?.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('then clients do not find the metrics on their port', async () => {
    const { origin } = await started();
    const response = await fetch(`${origin}/metrics`);
    expect([response.status, (await response.text()).includes('lienthong_')]).toEqual([404, false]);
  });

  it('off · then none', async () => {
    expect((await started({ operatorsPort: null })).operatorsUrl).toBe('');
  });

  it('in use · then the start fails with the setting to change, and no port is open', async () => {
    const { operatorsUrl } = await started();
    const port = Number(new URL(operatorsUrl).port);
    await expect(started({ operatorsPort: port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use by another process. Stop that process, or set OPERATORS_PORT to a free port.`,
    );
  });
});
