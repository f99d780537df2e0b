// The certificate of a client, as a trusted proxy passes it on (RFC 9440, or PEM percent-encoded), and the machine that signs in by
// it. The header of anybody else is ignored.

import { X509Certificate } from 'node:crypto';
import { createProxyCheck } from '../address.ts';
import type { ClientSettings } from './client-keys.ts';
import { createIdentity, type Identity } from './identity.ts';
import { refused } from './refusals.ts';

export interface CertificateSettings {
  readonly clients: Readonly<Record<string, ClientSettings>>;
  readonly trustedProxies: readonly string[];
  readonly certificateHeader?: string | undefined;
}

export interface PeerCertificate {
  /** Base64url of the SHA-256 of the certificate: `x5t#S256` of RFC 8705. */
  readonly thumbprint: string;
  /** The machine that the certificate identifies; null where no client has it. */
  readonly identity: Identity | null;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Returns the certificate of a request; `undefined` without one.
 * @throws GatewayError UNAUTHENTICATED when a trusted proxy passes on what is no certificate, or one that is not valid now
 */
export type ReadCertificate = (
  headers: Headers,
  peer: string | undefined,
  now: number,
) => PeerCertificate | undefined;

const MAX_HEADER = 16_384;

/** `undefined` where no certificates are accepted. */
export function createReadCertificate(settings: CertificateSettings): ReadCertificate | undefined {
  const { clients, certificateHeader } = settings;
  if (certificateHeader === undefined) return undefined;
  const isTrusted = createProxyCheck(settings.trustedProxies);
  const machines = Object.entries(clients).flatMap(([id, { class: named, mtls }]) =>
    mtls === undefined ? [] : [{ mtls, identity: machineOf(id, named, mtls) }],
  );
  return (headers, peer, now) => {
    const sent = headers[certificateHeader];
    if (sent === undefined || peer === undefined || !isTrusted(peer)) return undefined;
    const certificate = typeof sent === 'string' ? parse(sent) : undefined;
    if (
      certificate === undefined ||
      now < certificate.validFromDate.getTime() ||
      now > certificate.validToDate.getTime()
    )
      throw refused('CERTIFICATE');
    const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    const subject = certificate.subject.replaceAll('\n', ', ');
    const machine = machines.find(
      ({ mtls }) => mtls.fingerprints?.includes(fingerprint) === true || mtls.subject === subject,
    );
    return {
      thumbprint: Buffer.from(fingerprint, 'hex').toString('base64url'),
      identity: machine?.identity ?? null,
    };
  };
}

function parse(header: string): X509Certificate | undefined {
  if (header.length > MAX_HEADER) return undefined;
  try {
    const bytes = /^:[A-Za-z0-9+/]+=*:$/.test(header)
      ? Buffer.from(header.slice(1, -1), 'base64')
      : decodeURIComponent(header);
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}

const machineOf = (
  id: string,
  named: string | undefined,
  { agency, roles, scopes }: NonNullable<ClientSettings['mtls']>,
): Identity =>
  createIdentity({
    actor: { kind: 'machine', client: id, agency: agency ?? null },
    roles: new Set(roles),
    scopes: new Set(scopes),
    client: { id, class: named },
    issuer: null,
  });
