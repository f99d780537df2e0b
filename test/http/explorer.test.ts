import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { pageQuery } from '../../src/http/page-query.ts';
import { aServer } from './a-server.ts';

const server = await aServer();
afterAll(() => server.close());

describe('the explorer', () => {
  it.each(['/', '/explorer'])('%s · asked for · then the page with the query to begin with', async (path) => {
    const response = await fetch(server.origin + path);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain(JSON.stringify(pageQuery));
  });

  it('the page · read for addresses · then none but its own', async () => {
    const html = await (await fetch(`${server.origin}/explorer`)).text();
    expect(html).not.toMatch(/https?:|\/\/[a-z]+\./);
    const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.every((link) => link?.startsWith('/explorer/assets/') || link === 'data:,')).toBe(true);
  });

  it('its policy · compared with its scripts · then every inline script is allowed by hash, and no host is', async () => {
    const response = await fetch(`${server.origin}/explorer`);
    const policy = response.headers.get('content-security-policy') ?? '';
    const scripts = [...(await response.text()).matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, text = ''] of scripts) {
      expect(policy).toContain(createHash('sha256').update(text).digest('base64'));
    }
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
  });

  it('an asset · packed, unpacked, or known already · then served accordingly', async () => {
    const url = `${server.origin}/explorer/assets/ruru.css`;
    const packed = await fetch(url, { headers: { 'accept-encoding': 'br' } });
    const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(await packed.text());
    const etag = packed.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it.each([
    'nothing.js',
    '../../package.json',
    '%2e%2e/%2e%2e/package.json',
    'constructor',
    '__proto__',
    'ruru.js.map',
  ])('assets/%s · asked for · then 404', async (name) => {
    expect((await fetch(`${server.origin}/explorer/assets/${name}`)).status).toBe(404);
  });

  it('switched off · asked for · then 404', async () => {
    const off = await aServer({ explorer: false });
    expect((await fetch(`${off.origin}/`)).status).toBe(404);
    expect((await fetch(`${off.origin}/explorer/assets/ruru.css`)).status).toBe(404);
    await off.close();
  });
});
