// OAuth 2.0 client credentials (RFC 6749 §4.4), as the WSO2 API managers in front of the national and local integration platforms
// (NGSP, LGSP) expect them: Basic of id and secret, and a form body.
import { z } from 'zod';
import { about } from '../../manifest-keys.ts';
import { defineCredentialKind, kindName, validity } from './kind.ts';
import { clientKeys, hasOneProof, SECRET_FORM_FIELDS } from './oauth2-client.ts';
import { createGrant } from './oauth2-grant.ts';
import { endpointKeys, tokenKeys } from './oauth2-token.ts';

const GRANT = { grant_type: 'client_credentials' };

export const oauth2ClientCredentials = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('oauth2ClientCredentials'),
      ...endpointKeys,
      ...clientKeys,
      ...tokenKeys,
      ...validity,
    })
    .refine(...hasOneProof)
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
  create: (settings, deps) => createGrant(settings, deps, () => GRANT),
  secretNames: ({ header }) => ({ headers: [header], bodyFields: SECRET_FORM_FIELDS }),
});
