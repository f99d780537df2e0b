// Step "credentials" of an attempt: what proves who we are. Chosen once per source, asked once per attempt.
// `upstream.ts` calls it; tokens are fetched through the source's own transport.
import type { Credentials, JsonHeaderCredentials } from '../contract.ts';
import { basic } from './basic.ts';
import type { CredentialDeps, CredentialSource, Proof } from './contract.ts';
import { createLoginSource } from './login.ts';
import { createOAuth2Source } from './oauth2.ts';
import { createTimestampedBasicSource } from './timestamped-basic.ts';

const NO_PROOF: Proof = { headers: {} };

const fixed = (prove: () => Proof): CredentialSource => ({ prove, renew: () => false, close: () => {} });

export function createCredentialSource(
  credentials: Credentials | undefined,
  deps: CredentialDeps,
): CredentialSource {
  switch (credentials?.type) {
    case undefined:
    case 'none':
      return fixed(() => NO_PROOF);
    case 'basic':
      return fixed(() => ({
        headers: { authorization: basic(credentials.user(), credentials.password()) },
      }));
    case 'header': {
      const name = credentials.name.toLowerCase();
      return fixed(() => ({ headers: { [name]: credentials.value() } }));
    }
    case 'bearer':
      return fixed(() => ({ headers: { authorization: `Bearer ${credentials.token()}` } }));
    case 'query':
      return fixed(() => ({ headers: {}, query: { [credentials.name]: credentials.value() } }));
    case 'jsonHeader':
      return fixed(() => ({ headers: jsonHeader(credentials) }));
    case 'oauth2ClientCredentials':
      return createOAuth2Source(credentials, deps);
    case 'login':
      return createLoginSource(credentials, deps);
    case 'timestampedBasic':
      return createTimestampedBasicSource(credentials, deps);
  }
}

/** The static token of LGSPs of the Ho Chi Minh City type (B0-2): base64 of a JSON object of keys. */
function jsonHeader({ name, fields }: JsonHeaderCredentials): Record<string, string> {
  const values = Object.fromEntries(Object.entries(fields).map(([key, secret]) => [key, secret()]));
  return { [name.toLowerCase()]: Buffer.from(JSON.stringify(values), 'utf8').toString('base64') };
}
