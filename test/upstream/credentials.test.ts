// DeclaredCredentials over real sockets: each kind, and what concurrent callers, expiry, 401 and slow token endpoints do to a token.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';

import { type ASource, anUpstream, aRequest, aSource, type Behaviour, json, live } from './a-source.ts';
import type { DeclaredCredentials } from './a-spec.ts';

const secret = (text: string) => () => text;

async function sent(credentials: DeclaredCredentials, now = 1_700_000_000_123) {
  const source = await aSource(json({}));
  await anUpstream({ credentials }, { now: () => now }).attempt(aRequest(source.origin), live());
  return { source, headers: source.asked[0]?.headers ?? {} };
}

describe('fixed credentials', () => {
  it('none', async () => {
    expect((await sent({ type: 'none' })).headers.authorization).toBeUndefined();
  });

  it('basic, UTF-8', async () => {
    const { headers } = await sent({ type: 'basic', user: secret('cổng'), password: secret('mật:khẩu') });
    expect(headers.authorization).toBe(`Basic ${Buffer.from('cổng:mật:khẩu').toString('base64')}`);
  });

  it('header', async () => {
    const { headers } = await sent({ type: 'header', name: 'X-API-Key', value: secret('k1') });
    expect(headers['x-api-key']).toBe('k1');
  });

  it('timestampedBasic: a digest over URL without query, user, time and secret', async () => {
    const { source, headers } = await sent({
      type: 'timestampedBasic',
      user: secret('u'),
      secret: secret('s'),
      apiKey: secret('key'),
    });
    const digest = createHash('sha256').update(`${source.origin}/thingu1700000000123s`).digest('hex');
    expect(headers).toMatchObject({
      timestamp: '1700000000123',
      authorization: `Basic ${Buffer.from(`u:${digest}`).toString('base64')}`,
      apikey: 'key',
      soapaction: '""',
    });
  });

  it.each([
    ['epochSeconds', '1700000000'],
    ['yyyyMMddHHmmss', '20231115051320'],
  ] as const)('timestampedBasic with time as %s', async (timestampFormat, timestamp) => {
    const { headers } = await sent({
      type: 'timestampedBasic',
      user: secret('u'),
      secret: secret('s'),
      serviceUrl: 'https://bus.example/service',
      timestampFormat,
    });
    const digest = createHash('sha256').update(`https://bus.example/serviceu${timestamp}s`).digest('hex');
    expect(headers).toMatchObject({
      timestamp,
      authorization: `Basic ${Buffer.from(`u:${digest}`).toString('base64')}`,
    });
    expect(headers.apikey).toBeUndefined();
  });
});

/** A source with POST /token (numbered tokens) and everything else behind the newest of them. */
async function aTokenSource(
  options: { token?: Behaviour; life?: number; accepts?: (token: string) => boolean } = {},
) {
  let issued = 0;
  const source = await aSource((response, asked, request) => {
    if (asked.url === '/token') {
      if (options.token !== undefined) return options.token(response, asked, request);
      issued++;
      return json({ access_token: `t${issued}`, token_type: 'Bearer', expires_in: options.life ?? 3600 })(
        response,
        asked,
        request,
      );
    }
    const token = String(asked.headers.authorization).replace('Bearer ', '');
    const good = options.accepts?.(token) ?? token === `t${issued}`;
    json({ token }, good ? 200 : 401)(response, asked, request);
  });
  return source;
}

const oauth = (source: ASource, more: object = {}): DeclaredCredentials => ({
  type: 'oauth2ClientCredentials',
  tokenUrl: `${source.origin}/token`,
  clientId: secret('consumer'),
  clientSecret: secret('hush'),
  scope: 'am_application_scope default',
  ...more,
});

const tokenCalls = (source: ASource): number => source.asked.filter((a) => a.url === '/token').length;

describe('OAuth2 client credentials', () => {
  it('requests a token in the form of WSO2', async () => {
    const source = await aTokenSource();
    const answer = await anUpstream({ credentials: oauth(source) }).attempt(aRequest(source.origin), live());
    expect(answer.body).toEqual({ token: 't1' });
    expect(source.asked[0]).toMatchObject({
      method: 'POST',
      url: '/token',
      body: 'grant_type=client_credentials&scope=am_application_scope+default',
    });
    expect(source.asked[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from('consumer:hush').toString('base64')}`,
    });
  });

  it('fetches once for concurrent callers, and keeps the token', async () => {
    const source = await aTokenSource();
    const upstream = anUpstream({ credentials: oauth(source) });
    await Promise.all(Array.from({ length: 20 }, () => upstream.attempt(aRequest(source.origin), live())));
    await upstream.attempt(aRequest(source.origin), live());
    expect(tokenCalls(source)).toBe(1);
  });

  it('refreshes before expiry without letting a caller wait, and waits only after it', async () => {
    const source = await aTokenSource({ life: 100, accepts: () => true });
    let now = 0;
    const upstream = anUpstream(
      { credentials: oauth(source, { refreshBeforeMs: 10_000 }) },
      { now: () => now },
    );
    const ask = async () =>
      ((await upstream.attempt(aRequest(source.origin), live())).body as { token: string }).token;
    expect(await ask()).toBe('t1');
    now = 89_999;
    expect(await ask()).toBe('t1');
    expect(tokenCalls(source)).toBe(1);
    now = 90_000;
    expect(await ask()).toBe('t1');
    await expect.poll(() => tokenCalls(source)).toBe(2);
    await expect.poll(ask).toBe('t2');
    now = 1_000_000;
    expect(await ask()).toBe('t3');
    expect(tokenCalls(source)).toBe(3);
  });

  it('renews once on 401 for all callers that meet it, and repeats their calls', async () => {
    const dead = new Set<string>();
    const source = await aTokenSource({ accepts: (token) => !dead.has(token) });
    const upstream = anUpstream({ credentials: oauth(source) });
    await upstream.attempt(aRequest(source.origin), live());
    dead.add('t1');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => upstream.attempt(aRequest(source.origin), live())),
    );
    expect(answers.map((a) => a.body)).toEqual(Array(10).fill({ token: 't2' }));
    expect(tokenCalls(source)).toBe(2);
  });

  it('a second 401 is UPSTREAM_UNAUTHORIZED: no third try', async () => {
    const source = await aTokenSource({ accepts: () => false });
    await expect(
      anUpstream({ credentials: oauth(source) }).attempt(aRequest(source.origin), live()),
    ).rejects.toMatchObject({
      code: 'UPSTREAM_UNAUTHORIZED',
    });
    expect(source.asked.filter((a) => a.url !== '/token')).toHaveLength(2);
    expect(tokenCalls(source)).toBe(2);
  });

  it('slow token endpoint: a cancelled caller does not fail the others', async () => {
    const source = await aTokenSource({
      token: (response, asked, request) =>
        void setTimeout(() => json({ access_token: 'x' })(response, asked, request), 40),
      accepts: () => true,
    });
    const upstream = anUpstream({ credentials: oauth(source) });
    const leaving = new AbortController();
    const gone = upstream.attempt(aRequest(source.origin), leaving.signal);
    const staying = Array.from({ length: 3 }, () => upstream.attempt(aRequest(source.origin), live()));
    setTimeout(() => leaving.abort(new GatewayError('CANCELLED')), 5);
    await expect(gone).rejects.toMatchObject({ code: 'CANCELLED' });
    for (const answer of await Promise.all(staying)) expect(answer.body).toEqual({ token: 'x' });
    expect(tokenCalls(source)).toBe(1);
  });

  it('token endpoint that hangs: ends at its own limit, and the next caller tries again', async () => {
    let hangs = true;
    const source = await aTokenSource({
      token: (response, asked, request) => {
        if (!hangs) json({ access_token: 'x' })(response, asked, request);
      },
      accepts: () => true,
    });
    const upstream = anUpstream({ credentials: oauth(source, { timeoutMs: 150 }) });
    await expect(upstream.attempt(aRequest(source.origin), live())).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
    hangs = false;
    expect((await upstream.attempt(aRequest(source.origin), live())).status).toBe(200);
  });

  it.each([
    ['401', json({ error: 'invalid_client SECRET' }, 401), 'UPSTREAM_UNAUTHORIZED'],
    ['400', json({ error: 'SECRET' }, 400), 'UPSTREAM_UNAUTHORIZED'],
    ['503', json({}, 503), 'UPSTREAM_FAULT'],
    ['429', json({}, 429), 'UPSTREAM_THROTTLED'],
    ['no token', json({ hello: 'SECRET' }), 'UPSTREAM_INVALID'],
    [
      'a web page',
      ((r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('SECRET')) as Behaviour,
      'UPSTREAM_INVALID',
    ],
  ])('token endpoint with %s · nothing is sent, the code has the fault', async (_, token, code) => {
    const source = await aTokenSource({ token });
    const attempt = anUpstream({ credentials: oauth(source) }).attempt(aRequest(source.origin), live());
    await expect(attempt).rejects.toMatchObject({ code });
    await expect(attempt).rejects.not.toHaveProperty('message', expect.stringContaining('SECRET'));
    expect(source.asked.every((a) => a.url === '/token')).toBe(true);
  });

  it('without expires_in the token lives until a 401; another header carries it bare', async () => {
    const source = await aTokenSource({ token: json({ access_token: 'x' }), accepts: () => true });
    const upstream = anUpstream({ credentials: oauth(source, { header: 'access_token' }) });
    for (let i = 0; i < 3; i++) await upstream.attempt(aRequest(source.origin), live());
    expect(tokenCalls(source)).toBe(1);
    expect(source.asked.at(-1)?.headers).toMatchObject({ access_token: 'x' });
  });

  it('uses the secret of the moment at the next fetch', async () => {
    let value = 'one';
    const source = await aTokenSource({ life: 1, accepts: () => true });
    let now = 0;
    const upstream = anUpstream(
      { credentials: oauth(source, { clientSecret: () => value }) },
      { now: () => now },
    );
    await upstream.attempt(aRequest(source.origin), live());
    value = 'two';
    now = 5_000;
    await upstream.attempt(aRequest(source.origin), live());
    const basics = source.asked.filter((a) => a.url === '/token').map((a) => a.headers.authorization);
    expect(basics).toEqual(
      ['one', 'two'].map((s) => `Basic ${Buffer.from(`consumer:${s}`).toString('base64')}`),
    );
  });
});

describe('a token endpoint receives few requests', () => {
  /** Calls one after the other, at a time of the test's own. */
  const aClock = () => {
    const clock = { now: 0 };
    return { clock, deps: { now: () => clock.now } };
  };
  const codes = async (calls: number, call: () => Promise<unknown>): Promise<Set<string>> => {
    const seen = new Set<string>();
    for (let i = 0; i < calls; i++) {
      seen.add(
        await call().then(
          () => 'OK',
          (error: GatewayError) => error.code,
        ),
      );
    }
    return seen;
  };

  it('when no token is accepted · one renewal per second, however many calls', async () => {
    const { clock, deps } = aClock();
    const source = await aTokenSource({ accepts: () => false });
    const upstream = anUpstream({ credentials: oauth(source) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    expect(await codes(20, ask)).toEqual(new Set(['UPSTREAM_UNAUTHORIZED']));
    await Promise.allSettled(Array.from({ length: 20 }, ask));
    expect(tokenCalls(source)).toBe(2);
    clock.now += 1_000;
    await codes(5, ask);
    expect(tokenCalls(source)).toBe(3);
  });

  it('when an accepted token ends early · it is renewed at once, each time', async () => {
    const { deps } = aClock();
    let good = 't1';
    const source = await aTokenSource({ accepts: (token) => token === good });
    const upstream = anUpstream({ credentials: oauth(source) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    for (const next of ['t2', 't3', 't4']) {
      expect(await codes(1, ask)).toEqual(new Set(['OK']));
      // The system was started anew and knows no token of before.
      good = next;
    }
    expect(await codes(1, ask)).toEqual(new Set(['OK']));
    expect(tokenCalls(source)).toBe(4);
  });

  it('when it refuses the password · after 2, 4, 8 … 60 seconds, until it accepts the password', async () => {
    const { clock, deps } = aClock();
    let isGood = false;
    const source = await aTokenSource({
      token: (response, asked, request) =>
        json(isGood ? { access_token: 'x', expires_in: 100 } : {}, isGood ? 200 : 401)(
          response,
          asked,
          request,
        ),
      accepts: () => true,
    });
    const upstream = anUpstream({ credentials: oauth(source) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    const askedAt: number[] = [];
    for (clock.now = 0; clock.now <= 130_000; clock.now += 1_000) {
      const before = tokenCalls(source);
      expect(await codes(2, ask)).toEqual(new Set(['UPSTREAM_UNAUTHORIZED']));
      if (tokenCalls(source) > before) askedAt.push(clock.now / 1000);
    }
    expect(askedAt).toEqual([0, 2, 6, 14, 30, 62, 122]);
    isGood = true;
    clock.now = 182_000;
    expect(await codes(3, ask)).toEqual(new Set(['OK']));
    isGood = false;
    clock.now = 300_000;
    const before = tokenCalls(source);
    await codes(3, ask);
    clock.now += 2_000;
    await codes(3, ask);
    expect(tokenCalls(source) - before).toBe(2);
  });

  const anOAuth = (source: ASource): DeclaredCredentials => oauth(source);
  const aLogin = (source: ASource): DeclaredCredentials => ({
    type: 'login',
    url: `${source.origin}/token`,
    body: { username: secret('u'), password: secret('p') },
    tokenAt: 'data.token',
    header: 'token',
  });
  it.each<[string, (source: ASource) => DeclaredCredentials, unknown, string]>([
    ['an error of RFC 6749', anOAuth, { error: 'invalid_client' }, 'UPSTREAM_UNAUTHORIZED'],
    ['a success without a token', anOAuth, { hello: 1 }, 'UPSTREAM_INVALID'],
    ['an empty token', anOAuth, { access_token: ' ' }, 'UPSTREAM_INVALID'],
    ['a token that is no text', anOAuth, { access_token: { a: 1 } }, 'UPSTREAM_INVALID'],
    ['an expired token', anOAuth, { access_token: 'x', expires_in: -1 }, 'UPSTREAM_INVALID'],
    ['a token that needs a proof', anOAuth, { access_token: 'x', token_type: 'DPoP' }, 'UPSTREAM_INVALID'],
    ['a list', anOAuth, [], 'UPSTREAM_INVALID'],
    ['a refusal of its own', aLogin, { success: false, data: null }, 'UPSTREAM_UNAUTHORIZED'],
    ['a code of its own', aLogin, { error_code: '12', data: {} }, 'UPSTREAM_UNAUTHORIZED'],
    ['a null token', aLogin, { success: true, data: { token: null } }, 'UPSTREAM_INVALID'],
  ])('when it answers 200 with %s · after 2, 4, 8 … seconds', async (_, credentials, answer, code) => {
    const { clock, deps } = aClock();
    const source = await aTokenSource({ token: json(answer), accepts: () => true });
    const upstream = anUpstream({ credentials: credentials(source) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    const askedAt: number[] = [];
    for (clock.now = 0; clock.now <= 20_000; clock.now += 500) {
      const before = tokenCalls(source);
      expect(await codes(2, ask)).toEqual(new Set([code]));
      if (tokenCalls(source) > before) askedAt.push(clock.now / 1000);
    }
    expect(askedAt).toEqual([0, 2, 6, 14]);
    expect(source.asked.every(({ url }) => url === '/token')).toBe(true);
  });

  it('when it fails · after 250, 500 … ms, so that a short failure costs little', async () => {
    const { clock, deps } = aClock();
    let status = 503;
    const source = await aTokenSource({
      token: (...args) => json({ access_token: 'x' }, status)(...args),
      accepts: () => true,
    });
    const upstream = anUpstream({ credentials: oauth(source) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    const askedAt: number[] = [];
    for (clock.now = 0; clock.now <= 4_000; clock.now += 50) {
      const before = tokenCalls(source);
      expect(await codes(1, ask)).toEqual(new Set(['UPSTREAM_FAULT']));
      if (tokenCalls(source) > before) askedAt.push(clock.now);
    }
    expect(askedAt).toEqual([0, 250, 750, 1750, 3750]);
    status = 200;
    clock.now = 7_750;
    expect(await codes(2, ask)).toEqual(new Set(['OK']));
  });

  it('when it sends Retry-After · not before that, and callers receive the rest of the delay', async () => {
    const { clock, deps } = aClock();
    const source = await aTokenSource({ token: json({}, 429, { 'retry-after': '30' }) });
    const upstream = anUpstream({ credentials: oauth(source) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED', retryAfterMs: 30_000 });
    clock.now = 20_000;
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED', retryAfterMs: 10_000 });
    expect(tokenCalls(source)).toBe(1);
    clock.now = 30_000;
    await codes(1, ask);
    expect(tokenCalls(source)).toBe(2);
  });

  it('when it refuses while the token in hand still serves · as seldom', async () => {
    const { clock, deps } = aClock();
    let isGood = true;
    const source = await aTokenSource({
      token: (response, asked, request) =>
        json({ access_token: 'x', expires_in: 100 }, isGood ? 200 : 401)(response, asked, request),
      accepts: () => true,
    });
    const upstream = anUpstream({ credentials: oauth(source, { refreshBeforeMs: 20_000 }) }, deps);
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    await ask();
    isGood = false;
    for (clock.now = 81_000; clock.now < 95_000; clock.now += 500) {
      expect(await codes(1, ask)).toEqual(new Set(['OK']));
    }
    expect(tokenCalls(source)).toBeLessThanOrEqual(5);
  });

  it('when a secret is missing · no request is sent, and one at once when the secret exists', async () => {
    const source = await aTokenSource({ accepts: () => true });
    let isThere = false;
    const clientSecret = () => {
      if (isThere) return 'hush';
      throw new GatewayError('UPSTREAM_UNAUTHORIZED', { detail: 'the environment variable S is not set' });
    };
    const upstream = anUpstream({ credentials: oauth(source, { clientSecret }) });
    const ask = () => upstream.attempt(aRequest(source.origin), live());
    expect(await codes(2, ask)).toEqual(new Set(['UPSTREAM_UNAUTHORIZED']));
    expect(tokenCalls(source)).toBe(0);
    isThere = true;
    expect(await codes(1, ask)).toEqual(new Set(['OK']));
  });
});

describe('what no header can carry', () => {
  it.each(['a\r\nx-admin: SECRET', 'SECRET\u0000', 'SECRETộ'])(
    'a token of the endpoint (%j) · UPSTREAM_INVALID, and no call',
    async (access_token) => {
      const source = await aTokenSource({ token: json({ access_token }) });
      const error: GatewayError = await anUpstream({ credentials: oauth(source) })
        .attempt(aRequest(source.origin), live())
        .catch((failure) => failure);
      expect(error.code).toBe('UPSTREAM_INVALID');
      expect(error.message).not.toContain('SECRET');
      expect(source.asked).toHaveLength(1);
    },
  );

  it('a secret with a line break · UPSTREAM_UNAUTHORIZED and not the fault of the caller', async () => {
    const source = await aSource(json({}));
    const credentials: DeclaredCredentials = { type: 'bearer', token: secret('SECRET\n') };
    const error: GatewayError = await anUpstream({ credentials })
      .attempt(aRequest(source.origin), live())
      .catch((failure) => failure);
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY' });
    expect(error.message).not.toContain('SECRET');
    expect(source.asked).toHaveLength(0);
    const good: DeclaredCredentials = { type: 'bearer', token: secret('good') };
    const bad = { headers: { 'x-name': 'Ngọc\nÁnh' } };
    await expect(
      anUpstream({ credentials: good }).attempt(aRequest(source.origin, bad), live()),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('a token endpoint that redirects · UPSTREAM_INVALID, and the credentials are not forwarded', async () => {
    const thief = await aSource(json({ access_token: 'x' }));
    const source = await aTokenSource({
      token: (response) => void response.writeHead(307, { location: `${thief.origin}/token` }).end(),
    });
    await expect(
      anUpstream({ credentials: oauth(source) }).attempt(aRequest(source.origin), live()),
    ).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
    expect(thief.asked).toHaveLength(0);
  });
});

describe('login', () => {
  it('sends its token in the named header, and renews it once on 401', async () => {
    let issued = 0;
    let valid = 0;
    const source = await aSource((response, asked, request) => {
      if (asked.url === '/GetAccessToken') {
        valid = ++issued;
        return json({ success: true, data: { token: `v${issued}` } })(response, asked, request);
      }
      return json({}, asked.headers.token === `v${valid}` ? 200 : 401)(response, asked, request);
    });
    const upstream = anUpstream({
      credentials: {
        type: 'login',
        url: `${source.origin}/GetAccessToken`,
        body: { username: secret('u'), password: secret('p'), customerCode: secret('c') },
        tokenAt: 'data.token',
        header: 'Token',
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => upstream.attempt(aRequest(source.origin), live())));
    expect(issued).toBe(1);
    expect(source.asked[0]).toMatchObject({
      method: 'POST',
      body: '{"username":"u","password":"p","customerCode":"c"}',
    });
    expect(source.asked[0]?.headers['content-type']).toBe('application/json');
    valid = -1;
    await Promise.all(Array.from({ length: 5 }, () => upstream.attempt(aRequest(source.origin), live())));
    expect(issued).toBe(2);
  });
});
