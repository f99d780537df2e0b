// An envelope as a tree, and the canonical form of its elements (exclusive C14N without comments).
import { type XmlElement, xmlCrypto, xmlDom } from './libraries.ts';
import { UnverifiedError } from './refusal.ts';

const ELEMENT_NODE = 1;

/** @throws UnverifiedError */
export function parseTree(xml: string): XmlElement {
  const refuse = (): never => {
    throw new UnverifiedError('the document cannot be parsed');
  };
  const { DOMParser } = xmlDom();
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  const { documentElement } = parser.parseFromString(xml, 'text/xml');
  return documentElement ?? refuse();
}

export const childrenOf = (parent: XmlElement): XmlElement[] =>
  Array.from(parent.childNodes).filter((node): node is XmlElement => node.nodeType === ELEMENT_NODE);

const ID_NAMES: ReadonlySet<string> = new Set(['Id', 'ID', 'id']);

/** The elements of each id, by attributes of any namespace whose local name is that of an id. */
export function elementsById(root: XmlElement): ReadonlyMap<string, readonly XmlElement[]> {
  const found = new Map<string, XmlElement[]>();
  const stack = [root];
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    for (let i = 0; i < element.attributes.length; i++) {
      const attribute = element.attributes[i];
      if (attribute === undefined || !ID_NAMES.has(attribute.localName)) continue;
      const others = found.get(attribute.value);
      if (others === undefined) found.set(attribute.value, [element]);
      else others.push(element);
    }
    stack.push(...childrenOf(element));
  }
  return found;
}

/** @param inclusive prefixes whose declarations are rendered wherever they are in scope (InclusiveNamespaces) */
export function canonicalize(element: XmlElement, inclusive: readonly string[] = []): string {
  const { ExclusiveCanonicalization } = xmlCrypto();
  const canonicalization = new ExclusiveCanonicalization();
  // The library sorts by the rules of a language, `q` before `S`; C14N sorts by code points.
  canonicalization.nsCompare = ({ prefix: a }, { prefix: b }) => (a < b ? -1 : a > b ? 1 : 0);
  return canonicalization.process(
    element,
    inclusive.length === 0
      ? {}
      : { inclusiveNamespacesPrefixList: inclusive, ancestorNamespaces: namespacesAbove(element) },
  );
}

/** Declarations of the ancestors by prefix; the nearest counts. */
function namespacesAbove(element: XmlElement): { prefix: string; namespaceURI: string }[] {
  const found = new Map<string, string>();
  for (let at = element.parentNode; at !== null && at.nodeType === ELEMENT_NODE; at = at.parentNode) {
    for (const { name, localName, value } of Array.from(at.attributes)) {
      if (name.startsWith('xmlns:') && !found.has(localName)) found.set(localName, value);
    }
  }
  return [...found].map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
}
