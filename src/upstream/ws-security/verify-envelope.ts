// Verifies the XML signature of an answer. What is returned is built from the signed octets alone: content beside them is never read, so
// that moved or duplicated elements (signature wrapping) have no effect even where the checks of their places would miss one.
import { createHash, verify } from 'node:crypto';
import { decodeXml } from '../codecs/xml-decode.ts';
import type { XmlElement } from './libraries.ts';
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
import { canonicalize, childrenOf, elementsById, parseTree } from './xml-tree.ts';

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
  const envelope = parseTree(xml);
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

  const signed = signedOctets(envelope, signature, presentedCertificate(security), verification, nowMs);
  const octetsOf = (element: XmlElement, name: string): string => {
    const octets = signed.get(element);
    if (octets !== undefined && element.getAttributeNS(WSU, 'Id')) return octets;
    throw new UnverifiedError(`the signature does not cover the ${name}`);
  };
  if (timestamp !== undefined) checkWindow(octetsOf(timestamp, 'Timestamp'), verification, nowMs);
  return `<e:Envelope xmlns:e="${namespace}">${octetsOf(body, 'Body')}</e:Envelope>`;
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

interface SignedInfo {
  /** Canonical: what the signature covers. */
  readonly text: string;
  readonly digest: 'sha256' | 'sha512';
  readonly references: readonly SignedReference[];
}

interface SignedReference {
  readonly id: string;
  readonly digest: 'sha256' | 'sha512';
  readonly value: string;
  readonly inclusive: readonly string[];
}

/** The canonical octets of each signed element. */
function signedOctets(
  envelope: XmlElement,
  signature: XmlElement,
  presented: string | undefined,
  trust: Verification,
  nowMs: number,
): ReadonlyMap<XmlElement, string> {
  const info = readSignedInfo(only(signature, DS, 'SignedInfo'));
  const value = Buffer.from(only(signature, DS, 'SignatureValue').textContent ?? '', 'base64');
  const bytes = Buffer.from(info.text, 'utf8');
  const isTrusted = trustedCertificates(trust, presented, nowMs).some(
    ({ publicKey }) => publicKey.asymmetricKeyType === 'rsa' && verify(info.digest, bytes, publicKey, value),
  );
  if (!isTrusted) throw new UnverifiedError('the signature does not fit SignedInfo or a trusted certificate');
  const elements = elementsById(envelope);
  return new Map(
    info.references.map(({ id, digest, value: expected, inclusive }) => {
      const [element, other] = elements.get(id) ?? [];
      if (element === undefined || other !== undefined) {
        throw new UnverifiedError('a reference of the signature has no element, or more than one');
      }
      const octets = canonicalize(element, inclusive);
      if (createHash(digest).update(octets, 'utf8').digest('base64') !== expected) {
        throw new UnverifiedError(`the signature does not fit a signed element`);
      }
      return [element, octets];
    }),
  );
}

/** Reads the canonical text, which the signature covers, and nothing else of the document. */
function readSignedInfo(element: XmlElement): SignedInfo {
  const method = childrenOf(element).find(({ localName }) => localName === 'CanonicalizationMethod');
  const text = canonicalize(element, method === undefined ? [] : prefixesIn(method));
  const { value } = decodeXml(text, { lists: SIGNED_INFO_LISTS, maxDepth: 8 });
  if (at(value, 'CanonicalizationMethod', '@Algorithm') !== EXCLUSIVE_C14N) {
    throw new UnverifiedError('the signature has another canonicalization than exclusive C14N');
  }
  const algorithm = at(value, 'SignatureMethod', '@Algorithm');
  const digest = algorithm === RSA_SHA256 ? 'sha256' : algorithm === RSA_SHA512 ? 'sha512' : undefined;
  if (digest === undefined) throw new UnverifiedError('the signature is neither RSA-SHA256 nor RSA-SHA512');
  const found = at(value, 'Reference');
  const references = Array.isArray(found) ? found.map(readReference) : [];
  if (references.length === 0 || references.length > MAX_REFERENCES) {
    throw new UnverifiedError(`the signature has no reference, or more than ${MAX_REFERENCES}`);
  }
  if (new Set(references.map(({ id }) => id)).size !== references.length) {
    throw new UnverifiedError('a reference of the signature is repeated');
  }
  return { text, digest, references };
}

const SIGNED_INFO_LISTS: ReadonlySet<string> = new Set(['Reference', 'Transform']);

/** Exclusive C14N as the only transform, SHA-2, and an id within the document. */
function readReference(reference: unknown): SignedReference {
  const [, id] = /^#([\w.:-]+)$/.exec(String(at(reference, '@URI'))) ?? [];
  if (id === undefined) throw new UnverifiedError('a reference of the signature is no id');
  const transforms = at(reference, 'Transforms', 'Transform');
  const [transform] = Array.isArray(transforms) && transforms.length === 1 ? transforms : [];
  if (at(transform, '@Algorithm') !== EXCLUSIVE_C14N) {
    throw new UnverifiedError('a reference has another transform than exclusive C14N');
  }
  const method = at(reference, 'DigestMethod', '@Algorithm');
  const digest = method === SHA256 ? 'sha256' : method === SHA512 ? 'sha512' : undefined;
  if (digest === undefined) throw new UnverifiedError('a digest is neither SHA-256 nor SHA-512');
  const prefixes = at(transform, 'InclusiveNamespaces', '@PrefixList');
  const value = String(at(reference, 'DigestValue')).replace(/\s/g, '');
  return { id, digest, value, inclusive: typeof prefixes === 'string' ? split(prefixes) : [] };
}

const prefixesIn = (method: XmlElement): string[] =>
  childrenOf(method).flatMap((one) =>
    one.localName === 'InclusiveNamespaces' ? split(one.getAttribute('PrefixList') ?? '') : [],
  );

const split = (prefixes: string): string[] => prefixes.split(/\s+/).filter((prefix) => prefix !== '');

/** A decoded value below these keys. */
const at = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (holder, key) =>
      typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined,
    value,
  );

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
