// HTTP Message Signatures: the test vectors of RFC 9421 appendix B.2, and whole requests over a real socket.
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  contentDigest,
  createMessageSigner,
  fitsBase,
  type SignedMessage,
  signatureBase,
} from '../../src/upstream/signing/http-message.ts';
import { anUpstream, aRequest, aSource, json, live } from './a-source.ts';
import { aMessageSignature, type DeclaredMessageSignature } from './a-spec.ts';

/** RFC 9421 B.2: `test-request`. */
const REQUEST: SignedMessage = {
  method: 'POST',
  origin: 'https://example.com',
  path: '/foo?param=Value&Pet=dog',
  headers: { date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json' },
  payload: '{"hello": "world"}',
};
const CREATED_MS = 1618884473_000;

/** RFC 9421 B.1.4 and B.1.5: keys published for tests. */
const ED25519 =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----';
const SHARED = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==';

describe('the vectors of RFC 9421', () => {
  it('B.2.5, hmac-sha256', () => {
    const sign = createMessageSigner(
      aMessageSignature({
        algorithm: 'hmac-sha256',
        keyId: 'test-shared-secret',
        key: () => SHARED,
        label: 'sig-b25',
        components: ['date', '@authority', 'content-type'],
        nameAlgorithm: false,
      }),
    );
    expect(sign(REQUEST, CREATED_MS)).toEqual({
      'signature-input':
        'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
      signature: 'sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:',
    });
  });

  it('B.2.6, ed25519', () => {
    const sign = createMessageSigner(
      aMessageSignature({
        algorithm: 'ed25519',
        keyId: 'test-key-ed25519',
        key: () => ED25519,
        label: 'sig-b26',
        components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
        nameAlgorithm: false,
      }),
    );
    expect(sign(REQUEST, CREATED_MS)).toEqual({
      'signature-input':
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      signature:
        'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    });
  });
});

describe('components', () => {
  it.each([
    ['@method', 'POST'],
    ['@target-uri', 'https://example.com/foo?param=Value&Pet=dog'],
    ['@request-target', '/foo?param=Value&Pet=dog'],
    ['@authority', 'example.com'],
    ['@scheme', 'https'],
    ['@path', '/foo'],
    ['@query', '?param=Value&Pet=dog'],
    ['content-length', '18'],
  ])('%s · %s', (name, value) => {
    expect(signatureBase(REQUEST, [name], '()')).toBe(`"${name}": ${value}\n"@signature-params": ()`);
  });

  it('@query of a path without one · "?"', () => {
    expect(signatureBase({ ...REQUEST, path: '/foo' }, ['@query'], '()')).toContain('"@query": ?\n');
  });

  it('a missing header · is reported, and nothing is sent', async () => {
    const source = await aSource(json({}));
    const messageSignature: DeclaredMessageSignature = {
      algorithm: 'ed25519',
      keyId: 'k',
      key: () => ED25519,
      components: ['x-missing'],
    };
    await expect(
      anUpstream({ messageSignature }).attempt(aRequest(source.origin), live()),
    ).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(source.asked).toHaveLength(0);
  });
});

describe('a request over a socket', () => {
  const pss = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const KEYS = {
    ed25519: [ED25519, createPublicKey(ED25519)],
    'rsa-pss-sha512': [pem(pss.privateKey), pss.publicKey],
    'rsa-v1_5-sha256': [pem(pss.privateKey), pss.publicKey],
    'ecdsa-p256-sha256': [pem(p256.privateKey), p256.publicKey],
    'ecdsa-p384-sha384': [pem(p384.privateKey), p384.publicKey],
    'hmac-sha256': [SHARED, Buffer.from(SHARED, 'base64')],
  } as const;

  it.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('%s · fits what arrived', async (algorithm) => {
    const [key, publicKey] = KEYS[algorithm];
    const components = ['@method', '@target-uri', 'date', 'content-type', 'content-digest'];
    const source = await aSource(json({}));
    const upstream = anUpstream({
      messageSignature: { algorithm, keyId: 'k1', key: () => key, components },
    });
    const body = { name: 'Nguyễn Văn An' };
    await upstream.attempt(aRequest(source.origin, { method: 'POST', body }), live());

    const [asked] = source.asked;
    const headers = asked?.headers as Record<string, string>;
    expect(headers['content-digest']).toBe(contentDigest(asked?.body ?? ''));
    const parameters = (headers['signature-input'] ?? '').slice('sig1='.length);
    expect(parameters).toMatch(/;created=\d{10};keyid="k1";alg="[a-z0-9_-]+"$/);
    const arrived = {
      ...REQUEST,
      origin: source.origin,
      path: asked?.url ?? '',
      headers,
      payload: asked?.body,
    };
    const signature = Buffer.from((headers.signature ?? '').slice('sig1=:'.length, -1), 'base64');
    const base = signatureBase(arrived, components, parameters);
    expect(fitsBase(algorithm, base, signature, publicKey)).toBe(true);
    expect(fitsBase(algorithm, base.replace('POST', 'PUT'), signature, publicKey)).toBe(false);
  });

  it('an invalid key · UPSTREAM_UNAUTHORIZED without its text', async () => {
    const source = await aSource(json({}));
    const upstream = anUpstream({
      messageSignature: { algorithm: 'ed25519', keyId: 'k', key: () => 'SECRET', components: ['@method'] },
    });
    await expect(upstream.attempt(aRequest(source.origin), live())).rejects.toMatchObject({
      code: 'UPSTREAM_UNAUTHORIZED',
      message: 'messageSignature.key is not a private key in PEM form',
    });
  });

  it('half a key during a renewal · the last one signs, until the new one is whole', async () => {
    const source = await aSource(json({}));
    const other = generateKeyPairSync('ed25519');
    const next = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    let [key] = KEYS.ed25519 as readonly [string, ...unknown[]];
    const upstream = anUpstream({
      messageSignature: { algorithm: 'ed25519', keyId: 'k', key: () => key, components: ['@method'] },
    });
    const fits = async (publicKey: KeyObject): Promise<boolean> => {
      await upstream.attempt(aRequest(source.origin), live());
      const headers = source.asked.at(-1)?.headers as Record<string, string>;
      const parameters = (headers['signature-input'] ?? '').slice('sig1='.length);
      const signature = Buffer.from((headers.signature ?? '').slice('sig1=:'.length, -1), 'base64');
      const base = signatureBase({ ...REQUEST, method: 'GET' }, ['@method'], parameters);
      return fitsBase('ed25519', base, signature, publicKey);
    };
    const first = KEYS.ed25519[1] as KeyObject;
    expect(await fits(first)).toBe(true);
    key = next.slice(0, 60);
    expect(await fits(first)).toBe(true);
    key = next;
    expect(await fits(other.publicKey)).toBe(true);
  });
});
