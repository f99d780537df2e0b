// Signatures over parts of a request, over a real socket. The server is the second implementation: it builds the signed text from the
// bytes that it received, by rules of its own, and verifies with WebCrypto.
import {
  createHash,
  createHmac,
  createPublicKey,
  createVerify,
  generateKeyPairSync,
  webcrypto,
} from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import { sortedQuery } from '../../src/upstream/signing/sorted-query.ts';
import type { UpstreamRequest } from '../../src/upstream/upstream.ts';
import { type Asked, anUpstream, aRequest, aSource, json, live } from './a-source.ts';
import type { DeclaredSigning, SpecParts } from './a-spec.ts';

type Parts = Extract<DeclaredSigning, { type: 'requestParts' }>;

const NOW = Date.UTC(2026, 10, 30, 23, 59, 58, 765);
const SHARED = 'a shared key of 32 characters :-)';

const aSigning = (changes: Partial<Parts> = {}): Parts => ({
  type: 'requestParts',
  algorithm: 'hmac-sha256',
  key: () => SHARED,
  over: ['method', 'path', 'sortedQuery', 'timestamp', 'nonce', 'bodyDigest'],
  timestamp: { into: 'x-timestamp' },
  nonce: { into: 'x-nonce' },
  into: 'x-signature',
  ...changes,
});

async function ask(
  signing: Parts,
  request: Partial<UpstreamRequest> = {},
  spec: SpecParts = {},
  origin?: string,
) {
  const source = await aSource(json({ ok: true }));
  const upstream = anUpstream({ signing, ...spec }, { now: () => NOW });
  const run = upstream.attempt(aRequest(origin ?? source.origin, request), live());
  const error = await run.then(
    () => undefined,
    (thrown: GatewayError) => thrown,
  );
  return { asked: source.asked[0] as Asked, all: source.asked, error, source };
}

const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const [PATH, QUERY] = ['/a%20b/%C4%90', 'z=1&a=2&a=1&m=%C3%A9+x'];
const ORDER = { id: 'O1', name: 'Nguyễn Văn Ấn', amount: 135000 };

/** The default parts, as a server that was written from docs/manifest.md would build them. */
function expectedBase({ method, url, headers, body }: Asked): string {
  const [path = '', query = ''] = url.split('?', 2);
  const strict = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = [...new URLSearchParams(query)].map(
    ([name, value]) => [strict(name), strict(value)] as const,
  );
  pairs.sort(
    ([a, x], [b, y]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)) || Buffer.compare(Buffer.from(x), Buffer.from(y)),
  );
  const sorted = pairs.map((pair) => pair.join('=')).join('&');
  return [method, path, sorted, headers['x-timestamp'], headers['x-nonce'], sha256hex(body)].join('\n');
}

const PAIRS = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed25519: generateKeyPairSync('ed25519'),
};
const pemOf = (pair: { privateKey: { export(options: object): unknown } }): string =>
  String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));

type Pair = keyof typeof PAIRS;

async function verifies(
  pair: Pair,
  how: Parameters<typeof webcrypto.subtle.importKey>[2] & object,
  use: Parameters<typeof webcrypto.subtle.verify>[0],
  base: string,
  signature: string,
): Promise<boolean> {
  const spki = PAIRS[pair].publicKey.export({ type: 'spki', format: 'der' });
  const key = await webcrypto.subtle.importKey('spki', spki, how, false, ['verify']);
  return webcrypto.subtle.verify(use, key, Buffer.from(signature, 'base64'), Buffer.from(base, 'utf8'));
}

describe('each algorithm · is verified by WebCrypto', () => {
  it.each([
    ['hmac-sha1', 'SHA-1'],
    ['hmac-sha256', 'SHA-256'],
    ['hmac-sha384', 'SHA-384'],
    ['hmac-sha512', 'SHA-512'],
  ] as const)('%s', async (algorithm, hash) => {
    const { asked, error } = await ask(aSigning({ algorithm }), {
      method: 'POST',
      path: `${PATH}?${QUERY}`,
      body: ORDER,
    });
    expect(error).toBeUndefined();
    const key = await webcrypto.subtle.importKey('raw', Buffer.from(SHARED), { name: 'HMAC', hash }, false, [
      'verify',
    ]);
    const signature = Buffer.from(String(asked.headers['x-signature']), 'base64');
    const base = expectedBase(asked);
    expect(await webcrypto.subtle.verify('HMAC', key, signature, Buffer.from(base))).toBe(true);
    expect(await webcrypto.subtle.verify('HMAC', key, signature, Buffer.from(`${base} `))).toBe(false);
  });

  const rsa = (hash: string) => ({ name: 'RSASSA-PKCS1-v1_5', hash });
  const pss = (hash: string, saltLength: number) =>
    [
      { name: 'RSA-PSS', hash },
      { name: 'RSA-PSS', saltLength },
    ] as const;
  const ecdsa = (namedCurve: string, hash: string) =>
    [
      { name: 'ECDSA', namedCurve },
      { name: 'ECDSA', hash },
    ] as const;

  it.each([
    ['rsa-sha256', 'rsa', rsa('SHA-256'), rsa('SHA-256')],
    ['rsa-sha384', 'rsa', rsa('SHA-384'), rsa('SHA-384')],
    ['rsa-sha512', 'rsa', rsa('SHA-512'), rsa('SHA-512')],
    ['rsa-pss-sha256', 'rsa', ...pss('SHA-256', 32)],
    ['rsa-pss-sha384', 'rsa', ...pss('SHA-384', 48)],
    ['rsa-pss-sha512', 'rsa', ...pss('SHA-512', 64)],
    ['ecdsa-p256-sha256', 'p256', ...ecdsa('P-256', 'SHA-256')],
    ['ecdsa-p384-sha384', 'p384', ...ecdsa('P-384', 'SHA-384')],
    ['ecdsa-p521-sha512', 'p521', ...ecdsa('P-521', 'SHA-512')],
    ['ed25519', 'ed25519', { name: 'Ed25519' }, { name: 'Ed25519' }],
  ] as const)('%s', async (algorithm, pair, how, use) => {
    const isEcdsa = algorithm.startsWith('ecdsa');
    const { asked, error } = await ask(
      aSigning({ algorithm, key: () => pemOf(PAIRS[pair]), ...(isEcdsa && { ecdsaForm: 'p1363' }) }),
      { method: 'POST', path: `${PATH}?${QUERY}`, body: ORDER },
    );
    expect(error).toBeUndefined();
    const base = expectedBase(asked);
    const signature = String(asked.headers['x-signature']);
    expect(await verifies(pair, how, use, base, signature)).toBe(true);
    expect(await verifies(pair, how, use, base.replace('POST', 'PUT'), signature)).toBe(false);
  });

  it('ECDSA without a form · is ASN.1, as OpenSSL verifies it', async () => {
    const { asked } = await ask(aSigning({ algorithm: 'ecdsa-p256-sha256', key: () => pemOf(PAIRS.p256) }));
    const verifier = createVerify('sha256').update(expectedBase(asked));
    expect(
      verifier.verify(createPublicKey(PAIRS.p256.privateKey), String(asked.headers['x-signature']), 'base64'),
    ).toBe(true);
  });
});

describe('the parts', () => {
  const macOf = (base: string): string => createHmac('sha256', SHARED).update(base, 'utf8').digest('base64');
  const only = (over: Parts['over'], changes: Partial<Parts> = {}): Parts =>
    aSigning({ over, timestamp: undefined, nonce: undefined, ...changes });

  it.each<[string, Parts['over'], Partial<UpstreamRequest>, (asked: Asked) => string]>([
    ['path and query as sent', ['path', 'query'], { path: `${PATH}?${QUERY}` }, () => `${PATH}\n${QUERY}`],
    ['no query', ['path', 'query', 'sortedQuery'], { path: '/x' }, () => '/x\n\n'],
    ['an empty query', ['path', 'sortedQuery'], { path: '/x?' }, () => '/x\n'],
    [
      'repeated names, sorted by value',
      ['sortedQuery'],
      { path: '/?b=2&a=9&b=1&b=' },
      () => 'a=9&b=&b=1&b=2',
    ],
    [
      'a name is sorted before its prefix with a sign',
      ['sortedQuery'],
      { path: '/?a-b=1&a=2' },
      () => 'a=2&a-b=1',
    ],
    ['a name without a value', ['sortedQuery'], { path: '/?b&a=' }, () => 'a=&b='],
    [
      'signs, spaces and case of escapes',
      ['sortedQuery'],
      { path: "/?q=%c3%a9+*'&r=~%7e" },
      () => 'q=%C3%A9%20%2A%27&r=~~',
    ],
    ['bytes that are not UTF-8', ['sortedQuery'], { path: '/?q=%ff%fe&p=%zz' }, () => 'p=%25zz&q=%FF%FE'],
    ['GET without a body', ['method', 'body', 'bodyDigest'], {}, () => `GET\n\n${sha256hex('')}`],
    ['an empty object', ['body'], { method: 'POST', body: {} }, () => '{}'],
    ['Unicode in the body', ['body'], { method: 'PUT', body: ORDER }, () => JSON.stringify(ORDER)],
    ['host with its port', ['host'], {}, ({ headers }) => String(headers.host)],
    [
      'headers: of the request, of the codec, of the transport',
      [
        { header: 'X-Trace' },
        { header: 'Content-Type', prefix: 'content-type: ' },
        { header: 'host' },
        { header: 'content-length' },
      ],
      { method: 'POST', body: ORDER, headers: { 'x-trace': ' t 1 ' } },
      ({ headers }) => `t 1\ncontent-type: application/json\n${headers.host}\n${headers['content-length']}`,
    ],
    [
      'a header that may be absent',
      [{ header: 'x-none', prefix: 'n:', optional: true }, 'method'],
      {},
      () => 'n:\nGET',
    ],
    [
      'a header beyond ASCII, as its bytes',
      [{ header: 'x-name' }],
      { headers: { 'x-name': Buffer.from('Ấn', 'utf8').toString('latin1') } },
      () => 'Ấn',
    ],
    [
      'fields and texts',
      [{ field: 'name' }, { text: 'v1' }, { field: 'none' }],
      { method: 'POST', body: ORDER },
      () => `${ORDER.name}\nv1\n`,
    ],
  ])('%s', async (_, over, request, base) => {
    const { asked, error } = await ask(only(over), request);
    expect(error).toBeUndefined();
    expect(asked.headers['x-signature']).toBe(macOf(base(asked)));
  });

  it('a form · is covered as it is encoded', async () => {
    const { asked } = await ask(only(['body']), { method: 'POST', body: { q: 'é &' } }, { protocol: 'form' });
    expect(asked.body).toBe('q=%C3%A9+%26');
    expect(asked.headers['x-signature']).toBe(macOf('q=%C3%A9+%26'));
  });

  it('credentials in header and query · are covered', async () => {
    const { asked } = await ask(
      only([{ header: 'authorization' }]),
      {},
      { credentials: { type: 'bearer', token: () => 'T0KEN' } },
    );
    expect(asked.headers['x-signature']).toBe(macOf('Bearer T0KEN'));
    const query = await ask(
      only(['query']),
      {},
      { credentials: { type: 'query', name: 'key', value: () => 'a b' } },
    );
    expect(query.asked.url).toBe('/thing?id=1&key=a+b');
    expect(query.asked.headers['x-signature']).toBe(macOf('id=1&key=a+b'));
  });

  it('another text between them, another encoding, a value around the signature', async () => {
    const { asked } = await ask(
      aSigning({
        over: ['method', 'timestamp', 'nonce'],
        join: '',
        encoding: 'HEX',
        into: 'Authorization',
        timestamp: { format: 'yyyyMMddHHmmss' },
        nonce: { format: 'hex' },
        value: 'MAC id=abc, ts={timestamp}, nonce={nonce}, mac={signature}',
      }),
    );
    const [, timestamp, nonce, mac] =
      /^MAC id=abc, ts=(\d{14}), nonce=([0-9a-f]{32}), mac=([0-9A-F]{64})$/.exec(
        String(asked.headers.authorization),
      ) ?? [];
    expect(timestamp).toBe('20261201065958');
    expect(mac).toBe(
      createHmac('sha256', SHARED).update(`GET${timestamp}${nonce}`).digest('hex').toUpperCase(),
    );
  });

  it.each([
    ['epochSeconds', '1796083198'],
    ['epochMs', '1796083198765'],
    ['iso8601', '2026-11-30T23:59:58Z'],
    ['yyyyMMddHHmmss', '20261201065958'],
    ['httpDate', 'Mon, 30 Nov 2026 23:59:58 GMT'],
  ] as const)('time as %s', async (format, text) => {
    const { asked } = await ask(only(['timestamp'], { timestamp: { format, into: 'x-timestamp' } }));
    expect(asked.headers['x-timestamp']).toBe(text);
    expect(asked.headers['x-signature']).toBe(macOf(text));
  });

  it.each([
    ['base64', { keyForm: 'base64' as const, key: () => Buffer.from(SHARED).toString('base64') }],
    ['hex', { keyForm: 'hex' as const, key: () => Buffer.from(SHARED).toString('hex') }],
  ])('a shared key as %s', async (_, changes) => {
    const { asked } = await ask(only(['method'], changes));
    expect(asked.headers['x-signature']).toBe(macOf('GET'));
  });

  it('a digest in a header of its own', async () => {
    const { asked } = await ask(
      only([{ header: 'digest' }], { digest: { into: 'Digest', encoding: 'base64', prefix: 'SHA-256=' } }),
      { method: 'POST', body: ORDER },
    );
    const digest = `SHA-256=${createHash('sha256').update(asked.body).digest('base64')}`;
    expect(asked.headers.digest).toBe(digest);
    expect(asked.headers['x-signature']).toBe(macOf(digest));
  });
});

describe('the places', () => {
  const mac = (base: string): string => createHmac('sha256', SHARED).update(base).digest('base64');

  it('query: time, nonce and signature, and the signature does not cover itself', async () => {
    const { asked } = await ask(
      aSigning({
        over: ['method', 'path', 'sortedQuery'],
        timestamp: { into: 'ts', place: 'query' },
        nonce: { into: 'n', place: 'query', format: 'base64' },
        into: 'sig',
        place: 'query',
      }),
      { path: '/thing' },
    );
    const url = new URL(asked.url, 'http://x');
    const [n, sig] = [url.searchParams.get('n') ?? '', url.searchParams.get('sig')];
    expect([...url.searchParams.keys()]).toEqual(['ts', 'n', 'sig']);
    expect(sig).toBe(mac(`GET\n/thing\nn=${encodeURIComponent(n)}&ts=1796083198`));
  });

  it('body: time, nonce and signature, over fields, headers and the path', async () => {
    const { asked } = await ask(
      aSigning({
        over: ['method', 'path', { header: 'content-type' }, { field: 'id' }, 'timestamp', { field: 'n' }],
        timestamp: { into: 'ts', place: 'body' },
        nonce: { into: 'n', place: 'body' },
        into: 'sig',
        place: 'body',
      }),
      { method: 'POST', path: '/pay', body: { id: 'O1' } },
    );
    const body = JSON.parse(asked.body) as Record<string, string>;
    expect(Object.keys(body)).toEqual(['id', 'ts', 'n', 'sig']);
    expect(body.sig).toBe(mac(`POST\n/pay\napplication/json\nO1\n1796083198\n${body.n}`));
  });

  it('a body that is a list · has no place for a signature', async () => {
    const { error, all } = await ask(
      aSigning({ over: ['method'], timestamp: undefined, nonce: undefined, into: 'sig', place: 'body' }),
      { method: 'POST', body: [1] },
    );
    expect(error?.code).toBe('INTERNAL_SERVER_ERROR');
    expect(error?.message).toContain('must be an object; found a list');
    expect(all).toEqual([]);
  });

  it('a message signature covers this one', async () => {
    const { asked } = await ask(
      aSigning(),
      {},
      {
        messageSignature: {
          algorithm: 'hmac-sha256',
          keyId: 'k',
          key: () => 'a2V5',
          components: ['x-signature'],
        },
      },
    );
    const input = String(asked.headers['signature-input']).slice('sig1='.length);
    const base = `"x-signature": ${asked.headers['x-signature']}\n"@signature-params": ${input}`;
    expect(asked.headers.signature).toBe(
      `sig1=:${createHmac('sha256', 'key').update(base).digest('base64')}:`,
    );
  });
});

describe('each attempt', () => {
  it('has a time and a nonce of its own, also the one after renewed credentials', async () => {
    let tokens = 0;
    const source = await aSource((response, { url, headers }) => {
      if (url === '/login') {
        tokens += 1;
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"t":"T${tokens}"}`);
      } else response.writeHead(headers.token === 'T1' ? 401 : 200).end();
    });
    let now = NOW;
    const upstream = anUpstream(
      {
        signing: aSigning(),
        credentials: {
          type: 'login',
          url: `${source.origin}/login`,
          body: {},
          tokenAt: 't',
          header: 'token',
        },
      },
      { now: () => (now += 1000) },
    );
    await upstream.attempt(aRequest(source.origin), live());
    await upstream.attempt(aRequest(source.origin), live());
    const calls = source.asked.filter(({ url }) => url !== '/login');
    expect(calls.map(({ headers }) => headers.token)).toEqual(['T1', 'T2', 'T2']);
    for (const name of ['x-nonce', 'x-timestamp', 'x-signature']) {
      expect(new Set(calls.map(({ headers }) => headers[name])).size).toBe(3);
    }
    for (const call of calls) {
      const base = expectedBase(call);
      expect(call.headers['x-signature']).toBe(createHmac('sha256', SHARED).update(base).digest('base64'));
    }
  });

  it('reads the key again: a rotated key needs no restart', async () => {
    const source = await aSource(json({}));
    let key = 'one';
    const signing = aSigning({ over: ['method'], timestamp: undefined, nonce: undefined, key: () => key });
    const upstream = anUpstream({ signing });
    await upstream.attempt(aRequest(source.origin), live());
    key = 'two';
    await upstream.attempt(aRequest(source.origin), live());
    expect(source.asked.map(({ headers }) => headers['x-signature'])).toEqual(
      ['one', 'two'].map((secret) => createHmac('sha256', secret).update('GET').digest('base64')),
    );
  });
});

describe('what cannot be signed · is not sent, and the key is in no error', () => {
  const SECRET = 'SECRET of the test!';
  it.each<[string, Partial<Parts>, Partial<UpstreamRequest>, string, RegExp]>([
    [
      'a header that is not there',
      { over: [{ header: 'X-None' }, 'timestamp', 'nonce'] },
      {},
      'INTERNAL_SERVER_ERROR',
      /"x-none".*optional: true/,
    ],
    [
      'an object in a field',
      { over: [{ field: 'a' }, 'timestamp', 'nonce'] },
      { method: 'POST', body: { a: {} } },
      'INTERNAL_SERVER_ERROR',
      /signed field a must be text/,
    ],
    [
      'the separator in a field',
      { over: [{ field: 'a' }, 'timestamp', 'nonce'], join: '|' },
      { method: 'POST', body: { a: 'x|y' } },
      'BAD_USER_INPUT',
      /signed field a contains/,
    ],
    [
      'a text as an RSA key',
      { algorithm: 'rsa-sha256', key: () => SECRET },
      {},
      'UPSTREAM_UNAUTHORIZED',
      /signing.key is not a private key in PEM form/,
    ],
    [
      'an RSA key for Ed25519',
      { algorithm: 'ed25519', key: () => pemOf(PAIRS.rsa) },
      {},
      'UPSTREAM_UNAUTHORIZED',
      /not an Ed25519 private key/,
    ],
    [
      'another curve',
      { algorithm: 'ecdsa-p256-sha256', key: () => pemOf(PAIRS.p384) },
      {},
      'UPSTREAM_UNAUTHORIZED',
      /on the curve P-256/,
    ],
    [
      'a private key as a shared one',
      { key: () => pemOf(PAIRS.rsa) },
      {},
      'UPSTREAM_UNAUTHORIZED',
      /not one in PEM form/,
    ],
    [
      'a shared key that is not base64',
      { keyForm: 'base64', key: () => SECRET },
      {},
      'UPSTREAM_UNAUTHORIZED',
      /as base64/,
    ],
  ])('%s', async (_, changes, request, code, message) => {
    const { error, all } = await ask(aSigning(changes), request);
    expect(error).toMatchObject({ code });
    expect(error?.message).toMatch(message);
    expect(all).toEqual([]);
    const shown = inspect(error, { depth: null, showHidden: true }) + String(error?.stack);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain('PRIVATE KEY');
  });
});

describe('sortedQuery', () => {
  const name = fc.string({ unit: 'binary', maxLength: 6 });
  const pairs = fc.array(fc.tuple(name, name), { maxLength: 8 });
  const queryOf = (list: readonly (readonly [string, string])[]): string =>
    list.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&');
  const wellFormed = pairs.filter((list) => list.flat().every((text) => text.isWellFormed()));

  it('does not depend on the order of the pairs, and is its own canonical form', () => {
    fc.assert(
      fc.property(wellFormed, (list) => {
        const sorted = sortedQuery(queryOf(list));
        expect(sortedQuery(queryOf(list.toReversed()))).toBe(sorted);
        expect(sortedQuery(sorted)).toBe(sorted);
      }),
    );
  });

  it('keeps every pair', () => {
    fc.assert(
      fc.property(wellFormed, (list) => {
        const kept = [...new URLSearchParams(sortedQuery(queryOf(list)))].map((pair) => JSON.stringify(pair));
        expect(kept.toSorted()).toEqual(list.map((pair) => JSON.stringify(pair)).toSorted());
      }),
    );
  });
});
