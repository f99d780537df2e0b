// OAuth 2.0 password grant (RFC 6749 §4.3), which OAuth 2.1 no longer has and older systems still expect.
import { z } from 'zod';
import { about } from '../../manifest-keys.ts';
import { credentialValue, secretValue } from '../credential-value.ts';
import { defineCredentialKind, kindName, validity } from './kind.ts';
import { clientKeys, hasAtMostOneProof, SECRET_FORM_FIELDS } from './oauth2-client.ts';
import { createGrant } from './oauth2-grant.ts';
import { endpointKeys, tokenKeys } from './oauth2-token.ts';

export const oauth2Password = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('oauth2Password'),
      ...endpointKeys,
      user: credentialValue.meta(about('User name, as a [value](#values).', '${env:REGISTRY_USER}')),
      password: secretValue.meta(
        about(
          'Password, by reference or as a digest of one ([values](#values)).',
          '${env:REGISTRY_PASSWORD}',
        ),
      ),
      ...clientKeys,
      ...tokenKeys,
      ...validity,
    })
    .refine(...hasAtMostOneProof)
    .meta(
      about(
        'OAuth 2.0 password grant (RFC 6749 §4.3). The password is sent again when the token expires; refresh tokens of the answer are not used.',
        {
          type: 'oauth2Password',
          tokenPath: '/token',
          user: '${env:REGISTRY_USER}',
          password: '${env:REGISTRY_PASSWORD}',
          clientId: '${env:REGISTRY_CLIENT_ID}',
          clientSecret: '${env:REGISTRY_CLIENT_SECRET}',
        },
      ),
    ),
  create: (settings, deps) =>
    createGrant(settings, deps, (at) => ({
      grant_type: 'password',
      username: settings.user(at),
      password: settings.password(at),
    })),
  secretNames: ({ header }) => ({ headers: [header], bodyFields: SECRET_FORM_FIELDS }),
});
