// Reads XML into plain objects in one pass, in time linear in the length of the document.
// Guarantees: the document is well-formed or an XmlError is thrown; no DTD and no entities other than the five predefined and
// numeric ones; bounded depth. Elements are keyed by local name, attributes by `@name`, namespace declarations are dropped, text
// stays text (`001` survives), declared lists are always arrays. XML Schema instance attributes are recognised by namespace.
// Written by hand because it is 8 to 13 times faster than fast-xml-parser and rejects documents that fast-xml-parser accepts
// (`npm run bench -- xml`; the tests compare the two).

import {
  createScope,
  declare,
  leaveScope,
  namespaceOf,
  SCHEMA_INSTANCE,
  SCHEMA_INSTANCE_NAMES,
  type Scope,
} from './xml-namespaces.ts';
import {
  attributeValue,
  decodeEntities,
  FORBIDDEN_CHARACTER,
  isSpace,
  isTrue,
  trimSpace,
  XmlError,
} from './xml-text.ts';

/** Content of an element: text, or children and attributes; null for `nil="true"` of XML Schema instance. */
export type XmlValue = string | null | { [name: string]: XmlValue | XmlValue[] };

export interface XmlOptions {
  /** Local names that are always arrays. */
  readonly lists: ReadonlySet<string>;
  /** Elements nested at most. */
  readonly maxDepth: number;
  /**
   * Called for the root (depth 0), its children and grandchildren, in document order, before their content is read.
   * `namespace` is undefined where the element is in none, or its prefix is not declared.
   */
  readonly onOuterElement?: (depth: number, local: string, namespace: string | undefined) => void;
}

/** Depth below which the caller learns of elements. */
const OUTER_DEPTH = 3;

type Children = { [name: string]: XmlValue | XmlValue[] };

interface Open {
  /** As written, with its prefix: the closing tag must repeat it exactly. */
  readonly raw: string;
  readonly local: string;
  children: Children | undefined;
  text: string;
  nil: boolean;
}

const GT = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;

/** @throws XmlError */
export function decodeXml(source: string, options: XmlOptions): { name: string; value: XmlValue } {
  const xml = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  const forbidden = xml.search(FORBIDDEN_CHARACTER);
  if (forbidden >= 0) throw new XmlError(`a character that XML does not allow at offset ${forbidden}`);
  const { lists, maxDepth, onOuterElement } = options;
  const scope = createScope();
  const stack: Open[] = [];
  let open: Open | undefined;
  let root: { name: string; value: XmlValue } | undefined;
  let at = 0;

  const end = xml.length;
  while (at < end) {
    // Text up to the next tag.
    const tag = xml.indexOf('<', at);
    const stop = tag < 0 ? end : tag;
    if (stop > at) {
      if (open !== undefined) {
        const text = xml.slice(at, stop);
        open.text += text.includes('&') ? decodeEntities(text, at) : text;
      } else if (trimSpace(xml.slice(at, stop)) !== '')
        throw new XmlError(`text outside the root element at offset ${at}`);
    }
    if (tag < 0) break;
    const mark = xml.charCodeAt(tag + 1);

    if (mark === SLASH) {
      // Closing tag.
      const close = indexOrFail(xml, '>', tag + 2);
      if (open === undefined || !closes(xml, tag + 2, close, open.raw)) {
        throw new XmlError(`closing tag without its opening tag at offset ${tag}`);
      }
      const value = contentOf(open);
      const done = open.local;
      stack.pop();
      leaveScope(scope, stack.length);
      open = stack[stack.length - 1];
      if (open === undefined) root = { name: done, value };
      else put(open, done, value, lists);
      at = close + 1;
    } else if (mark === BANG) {
      if (xml.startsWith('<!--', tag)) at = indexOrFail(xml, '-->', tag + 4) + 3;
      else if (xml.startsWith('<![CDATA[', tag) && open !== undefined) {
        const close = indexOrFail(xml, ']]>', tag + 9);
        open.text += xml.slice(tag + 9, close);
        at = close + 3;
      } else throw new XmlError(`a document type or other declaration is refused at offset ${tag}`);
    } else if (mark === QUESTION) {
      at = indexOrFail(xml, '?>', tag + 2) + 2;
    } else {
      // Opening tag.
      if (root !== undefined) throw new XmlError(`a second root element at offset ${tag}`);
      const nameEnd = endOfName(xml, tag + 1);
      const raw = xml.slice(tag + 1, nameEnd);
      const element: Open = { raw, local: localName(raw, tag), children: undefined, text: '', nil: false };
      at =
        xml.charCodeAt(nameEnd) === GT ? nameEnd : readAttributes(xml, nameEnd, element, scope, stack.length);
      if (onOuterElement !== undefined && stack.length < OUTER_DEPTH) {
        onOuterElement(stack.length, element.local, namespaceOf(scope, prefixOf(raw)));
      }
      if (xml.charCodeAt(at) === SLASH) {
        if (xml.charCodeAt(at + 1) !== GT) throw new XmlError(`a tag is not closed at offset ${at}`);
        at += 2;
        const value = contentOf(element);
        leaveScope(scope, stack.length);
        if (open === undefined) root = { name: element.local, value };
        else put(open, element.local, value, lists);
      } else {
        at += 1;
        if (stack.length >= maxDepth)
          throw new XmlError(`more than ${maxDepth} nested elements at offset ${tag}`);
        stack.push(element);
        open = element;
      }
    }
  }
  if (open !== undefined) throw new XmlError(`${stack.length} elements are not closed at the end`);
  if (root === undefined) throw new XmlError('no element');
  return root;
}

/**
 * Reads attributes from `start`; returns the offset of `>` or of the `/` before it.
 * @param depth of the element, 0 for the root
 */
function readAttributes(xml: string, start: number, element: Open, scope: Scope, depth: number): number {
  let at = start;
  /** Attributes with a prefix, by name as written: the prefix may be declared after them. */
  let prefixed: Map<string, readonly [prefix: string, local: string, value: string]> | undefined;
  for (;;) {
    const before = at;
    at = skipSpace(xml, at);
    const code = xml.charCodeAt(at);
    if (code === GT || code === SLASH) break;
    if (at === before) throw new XmlError(`a tag is broken at offset ${at}`);
    const nameStart = at;
    const nameEnd = endOfName(xml, at);
    const raw = xml.slice(at, nameEnd);
    const local = localName(raw, at);
    at = skipSpace(xml, nameEnd);
    if (xml.charCodeAt(at) !== 61) throw new XmlError(`an attribute without a value at offset ${at}`);
    at = skipSpace(xml, at + 1);
    const quote = xml.charCodeAt(at);
    if (quote !== 34 && quote !== 39) throw new XmlError(`an attribute without quotes at offset ${at}`);
    const close = indexOrFail(xml, quote === 34 ? '"' : "'", at + 1);
    const value = attributeValue(xml.slice(at + 1, close), at + 1);
    at = close + 1;
    const prefix = prefixOf(raw);
    if (raw === 'xmlns' || prefix === 'xmlns') {
      declare(scope, prefix === '' ? '' : local, value, depth, nameStart);
      continue;
    }
    if (prefix === '') {
      if (element.children?.[`@${local}`] !== undefined) throw repeated(nameStart);
      setAttribute(element, local, value);
      continue;
    }
    prefixed ??= new Map();
    if (prefixed.has(raw)) throw repeated(nameStart);
    prefixed.set(raw, [prefix, local, value]);
  }
  if (prefixed !== undefined)
    for (const attribute of prefixed.values()) addPrefixed(element, attribute, scope);
  return at;
}

function addPrefixed(
  element: Open,
  [prefix, local, value]: readonly [prefix: string, local: string, value: string],
  scope: Scope,
): void {
  if (SCHEMA_INSTANCE_NAMES.has(local)) {
    // A fragment taken out of its document has lost the declaration: the customary prefix stands for it.
    const namespace = namespaceOf(scope, prefix) ?? (prefix === 'xsi' ? SCHEMA_INSTANCE : undefined);
    if (namespace === SCHEMA_INSTANCE) {
      if (local === 'nil') element.nil = isTrue(value);
      return;
    }
  }
  // Keys carry no prefix: an attribute without prefix keeps its key, and among others the first one does.
  if (element.children?.[`@${local}`] === undefined) setAttribute(element, local, value);
}

const repeated = (offset: number): XmlError => new XmlError(`an attribute appears twice at offset ${offset}`);

function setAttribute(element: Open, local: string, value: string): void {
  element.children ??= {};
  element.children[`@${local}`] = value;
}

function contentOf(element: Open): XmlValue {
  const { children } = element;
  if (children === undefined) return element.nil ? null : trimSpace(element.text);
  const text = trimSpace(element.text);
  if (text !== '') children['#text'] = text;
  return children;
}

function put(parent: Open, name: string, value: XmlValue, lists: ReadonlySet<string>): void {
  parent.children ??= {};
  const { children } = parent;
  // hasOwn only where a value is found: an element may be called `constructor`.
  const found = children[name];
  if (found === undefined || !Object.hasOwn(children, name))
    children[name] = lists.has(name) ? [value] : value;
  else if (Array.isArray(found)) found.push(value);
  else children[name] = [found, value];
}

function localName(raw: string, at: number): string {
  const colon = raw.indexOf(':');
  const local = colon < 0 ? raw : raw.slice(colon + 1);
  // `__proto__` as a key would replace the prototype of the decoded object.
  if (local === '' || local === '__proto__' || colon === 0 || local.includes(':')) {
    throw new XmlError(`a refused name at offset ${at}`);
  }
  return local;
}

function prefixOf(raw: string): string {
  const colon = raw.indexOf(':');
  return colon < 0 ? '' : raw.slice(0, colon);
}

/** The offset after a name. Letters, digits, `_ - . :` and everything beyond ASCII. */
function endOfName(xml: string, start: number): number {
  let at = start;
  for (; at < xml.length; at++) {
    const code = xml.charCodeAt(at);
    const letter = (code | 32) >= 97 && (code | 32) <= 122;
    if (letter || code >= 128 || code === 95 || code === 58) continue;
    if (at > start && ((code >= 48 && code <= 57) || code === 45 || code === 46)) continue;
    break;
  }
  if (at === start) throw new XmlError(`a name is expected at offset ${start}`);
  return at;
}

const closes = (xml: string, start: number, close: number, raw: string): boolean =>
  xml.startsWith(raw, start) &&
  (start + raw.length === close || skipSpace(xml, start + raw.length) === close);

function skipSpace(xml: string, start: number): number {
  let at = start;
  for (;;) {
    if (!isSpace(xml.charCodeAt(at))) return at;
    at++;
  }
}

function indexOrFail(xml: string, text: string, from: number): number {
  const found = xml.indexOf(text, from);
  if (found < 0) throw new XmlError(`something opened before offset ${from} is not closed`);
  return found;
}
