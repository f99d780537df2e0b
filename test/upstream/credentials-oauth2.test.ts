// The grants of OAuth 2.0 and the ways in which a client proves itself, against a token server that is not ours (oidc-provider).
import { createHash, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { GatewayError } from '../../src/errors.ts';
import { anUpstream, aRequest, live } from './a-source.ts';
import type { DeclaredCredentials } from './a-spec.ts';
import { type ATokenServer, aTokenServer, type TokenServerOptions } from './a-token-server.ts';

const secret = (text: string) => () => text;
const pem = (file: string): string => readFileSync(new URL(`certificates/${file}`, import.meta.url), 'utf8');
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const KEYS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const jwkOf = (algorithm: keyof typeof KEYS): JWK => ({
  ...(KEYS[algorithm].publicKey.export({ format: 'jwk' }) as JWK),
  kid: 'k1',
  alg: algorithm,
  use: 'sig',
});

const call = (server: ATokenServer, credentials: DeclaredCredentials, tls?: object) =>
  anUpstream({ credentials, ...(tls && { tls }) }).attempt(aRequest(server.origin), live());

const failureOf = (run: Promise<unknown>): Promise<GatewayError> =>
  run.then(
    () => expect.unreachable(),
    (error: GatewayError) => error,
  );

describe('how a client proves itself', () => {
  const machine = { client_id: 'city', grant_types: ['client_credentials'] };
  const declared = (server: ATokenServer, more: object): DeclaredCredentials => ({
    type: 'oauth2ClientCredentials',
    tokenUrl: `${server.origin}/token`,
    clientId: 'city',
    scope: 'read',
    ...more,
  });

  it.each([
    ['client_secret_basic', {}],
    ['client_secret_post', { clientSecretIn: 'form' }],
  ])('%s', async (method, more) => {
    const client = {
      ...machine,
      client_secret: 'hush-hush-hush',
      token_endpoint_auth_method: method as never,
    };
    const server = await aTokenServer({ clients: [client] });
    const answer = await call(server, declared(server, { clientSecret: secret('hush-hush-hush'), ...more }));
    expect(answer.body).toMatchObject({ client: 'city', scope: 'read' });
    const refused = await failureOf(
      call(server, declared(server, { clientSecret: secret('wrong'), ...more })),
    );
    expect(refused).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY' });
  });

  it.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('private_key_jwt with %s', async (algorithm) => {
    const client = {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt' as const,
      token_endpoint_auth_signing_alg: algorithm,
      jwks: { keys: [jwkOf(algorithm)] },
    };
    const server = await aTokenServer({ clients: [client as never] });
    const signedBy = (key: KeyObject, more = {}) =>
      declared(server, {
        clientAssertion: {
          key: secret(pemOf(key)),
          algorithm,
          keyId: 'k1',
          audience: server.origin,
          ...more,
        },
      });
    const answer = await call(server, signedBy(KEYS[algorithm].privateKey));
    expect(answer.body).toMatchObject({ client: 'city' });
    const [asked] = server.asked;
    expect(asked?.authorization).toBeUndefined();
    const assertion = asked?.form.get('client_assertion') ?? '';
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k1' });
    const claims = decodeJwt(assertion);
    expect(claims).toMatchObject({ iss: 'city', sub: 'city', aud: server.origin });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);

    const stranger =
      algorithm === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : algorithm === 'ES256'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await failureOf(call(server, signedBy(stranger.privateKey)))).toMatchObject({
      code: 'UPSTREAM_UNAUTHORIZED',
    });
  });

  it('client_secret_jwt', async () => {
    const shared = 'a-secret-of-at-least-thirty-two-characters';
    const client = {
      ...machine,
      client_secret: shared,
      token_endpoint_auth_method: 'client_secret_jwt' as const,
      token_endpoint_auth_signing_alg: 'HS256',
    };
    const server = await aTokenServer({ clients: [client as never] });
    const clientAssertion = { key: secret(shared), algorithm: 'HS256', audience: server.origin };
    expect((await call(server, declared(server, { clientAssertion }))).body).toMatchObject({
      client: 'city',
    });
  });

  it('a new assertion for each token request: an id is never used twice', async () => {
    const client = {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt' as const,
      jwks: { keys: [jwkOf('RS256')] },
    };
    const server = await aTokenServer({ clients: [client] });
    const clientAssertion = { key: secret(pemOf(KEYS.RS256.privateKey)), audience: server.origin };
    for (let i = 0; i < 3; i++) await call(server, declared(server, { clientAssertion }));
    const ids = server.asked.map(({ form }) => decodeJwt(form.get('client_assertion') ?? '').jti);
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    ['not a key', 'RS256', 'the key of the assertion is not a private key in PEM form'],
    [pemOf(KEYS.ES256.privateKey), 'RS256', 'the key of the assertion does not fit the algorithm RS256'],
    [pemOf(KEYS.RS256.privateKey), 'ES256', 'the key of the assertion does not fit the algorithm ES256'],
  ])(
    'a key that does not fit · UPSTREAM_UNAUTHORIZED, and nothing is sent',
    async (key, algorithm, detail) => {
      const server = await aTokenServer({ clients: [{ ...machine, client_secret: 'x'.repeat(16) }] });
      const error = await failureOf(
        call(server, declared(server, { clientAssertion: { key: secret(key), algorithm } })),
      );
      expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY', message: detail });
      expect(server.asked).toEqual([]);
    },
  );

  it('the certificate of tls (RFC 8705) · proves the client, and the token is bound to it', async () => {
    const certificate = new X509Certificate(pem('gateway.crt'));
    const jwk = certificate.publicKey.export({ format: 'jwk' }) as JWK;
    const client = {
      ...machine,
      token_endpoint_auth_method: 'self_signed_tls_client_auth' as const,
      tls_client_certificate_bound_access_tokens: true,
      jwks: { keys: [{ ...jwk, x5c: [certificate.raw.toString('base64')] }] },
    };
    const server = await aTokenServer({
      clients: [client as never],
      tls: { cert: pem('source.crt'), key: pem('source.key'), requestCert: true, rejectUnauthorized: false },
    });
    const mutual = (name: string) => ({
      ca: secret(pem('ca.crt')),
      cert: secret(pem(`${name}.crt`)),
      key: secret(pem(`${name}.key`)),
    });
    const answer = await call(server, declared(server, { clientCertificate: true }), mutual('gateway'));
    expect(answer.body).toMatchObject({
      client: 'city',
      bound: createHash('sha256').update(certificate.raw).digest('base64url'),
    });
    expect(Object.fromEntries(server.asked[0]?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'read',
      client_id: 'city',
    });
    expect(
      await failureOf(call(server, declared(server, { clientCertificate: true }), mutual('stranger'))),
    ).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY' });
  });
});

describe('password grant', () => {
  const passwordServer = (expected: string) => {
    const grants: TokenServerOptions['grants'] = {
      password: {
        params: ['username', 'password'],
        accountOf: ({ username, password }) =>
          username === 'cán bộ' && password === expected ? username : undefined,
      },
    };
    const base = { grant_types: ['password'] };
    return aTokenServer({
      grants,
      clients: [
        { ...base, client_id: 'city', client_secret: 'hush-hush-hush' },
        { ...base, client_id: 'public', token_endpoint_auth_method: 'none' },
      ],
    });
  };

  it.each([
    ['a confidential client', { clientId: 'city', clientSecret: secret('hush-hush-hush') }],
    ['a public client', { clientId: 'public' }],
  ])('of %s', async (_, client) => {
    const server = await passwordServer('mật khẩu');
    const declared = {
      type: 'oauth2Password',
      tokenUrl: `${server.origin}/token`,
      user: 'cán bộ',
      ...client,
    } as const;
    const answer = await call(server, { ...declared, password: secret('mật khẩu') });
    expect(answer.body).toMatchObject({ account: 'cán bộ' });
    expect(await failureOf(call(server, { ...declared, password: secret('wrong') }))).toMatchObject({
      code: 'UPSTREAM_UNAUTHORIZED',
      fault: 'GATEWAY',
      extensions: { http: { status: 400 } },
    });
  });

  it('with a digest of the password', async () => {
    const server = await passwordServer(createHash('md5').update('pw').digest('hex').toUpperCase());
    const answer = await call(server, {
      type: 'oauth2Password',
      tokenUrl: `${server.origin}/token`,
      user: 'cán bộ',
      password: { digest: 'md5', of: secret('pw'), case: 'upper' },
      clientId: 'public',
    });
    expect(answer.body).toMatchObject({ account: 'cán bộ' });
  });
});

describe('JWT bearer grant', () => {
  const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

  it('an assertion with claims of its own is exchanged for a token', async () => {
    const keys = createLocalJWKSet({ keys: [jwkOf('ES256') as never] });
    let assertion = '';
    const server = await aTokenServer({
      clients: [{ client_id: 'city', token_endpoint_auth_method: 'none', grant_types: [GRANT] }],
      grants: {
        [GRANT]: {
          params: ['assertion'],
          accountOf: (params) => {
            assertion = params.assertion ?? '';
            return decodeJwt(assertion).sub;
          },
        },
      },
    });
    const answer = await call(server, {
      type: 'oauth2JwtBearer',
      tokenUrl: `${server.origin}/token`,
      clientId: 'city',
      issuer: 'lien-thong',
      subject: 'portal',
      claims: { agency: 'H26', iss: 'ignored', proof: { digest: 'sha256', of: secret('s') } },
      key: secret(pemOf(KEYS.ES256.privateKey)),
      algorithm: 'ES256',
      keyId: 'k1',
      certificate: secret(pem('gateway.crt')),
      lifeSeconds: 120,
    });
    expect(answer.body).toMatchObject({ account: 'portal' });
    const verified = await jwtVerify(assertion, keys, {
      issuer: 'lien-thong',
      audience: `${server.origin}/token`,
    });
    expect(verified).toMatchObject({
      payload: {
        sub: 'portal',
        agency: 'H26',
        proof: createHash('sha256').update('s').digest('hex'),
      },
      protectedHeader: {
        'x5t#S256': createHash('sha256')
          .update(new X509Certificate(pem('gateway.crt')).raw)
          .digest('base64url'),
      },
    });
  });

  it('without issuer and subject the client id stands for both', async () => {
    let claims: unknown;
    const server = await aTokenServer({
      clients: [{ client_id: 'city', token_endpoint_auth_method: 'none', grant_types: [GRANT] }],
      grants: {
        [GRANT]: {
          params: ['assertion'],
          accountOf: (params) => {
            claims = decodeJwt(params.assertion ?? '');
            return undefined;
          },
        },
      },
    });
    const error = await failureOf(
      call(server, {
        type: 'oauth2JwtBearer',
        tokenUrl: `${server.origin}/token`,
        clientId: 'city',
        key: secret(pemOf(KEYS.RS256.privateKey)),
      }),
    );
    expect(claims).toMatchObject({ iss: 'city', sub: 'city' });
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHORIZED', fault: 'GATEWAY' });
  });
});
