// NDXP's scheme for the population SOAP service (B0-3): a Basic password that is a digest over URL, user, time and secret.
import { hash } from 'node:crypto';
import type { TimestampedBasicCredentials, TimestampFormat } from '../contract.ts';
import { basic } from './basic.ts';
import type { CredentialDeps, CredentialSource } from './contract.ts';

export function createTimestampedBasicSource(
  credentials: TimestampedBasicCredentials,
  { now, speaksSoap = false }: Pick<CredentialDeps, 'now' | 'speaksSoap'>,
): CredentialSource {
  const format = credentials.timestampFormat ?? 'epochMs';
  return {
    prove: ({ origin, path }) => {
      const user = credentials.user();
      const timestamp = formatTimestamp(now(), format);
      const serviceUrl = credentials.serviceUrl ?? origin + withoutQuery(path);
      const password = hash('sha256', serviceUrl + user + timestamp + credentials.secret(), 'hex');
      const headers: Record<string, string> = {
        timestamp,
        authorization: basic(user, password),
      };
      // A SOAP codec sends the action of the operation.
      if (!speaksSoap) headers.soapaction = '""';
      if (credentials.apiKey !== undefined) headers.apikey = credentials.apiKey();
      return { headers };
    },
    renew: () => false,
    close: () => {},
  };
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

/** Vietnam has had UTC+7 without summer time since 1975. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

function formatTimestamp(epochMs: number, format: TimestampFormat): string {
  switch (format) {
    case 'epochMs':
      return String(epochMs);
    case 'epochSeconds':
      return String(Math.floor(epochMs / 1000));
    case 'yyyyMMddHHmmss':
      return new Date(epochMs + VIETNAM_OFFSET_MS).toISOString().slice(0, 19).replace(/[-:T]/g, '');
  }
}
