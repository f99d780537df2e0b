// The Basic scheme (RFC 7617).
import { z } from 'zod';
import { about } from '../../manifest-keys.ts';
import { credentialValue, secretValue } from '../credential-value.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

/** Value of the `authorization` header. */
export const basicAuthorization = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

export const basic = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('basic'),
      user: credentialValue.meta(about('User name.', '${env:REGISTRY_USER}')),
      password: secretValue.meta(about('Password, by reference.', '${env:REGISTRY_PASSWORD}')),
      ...validity,
    })
    .meta(
      about('User and password in `Authorization` (RFC 7617).', {
        type: 'basic',
        user: '${env:REGISTRY_USER}',
        password: '${env:REGISTRY_PASSWORD}',
      }),
    ),
  create: ({ user, password }, { now }) =>
    withoutToken(() => {
      const at = now();
      return { headers: { authorization: basicAuthorization(user(at), password(at)) } };
    }),
});
