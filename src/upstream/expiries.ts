// What of a source comes to an end, and when: certificates, credentials, the token in hand. `upstream.ts` offers it, operators'
// gauges read it. Guarantees: nothing is done until it is asked, nothing is remembered for it but the certificates that sources
// showed, and what cannot be read has no end: it fails where it is used.
import { X509Certificate } from 'node:crypto';
import type { Expiry, UpstreamSpec } from './contract.ts';
import type { CredentialSource } from './credentials/contract.ts';
import type { Transport } from './transport.ts';

export interface ExpirySources {
  readonly transport: Pick<Transport, 'certificates'>;
  readonly credentials: Pick<CredentialSource, 'expiresAt'>;
}

/** At most one of each kind, the soonest. */
export function listExpiries(
  { tls, credentials: declared }: Pick<UpstreamSpec, 'tls' | 'credentials'>,
  { transport, credentials }: ExpirySources,
): Expiry[] {
  const ends: [Expiry['what'], number | undefined][] = [
    ['CLIENT_CERTIFICATE', soonest(tls?.cert === undefined ? [] : certificatesIn(tls.cert))],
    ['SOURCE_CERTIFICATE', soonest(transport.certificates())],
    ['CREDENTIAL', declared?.validUntil],
    ['TOKEN', credentials.expiresAt?.()],
  ];
  return ends.flatMap(([what, at]) => (at !== undefined && Number.isFinite(at) ? [{ what, at }] : []));
}

const soonest = (certificates: readonly X509Certificate[]): number | undefined =>
  certificates.length === 0
    ? undefined
    : Math.min(...certificates.map(({ validToDate }) => validToDate.getTime()));

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Ours and its chain: a chain is as good as its shortest link. */
function certificatesIn(read: () => string): X509Certificate[] {
  try {
    return (read().match(PEM) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}
