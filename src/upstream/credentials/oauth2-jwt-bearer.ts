// A signed JWT as the grant (RFC 7523 §2.1): the gateway asserts who it is, or for whom it acts, and receives a token.
import { z } from 'zod';
import { about, setting, text } from '../../manifest-keys.ts';
import { credentialValue } from '../credential-value.ts';
import { assertionKeys, signAssertion } from './assertion.ts';
import { compileValues, defineCredentialKind, kindName, validity } from './kind.ts';
import { clientKeys, hasAtMostOneProof, SECRET_FORM_FIELDS } from './oauth2-client.ts';
import { createGrant } from './oauth2-grant.ts';
import { endpointKeys, tokenKeys } from './oauth2-token.ts';
import { tokenEndpoint } from './token-request.ts';

export const oauth2JwtBearer = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('oauth2JwtBearer'),
      ...endpointKeys,
      issuer: setting
        .optional()
        .meta(about('Issuer of the assertion (`iss`).', 'lien-thong', { whenAbsent: 'the client id' })),
      subject: setting
        .optional()
        .meta(about('Whom the assertion is about (`sub`).', 'city-portal', { whenAbsent: 'the issuer' })),
      claims: z
        .record(text, credentialValue)
        .default({})
        .meta(about('Further claims, as [values](#values).', { agency: 'H26' })),
      ...assertionKeys,
      ...clientKeys,
      ...tokenKeys,
      ...validity,
    })
    .refine(...hasAtMostOneProof)
    .meta(
      about('A JWT that the gateway signs, exchanged for a token (RFC 7523 §2.1).', {
        type: 'oauth2JwtBearer',
        tokenPath: '/token',
        clientId: '${env:REGISTRY_CLIENT_ID}',
        key: '${file:/run/secrets/client-key.pem}',
        algorithm: 'RS256',
      }),
    ),
  create: (settings, deps) => {
    const { tokenPath, tokenUrl, clientId } = settings;
    const readClaims = compileValues(settings.claims);
    return createGrant(settings, deps, async (at) => {
      const issuer = (settings.issuer ?? clientId)();
      const subject = settings.subject?.() ?? issuer;
      const endpoint = tokenEndpoint(deps.baseUrl, tokenPath, tokenUrl);
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await signAssertion(settings, { issuer, subject, more: readClaims(at) }, endpoint, at),
      };
    });
  },
  secretNames: ({ header }) => ({ headers: [header], bodyFields: SECRET_FORM_FIELDS }),
});
