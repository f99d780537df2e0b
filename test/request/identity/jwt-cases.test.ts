// Every way in which a token can be wrong, over HTTP against an issuer on loopback. No address that a token names is ever called.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CompactEncrypt,
  CompactSign,
  exportSPKI,
  generateKeyPair,
  importJWK,
  importSPKI,
  UnsecuredJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEntry, anIdentityServer, type IdentityServer } from './a-server.ts';
import { AUDIENCE, aKey, anIssuer, OFFICER, type TestIssuer, type TestKey } from './an-issuer.ts';

let es: TestKey;
let rs: TestKey;
let issuer: TestIssuer;
let server: IdentityServer;
/** What the addresses in tokens were asked; must stay empty. */
const lured: string[] = [];
const lure = createServer((request, response) => {
  lured.push(request.url ?? '');
  response.end('{}');
});
let lureUrl = '';

beforeAll(async () => {
  [es, rs] = await Promise.all([aKey('es'), aKey('rs', 'RS256')]);
  issuer = await anIssuer(es);
  issuer.keys = [es.jwk, rs.jwk];
  server = await anIdentityServer(
    `${anEntry(issuer.url, 'kind: officer\nalgorithms: [ES256, RS256]')}clients:\n  one-stop: { class: counter }\n`,
  );
  await new Promise<void>((resolve) => lure.listen(0, '127.0.0.1', resolve));
  lureUrl = `http://127.0.0.1:${(lure.address() as AddressInfo).port}`;
});
afterAll(async () => {
  lure.close();
  await server.close();
  await issuer.close();
});

const b64 = (text: string): string => Buffer.from(text).toString('base64url');
const nowS = (): number => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({
  iss: issuer.url,
  aud: AUDIENCE,
  iat: nowS(),
  exp: nowS() + 300,
  ...OFFICER,
  ...more,
});
/** Signs any texts as header and payload, so that both may be malformed. */
async function signRaw(header: string, payload: string, key = es): Promise<string> {
  const { subtle } = globalThis.crypto;
  const input = `${b64(header)}.${b64(payload)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await subtle.sign(algorithm, key.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}
const HEADER = '{"alg":"ES256","kid":"es"}';
const hmac = (secret: Uint8Array, header: object = {}) =>
  new CompactSign(Buffer.from(JSON.stringify(claims())))
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(secret);

describe('a token that is right', () => {
  it('ES256 and RS256 · sent · then actor, roles, scopes, client and its class', async () => {
    for (const key of [es, rs]) {
      const token = await issuer.sign({ scope: 'dossier.read person.read' }, { typ: 'at+jwt' }, key);
      expect(await server.withToken(token)).toMatchObject({
        status: 200,
        who: {
          actor: { kind: 'officer', officer: 'CB0001', agency: 'H26' },
          roles: ['handler'],
          scopes: ['dossier.read', 'person.read'],
          client: { id: 'one-stop', class: 'counter' },
          issuer: 'test',
          callerClass: 'counter',
        },
      });
    }
  });

  it.each([
    ['a list of audiences', { aud: ['https://other.test', AUDIENCE] }],
    ['azp in place of client_id', { client_id: undefined, azp: 'one-stop' }],
    ['expired within the clock skew', { exp: nowS() - 10 }],
    ['valid from a moment within the clock skew', { nbf: nowS() + 10, iat: nowS() + 10 }],
  ])('%s · sent · then accepted', async (_, more) => {
    const token = await issuer.sign(more);
    expect(await server.withToken(token)).toMatchObject({
      status: 200,
      who: { client: { class: 'counter' } },
    });
  });

  it('nothing · sent · then anonymous', async () => {
    expect(await server.ask()).toMatchObject({
      status: 200,
      who: { actor: { kind: 'anonymous' }, roles: [] },
    });
  });
});

describe('a token that is wrong', () => {
  const cases: [string, () => Promise<string>, string][] = [
    ['alg none', async () => new UnsecuredJWT(claims()).encode(), 'malformed|algorithm'],
    [
      'alg none with a kid',
      async () => `${b64('{"alg":"none","kid":"es"}')}.${b64(JSON.stringify(claims()))}.`,
      'algorithm',
    ],
    ['alg NONE', async () => `${b64('{"alg":"NoNe"}')}.${b64(JSON.stringify(claims()))}.AAAA`, 'algorithm'],
    ['no alg', () => signRaw('{"kid":"es"}', JSON.stringify(claims())), 'algorithm'],
    ['alg as a list', () => signRaw('{"alg":["ES256"],"kid":"es"}', JSON.stringify(claims())), 'algorithm'],
    [
      'key confusion: the public key as the secret of an HMAC',
      async () => {
        const pem = await exportSPKI((await importJWK(rs.jwk, 'RS256')) as CryptoKey);
        await importSPKI(pem, 'RS256');
        return hmac(Buffer.from(pem), { kid: 'rs' });
      },
      'algorithm',
    ],
    ['a weak secret', () => hmac(Buffer.from('secret'.padEnd(32, '0'))), 'algorithm'],
    ['an empty secret', () => hmac(new Uint8Array(32)), 'algorithm'],
    [
      'an algorithm that the issuer does not allow',
      async () => issuer.sign({}, {}, await aKey('es', 'ES384')),
      'algorithm',
    ],
    ['the key of another kind', () => issuer.sign({}, { kid: 'rs' }), 'key'],
    ['a kid with a path', () => issuer.sign({}, { kid: '../../dev/null' }), 'key'],
    ['a kid with SQL', () => issuer.sign({}, { kid: "x' UNION SELECT 'k" }), 'key'],
    ['a kid that is an address', () => issuer.sign({}, { kid: `${lureUrl}/kid` }), 'key'],
    ['a kid that every object has', () => issuer.sign({}, { kid: '__proto__' }), 'key'],
    [
      'jku and another key',
      async () => issuer.sign({}, { jku: `${lureUrl}/jku` }, await aKey('es')),
      'signature',
    ],
    [
      'x5u and another key',
      async () => issuer.sign({}, { x5u: `${lureUrl}/x5u` }, await aKey('es')),
      'signature',
    ],
    [
      'its own key in jwk',
      async () => {
        const own = await aKey('es');
        return issuer.sign({}, { jwk: own.jwk }, own);
      },
      'signature',
    ],
    [
      'its own certificate in x5c',
      async () => issuer.sign({}, { x5c: ['MIIB'] }, await aKey('es')),
      'signature',
    ],
    [
      'crit that is unknown',
      () => signRaw('{"alg":"ES256","kid":"es","crit":["pay"],"pay":true}', JSON.stringify(claims())),
      'extension',
    ],
    [
      'crit that is empty',
      () => signRaw('{"alg":"ES256","kid":"es","crit":[]}', JSON.stringify(claims())),
      'malformed',
    ],
    [
      'b64: false',
      () => signRaw('{"alg":"ES256","kid":"es","crit":["b64"],"b64":false}', JSON.stringify(claims())),
      'malformed|signature',
    ],
    [
      'a token in a token',
      async () => {
        const inner = await issuer.sign();
        return signRaw('{"alg":"ES256","kid":"es","cty":"JWT"}', inner);
      },
      'malformed',
    ],
    [
      'an encrypted token',
      async () => {
        const { publicKey } = await generateKeyPair('ECDH-ES');
        return new CompactEncrypt(Buffer.from(JSON.stringify(claims())))
          .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
          .encrypt(publicKey);
      },
      'malformed',
    ],
    ['expired', () => issuer.sign({ exp: nowS() - 31 }), 'expired'],
    ['without an end', () => issuer.sign({ exp: undefined }), 'claim'],
    ['an end that is a text', () => issuer.sign({ exp: '9999999999' }), 'claim'],
    [
      'an end that is no number that JSON has',
      () => signRaw(HEADER, JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999')),
      'expired|claim|malformed',
    ],
    ['not valid yet', () => issuer.sign({ nbf: nowS() + 60 }), 'not valid yet'],
    ['issued in the future', () => issuer.sign({ iat: nowS() + 60 }), 'not valid yet'],
    ['another audience', () => issuer.sign({ aud: 'https://other.test' }), 'another service'],
    ['no audience', () => issuer.sign({ aud: undefined }), 'another service|claim'],
    ['another issuer', () => issuer.sign({ iss: 'https://other.test' }), 'not trusted'],
    ['an issuer with a slash more', () => issuer.sign({ iss: `${issuer.url}/` }), 'not trusted'],
    ['no issuer', () => issuer.sign({ iss: undefined }), 'not trusted'],
    ['issuers as a list', () => issuer.sign({ iss: [issuer.url] }), 'not trusted'],
    [
      'the type of another kind of token',
      () => issuer.sign({}, { typ: 'logout+jwt' }),
      'not an access token',
    ],
    [
      'a type that is no text',
      () => signRaw('{"alg":"ES256","kid":"es","typ":1}', JSON.stringify(claims())),
      'not an access token',
    ],
    ['oversized', () => issuer.sign({ more: 'x'.repeat(8_000) }), 'too long'],
    [
      'a claim twice',
      () => signRaw(HEADER, JSON.stringify(claims()).replace('{', '{"MaCanBo":"CB9999",')),
      'malformed',
    ],
    [
      'a claim twice, once escaped',
      () => signRaw(HEADER, JSON.stringify(claims()).replace('{', '{"MaCanB\\u006f":"CB9999",')),
      'malformed',
    ],
    [
      'a member of a claim twice',
      () => signRaw(HEADER, JSON.stringify(claims()).replace('{', '{"cnf":{"a":1,"a":2},')),
      'malformed',
    ],
    [
      'a header member twice',
      () => signRaw('{"alg":"none","alg":"ES256","kid":"es"}', JSON.stringify(claims())),
      'malformed',
    ],
    ['claims that are a list', () => signRaw(HEADER, '[]'), 'malformed'],
    ['claims that are no JSON', () => signRaw(HEADER, '{iss'), 'malformed'],
    [
      'claims that are no UTF-8',
      async () => `${b64(HEADER)}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AA`,
      'malformed',
    ],
    [
      'a changed claim',
      async () => {
        const [header, , signature] = (await issuer.sign()).split('.');
        return `${header}.${b64(JSON.stringify(claims({ MaCanBo: 'CB9999' })))}.${signature}`;
      },
      'signature',
    ],
    [
      'no signature',
      async () => `${(await issuer.sign()).split('.').slice(0, 2).join('.')}.`,
      'malformed|signature',
    ],
    [
      'a signature of zeros',
      async () => `${(await issuer.sign()).split('.').slice(0, 2).join('.')}.${b64('\0'.repeat(64))}`,
      'signature',
    ],
    ['four parts', async () => `${await issuer.sign()}.AAAA`, 'malformed'],
    ['no officer code', () => issuer.sign({ MaCanBo: undefined }), 'claim'],
    ['an officer code that is a list', () => issuer.sign({ MaCanBo: ['CB0001'] }), 'claim'],
    ['an agency with a path', () => issuer.sign({ MaDonVi: '../H26' }), 'claim'],
    ['a client id with a line break', () => issuer.sign({ client_id: 'a\nb' }), 'claim'],
    [
      'bound to a certificate that is not shown',
      () => issuer.sign({ cnf: { 'x5t#S256': 'A'.repeat(43) } }),
      'bound',
    ],
    ['bound to a key (DPoP)', () => issuer.sign({ cnf: { jkt: 'A'.repeat(43) } }), 'bound'],
  ];

  it.each(cases)('%s · sent · then 401 with the reason', async (_, make, reason) => {
    const answer = await server.withToken(await make());
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(answer.message).toMatch(new RegExp(reason));
    expect(answer.who).toBeUndefined();
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('all of them · then nothing was asked but the configured issuer, and the log shows no token', async () => {
    expect(lured).toEqual([]);
    expect(new Set(issuer.asked)).toEqual(new Set(['/.well-known/openid-configuration', '/jwks']));
    // Unknown keys came within one pause: they caused at most one call each 5 s.
    expect(issuer.asked.filter((path) => path === '/jwks').length).toBeLessThan(6);
    expect(server.log.join('')).not.toMatch(/eyJ|CB0001/);
  });
});
