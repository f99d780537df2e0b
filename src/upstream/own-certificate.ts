// The certificate and key with which the gateway presents itself to a source, and the source's authority. The files are read again at
// each new socket. A set that cannot be used, e.g. during a renewal that writes one file after the other, is passed over: the last
// usable one stays in force until the new one is whole.
import { createSecureContext } from 'node:tls';
import { GatewayError, isGatewayError } from '../errors.ts';
import type { Tls } from './contract.ts';

/** PEM texts. */
export interface CertificateSet {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: string | undefined;
  readonly passphrase: string | undefined;
}

/** What has become of a renewal. */
export type CertificateChange = 'REJECTED' | 'ACCEPTED';

export interface OwnCertificate {
  /** The set in force; the same object until another one is. @throws GatewayError UPSTREAM_UNAUTHORIZED when none has been usable yet */
  current(): CertificateSet;
  /** The certificate in force, or the one of the file when none is. */
  certificate(): string | undefined;
}

/** @param onChange a set was rejected while another one is in force; a set was accepted after that */
export function createOwnCertificate(
  tls: Tls,
  onChange: (change: CertificateChange) => void,
): OwnCertificate {
  let inForce: CertificateSet | undefined;
  let text = '';
  let rejectedText: string | undefined;

  const read = (): CertificateSet => ({
    cert: tls.cert?.(),
    key: tls.key?.(),
    ca: tls.ca?.(),
    passphrase: tls.passphrase?.(),
  });

  const reject = (found: string, error: unknown): CertificateSet => {
    if (inForce === undefined) throw isGatewayError(error) ? error : unusable();
    if (rejectedText === undefined) onChange('REJECTED');
    rejectedText = found;
    return inForce;
  };

  return {
    current: () => {
      let found = '';
      try {
        const set = read();
        found = JSON.stringify(set);
        if (inForce !== undefined && (found === text || found === rejectedText)) {
          // The earlier files are back.
          if (found === text) rejectedText = undefined;
          return inForce;
        }
        assertUsable(set);
        inForce = set;
        text = found;
      } catch (error) {
        return reject(found, error);
      }
      if (rejectedText !== undefined) onChange('ACCEPTED');
      rejectedText = undefined;
      return inForce;
    },
    certificate: () => inForce?.cert ?? tls.cert?.(),
  };
}

/** @throws when OpenSSL would not use the set, or a file is cut short */
function assertUsable({ cert, key, ca, passphrase }: CertificateSet): void {
  for (const pem of [cert, key, ca]) if (pem !== undefined && !isWhole(pem)) throw unusable();
  // Also compares the key with the certificate.
  createSecureContext({
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca }),
    ...(passphrase !== undefined && { passphrase }),
  });
}

/** A text cut short has a block without its end. An authority that is cut short would otherwise be ignored without an error. */
const isWhole = (pem: string): boolean => {
  const begins = pem.match(/-----BEGIN [A-Z0-9 ]+-----/g)?.length ?? 0;
  return begins > 0 && begins === (pem.match(/-----END [A-Z0-9 ]+-----/g)?.length ?? 0);
};

const unusable = (): GatewayError =>
  new GatewayError('UPSTREAM_UNAUTHORIZED', {
    detail:
      'the certificate or key of this source cannot be used; expected whole PEM texts, the key fitting the certificate, in tls.cert and tls.key',
  });
