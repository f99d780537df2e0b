// A JSON login for a session token that travels in a header of its own (MyVNPost B5b: POST /GetAccessToken → header `token`).
import type { LoginCredentials } from '../contract.ts';
import { compilePath } from '../read-path.ts';
import type { CredentialDeps, CredentialSource } from './contract.ts';
import { createTokenCache } from './token-cache.ts';
import { noToken, requestToken } from './token-request.ts';

export const createLoginSource = (
  credentials: LoginCredentials,
  { transport, now }: CredentialDeps,
): CredentialSource => {
  const header = credentials.header.toLowerCase();
  const readToken = compilePath(credentials.tokenAt);
  const life = credentials.expiresInMs;

  const tokens = createTokenCache({
    now,
    timeoutMs: credentials.timeoutMs ?? 5_000,
    fetch: async (signal) => {
      const values: Record<string, string> = {};
      for (const [name, secret] of Object.entries(credentials.body)) values[name] = secret();
      const answer = await requestToken(
        {
          url: credentials.url,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(values),
        },
        transport,
        signal,
        now,
      );
      const token = readToken(answer);
      if (typeof token !== 'string' || token === '') throw noToken(credentials.tokenAt);
      const at = now();
      return {
        headers: { [header]: token },
        expiresAt: life === undefined ? undefined : at + life,
        refreshAt: life === undefined ? undefined : at + life * 0.8,
      };
    },
  });
  return { headers: (_, signal) => tokens.take(signal), renew: tokens.drop, close: tokens.close };
};
