// Values of credentials: digests of secrets and timestamps, wherever a value stands, over a real socket. The digests are computed here
// by Web Crypto and, for md5, by openssl's published vectors.
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { credentialsSchema } from '../../src/upstream/credentials/kinds.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';
import type { DeclaredCredentials } from './a-spec.ts';

const AT = 1_700_000_000_123;
const secret = (text: string) => () => text;

async function sent(declared: DeclaredCredentials | ((origin: string) => DeclaredCredentials)) {
  const source = await aSource(json({ token: 't1' }));
  const credentials = typeof declared === 'function' ? declared(source.origin) : declared;
  await anUpstream({ credentials }, { now: () => AT }).attempt(
    aRequest(source.origin, { method: 'POST', path: '/thing', body: { a: 1 } }),
    live(),
  );
  return source.asked;
}

const headerOf = async (value: object): Promise<unknown> =>
  (await sent({ type: 'values', headers: { 'X-Value': value as never } }))[0]?.headers['x-value'];

describe('a digest', () => {
  // RFC 1321 A.5, FIPS 180-2 appendix B.1, RFC 4231 case 2.
  it.each([
    ['md5', { digest: 'md5', of: secret('abc') }, '900150983cd24fb0d6963f7d28e17f72'],
    [
      'md5, upper case',
      { digest: 'md5', of: secret('abc'), case: 'upper' },
      '900150983CD24FB0D6963F7D28E17F72',
    ],
    ['md5, base64', { digest: 'md5', of: secret('abc'), encoding: 'base64' }, 'kAFQmDzST7DWlj99KOF/cg=='],
    ['md5, base64url', { digest: 'md5', of: secret('abc'), encoding: 'base64url' }, 'kAFQmDzST7DWlj99KOF_cg'],
    ['sha1', { digest: 'sha1', of: secret('abc') }, 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [
      'sha256',
      { digest: 'sha256', of: secret('abc') },
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    [
      'HMAC-SHA-256',
      { digest: 'sha256', of: 'what do ya want for nothing?', key: secret('Jefe') },
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
  ])('%s', async (_, value, expected) => {
    expect(await headerOf(value)).toBe(expected);
  });

  it('of parts and of a digest: md5(md5(password) + time)', async () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const value = {
      digest: 'md5',
      of: [{ digest: 'md5', of: secret('mật khẩu') }, { timestamp: 'epochSeconds' }],
    };
    expect(await headerOf(value)).toBe(md5(`${md5('mật khẩu')}1700000000`));
  });
});

it.each([
  ['epochSeconds', '1700000000'],
  ['epochMs', '1700000000123'],
  ['yyyyMMddHHmmss', '20231115051320'],
  ['iso8601', '2023-11-14T22:13:20Z'],
  ['httpDate', 'Tue, 14 Nov 2023 22:13:20 GMT'],
])('a timestamp · %s', async (timestamp, expected) => {
  expect(await headerOf({ timestamp })).toBe(expected);
});

describe('where a value stands', () => {
  const digest = { digest: 'sha256', of: secret('pw') } as const;
  const expected = createHash('sha256').update('pw').digest('hex');

  it('in the body and the headers of a login, all of the same time', async () => {
    const [login, call] = await sent((origin) => ({
      type: 'login',
      url: `${origin}/login`,
      body: { user: 'u', password: digest, at: { timestamp: 'epochMs' } },
      headers: { 'X-Sign': { digest: 'md5', of: [{ timestamp: 'epochMs' }], key: secret('k') } },
      tokenAt: 'token',
      header: 'token',
    }));
    expect(JSON.parse(login?.body ?? '')).toEqual({ user: 'u', password: expected, at: String(AT) });
    expect(login?.headers['x-sign']).toBe(createHmac('md5', 'k').update(String(AT)).digest('hex'));
    expect(call?.headers.token).toBe('t1');
  });

  it.each<[string, DeclaredCredentials, string, string]>([
    ['a header', { type: 'header', name: 'X-Key', value: digest }, 'x-key', expected],
    ['a bearer token', { type: 'bearer', token: digest }, 'authorization', `Bearer ${expected}`],
    [
      'a Basic password',
      { type: 'basic', user: 'u', password: digest },
      'authorization',
      `Basic ${Buffer.from(`u:${expected}`).toString('base64')}`,
    ],
    [
      'a JSON header',
      { type: 'jsonHeader', name: 'x', fields: { k: digest, at: { timestamp: 'epochSeconds' } } },
      'x',
      Buffer.from(JSON.stringify({ k: expected, at: '1700000000' })).toString('base64'),
    ],
  ])('in %s', async (_, credentials, header, value) => {
    expect((await sent(credentials))[0]?.headers[header]).toBe(value);
  });

  it('in the query', async () => {
    const [call] = await sent({ type: 'query', name: 'key', value: digest });
    expect(call?.url).toBe(`/thing?key=${expected}`);
  });

  it('in headers, query and body together', async () => {
    const [call] = await sent({
      type: 'values',
      headers: { 'X-Time': { timestamp: 'epochMs' } },
      query: { sign: digest },
      body: { session: secret('s') },
    });
    expect(call?.headers['x-time']).toBe(String(AT));
    expect(call?.url).toBe(`/thing?sign=${expected}`);
    expect(JSON.parse(call?.body ?? '')).toEqual({ session: 's', a: 1 });
  });
});

describe('is refused in a manifest', () => {
  const issuesOf = (credentials: unknown): string => {
    const parsed = credentialsSchema.safeParse(credentials);
    return parsed.success ? 'accepted' : JSON.stringify(parsed.error.issues);
  };
  const header = (value: unknown) => ({ type: 'header', name: 'x', value });

  it.each([
    ['a secret in plain text', header('hush'), 'must be given by reference'],
    ['a digest over plain text', header({ digest: 'md5', of: 'hush' }), 'by reference'],
    ['a plain key of an HMAC', header({ digest: 'md5', of: 'x', key: 'hush' }), 'must be given by reference'],
    ['an unknown algorithm', header({ digest: 'md6', of: '${env:X}' }), 'md5'],
    [
      'the case of base64',
      header({ digest: 'md5', of: '${env:X}', encoding: 'base64', case: 'upper' }),
      'case belongs to hex',
    ],
    ['a timestamp for a secret', header({ timestamp: 'epochMs' }), 'digest'],
    ['nothing to cover', header({ digest: 'md5', of: [] }), 'too_small'],
    ['values without a place', { type: 'values' }, 'at least one of headers, query, body'],
  ])('%s', (_, credentials, message) => {
    expect(issuesOf(credentials)).toContain(message);
  });
});
