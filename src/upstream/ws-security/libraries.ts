// The libraries for XML signatures: the parts that are used here, with our own types. Loaded when a source declares a signature: they take
// a tenth of a second, which a gateway without such a source does not spend.
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** The part of DOM's Element that is read here. */
export interface XmlElement {
  readonly nodeType: number;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly textContent: string | null;
  readonly parentNode: XmlElement | null;
  readonly childNodes: ArrayLike<{ readonly nodeType: number }>;
  readonly attributes: ArrayLike<{
    readonly name: string;
    readonly localName: string;
    readonly value: string;
  }>;
  getAttribute(name: string): string | null;
  getAttributeNS(namespace: string, name: string): string | null;
}

interface XmlCrypto {
  readonly ExclusiveCanonicalization: new () => {
    /** The order of namespace declarations. */
    nsCompare(a: { readonly prefix: string }, b: { readonly prefix: string }): number;
    process(
      element: XmlElement,
      options: {
        readonly inclusiveNamespacesPrefixList?: readonly string[];
        readonly ancestorNamespaces?: readonly { readonly prefix: string; readonly namespaceURI: string }[];
      },
    ): string;
  };
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
