// A static secret in a header of its own, e.g. an API key.
import { z } from 'zod';
import { about, text } from '../../manifest-keys.ts';
import { secretValue } from '../credential-value.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

export const header = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('header'),
      name: text.meta(about('Name of the header, in any case.', 'X-API-Key')),
      value: secretValue.meta(about('Value, by reference.', '${env:REGISTRY_API_KEY}')),
      ...validity,
    })
    .meta(
      about('A static secret in a header, e.g. an API key.', {
        type: 'header',
        name: 'X-API-Key',
        value: '${env:REGISTRY_API_KEY}',
      }),
    ),
  create: ({ name, value }, { now }) => {
    const lowerCase = name.toLowerCase();
    return withoutToken(() => ({ headers: { [lowerCase]: value(now()) } }));
  },
  secretNames: ({ name }) => ({ headers: [name] }),
});
