// Step "credentials" of an attempt: the headers that prove who we are. Chosen once per source, asked once per attempt.
// `upstream.ts` calls it; tokens are fetched through the source's own transport.
import type { Credentials } from '../contract.ts';
import { basic } from './basic.ts';
import type { CredentialDeps, CredentialHeaders, CredentialSource } from './contract.ts';
import { createLoginSource } from './login.ts';
import { createOAuth2Source } from './oauth2.ts';
import { createTimestampedBasicSource } from './timestamped-basic.ts';

const NO_HEADERS: CredentialHeaders = {};

const fixed = (headers: () => CredentialHeaders): CredentialSource => ({
  headers,
  renew: () => false,
  close: () => {},
});

export const createCredentialSource = (
  credentials: Credentials | undefined,
  deps: CredentialDeps,
): CredentialSource => {
  switch (credentials?.type) {
    case undefined:
    case 'none':
      return fixed(() => NO_HEADERS);
    case 'basic':
      return fixed(() => ({ authorization: basic(credentials.user(), credentials.password()) }));
    case 'header': {
      const name = credentials.name.toLowerCase();
      return fixed(() => ({ [name]: credentials.value() }));
    }
    case 'oauth2ClientCredentials':
      return createOAuth2Source(credentials, deps);
    case 'login':
      return createLoginSource(credentials, deps);
    case 'timestampedBasic':
      return createTimestampedBasicSource(credentials, deps);
  }
};
