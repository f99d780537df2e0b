// A static secret in the query. The URL then is a secret too, and is never logged.
import { z } from 'zod';
import { about, text } from '../../manifest-keys.ts';
import { secretValue } from '../credential-value.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

export const query = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('query'),
      name: text.meta(about('Name of the query parameter.', 'api_key')),
      value: secretValue.meta(about('Value, by reference.', '${env:REGISTRY_API_KEY}')),
      ...validity,
    })
    .meta(
      about('A static secret in the query, e.g. an API key. Such URLs are never logged.', {
        type: 'query',
        name: 'api_key',
        value: '${env:REGISTRY_API_KEY}',
      }),
    ),
  create: ({ name, value }, { now }) =>
    withoutToken(() => ({ headers: {}, query: { [name]: value(now()) } })),
  secretNames: ({ name }) => ({ query: [name] }),
});
