// The scheme of the population service behind the national data exchange platform (NDXP): a Basic password that is a digest over
// URL, user, time and secret. See the README of the population connector.
import { hash } from 'node:crypto';
import { z } from 'zod';
import { about, secret, setting } from '../../manifest-keys.ts';
import { formatTimestamp, TIMESTAMP_FORMATS } from '../signing/timestamps.ts';
import { basicAuthorization } from './basic.ts';
import { defineCredentialKind, kindName, validity, withoutToken } from './kind.ts';

export const timestampedBasic = defineCredentialKind({
  schema: z
    .strictObject({
      type: kindName('timestampedBasic'),
      user: setting.meta(about('User name.', '${env:POPULATION_USER}')),
      secret: secret.meta(about('Secret of the digest, by reference.', '${env:POPULATION_SECRET}')),
      apiKey: secret.optional().meta(
        about('Value of the `apikey` header, by reference.', '${env:POPULATION_API_KEY}', {
          whenAbsent: 'the header is not sent',
        }),
      ),
      serviceUrl: setting.optional().meta(
        about('The URL that the digest covers.', 'https://ndxp.example/population', {
          whenAbsent: "the request's own URL without its query",
        }),
      ),
      timestampFormat: z
        .enum(TIMESTAMP_FORMATS)
        .default('epochMs')
        .meta(about('Format of the `timestamp` header; `yyyyMMddHHmmss` is Vietnam time.', 'epochMs')),
      ...validity,
    })
    .meta(
      about(
        'Basic of the user and SHA-256 (hex) over service URL, user, timestamp and secret, as NDXP expects it.',
        {
          type: 'timestampedBasic',
          user: '${env:POPULATION_USER}',
          secret: '${env:POPULATION_SECRET}',
          apiKey: '${env:POPULATION_API_KEY}',
        },
      ),
    ),
  create: (settings, { now, usesSoap }) =>
    withoutToken(({ origin, path }) => {
      const user = settings.user();
      const timestamp = formatTimestamp(now(), settings.timestampFormat);
      const serviceUrl = settings.serviceUrl?.() ?? origin + withoutQuery(path);
      const password = hash('sha256', serviceUrl + user + timestamp + settings.secret(), 'hex');
      const headers: Record<string, string> = {
        timestamp,
        authorization: basicAuthorization(user, password),
      };
      // A SOAP codec sends the action of the operation.
      if (!usesSoap) headers.soapaction = '""';
      if (settings.apiKey !== undefined) headers.apikey = settings.apiKey();
      return { headers };
    }),
  secretNames: () => ({ headers: ['apikey'] }),
});

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}
