// The configuration of the development issuer: clients, scopes, tokens. A real OpenID provider, except that it asks for no password
// and that a developer can ask for anybody's token.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Accounts } from './accounts.ts';
import { createMemory } from './memory.ts';
import {
  APP_CLIENT,
  AUDIENCE,
  DEFAULT_SCOPE,
  DEVELOPER_GRANT,
  GATEWAY_CLIENT,
  MAX_MINUTES,
  OPAQUE_AUDIENCE,
  SCOPES,
  TOOLS_CLIENT,
} from './names.ts';
import { MACHINE } from './people.ts';

const TOKEN_SECONDS = 600;

export interface ProviderOptions {
  readonly accounts: Accounts;
  readonly gatewaySecret: string;
  /** Life of the tokens of the code flow, seconds. Default: 600. */
  readonly tokenSeconds?: number | undefined;
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(\/|$)/;

/** A page on this machine, or a program that is no page. */
export const isLoopbackUrl = (url: string): boolean => LOOPBACK.test(url);

export function configurationOf({ accounts, gatewaySecret, tokenSeconds }: ProviderOptions): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secretClient = {
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [],
    response_types: [],
  } as const;
  const ES256 = { id_token_signed_response_alg: 'ES256' } as const;
  return {
    adapter: createMemory(),
    jwks: {
      keys: [
        {
          ...privateKey.export({ format: 'jwk' }),
          use: 'sig',
          alg: 'ES256',
          kid: randomBytes(8).toString('hex'),
        },
      ],
    },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    clients: [
      {
        ...ES256,
        client_id: APP_CLIENT,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['http://127.0.0.1/'],
      },
      {
        ...ES256,
        ...secretClient,
        client_id: TOOLS_CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: [DEVELOPER_GRANT],
      },
      { ...ES256, ...secretClient, client_id: GATEWAY_CLIENT, client_secret: gatewaySecret, grant_types: [] },
      {
        ...ES256,
        ...secretClient,
        client_id: MACHINE.id,
        client_secret: MACHINE.secret,
        grant_types: ['client_credentials'],
      },
    ],
    clientBasedCORS: (_ctx: KoaContextWithOIDC, origin: string) => isLoopbackUrl(origin),
    scopes: ['openid', 'offline_access', ...SCOPES],
    responseTypes: ['code'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // Texts of the library: no address and no value of a client.
    renderError: (ctx, { error, error_description: text }) => {
      ctx.type = 'text/plain';
      ctx.body = `${error}: ${text ?? ''}\n`;
    },
    interactions: { url: (_ctx, { uid }) => `/sign-in/${uid}` },
    findAccount: (_ctx, sub) =>
      accounts.claimsOf(sub) && { accountId: sub, claims: async () => ({ sub, ...accounts.claimsOf(sub) }) },
    extraTokenClaims: (_ctx, token) => {
      if ('accountId' in token && token.accountId !== undefined) return accounts.claimsOf(token.accountId);
      return { kind: 'machine', MaDonVi: MACHINE.agency };
    },
    loadExistingGrant: grantEverything,
    ttl: {
      AccessToken: tokenSeconds ?? TOKEN_SECONDS,
      ClientCredentials: TOKEN_SECONDS,
      Grant: 86_400,
      Session: 86_400,
      Interaction: 3_600,
      IdToken: 3_600,
      RefreshToken: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId === GATEWAY_CLIENT },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: SCOPES.join(' '),
          audience: resource,
          ...(resource === OPAQUE_AUDIENCE
            ? { accessTokenFormat: 'opaque' as const }
            : { accessTokenFormat: 'jwt' as const, jwt: { sign: { alg: 'ES256' as const } } }),
        }),
      },
    },
  };
}

/** Nobody is asked for consent: there is nobody. */
async function grantEverything(ctx: KoaContextWithOIDC) {
  const { provider, session, client } = ctx.oidc;
  const existing = session?.grantIdFor(client?.clientId ?? '');
  if (existing !== undefined) return provider.Grant.find(existing);
  const grant = new provider.Grant({
    clientId: client?.clientId as string,
    accountId: session?.accountId as string,
  });
  grant.addOIDCScope(['openid', 'offline_access', ...SCOPES].join(' '));
  for (const resource of [AUDIENCE, OPAQUE_AUDIENCE]) grant.addResourceScope(resource, SCOPES.join(' '));
  await grant.save();
  return grant;
}

/** Answers the developer's grant with a token alone: a new one costs as little as a renewal. */
export function addDeveloperGrant(provider: Provider, accounts: Accounts): void {
  provider.registerGrantType(
    DEVELOPER_GRANT,
    async (ctx) => {
      const {
        person = '',
        id,
        agency,
        minutes = '60',
      } = ctx.oidc.params as Record<string, string | undefined>;
      const account = accounts.accountOf({ person, id, agency });
      const life = /^\d{1,4}$/.test(minutes) ? Number(minutes) : 0;
      if (account === undefined)
        return refuse(
          ctx,
          'person: no synthetic person has this name, id and agency. Leave out --id and --agency for the first person of the kind',
        );
      if (life < 1 || life > MAX_MINUTES) return refuse(ctx, `minutes: expected 1 to ${MAX_MINUTES}`);
      const token = new provider.AccessToken({
        accountId: account,
        client: ctx.oidc.client,
        scope: DEFAULT_SCOPE,
        expiresIn: life * 60,
        gty: 'developer',
      } as unknown as ConstructorParameters<Provider['AccessToken']>[0]);
      const info = { audience: AUDIENCE, scope: SCOPES.join(' '), accessTokenFormat: 'jwt' as const };
      (token as { resourceServer?: unknown }).resourceServer = new provider.ResourceServer(AUDIENCE, {
        ...info,
        jwt: { sign: { alg: 'ES256' } },
      });
      ctx.body = { access_token: await token.save(), expires_in: life * 60, token_type: 'Bearer' };
    },
    ['person', 'id', 'agency', 'minutes'],
  );
}

function refuse(ctx: KoaContextWithOIDC, text: string): void {
  ctx.status = 400;
  ctx.body = { error: 'invalid_request', error_description: text };
}
