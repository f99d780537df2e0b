// A static bearer token (RFC 6750).
import { z } from 'zod';
import { about } from '../../manifest-keys.ts';
import { secretValue } from '../credential-value.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

export const bearer = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('bearer'),
      token: secretValue.meta(about('Token, by reference.', '${file:/run/secrets/registry-token}')),
      ...validity,
    })
    .meta(
      about('A static token in `Authorization: Bearer`.', { type: 'bearer', token: '${env:REGISTRY_TOKEN}' }),
    ),
  create: ({ token }, { now }) =>
    withoutToken(() => ({ headers: { authorization: `Bearer ${token(now())}` } })),
});
