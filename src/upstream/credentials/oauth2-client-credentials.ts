// OAuth 2.0 client credentials (RFC 6749 §4.4), as the WSO2 API managers in front of the national and local integration platforms
// (NGSP, LGSP) expect them: Basic of id and secret, and a form body.
import { z } from 'zod';
import { about, milliseconds, secret, setting, text } from '../../manifest-keys.ts';
import { compilePath } from '../read-path.ts';
import { basicAuthorization } from './basic.ts';
import { defineCredentialKind, kindName, validity } from './kind.ts';
import { createTokenCache } from './token-cache.ts';
import { assertHeaderText, textIn, tokenEndpoint, unusable } from './token-request.ts';

const readToken = compilePath('access_token');
const readLife = compilePath('expires_in');
const readType = compilePath('token_type');

/** Types whose use needs a proof beside the token. Others are sent as Bearer: some API managers name their tokens in their own way. */
const PROVED_TYPES = /^(mac|dpop|pop)$/i;

/** At most this share of a token's life is given up by refreshing early. */
const EARLY_SHARE = 1 / 5;

export const oauth2ClientCredentials = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('oauth2ClientCredentials'),
      tokenPath: z
        .string()
        .startsWith('/')
        .default('/token')
        .meta(about('Path of the token endpoint below the base URL.', '/token')),
      tokenUrl: setting
        .optional()
        .meta(
          about(
            'Absolute URL of the token endpoint. Its host must be in `source.hosts`.',
            'https://lgsp.city.example/oauth2/token',
            { whenAbsent: '`tokenPath` below the base URL' },
          ),
        ),
      clientId: setting.meta(about('Client id.', '${env:REGISTRY_CLIENT_ID}')),
      clientSecret: secret.meta(about('Client secret, by reference.', '${env:REGISTRY_CLIENT_SECRET}')),
      scope: text
        .optional()
        .meta(about('Scope to request, separated by spaces.', 'read', { whenAbsent: 'no scope is sent' })),
      header: text
        .default('authorization')
        .meta(
          about(
            'Header that carries the token: `authorization` as `Bearer …`, any other header the bare token.',
            'authorization',
          ),
        ),
      timeoutMs: milliseconds.default(5000).meta(about('Time limit of the token request.', 5000)),
      refreshBeforeMs: milliseconds
        .default(30_000)
        .meta(
          about(
            "How early a token is refreshed before it expires; at most a fifth of the token's life.",
            30_000,
          ),
        ),
      ...validity,
    })
    .meta(
      about(
        'OAuth 2.0 client credentials (RFC 6749 §4.4). One token serves all calls and is refreshed early.',
        {
          type: 'oauth2ClientCredentials',
          tokenPath: '/token',
          clientId: '${env:REGISTRY_CLIENT_ID}',
          clientSecret: '${env:REGISTRY_CLIENT_SECRET}',
        },
      ),
    ),
  create: (settings, { baseUrl, requestToken, now }) => {
    const { tokenPath, tokenUrl, clientId, clientSecret, scope, timeoutMs, refreshBeforeMs } = settings;
    const header = settings.header.toLowerCase();
    const prefix = header === 'authorization' ? 'Bearer ' : '';
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scope !== undefined) form.set('scope', scope);
    const body = form.toString();

    return createTokenCache({
      now,
      timeoutMs,
      fetch: async (signal) => {
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: basicAuthorization(clientId(), clientSecret()),
        };
        const url = tokenEndpoint(baseUrl, tokenPath, tokenUrl);
        const answer = await requestToken({ url, headers, body }, signal);
        const token = textIn(answer, readToken, 'access_token');
        assertHeaderText(token, 'access_token');
        const type = readType(answer);
        if (typeof type === 'string' && PROVED_TYPES.test(type))
          throw unusable('a token of another type; expected "Bearer" at "token_type"');
        const lifeMs = Number(readLife(answer)) * 1000;
        if (lifeMs < 0) throw unusable('a token that has expired already; expected seconds at "expires_in"');
        const at = now();
        const hasLife = lifeMs > 0;
        const early = Math.min(refreshBeforeMs, lifeMs * EARLY_SHARE);
        return {
          proof: { headers: { [header]: prefix + token } },
          expiresAt: hasLife ? at + lifeMs : undefined,
          refreshAt: hasLife ? at + lifeMs - early : undefined,
        };
      },
    });
  },
  secretNames: ({ header }) => ({ headers: [header] }),
});
