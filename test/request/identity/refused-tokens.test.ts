// Tokens that an issuer refuses, and tokens that nobody issued: each is refused alone, costs the issuer little, and shuts nobody out.

import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { anEntry, anIdentityServer, type IdentityServer } from './a-server.ts';
import { aKey, anIssuer, GATEWAY, OFFICER, type TestIssuer } from './an-issuer.ts';

let time = Date.parse('2027-01-04T02:00:00Z');
const now = (): number => time;
const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const USERINFO = (url: string) => `, userinfo: "${url}/userinfo"`;

/** An issuer whose introspection knows `good-1` to `good-9`, and a gateway that asks it. */
async function aPair(
  more: (url: string) => string = () => '',
  kind = 'kind: officer',
  end = '',
): Promise<{ issuer: TestIssuer; server: IdentityServer; asked: () => number }> {
  const issuer = await anIssuer(await aKey('first'), now);
  const introspection = `introspection: { url: "${issuer.url}/introspect", clientId: ${GATEWAY.clientId}, clientSecret: "\${env:SECRET}"${more(issuer.url)} }`;
  const server = await anIdentityServer(`${anEntry(issuer.url, `${kind}\n${introspection}`)}${end}`, now);
  open.push(server, issuer);
  for (let i = 1; i <= 9; i++) {
    issuer.tokens.set(`good-${i}`, { active: true, ...OFFICER });
    issuer.people.set(`good-${i}`, {});
  }
  return { issuer, server, asked: () => issuer.asked.filter((path) => path === '/introspect').length };
}

const REFUSED = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: expect.stringContaining('does not know it'),
};
const OUTAGE = { status: 401, message: expect.stringContaining('cannot be reached') };

describe('what the issuer answers about one token', () => {
  it.each([
    ['introspection 400', '/introspect bad', 400, {}],
    ['introspection 400 with a code', '/introspect bad', 400, { error: 'invalid_request' }],
    ['userinfo 400', '/userinfo bad', 400, {}],
    ['userinfo 401', '/userinfo bad', 401, {}],
    ['userinfo 403', '/userinfo bad', 403, {}],
  ])('%s · then this token is refused, and the next is accepted at once', async (_, key, status, body) => {
    const { issuer, server } = await aPair(USERINFO);
    issuer.tokens.set('bad', { active: true, ...OFFICER });
    issuer.refusing.set(key, { status, body });
    const refused = await server.withToken('bad');
    expect(refused).toMatchObject(REFUSED);
    expect(refused.retryAfterMs).toBeUndefined();
    expect((await server.withToken('good-1')).status).toBe(200);
    expect(server.log.join('')).not.toContain('does not answer');
  });

  it('200 without JSON · then this token is refused, and the next is accepted at once; said once a minute', async () => {
    const { issuer, server } = await aPair();
    issuer.failing = 'unreadable';
    for (const token of ['bad-1', 'bad-2', 'bad-3'])
      expect(await server.withToken(token)).toMatchObject({
        status: 401,
        message: expect.stringContaining('cannot read'),
      });
    issuer.failing = undefined;
    expect((await server.withToken('good-1')).status).toBe(200);
    expect(server.log.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
  });

  it.each([
    ['introspection 500', '/introspect bad', 500, {}],
    ['introspection 429', '/introspect bad', 429, {}],
    ['introspection 401: the secret of the gateway', '/introspect bad', 401, {}],
    ['introspection 403', '/introspect bad', 403, {}],
    ['introspection 404: another address', '/introspect bad', 404, {}],
    ['introspection 400 invalid_client', '/introspect bad', 400, { error: 'invalid_client' }],
    ['userinfo 503', '/userinfo bad', 503, {}],
    ['userinfo 429', '/userinfo bad', 429, {}],
  ])('%s · then a pause, as long as the client is told', async (_, key, status, body) => {
    const { issuer, server, asked } = await aPair(USERINFO);
    issuer.tokens.set('bad', { active: true, ...OFFICER });
    issuer.refusing.set(key, { status, body });
    expect(await server.withToken('bad')).toMatchObject({ ...OUTAGE, retryAfterMs: 1_000 });
    const before = asked();
    time += 400;
    expect(await server.withToken('good-1')).toMatchObject({ ...OUTAGE, retryAfterMs: 600 });
    expect(asked()).toBe(before);
    time += 600;
    expect((await server.withToken('good-1')).status).toBe(200);
    // An outage is not held against the token.
    issuer.refusing.clear();
    issuer.people.set('bad', {});
    expect((await server.withToken('bad')).status).toBe(200);
  });
});

describe('what cannot be an opaque token', () => {
  it.each(['e30.e30.e30==', 'e30.e30.=', 'a"b', 'a,b', 'a=b', '=', 'a:b', '{}', '<a>'])(
    '%s · then refused without a call',
    async (token) => {
      const { server, asked } = await aPair();
      expect(await server.withToken(token)).toMatchObject({
        status: 401,
        message: expect.stringContaining('malformed'),
      });
      expect(asked()).toBe(0);
    },
  );

  it('what can be one: b64token of RFC 6750 · then asked', async () => {
    const { issuer, server, asked } = await aPair();
    const tokens = ['abc==', 'a.b', 'a.b.c.d', 'A-._~+/9', 'a.b.c~'];
    for (const token of tokens) {
      issuer.tokens.set(token, { active: true, ...OFFICER });
      expect([token, (await server.withToken(token)).status]).toEqual([token, 200]);
    }
    expect(asked()).toBe(tokens.length);
  });
});

describe('a refused token', () => {
  it('sent again and again · then one call in 5 s; accepted afterwards if the issuer knows it by then', async () => {
    const { issuer, server, asked } = await aPair();
    for (let i = 0; i < 10; i++) expect(await server.withToken('early')).toMatchObject(REFUSED);
    expect(asked()).toBe(1);
    issuer.tokens.set('early', { active: true, ...OFFICER });
    time += 4_999;
    expect(await server.withToken('early')).toMatchObject(REFUSED);
    time += 1;
    expect((await server.withToken('early')).status).toBe(200);
    expect(asked()).toBe(2);
  });

  it('a JWT that was revoked, sent again · then one call; a person whose claims are wrong · then one, too', async () => {
    const { issuer, server, asked } = await aPair();
    const token = await issuer.sign();
    issuer.tokens.set('nobody', { active: true, ...OFFICER, MaCanBo: undefined });
    for (let i = 0; i < 3; i++) expect(await server.withToken(token)).toMatchObject(REFUSED);
    expect(asked()).toBe(1);
    for (let i = 0; i < 3; i++)
      expect(await server.withToken('nobody')).toMatchObject({ message: expect.stringContaining('claim') });
    expect(asked()).toBe(2);
  });
});

describe('many unknown tokens at a time', () => {
  const flood = async (
    issuer: TestIssuer,
    server: IdentityServer,
    headersOf: (i: number) => Record<string, string>,
  ) => {
    let release = (): void => {};
    issuer.held = new Promise((resolve) => {
      release = resolve;
    });
    const refusals: unknown[] = [];
    const answers = Array.from({ length: 60 }, (_, i) =>
      server.ask({ ...headersOf(i), authorization: `Bearer made-up-${i}` }).then((answer) => {
        if (answer.status === 503) refusals.push(answer.code);
        return answer;
      }),
    );
    return { refusals, answers, release };
  };

  it('from one address · then 50 are asked for, the others OVERLOADED at once; afterwards there is room again', async () => {
    const { issuer, server, asked } = await aPair();
    expect((await server.withToken('good-1')).status).toBe(200);
    const { answers, refusals, release } = await flood(issuer, server, () => ({}));
    await expect.poll(() => refusals).toEqual(Array(10).fill('OVERLOADED'));
    // Remembered tokens need no room.
    expect((await server.withToken('good-1')).status).toBe(200);
    release();
    await Promise.all(answers);
    expect(asked()).toBe(51);
    expect((await server.withToken('good-2')).status).toBe(200);
  });

  it('through a trusted proxy · then the addresses that it names count', async () => {
    const { issuer, server } = await aPair(
      undefined,
      undefined,
      'trustedProxies: [127.0.0.1]\ncertificateHeader: client-cert\n',
    );
    const { answers, refusals, release } = await flood(issuer, server, (i) => ({
      'x-forwarded-for': `192.0.2.1, 198.51.100.${i % 2}`,
    }));
    release();
    await Promise.all(answers);
    expect(refusals).toEqual([]);
  });
});

describe('reserved names', () => {
  it.each([
    ['staff', { preferred_username: 'break-glass' }],
    ['staff', { preferred_username: 'Break-Glass ' }],
    ['staff', { preferred_username: 'anonymous' }],
    ['officer', { MaCanBo: 'break-glass' }],
    ['machine', { client_id: 'break-glass' }],
  ])('%s %o · then refused', async (kind, more) => {
    const { issuer, server } = await aPair(() => ', tokens: opaque', `kind: ${kind}`);
    expect(await server.withToken(await issuer.sign({ preferred_username: 'lan', ...more }))).toMatchObject({
      status: 401,
      message: expect.stringContaining('claim'),
    });
    expect((await server.withToken(await issuer.sign({ preferred_username: 'lan' }))).status).toBe(200);
  });
});

describe('a claim with roles that is a text', () => {
  it('one name with spaces · then one role, never its words', async () => {
    const { issuer, server } = await aPair(
      () => ', tokens: opaque',
      'kind: officer\nroles: { van-hanh: operator, phong van-hanh mang: auditor }',
    );
    const rolesOf = async (roles: unknown) =>
      (await server.withToken(await issuer.sign({ roles }))) as unknown as { who: { roles: string[] } };
    expect((await rolesOf('phong van-hanh')).who.roles).toEqual([]);
    expect((await rolesOf('phong van-hanh mang')).who.roles).toEqual(['auditor']);
    expect((await rolesOf('van-hanh')).who.roles).toEqual(['operator']);
    expect((await rolesOf(['phong van-hanh', 'van-hanh'])).who.roles).toEqual(['operator']);
  });

  it('the claim with the scopes · then names separated by spaces', async () => {
    const { issuer, server } = await aPair(
      () => ', tokens: opaque',
      'kind: officer\nclaims: { roles: scope }\nroles: { van-hanh: operator }',
    );
    expect(await server.withToken(await issuer.sign({ scope: 'openid van-hanh' }))).toMatchObject({
      who: { roles: ['operator'] },
    });
  });
});

describe('two headers Authorization', () => {
  it.each([
    ['two tokens', 'Bearer good-1', 'Bearer good-2'],
    ['the same twice', 'Bearer good-1', 'Bearer good-1'],
    ['one that is empty', 'Bearer good-1', ''],
    ['another scheme behind', 'Bearer good-1', 'Basic YTpi'],
  ])('%s · then refused with the reason, whichever is first', async (_, one, two) => {
    const { server } = await aPair();
    const send = (authorization: string[]): Promise<{ status: number | undefined; text: string }> =>
      new Promise((resolve, reject) => {
        const sent = request(
          server.graphqlUrl,
          {
            method: 'POST',
            // Node sends a list as one header each; its types know that of other names only.
            headers: {
              'content-type': 'application/json',
              'accept-language': 'en',
              ...({ authorization } as object),
            },
          },
          async (response) => {
            let text = '';
            for await (const chunk of response) text += chunk;
            resolve({ status: response.statusCode, text });
          },
        );
        sent.on('error', reject);
        sent.end('{"query":"{ who }"}');
      });
    expect((await send(['Bearer good-1'])).status).toBe(200);
    for (const pair of [
      [one, two],
      [two, one],
    ]) {
      const { status, text } = await send(pair);
      expect([status, JSON.parse(text).errors[0].message]).toEqual([
        401,
        expect.stringMatching(/, once\.|malformed/),
      ]);
    }
  });
});
