import { readdir } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { pageQuery } from '../../src/http/page-query.ts';
import { aServer } from './a-server.ts';

const server = await aServer();
afterAll(() => server.close());

const DIST = new URL('../../explorer/dist/', import.meta.url);
const names = (await readdir(new URL('assets/', DIST))).map((name) => name.replace(/\.gz$/, ''));
const script = names.find((name) => /^index-.*\.js$/.test(name)) ?? '';

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.origin + path, { headers: { 'accept-encoding': 'identity', ...headers } });

describe('the explorer', () => {
  it.each(['/', '/explorer', '/explorer?query=%7B%20hello%20%7D'])(
    '%s · requested · then the page with its name, the endpoint and the query of a first visit',
    async (path) => {
      const response = await get(path);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const html = await response.text();
      expect(html).toContain('<title>Liên Thông</title>');
      const [, settings = ''] =
        /<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(html) ?? [];
      expect(JSON.parse(settings)).toEqual({ endpoint: '/graphql', people: null, query: pageQuery });
    },
  );

  it('the page · its addresses · then all are files of the gateway', async () => {
    const html = await (await get('/explorer')).text();
    const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link);
    const [own, data] = [links.filter((link) => link.startsWith('/explorer/assets/')), links.filter(isData)];
    expect(own.length).toBeGreaterThan(1);
    expect([...own, ...data].toSorted()).toEqual(links.toSorted());
    for (const link of own) expect((await get(link)).status, link).toBe(200);
    // The only other address is the name of the SVG format, inside the icon.
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\/\/[a-z]+\./);
  });

  it('the policy · of page and assets · then this host only, and no inline script', async () => {
    for (const path of ['/explorer', `/explorer/assets/${script}`]) {
      const policy = (await get(path)).headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'/);
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
    }
    const scripts = [...(await (await get('/explorer')).text()).matchAll(/<script([^>]*)>/g)];
    for (const [, attributes = ''] of scripts) expect(attributes).toMatch(/ src=| type="application\/json"/);
  });

  it.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
    ['br', null],
  ])(
    'an asset · for a client that accepts %s · then with content-encoding %s',
    async (accepted, encoding) => {
      const response = await get(`/explorer/assets/${script}`, { 'accept-encoding': accepted });
      expect(response.headers.get('content-encoding')).toBe(encoding);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(await response.text()).toBe(await (await get(`/explorer/assets/${script}`)).text());
    },
  );

  it('every asset · requested · then served under its type', async () => {
    const types = await Promise.all(
      names.map(async (name) => [
        name.replace(/^.*\./, ''),
        (await get(`/explorer/assets/${name}`)).headers.get('content-type'),
      ]),
    );
    expect(new Set(types.map(([extension, type]) => `${extension} ${type}`))).toEqual(
      new Set(['js text/javascript; charset=utf-8', 'css text/css; charset=utf-8', 'ttf font/ttf']),
    );
  });

  it.each([
    'nothing.js',
    '../../package.json',
    '%2e%2e/%2e%2e/package.json',
    '..%2findex.html',
    'constructor',
    '__proto__',
    `${script}.gz`,
    `${script}.map`,
  ])('assets/%s · requested · then 404', async (name) => {
    expect((await get(`/explorer/assets/${name}`)).status).toBe(404);
  });

  it('switched off · requested · then 404', async () => {
    const off = await aServer({ explorer: false });
    expect((await fetch(`${off.origin}/`)).status).toBe(404);
    expect((await fetch(`${off.origin}/explorer/assets/${script}`)).status).toBe(404);
    await off.close();
  });
});

const isData = (link: string): boolean => link.startsWith('data:image/svg+xml,');
