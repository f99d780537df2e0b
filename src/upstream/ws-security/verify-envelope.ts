// Verifies the XML signature of an answer. What is returned is built from the signed octets alone: content beside them is never read, so
// that moved or duplicated elements (signature wrapping) have no effect even where the checks of their places would miss one.
import { decodeXml } from '../codecs/xml-decode.ts';
import { type SignedXml, type XmlElement, xmlCrypto, xmlDom } from './libraries.ts';
import {
  DS,
  EXCLUSIVE_C14N,
  RSA_SHA256,
  RSA_SHA512,
  SHA256,
  SHA512,
  SOAP_ENVELOPES,
  WSSE,
  WSU,
  X509_V3,
} from './names.ts';
import { UnverifiedError } from './refusal.ts';
import { type Trust, trustedCertificates } from './trust.ts';

export interface Verification extends Trust {
  /** Elements that must be signed. */
  readonly over: readonly ('body' | 'timestamp')[];
  readonly maxAgeMs: number;
  readonly clockSkewMs: number;
}

/** References that a signature may have; real ones have two to five. */
const MAX_REFERENCES = 16;

/**
 * An envelope with the signed Body only.
 * @param xml a well-formed document without a document type
 * @throws UnverifiedError
 */
export function verifyEnvelope(xml: string, verification: Verification, nowMs: number): string {
  const envelope = parse(xml);
  const namespace = envelope.namespaceURI;
  if (
    envelope.localName !== 'Envelope' ||
    (namespace !== SOAP_ENVELOPES.soap11 && namespace !== SOAP_ENVELOPES.soap12)
  ) {
    throw new UnverifiedError('the document is no SOAP envelope');
  }
  const header = only(envelope, namespace, 'Header');
  const body = only(envelope, namespace, 'Body');
  const security = only(header, WSSE, 'Security');
  const signature = only(security, DS, 'Signature');
  const timestamp = verification.over.includes('timestamp') ? only(security, WSU, 'Timestamp') : undefined;

  const signed = signedOctets(xml, signature, presentedCertificate(security), verification, nowMs);
  const octetsOf = (element: XmlElement, name: string): string => {
    const octets = signed.get(element.getAttributeNS(WSU, 'Id') || NO_ID);
    if (octets === undefined) throw new UnverifiedError(`the signature does not cover the ${name}`);
    return octets;
  };
  if (timestamp !== undefined) checkWindow(octetsOf(timestamp, 'Timestamp'), verification, nowMs);
  return `<e:Envelope xmlns:e="${namespace}">${octetsOf(body, 'Body')}</e:Envelope>`;
}

/** No id of a document: ids contain no space. */
const NO_ID = ' ';

function parse(xml: string): XmlElement {
  const refuse = (): never => {
    throw new UnverifiedError('the document cannot be parsed');
  };
  const { DOMParser } = xmlDom();
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  const { documentElement } = parser.parseFromString(xml, 'text/xml');
  return documentElement ?? refuse();
}

/** The one child element of that name. */
function only(parent: XmlElement, namespace: string, name: string): XmlElement {
  const found = childrenOf(parent).filter((one) => one.localName === name);
  const [first] = found;
  if (found.length === 1 && first?.namespaceURI === namespace) return first;
  throw new UnverifiedError(
    found.length > 1
      ? `${parent.localName} has more than one ${name}`
      : `${parent.localName} has no ${name} in its namespace`,
  );
}

const ELEMENT_NODE = 1;

const childrenOf = (parent: XmlElement): XmlElement[] =>
  Array.from(parent.childNodes).filter((node): node is XmlElement => node.nodeType === ELEMENT_NODE);

function presentedCertificate(security: XmlElement): string | undefined {
  const tokens = childrenOf(security).filter(
    (one) =>
      one.localName === 'BinarySecurityToken' &&
      one.namespaceURI === WSSE &&
      one.getAttribute('ValueType') === X509_V3,
  );
  if (tokens.length > 1) throw new UnverifiedError('Security has more than one X.509 BinarySecurityToken');
  return tokens[0]?.textContent?.replace(/\s/g, '');
}

/** The canonical octets of each signed element by its id. */
function signedOctets(
  xml: string,
  signature: XmlElement,
  presented: string | undefined,
  trust: Verification,
  nowMs: number,
): ReadonlyMap<string, string> {
  const uris = referencesOf(signature);
  const { SignedXml } = xmlCrypto();
  for (const certificate of trustedCertificates(trust, presented, nowMs)) {
    if (certificate.publicKey.asymmetricKeyType !== 'rsa') continue;
    const check = withAllowedAlgorithms(
      new SignedXml({ idMode: 'wssecurity', publicCert: certificate.publicKey }),
    );
    try {
      check.loadSignature(signature);
      if (!check.checkSignature(xml)) continue;
    } catch {
      // The library's messages quote the document.
      continue;
    }
    const octets = check.getSignedReferences();
    const checked = check.getReferences().map(({ uri }) => uri);
    if (octets.length !== uris.length || checked.some((uri, i) => uri !== uris[i])) {
      throw new UnverifiedError('the references of the signature are ambiguous');
    }
    return new Map(uris.map((uri, i) => [uri.slice(1), octets[i] as string]));
  }
  throw new UnverifiedError('the signature does not fit the document or a trusted certificate');
}

/** The ids that SignedInfo refers to, each once and each within the document. */
function referencesOf(signature: XmlElement): string[] {
  const info = only(signature, DS, 'SignedInfo');
  const references = childrenOf(info).filter((one) => one.localName === 'Reference');
  if (references.length === 0 || references.length > MAX_REFERENCES) {
    throw new UnverifiedError(`the signature has no reference, or more than ${MAX_REFERENCES}`);
  }
  const uris = references.map((one) => one.getAttribute('URI') ?? '');
  if (uris.some((uri) => !/^#[\w.:-]+$/.test(uri)) || new Set(uris).size !== uris.length) {
    throw new UnverifiedError('a reference of the signature is no id, or is repeated');
  }
  return uris;
}

/** Exclusive C14N, SHA-2 and RSA with SHA-2; neither SHA-1 nor HMAC nor another transform. */
function withAllowedAlgorithms(check: SignedXml): SignedXml {
  check.CanonicalizationAlgorithms = pick(check.CanonicalizationAlgorithms, [EXCLUSIVE_C14N]);
  check.HashAlgorithms = pick(check.HashAlgorithms, [SHA256, SHA512]);
  check.SignatureAlgorithms = pick(check.SignatureAlgorithms, [RSA_SHA256, RSA_SHA512]);
  return check;
}

const pick = <T>(table: Record<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, table[name] as T]));

/** UTC, or with an offset; fractions of any length. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** @param octets of the Timestamp */
function checkWindow(octets: string, { maxAgeMs, clockSkewMs }: Verification, nowMs: number): void {
  const { value } = decodeXml(octets, { lists: new Set(), maxDepth: 4 });
  const fields = (typeof value === 'object' ? value : undefined) ?? {};
  const created = timeOf(fields.Created);
  const expires = fields.Expires === undefined ? undefined : timeOf(fields.Expires);
  if (created === undefined || (fields.Expires !== undefined && expires === undefined)) {
    throw new UnverifiedError('the Timestamp has no readable Created or Expires');
  }
  if (created > nowMs + clockSkewMs) throw new UnverifiedError('the Timestamp lies in the future');
  if (created < nowMs - maxAgeMs - clockSkewMs) {
    throw new UnverifiedError('the Timestamp is older than soap.security.verify.maxAgeMs');
  }
  if (expires !== undefined && expires < nowMs - clockSkewMs)
    throw new UnverifiedError('the Timestamp has expired');
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
