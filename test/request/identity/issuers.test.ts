// Issuers over their life: keys that rotate under load, outages, introspection, revocation. The clock is the test's; nothing sleeps.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { anEntry, anIdentityServer, type IdentityServer } from './a-server.ts';
import { AUDIENCE, aKey, anIssuer, GATEWAY, OFFICER, type TestIssuer, type TestKey } from './an-issuer.ts';

const START = Date.parse('2027-01-04T02:00:00Z');
let time = START;
const now = (): number => time;
const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((one) => one.close()));
  time = START;
});

const INTROSPECTION = (url: string, more = '') =>
  `introspection: { url: "${url}/introspect", clientId: ${GATEWAY.clientId}, clientSecret: "\${env:SECRET}"${more} }`;

async function aPair(
  more?: (url: string) => string,
): Promise<{ key: TestKey; issuer: TestIssuer; server: IdentityServer }> {
  const key = await aKey('first');
  const issuer = await anIssuer(key, now);
  const server = await anIdentityServer(anEntry(issuer.url, more?.(issuer.url)), now);
  open.push(server, issuer);
  return { key, issuer, server };
}
const calls = ({ asked }: TestIssuer, path: string): number => asked.filter((one) => one === path).length;

describe('keys', () => {
  it('rotated under load · then no request is refused, and one call finds the new key', async () => {
    const { issuer, server } = await aPair();
    const old = await issuer.sign();
    expect((await server.withToken(old)).status).toBe(200);
    time += 10_000;
    const second = await aKey('second');
    const before = calls(issuer, '/jwks');
    // The old key stays published while its tokens live, as issuers do.
    issuer.keys = [...issuer.keys, second.jwk];
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_, i) => issuer.sign({ n: i }, {}, i % 2 === 0 ? second : undefined)),
    );
    const answers = await Promise.all(tokens.map((token) => server.withToken(token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(calls(issuer, '/jwks') - before).toBe(1);
  });

  it('1,000 tokens with invented keys · then at most one call in 5 s', async () => {
    const { issuer, server } = await aPair();
    await server.withToken(await issuer.sign());
    time += 10_000;
    const before = calls(issuer, '/jwks');
    const invented = await aKey('invented');
    const tokens = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => issuer.sign({}, { kid: `invented-${i}` }, invented)),
    );
    for (const token of tokens) expect((await server.withToken(token)).message).toContain('key that signed');
    expect(calls(issuer, '/jwks') - before).toBe(1);
    time += 5_000;
    await server.withToken(await issuer.sign({}, { kid: 'one-more' }, invented));
    expect(calls(issuer, '/jwks') - before).toBe(2);
  });

  it('withdrawn · then their tokens are refused when the keys are fetched again, remembered or not', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { issuer, server } = await aPair();
    const token = await issuer.sign();
    expect((await server.withToken(token)).status).toBe(200);
    issuer.keys = [(await aKey('second')).jwk];
    time += 45_000;
    const before = calls(issuer, '/jwks');
    vi.advanceTimersByTime(45_000);
    await vi.waitFor(() => expect(calls(issuer, '/jwks')).toBe(before + 1));
    await vi.waitFor(async () => expect(await server.withToken(token)).toMatchObject({ status: 401 }));
  });

  it('a shared secret and private keys in the key set · then neither counts', async () => {
    const { issuer, server, key } = await aPair();
    const secret = Buffer.from('a secret that is in the key set!').toString('base64url');
    issuer.keys = [
      { kty: 'oct', kid: 'shared', alg: 'HS256', k: secret },
      { ...key.jwk, d: secret, kid: 'private' },
    ];
    time += 10_000;
    expect(await server.withToken(await issuer.sign({}, { kid: 'private' }))).toMatchObject({ status: 401 });
  });
});

describe('an issuer that cannot be reached', () => {
  it('at the start · then the gateway runs, anonymous requests are answered, and tokens are accepted when it is back', async () => {
    const key = await aKey('first');
    const issuer = await anIssuer(key, now);
    issuer.failing = 503;
    const server = await anIdentityServer(anEntry(issuer.url), now);
    open.push(server, issuer);
    expect(await server.ask()).toMatchObject({ status: 200, who: { actor: { kind: 'anonymous' } } });
    const token = await issuer.sign();
    expect(await server.withToken(token)).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('its issuer cannot be reached'),
    });
    expect(server.log.filter((line) => line.includes('cannot be fetched'))).toHaveLength(1);
    issuer.failing = undefined;
    time += 5_000;
    expect(await server.withToken(token)).toMatchObject({ status: 200, who: { issuer: 'test' } });
    expect(server.log.filter((line) => line.includes('available again'))).toHaveLength(1);
  });

  it('later · then the known keys serve on for the stated time, then UNAUTHENTICATED with its reason; back: accepted', async () => {
    const { issuer, server } = await aPair(() => 'kind: officer\nstaleKeysMinutes: 10');
    expect((await server.withToken(await issuer.sign())).status).toBe(200);
    issuer.failing = 500;
    for (const minutes of [1, 5, 10]) {
      time = START + minutes * 60_000;
      expect([minutes, (await server.withToken(await issuer.sign())).status]).toEqual([minutes, 200]);
    }
    time = START + 10 * 60_000 + 1_000;
    expect(await server.withToken(await issuer.sign())).toMatchObject({
      status: 401,
      message: expect.stringContaining('cannot be reached'),
    });
    issuer.failing = undefined;
    time += 5_000;
    expect((await server.withToken(await issuer.sign())).status).toBe(200);
  });

  it('with the discovery document of another · then its tokens are refused', async () => {
    const key = await aKey('first');
    const issuer = await anIssuer(key, now);
    const server = await anIdentityServer(anEntry(issuer.url.replace('127.0.0.1', 'localhost')), now);
    open.push(server, issuer);
    const token = await issuer.sign({ iss: issuer.url.replace('127.0.0.1', 'localhost') });
    expect(await server.withToken(token)).toMatchObject({ status: 401 });
    expect(server.log.join('')).toContain('names another issuer');
    expect(calls(issuer, '/jwks')).toBe(0);
  });
});

describe('a remembered token', () => {
  it('until its end · then never later, and checked again after a minute', async () => {
    const { issuer, server } = await aPair(() => 'kind: officer\nclockSkewSeconds: 0');
    const short = await issuer.sign({ exp: START / 1000 + 20 });
    expect((await server.withToken(short)).status).toBe(200);
    time = START + 19_999;
    expect((await server.withToken(short)).status).toBe(200);
    time = START + 20_000;
    expect((await server.withToken(short)).message).toContain('expired');
  });
});

describe('introspection', () => {
  it('an opaque token · then its identity; asked once in cacheSeconds; revoked: refused after them', async () => {
    const { issuer, server } = await aPair(
      (url) => `kind: officer\n${INTROSPECTION(url, ', cacheSeconds: 60')}`,
    );
    issuer.tokens.set('opaque-1', { active: true, ...OFFICER, scope: 'dossier.read', aud: AUDIENCE });
    for (let i = 0; i < 5; i++)
      expect(await server.withToken('opaque-1')).toMatchObject({
        status: 200,
        who: { actor: { officer: 'CB0001' }, scopes: ['dossier.read'] },
      });
    expect(calls(issuer, '/introspect')).toBe(1);
    issuer.tokens.set('opaque-1', { active: false });
    time += 59_999;
    expect((await server.withToken('opaque-1')).status).toBe(200);
    time += 1;
    expect(await server.withToken('opaque-1')).toMatchObject({
      status: 401,
      message: expect.stringContaining('revoked or has expired'),
    });
  });

  it('a JWT · revoked · then refused within cacheSeconds, although its signature is right', async () => {
    const { issuer, server } = await aPair((url) => `kind: officer\n${INTROSPECTION(url)}`);
    const token = await issuer.sign();
    issuer.tokens.set(token, { active: true });
    expect((await server.withToken(token)).status).toBe(200);
    issuer.tokens.delete(token);
    time += 30_000;
    expect(await server.withToken(token)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['another audience', { aud: 'https://other.test' }, 'another service'],
    ['another issuer', { iss: 'https://other.test' }, 'not trusted'],
    ['an end that is over', { exp: START / 1000 - 31 }, 'expired'],
    ['a begin to come', { nbf: START / 1000 + 31 }, 'not valid yet'],
    ['active as a text', { active: 'true' }, 'revoked'],
    ['no officer code', { MaCanBo: undefined }, 'claim'],
  ])('%s in the answer · then refused', async (_, more, reason) => {
    const { issuer, server } = await aPair((url) => `kind: officer\n${INTROSPECTION(url)}`);
    issuer.tokens.set('opaque-1', { active: true, ...OFFICER, ...more });
    expect(await server.withToken('opaque-1')).toMatchObject({
      status: 401,
      message: expect.stringContaining(reason),
    });
  });

  it('the claims of the national portal · from userinfo · then citizen and enterprise', async () => {
    const { issuer, server } = await aPair((url) => INTROSPECTION(url, `, userinfo: "${url}/userinfo"`));
    issuer.tokens.set('citizen', { active: true, client_id: 'portal', exp: START / 1000 + 60 });
    issuer.people.set('citizen', {
      sub: 'a',
      LoaiTaiKhoan: '1',
      SoDinhDanh: '001092000001',
      TechID: 't',
      roles: ['operator'],
    });
    expect(await server.withToken('citizen')).toMatchObject({
      who: { actor: { kind: 'citizen', personalId: '001092000001' }, roles: [], client: { id: 'portal' } },
    });
    issuer.tokens.set('business', { active: true, client_id: 'portal' });
    issuer.people.set('business', {
      LoaiTaiKhoan: 2,
      MaSoDoanhNghiep: '0100109106',
      SoDinhDanh: '001092000001',
    });
    expect(await server.withToken('business')).toMatchObject({
      who: { actor: { kind: 'enterprise', code: '0100109106', personalId: '001092000001' } },
    });
    issuer.tokens.set('mixed', { active: true, sub: 'a' });
    issuer.people.set('mixed', { sub: 'b', LoaiTaiKhoan: '1', SoDinhDanh: '001092000002' });
    expect((await server.withToken('mixed')).status).toBe(401);
    expect(server.log.join('')).not.toContain('001092000001');
  });

  it('that fails · then refused with the reason at once, remembered tokens until their end; back: accepted', async () => {
    const { issuer, server } = await aPair((url) => `kind: officer\n${INTROSPECTION(url)}`);
    for (const name of ['opaque-1', 'opaque-2']) issuer.tokens.set(name, { active: true, ...OFFICER });
    await server.withToken('opaque-1');
    issuer.failing = 500;
    const before = calls(issuer, '/introspect');
    for (let i = 0; i < 20; i++)
      expect(await server.withToken('opaque-2')).toMatchObject({
        status: 401,
        message: expect.stringContaining('cannot be reached'),
      });
    expect(calls(issuer, '/introspect') - before).toBe(1);
    expect((await server.withToken('opaque-1')).status).toBe(200);
    issuer.failing = undefined;
    time += 1_000;
    expect((await server.withToken('opaque-2')).status).toBe(200);
    const said = server.log
      .map((line) => JSON.parse(line).msg as string)
      .filter((msg) => /introspection/.test(msg));
    expect(said).toEqual([
      expect.stringContaining('does not answer'),
      expect.stringContaining('answers introspection again'),
    ]);
  });
});
