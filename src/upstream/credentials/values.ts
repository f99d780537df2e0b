// Several values in headers, query and body, computed for the same time: a key, the time of the request, and a digest over both.
import { z } from 'zod';
import { about, text } from '../../manifest-keys.ts';
import { credentialValue } from '../credential-value.ts';
import { compileValues, defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

const place = (where: string, example: object) =>
  z
    .record(text, credentialValue)
    .default({})
    .meta(about(`${where}, as [values](#values).`, example));

export const values = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('values'),
      headers: place('Headers by name, in any case', { 'X-Timestamp': { timestamp: 'epochMs' } }),
      query: place('Query parameters by name. Such URLs are never logged', {
        sign: { digest: 'md5', of: '${env:REGISTRY_SECRET}', case: 'upper' },
      }),
      body: place('Top-level fields of the body by name', { client: '${env:REGISTRY_CLIENT}' }),
      ...validity,
    })
    .refine(
      ({ headers, query, body }) => [headers, query, body].some((place) => Object.keys(place).length > 0),
      'values need at least one of headers, query, body',
    )
    .meta(
      about('Values in headers, query and body, all computed for the same time.', {
        type: 'values',
        headers: {
          'X-Client': '${env:REGISTRY_CLIENT}',
          'X-Timestamp': { timestamp: 'epochMs' },
          'X-Sign': {
            digest: 'sha256',
            of: [{ timestamp: 'epochMs' }, '${env:REGISTRY_CLIENT}'],
            key: '${env:REGISTRY_SECRET}',
          },
        },
      }),
    ),
  create: ({ headers, query, body }, { now }) => {
    const readHeaders = compileValues(
      Object.fromEntries(Object.entries(headers).map(([name, read]) => [name.toLowerCase(), read])),
    );
    const readQuery = Object.keys(query).length === 0 ? undefined : compileValues(query);
    const readBody = Object.keys(body).length === 0 ? undefined : compileValues(body);
    return withoutToken(() => {
      const at = now();
      return { headers: readHeaders(at), query: readQuery?.(at), body: readBody?.(at) };
    });
  },
  secretNames: ({ headers, query, body }) => ({
    headers: Object.keys(headers),
    query: Object.keys(query),
    bodyFields: Object.keys(body),
  }),
});
