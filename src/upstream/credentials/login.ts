// A JSON login for a session token that travels in a header of its own (MyVNPost B5b: header `token`), in the body (the dossier
// sync of the national portal, B3a: `session`) or in the query (health insurance, B9: `token` and `id_token`).
import type { LoginCredentials } from '../contract.ts';
import { compilePath } from '../read-path.ts';
import type { CredentialDeps, CredentialSource, Proof } from './contract.ts';
import { createTokenCache } from './token-cache.ts';
import { assertHeaderText, noToken, requestToken } from './token-request.ts';

export function createLoginSource(
  credentials: LoginCredentials,
  { transport, now }: CredentialDeps,
): CredentialSource {
  const readToken = compilePath(credentials.tokenAt);
  const carry = compileCarry(credentials);
  const loginHeaders: Record<string, string> = {
    'content-type': 'application/json',
    ...lowerCase(credentials.headers),
  };
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
          headers: loginHeaders,
          body: JSON.stringify(values),
        },
        transport,
        signal,
        now,
      );
      const token = readToken(answer);
      if (typeof token !== 'string' || token === '') throw noToken(credentials.tokenAt);
      if (credentials.header !== undefined) assertHeaderText(token, credentials.tokenAt);
      const at = now();
      return {
        proof: carry(token, answer),
        expiresAt: life === undefined ? undefined : at + life,
        refreshAt: life === undefined ? undefined : at + life * 0.8,
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

/** Where the token, and further values of the login's answer, go. */
function compileCarry({
  header,
  bodyField,
  query,
}: LoginCredentials): (token: string, answer: unknown) => Proof {
  const name = header?.toLowerCase();
  const parameters = Object.entries(query ?? {}).map(
    ([key, path]) => [key, path, compilePath(path)] as const,
  );
  return (token, answer) => {
    const values: Record<string, string> = {};
    for (const [key, path, read] of parameters) {
      const value = read(answer);
      if (typeof value !== 'string' || value === '') throw noToken(path);
      values[key] = value;
    }
    return {
      headers: name === undefined ? {} : { [name]: token },
      query: parameters.length === 0 ? undefined : values,
      body: bodyField === undefined ? undefined : { [bodyField]: token },
    };
  };
}

const lowerCase = (headers: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
