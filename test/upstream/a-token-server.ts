// A token server that is not ours: `oidc-provider` over a real socket, with the clients and grants that a test needs. It answers every
// other path like a source: 200 for a token that it has issued and not withdrawn, with what the token is bound to; else 401.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type ClientMetadata, type Configuration, Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';
import { createMemory } from '../../src/development/memory.ts';

export interface ATokenServer {
  readonly origin: string;
  readonly provider: Provider;
  /** The bodies of the requests to the token endpoint, with the status of each answer. */
  readonly asked: {
    readonly form: URLSearchParams;
    readonly authorization: string | undefined;
    status: number;
  }[];
  /** A refresh token of a person who has agreed. */
  readonly grant: (clientId: string) => Promise<string>;
}

export interface TokenServerOptions {
  readonly clients: readonly ClientMetadata[];
  /** Grants beyond those of the library, by name: the account that a request stands for, or nothing. */
  readonly grants?: Readonly<
    Record<
      string,
      {
        readonly params: readonly string[];
        readonly accountOf: (params: Record<string, string>, issuer: string) => string | undefined;
      }
    >
  >;
  /** TLS with client certificates. */
  readonly tls?: ServerOptions | undefined;
  readonly accessTokenSeconds?: number | undefined;
  /** Called before each answer of the token endpoint leaves. */
  readonly beforeAnswer?: ((form: URLSearchParams) => Promise<void> | void) | undefined;
}

const certificateOf = (request: IncomingMessage): string | undefined => {
  const raw = (request.socket as Partial<TLSSocket>).getPeerCertificate?.(false)?.raw;
  return raw === undefined
    ? undefined
    : `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----`;
};

export async function aTokenServer(options: TokenServerOptions): Promise<ATokenServer> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const listener = (request: IncomingMessage, response: ServerResponse): void => handle(request, response);
  const server =
    options.tls === undefined ? createHttpServer(listener) : createHttpsServer(options.tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const scheme = options.tls === undefined ? 'http' : 'https';
  const origin = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const configuration: Configuration = {
    adapter: createMemory(),
    clients: options.clients.map((client) => ({ redirect_uris: [], response_types: [], ...client })),
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', 'read'],
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: options.accessTokenSeconds ?? 600,
      ClientCredentials: options.accessTokenSeconds ?? 600,
      RefreshToken: 86_400,
      Grant: 86_400,
    },
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      ...(options.tls === undefined ? [] : (['self_signed_tls_client_auth'] as const)),
      'none',
    ],
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      mTLS: {
        enabled: options.tls !== undefined,
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        getCertificate: (ctx) => certificateOf(ctx.req),
      },
    },
  };
  const provider = new Provider(origin, configuration);
  for (const [name, { params, accountOf }] of Object.entries(options.grants ?? {})) {
    provider.registerGrantType(
      name,
      async (ctx) => {
        const accountId = accountOf(ctx.oidc.params as Record<string, string>, origin);
        if (accountId === undefined) {
          ctx.status = 400;
          ctx.body = { error: 'invalid_grant' };
          return;
        }
        const client = ctx.oidc.client as NonNullable<typeof ctx.oidc.client>;
        const grantId = await new provider.Grant({ clientId: client.clientId, accountId }).save();
        const token = new provider.AccessToken({ accountId, client, grantId, scope: 'read' } as never);
        ctx.body = { access_token: await token.save(), expires_in: token.expiration, token_type: 'Bearer' };
      },
      [...params],
    );
  }

  const asked: ATokenServer['asked'] = [];
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== '/token') return;
    const form = new URLSearchParams(ctx.oidc?.body as Record<string, string> | undefined);
    asked.push({ form, authorization: ctx.headers.authorization, status: ctx.status });
    await options.beforeAnswer?.(form);
  });
  const provide = provider.callback();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const token = (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value));
    response.writeHead(token === undefined ? 401 : 200, { 'content-type': 'application/json' });
    const account = token === undefined || !('accountId' in token) ? undefined : token.accountId;
    const bound = token === undefined ? undefined : token['x5t#S256'];
    response.end(JSON.stringify({ client: token?.clientId, account, scope: token?.scope, bound }));
  };
  handle = (request, response) => {
    if (request.url === '/token') void provide(request, response);
    else void serve(request, response);
  };
  return {
    origin,
    provider,
    asked,
    grant: async (clientId) => {
      const client = await provider.Client.find(clientId);
      const grant = new provider.Grant({ clientId, accountId: 'officer' });
      grant.addOIDCScope('openid offline_access read');
      const grantId = await grant.save();
      return new provider.RefreshToken({
        accountId: 'officer',
        client,
        grantId,
        scope: 'openid offline_access read',
        gty: 'authorization_code',
      } as never).save();
    },
  };
}
