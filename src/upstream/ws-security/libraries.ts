// The libraries for XML signatures: the parts that are used here, with our own types. Loaded when a source declares a signature: they take
// a tenth of a second, which a gateway without such a source does not spend.
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

type Table = Record<string, unknown>;

/** The part of DOM's Element that is read here. */
export interface XmlElement {
  readonly nodeType: number;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<{ readonly nodeType: number }>;
  getAttribute(name: string): string | null;
  getAttributeNS(namespace: string, name: string): string | null;
}

/** xml-crypto's class. */
export interface SignedXml {
  CanonicalizationAlgorithms: Table;
  HashAlgorithms: Table;
  SignatureAlgorithms: Table;
  addReference(reference: {
    readonly xpath: string;
    readonly digestAlgorithm: string;
    readonly transforms: readonly string[];
  }): void;
  computeSignature(xml: string, options: object): void;
  getSignatureXml(): string;
  loadSignature(signature: XmlElement): void;
  checkSignature(xml: string): boolean;
  getSignedReferences(): string[];
  getReferences(): { readonly uri: string }[];
}

interface XmlCrypto {
  readonly SignedXml: new (options: object) => SignedXml;
}

interface XmlDom {
  readonly DOMParser: new (
    options: object,
  ) => {
    parseFromString(xml: string, type: string): { readonly documentElement: XmlElement | null };
  };
}

export const xmlCrypto = (): XmlCrypto => load('xml-crypto');

export const xmlDom = (): XmlDom => load('@xmldom/xmldom');
