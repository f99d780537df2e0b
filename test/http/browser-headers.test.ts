// What browsers are told: other origins (CORS), forged requests (CSRF) and the security headers, over real sockets.

import { afterAll, describe, expect, it } from 'vitest';
import { aServer } from './a-server.ts';

const ORIGIN = 'https://app.example.vn';
const closed = await aServer();
const open = await aServer({ corsOrigins: [ORIGIN, 'http://10.0.0.1:8080'], hsts: true, explorer: false });
const development = await aServer({ simulators: true });
afterAll(() => Promise.all([closed.close(), open.close(), development.close()]));

const query = JSON.stringify({ query: '{ hello }' });

const post = (url: string, origin: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...headers },
    body: query,
  });

const preflight = (url: string, origin: string) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization',
    },
  });

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('another origin', () => {
  it('allowed · preflight · then permitted without credentials', async () => {
    const response = await preflight(open.url, ORIGIN);
    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': expect.stringContaining('authorization'),
      'access-control-max-age': '7200',
    });
    expect(response.headers.get('vary')).toBe('Origin');
  });

  it('allowed · query · then answered, with the headers that the page may read', async () => {
    const response = await post(open.url, ORIGIN);
    expect([response.status, await response.json()]).toEqual([200, { data: { hello: 'Hello, you' } }]);
    expect(corsOf(response)).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-expose-headers':
        'x-request-id, retry-after, ratelimit, ratelimit-policy, www-authenticate',
    });
    expect(response.headers.get('vary')).toBe('Origin');
  });

  it.each([
    ['another host', 'https://evil.example.vn'],
    ['a longer host', `${ORIGIN}.evil.example`],
    ['another scheme', 'http://app.example.vn'],
    ['another port', `${ORIGIN}:8443`],
    ['no origin at all', 'null'],
    ['this machine', 'http://localhost:3000'],
  ])('%s · preflight and query · then no permission', async (_what, origin) => {
    const asked = await preflight(open.url, origin);
    expect([asked.status, corsOf(asked)]).toEqual([405, {}]);
    const response = await post(open.url, origin);
    expect(corsOf(response)).toEqual({});
    expect(response.headers.get('vary')).toBe('Origin');
  });

  it('a refusal · of an allowed origin · then readable by its page', async () => {
    const response = await post(open.url, ORIGIN, { 'content-type': 'application/xml' });
    expect([response.status, corsOf(response)['access-control-allow-origin']]).toEqual([415, ORIGIN]);
  });

  it('other paths · then no permission', async () => {
    const response = await fetch(`${open.origin}/livez`, { headers: { origin: ORIGIN } });
    expect([response.status, corsOf(response), response.headers.get('vary')]).toEqual([200, {}, null]);
  });

  it('none allowed · then no permission, and answers do not vary', async () => {
    expect([(await preflight(closed.url, ORIGIN)).status, corsOf(await post(closed.url, ORIGIN))]).toEqual([
      405,
      {},
    ]);
    expect((await post(closed.url, ORIGIN)).headers.get('vary')).toBeNull();
  });

  it('a start with simulators · pages of this machine · then permitted, others not', async () => {
    for (const origin of [
      'http://localhost:5173',
      'http://127.0.0.1:3000',
      'http://[::1]:8080',
      'https://localhost',
    ]) {
      expect(corsOf(await post(development.url, origin))['access-control-allow-origin']).toBe(origin);
    }
    for (const origin of ['http://localhost.evil.example', 'http://localhost:1:2', 'null', ORIGIN]) {
      expect(corsOf(await post(development.url, origin))).toEqual({});
    }
  });
});

describe('a forged request', () => {
  it.each([
    [
      'a form',
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: query },
      415,
    ],
    ['a text', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: query }, 415],
    ['a link', { method: 'GET' }, 400],
  ])('%s · of an allowed origin · without a preflight · then refused', async (_what, init, status) => {
    const url = init.method === 'GET' ? `${open.url}?query={hello}` : open.url;
    const headers: Record<string, string> = { ...('headers' in init ? init.headers : {}), origin: ORIGIN };
    const response = await fetch(url, { ...init, headers });
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).not.toContain('Hello');
  });
});

describe('security headers', () => {
  const paths = ['/graphql', '/livez', '/readyz', '/status', '/nothing', '/%zz'];

  it.each(paths)('%s · then on the answer', async (path) => {
    const { headers } = await fetch(`${closed.origin}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('HSTS · where the gateway is reached by TLS only', async () => {
    const { headers } = await post(open.url, ORIGIN);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
  });

  it('the explorer · then its own policy', async () => {
    const { headers } = await fetch(`${closed.origin}/explorer`);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self'.*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
