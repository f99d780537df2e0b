// Whose signature an answer may have: pinned certificates, or certificates that a configured authority issued to one name.
import { X509Certificate } from 'node:crypto';
import { UnverifiedError } from './refusal.ts';

export interface Trust {
  /** PEM texts; one of the two is there. */
  readonly certificate?: (() => string) | undefined;
  readonly ca?: (() => string) | undefined;
  /** With `ca`. */
  readonly commonName?: string | undefined;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @throws UnverifiedError */
function certificatesIn(pem: string, name: string): X509Certificate[] {
  try {
    const found = (pem.match(PEM) ?? []).map((one) => new X509Certificate(one));
    if (found.length > 0) return found;
  } catch {
    // Reported below.
  }
  throw new UnverifiedError(`${name} is not a certificate in PEM form`);
}

const isInForce = ({ validFromDate, validToDate }: X509Certificate, nowMs: number): boolean =>
  validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();

/**
 * The certificates of which one must have signed.
 * @param presented content of the answer's BinarySecurityToken
 * @throws UnverifiedError
 */
export function trustedCertificates(
  { certificate, ca, commonName }: Trust,
  presented: string | undefined,
  nowMs: number,
): X509Certificate[] {
  if (certificate !== undefined) {
    const pinned = certificatesIn(certificate(), 'soap.security.verify.certificate').filter((one) =>
      isInForce(one, nowMs),
    );
    if (pinned.length > 0) return pinned;
    throw new UnverifiedError('every certificate of soap.security.verify.certificate has expired');
  }
  if (presented === undefined) {
    throw new UnverifiedError('the answer has no X.509 BinarySecurityToken');
  }
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(Buffer.from(presented, 'base64'));
  } catch {
    throw new UnverifiedError('the BinarySecurityToken is not an X.509 certificate');
  }
  if (!isInForce(leaf, nowMs)) throw new UnverifiedError('the certificate of the answer is not in force');
  const issuers = certificatesIn(ca?.() ?? '', 'soap.security.verify.ca');
  const isIssued = issuers.some(
    (issuer) =>
      issuer.ca && isInForce(issuer, nowMs) && leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey),
  );
  if (!isIssued) {
    throw new UnverifiedError(
      'the certificate of the answer is not issued by an authority of soap.security.verify.ca',
    );
  }
  if (commonNameOf(leaf) !== commonName) {
    throw new UnverifiedError(
      'the certificate of the answer has another common name than soap.security.verify.commonName',
    );
  }
  return [leaf];
}

/** `undefined` when the subject has none or several. */
function commonNameOf({ subject }: X509Certificate): string | undefined {
  const names = (subject ?? '').split('\n').filter((line) => line.startsWith('CN='));
  return names.length === 1 ? names[0]?.slice('CN='.length) : undefined;
}
