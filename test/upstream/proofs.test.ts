// Where credentials go, over real sockets: headers, query, body; a session that ends is renewed once, however the source says so.
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';

import { type ASource, anUpstream, aRequest, aSource, json, live } from './a-source.ts';
import type { DeclaredCredentials } from './a-spec.ts';

async function askedWith(credentials: DeclaredCredentials, more = {}) {
  const source = await aSource(json({}));
  await anUpstream({ credentials }).attempt(aRequest(source.origin, more), live());
  return source.asked[0];
}

describe('static secrets', () => {
  it('bearer · in Authorization, of the moment', async () => {
    let token = 'one';
    const credentials: DeclaredCredentials = { type: 'bearer', token: () => token };
    expect((await askedWith(credentials))?.headers.authorization).toBe('Bearer one');
    token = 'two';
    expect((await askedWith(credentials))?.headers.authorization).toBe('Bearer two');
  });

  it('API key in the query · encoded, behind what is there', async () => {
    const credentials: DeclaredCredentials = { type: 'query', name: 'key', value: () => 'a&b=c' };
    expect((await askedWith(credentials))?.url).toBe('/thing?id=1&key=a%26b%3Dc');
    expect((await askedWith(credentials, { path: '/thing' }))?.url).toBe('/thing?key=a%26b%3Dc');
  });

  it('API key in the query · is in no error', async () => {
    const source = await aSource((_, __, request) => void request.socket.resetAndDestroy());
    const upstream = anUpstream({ credentials: { type: 'query', name: 'key', value: () => 'SECRET' } });
    const error: GatewayError = await upstream.attempt(aRequest(source.origin), live()).then(
      () => expect.unreachable(),
      (failure) => failure,
    );
    expect(JSON.stringify([error.message, error.extensions, error.cause, error.stack])).not.toContain(
      'SECRET',
    );
  });

  it("an LGSP's static token · is base64 of JSON in its header", async () => {
    const asked = await askedWith({
      type: 'jsonHeader',
      name: 'lgspAccessToken',
      fields: { AccessKey: () => 'AK', SecretKey: () => 'SK', AppName: () => 'Một cửa' },
    });
    const header = asked?.headers.lgspaccesstoken as string;
    expect(JSON.parse(Buffer.from(header, 'base64').toString('utf8'))).toEqual({
      AccessKey: 'AK',
      SecretKey: 'SK',
      AppName: 'Một cửa',
    });
  });
});

describe('a session', () => {
  /**
   * The dossier synchronisation of the national public service portal (guide of Văn phòng Chính phủ, v1.4, 2020-04-24): a login,
   * the session in the body, `error_code` -1 after its end.
   */
  const aPortal = (living: { session: number; logins: number }): Promise<ASource> =>
    aSource((response, asked, request) => {
      const body = JSON.parse(asked.body) as { session?: string };
      if (asked.url === '/login') {
        living.logins += 1;
        json({ session: `s${++living.session}`, error_code: 0 })(response, asked, request);
      } else if (body.session === `s${living.session}`) json({ error_code: 0 })(response, asked, request);
      else json({ error_code: -1 })(response, asked, request);
    });
  const login = (source: ASource): DeclaredCredentials => ({
    type: 'login',
    url: `${source.origin}/login`,
    headers: { dstCode: 'VN:GOV:000.00.00.G22:vpcpdvcprovider' },
    body: { username: () => 'u', password: () => 'p' },
    tokenAt: 'session',
    bodyField: 'session',
  });
  const outcome = { at: 'error_code', success: [0], unauthorized: [-1] };

  it('in the body · is fetched once and sent with each call', async () => {
    const living = { session: 0, logins: 0 };
    const source = await aPortal(living);
    const upstream = anUpstream({ credentials: login(source), outcome });
    const request = aRequest(source.origin, {
      method: 'POST',
      path: '/api',
      body: { service: 'TraCuuHoSo' },
    });
    for (let i = 0; i < 3; i++) await upstream.attempt(request, live());
    expect(living.logins).toBe(1);
    expect(source.asked[0]?.headers.dstcode).toBe('VN:GOV:000.00.00.G22:vpcpdvcprovider');
    expect(JSON.parse(source.asked[1]?.body ?? '')).toEqual({ session: 's1', service: 'TraCuuHoSo' });
    expect(source.asked[1]?.headers).not.toHaveProperty('session');
  });

  it('in a body that contains the field itself · is that of the gateway, and comes first', async () => {
    const source = await aPortal({ session: 0, logins: 0 });
    const upstream = anUpstream({ credentials: login(source), outcome });
    const body = { service: 'TraCuuHoSo', session: "somebody else's" };
    await upstream.attempt(aRequest(source.origin, { method: 'POST', path: '/api', body }), live());
    expect(source.asked[1]?.body).toBe('{"session":"s1","service":"TraCuuHoSo"}');
  });

  it('that ended, reported in the body with status 200 · is renewed once', async () => {
    const living = { session: 0, logins: 0 };
    const source = await aPortal(living);
    const upstream = anUpstream({ credentials: login(source), outcome });
    const request = aRequest(source.origin, { method: 'POST', path: '/api', body: {} });
    await upstream.attempt(request, live());
    living.session = 99;
    expect((await upstream.attempt(request, live())).body).toEqual({ error_code: 0 });
    expect(living).toEqual({ session: 100, logins: 2 });
  });

  it('that is not accepted after a renewal · UPSTREAM_UNAUTHORIZED', async () => {
    const source = await aSource((response, asked, request) =>
      json(asked.url === '/login' ? { session: 's' } : { error_code: -1 })(response, asked, request),
    );
    const upstream = anUpstream({ credentials: login(source), outcome });
    await expect(
      upstream.attempt(aRequest(source.origin, { method: 'POST', path: '/api', body: {} }), live()),
    ).rejects.toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED' });
    expect(source.asked.map((one) => one.url)).toEqual(['/login', '/api', '/login', '/api']);
  });

  it('in the query · takes several values of the login', async () => {
    const source = await aSource((response, asked, request) =>
      json(asked.url === '/take' ? { APIKey: { access_token: 'a t', id_token: 'i' } } : {})(
        response,
        asked,
        request,
      ),
    );
    const credentials: DeclaredCredentials = {
      type: 'login',
      url: `${source.origin}/take`,
      body: {},
      tokenAt: 'APIKey.access_token',
      query: { token: 'APIKey.access_token', id_token: 'APIKey.id_token' },
    };
    await anUpstream({ credentials }).attempt(aRequest(source.origin, { path: '/card' }), live());
    expect(source.asked[1]?.url).toBe('/card?token=a+t&id_token=i');
  });

  it('for a body that is a list · is refused', async () => {
    const source = await aSource(json({ session: 's' }));
    const attempt = anUpstream({ credentials: login(source) }).attempt(
      aRequest(source.origin, { method: 'POST', body: [1] }),
      live(),
    );
    await expect(attempt).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });
});
