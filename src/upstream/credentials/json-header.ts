// A static token as some local integration platforms (LGSP) expect it: a header with the base64 of a JSON object of keys.
import { z } from 'zod';
import { about, text } from '../../manifest-keys.ts';
import { credentialValue } from '../credential-value.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

export const jsonHeader = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('jsonHeader'),
      name: text
        .default('lgspaccesstoken')
        .meta(about('Name of the header, in any case.', 'lgspaccesstoken')),
      fields: z.record(text, credentialValue).meta(
        about('Keys of the JSON object, in this order. References are allowed.', {
          AccessKey: '${env:LGSP_ACCESS_KEY}',
          SecretKey: '${env:LGSP_SECRET_KEY}',
          AppName: 'lien-thong',
        }),
      ),
      ...validity,
    })
    .meta(
      about('A header with the base64 of a JSON object of keys, as LGSP platforms expect it.', {
        type: 'jsonHeader',
        fields: { AccessKey: '${env:LGSP_ACCESS_KEY}', SecretKey: '${env:LGSP_SECRET_KEY}' },
      }),
    ),
  create: ({ name, fields }, { now }) => {
    const lowerCase = name.toLowerCase();
    const secrets = Object.entries(fields);
    return withoutToken(() => {
      const at = now();
      const values = Object.fromEntries(secrets.map(([key, read]) => [key, read(at)]));
      return { headers: { [lowerCase]: Buffer.from(JSON.stringify(values), 'utf8').toString('base64') } };
    });
  },
  secretNames: ({ name }) => ({ headers: [name] }),
});
