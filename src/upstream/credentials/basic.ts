// The Basic scheme (RFC 7617).
import { z } from 'zod';
import { about, secret, setting } from '../../manifest-keys.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

/** Value of the `authorization` header. */
export const basicAuthorization = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;

export const basic = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('basic'),
      user: setting.meta(about('User name.', '${env:REGISTRY_USER}')),
      password: secret.meta(about('Password, by reference.', '${env:REGISTRY_PASSWORD}')),
      ...validity,
    })
    .meta(
      about('User and password in `Authorization` (RFC 7617).', {
        type: 'basic',
        user: '${env:REGISTRY_USER}',
        password: '${env:REGISTRY_PASSWORD}',
      }),
    ),
  create: ({ user, password }) =>
    withoutToken(() => ({ headers: { authorization: basicAuthorization(user(), password()) } })),
});
