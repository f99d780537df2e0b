// An issuer on a free port of loopback: discovery, keys, introspection, claims of a person. Counts what it is asked, signs what a
// test asks for, and can be made to fail.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function aKey(kid: string, alg = 'ES256'): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export interface TestIssuer {
  readonly url: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  /** Keys that the key set shows; a test may change them. */
  keys: JWK[];
  /** While set, every request is answered with this status; `unreadable`: with 200 and no JSON. */
  failing: number | 'unreadable' | undefined;
  /** Answers other than 200, by path and token, such as `/introspect bad`. */
  readonly refusing: Map<string, { readonly status: number; readonly body?: unknown }>;
  /** While set, introspections wait for it. */
  held: Promise<void> | undefined;
  /** Answer of the introspection by token. */
  readonly tokens: Map<string, Record<string, unknown>>;
  /** Answer of the userinfo by token. */
  readonly people: Map<string, Record<string, unknown>>;
  /** Signs claims; `iss`, `aud`, `iat` and `exp` are those of an acceptable token unless given. A claim that is undefined is left out. */
  sign(claims?: Record<string, unknown>, header?: Record<string, unknown>, key?: TestKey): Promise<string>;
  close(): Promise<void>;
}

export const AUDIENCE = 'https://api.example.test';

/** @param now epoch ms */
export async function anIssuer(key: TestKey, now: () => number = Date.now): Promise<TestIssuer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push(path);
      const token =
        new URLSearchParams(body).get('token') ??
        request.headers.authorization?.slice('Bearer '.length) ??
        '';
      const refusal = issuer.refusing.get(`${path} ${token}`);
      const json = (value: unknown): void => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(value));
      };
      if (issuer.failing !== undefined) {
        response.statusCode = issuer.failing === 'unreadable' ? 200 : issuer.failing;
        response.end('down');
      } else if (refusal !== undefined) {
        response.statusCode = refusal.status;
        json(refusal.body ?? {});
      } else if (path === '/.well-known/openid-configuration')
        json({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });
      else if (path === '/jwks') json({ keys: issuer.keys });
      else if (path === '/introspect' && request.headers.authorization === basic)
        void Promise.resolve(issuer.held).then(() => json(issuer.tokens.get(token) ?? { active: false }));
      else if (path === '/userinfo') json(issuer.people.get(token));
      else {
        response.statusCode = 404;
        response.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url,
    asked,
    keys: [key.jwk],
    failing: undefined,
    refusing: new Map(),
    held: undefined,
    tokens: new Map(),
    people: new Map(),
    sign: (claims = {}, header = {}, signer = key) => {
      const seconds = Math.floor(now() / 1000);
      const all = { iss: url, aud: AUDIENCE, iat: seconds, exp: seconds + 300, ...OFFICER, ...claims };
      return new SignJWT(all as JWTPayload)
        .setProtectedHeader({ alg: signer.alg, kid: signer.kid, ...header })
        .sign(signer.privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

/** Id and secret of the gateway at the issuer. */
export const GATEWAY = { clientId: 'lienthong', clientSecret: 'a secret/with signs' };
const basic = `Basic ${Buffer.from(`${GATEWAY.clientId}:${encodeURIComponent(GATEWAY.clientSecret).replaceAll('%20', '+')}`).toString('base64')}`;

export const OFFICER = { MaCanBo: 'CB0001', MaDonVi: 'H26', roles: ['handler'], client_id: 'one-stop' };
