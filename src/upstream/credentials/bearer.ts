// A static bearer token (RFC 6750).
import { z } from 'zod';
import { about, secret } from '../../manifest-keys.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

export const bearer = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('bearer'),
      token: secret.meta(about('Token, by reference.', '${file:/run/secrets/registry-token}')),
      ...validity,
    })
    .meta(
      about('A static token in `Authorization: Bearer`.', { type: 'bearer', token: '${env:REGISTRY_TOKEN}' }),
    ),
  create: ({ token }) => withoutToken(() => ({ headers: { authorization: `Bearer ${token()}` } })),
});
