// When the certificates, credentials and the current token of a source expire. Everything is computed on request; only the
// certificates presented by sources are kept. A certificate that cannot be parsed has no expiry here: it fails where it is used.
import { X509Certificate } from 'node:crypto';
import type { Expiry } from './contract.ts';
import type { CredentialSource } from './credentials/contract.ts';
import type { OwnCertificate } from './own-certificate.ts';
import type { UpstreamSpec } from './spec.ts';
import type { Transport } from './transport.ts';

export interface ExpirySources {
  readonly transport: Pick<Transport, 'certificates'>;
  readonly credentials: Pick<CredentialSource, 'expiresAt'>;
  /** Our certificate in force: during an incomplete renewal not the one of the file. */
  readonly own: Pick<OwnCertificate, 'certificate'> | undefined;
}

/** At most one entry per kind: the earliest expiry. */
export function listExpiries(
  { credentials: declared }: Pick<UpstreamSpec, 'credentials'>,
  { transport, credentials, own }: ExpirySources,
): Expiry[] {
  const ends: [Expiry['what'], number | undefined][] = [
    ['CLIENT_CERTIFICATE', soonest(own === undefined ? [] : certificatesIn(() => own.certificate() ?? ''))],
    ['SOURCE_CERTIFICATE', soonest(transport.certificates())],
    ['CREDENTIAL', declared.validUntil],
    ['TOKEN', credentials.expiresAt?.()],
  ];
  return ends.flatMap(([what, at]) => (at !== undefined && Number.isFinite(at) ? [{ what, at }] : []));
}

const soonest = (certificates: readonly X509Certificate[]): number | undefined =>
  certificates.length === 0
    ? undefined
    : Math.min(...certificates.map(({ validToDate }) => validToDate.getTime()));

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Our certificate and its chain: the chain is valid until the first of them expires. */
function certificatesIn(read: () => string): X509Certificate[] {
  try {
    return (read().match(PEM) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}
