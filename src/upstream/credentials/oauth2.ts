// OAuth2 client credentials (RFC 6749 §4.4) as WSO2 API managers in front of NGSP and LGSP speak it (B0-1, B0-4).
import type { OAuth2ClientCredentials } from '../contract.ts';
import { compilePath } from '../read-path.ts';
import { basic } from './basic.ts';
import type { CredentialDeps, CredentialSource } from './contract.ts';
import { createTokenCache } from './token-cache.ts';
import { assertHeaderText, noToken, requestToken } from './token-request.ts';

const readToken = compilePath('access_token');
const readLife = compilePath('expires_in');

export function createOAuth2Source(
  credentials: OAuth2ClientCredentials,
  { transport, now }: CredentialDeps,
): CredentialSource {
  const header = credentials.header?.toLowerCase() ?? 'authorization';
  const prefix = header === 'authorization' ? 'Bearer ' : '';
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (credentials.scope !== undefined) form.set('scope', credentials.scope);
  const body = form.toString();

  const tokens = createTokenCache({
    now,
    timeoutMs: credentials.timeoutMs ?? 5_000,
    fetch: async (signal) => {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic(credentials.clientId(), credentials.clientSecret()),
      };
      const answer = await requestToken({ url: credentials.url, headers, body }, transport, signal, now);
      const token = readToken(answer);
      if (typeof token !== 'string' || token === '') throw noToken('access_token');
      assertHeaderText(token, 'access_token');
      const lifeMs = Number(readLife(answer)) * 1000;
      const at = now();
      const known = lifeMs > 0;
      const early = Math.min(credentials.refreshBeforeMs ?? 30_000, lifeMs / 5);
      return {
        proof: { headers: { [header]: prefix + token } },
        expiresAt: known ? at + lifeMs : undefined,
        refreshAt: known ? at + lifeMs - early : undefined,
      };
    },
  });
  return {
    prove: (_, signal) => tokens.take(signal),
    accepted: tokens.accepted,
    renew: tokens.drop,
    expiresAt: tokens.expiresAt,
    close: tokens.close,
  };
}
