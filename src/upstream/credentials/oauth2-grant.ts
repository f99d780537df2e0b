// Grants whose request can be repeated at any time: one token serves all calls, and is fetched again before it expires.
import type { CredentialDeps, CredentialSource } from './contract.ts';
import { accessTokenIn, buildGrantRequest, compileToken } from './oauth2-token.ts';
import { createTokenCache } from './token-cache.ts';

/** @param grant the fields of the form that belong to the grant, read for each request */
export function createGrant(
  settings: Parameters<typeof buildGrantRequest>[0],
  deps: CredentialDeps,
  grant: (at: number) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>,
): CredentialSource {
  const { now, requestToken } = deps;
  const toToken = compileToken(settings);
  return createTokenCache({
    now,
    timeoutMs: settings.timeoutMs,
    fetch: async (signal) => {
      const request = await buildGrantRequest(settings, await grant(now()), deps);
      const { token, lifeMs } = accessTokenIn(await requestToken(request, signal));
      return toToken(token, now(), lifeMs);
    },
  });
}
