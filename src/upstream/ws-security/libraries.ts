// The libraries for XML signatures: the parts that are used here, with our own types. Loaded when a source declares a signature: they take
// a tenth of a second, which a gateway without such a source does not spend.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

type Table = Record<string, unknown>;

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
  loadSignature(signature: Node): void;
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
    parseFromString(xml: string, type: string): { readonly documentElement: Element | null };
  };
}

export const xmlCrypto = (): XmlCrypto => require('xml-crypto');

export const xmlDom = (): XmlDom => require('@xmldom/xmldom');
