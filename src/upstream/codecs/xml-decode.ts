// Reads XML into plain objects in one pass. The SOAP codec calls it for every answer.
// Guarantees: well-formed or an error; no DTD, no entity but the five predefined and numeric ones; bounded depth; prefixes and
// namespace declarations dropped, attributes as `@name`, text kept as text (`001` survives), declared lists always arrays.
// By hand because it is 8 to 13 times faster than fast-xml-parser and refuses what that lets pass (`npm run bench -- xml`;
// the tests compare the two).

/** Thrown for anything that is not acceptable XML. The message has an offset and no text of the document. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** An element's content: text, or children and attributes; null for `xsi:nil`. */
export type XmlValue = string | null | { [name: string]: XmlValue | XmlValue[] };

export interface XmlOptions {
  /** Local names that are always arrays. */
  readonly lists: ReadonlySet<string>;
  /** Default 64. */
  readonly maxDepth?: number | undefined;
}

type Children = { [name: string]: XmlValue | XmlValue[] };

interface Open {
  /** As written, with its prefix: the closing tag must repeat it. */
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
  const { lists, maxDepth = 64 } = options;
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
      } else if (xml.slice(at, stop).trim() !== '')
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
      at = xml.charCodeAt(nameEnd) === GT ? nameEnd : readAttributes(xml, nameEnd, element);
      if (xml.charCodeAt(at) === SLASH) {
        if (xml.charCodeAt(at + 1) !== GT) throw new XmlError(`a tag is not closed at offset ${at}`);
        at += 2;
        const value = contentOf(element);
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

/** Reads attributes from `at`, gives the offset of `>` or of the `/` before it. */
function readAttributes(xml: string, start: number, element: Open): number {
  let at = start;
  for (;;) {
    const before = at;
    at = skipSpace(xml, at);
    const code = xml.charCodeAt(at);
    if (code === GT || code === SLASH) return at;
    if (at === before) throw new XmlError(`a tag is broken at offset ${at}`);
    const nameEnd = endOfName(xml, at);
    const raw = xml.slice(at, nameEnd);
    const local = localName(raw, at);
    at = skipSpace(xml, nameEnd);
    if (xml.charCodeAt(at) !== 61) throw new XmlError(`an attribute without a value at offset ${at}`);
    at = skipSpace(xml, at + 1);
    const quote = xml.charCodeAt(at);
    if (quote !== 34 && quote !== 39) throw new XmlError(`an attribute without quotes at offset ${at}`);
    const close = indexOrFail(xml, quote === 34 ? '"' : "'", at + 1);
    if (raw === 'xmlns' || raw.startsWith('xmlns:')) {
      at = close + 1;
      continue;
    }
    const text = xml.slice(at + 1, close);
    if (text.includes('<')) throw new XmlError(`"<" inside an attribute at offset ${at}`);
    const value = text.includes('&') ? decodeEntities(text, at + 1) : text;
    // Schema-instance attributes describe the document, not the data; rpc-style servers put xsi:type on every leaf.
    if (raw.startsWith('xsi:')) element.nil ||= local === 'nil' && (value === 'true' || value === '1');
    else {
      element.children ??= {};
      element.children[`@${local}`] = value;
    }
    at = close + 1;
  }
}

function contentOf(element: Open): XmlValue {
  const { children } = element;
  if (children === undefined) return element.nil ? null : element.text.trim();
  const text = element.text.trim();
  if (text !== '') children['#text'] = text;
  return children;
}

function put(parent: Open, name: string, value: XmlValue, lists: ReadonlySet<string>): void {
  parent.children ??= {};
  const { children } = parent;
  // hasOwn only where something is found: an element may be called `constructor`.
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
  if (local === '' || local === '__proto__') throw new XmlError(`a refused name at offset ${at}`);
  return local;
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
    const code = xml.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 9 && code !== 13) return at;
    at++;
  }
}

function indexOrFail(xml: string, text: string, from: number): number {
  const found = xml.indexOf(text, from);
  if (found < 0) throw new XmlError(`something opened before offset ${from} is not closed`);
  return found;
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string, offset: number): string {
  let decoded = '';
  let at = 0;
  for (;;) {
    const amp = text.indexOf('&', at);
    if (amp < 0) return decoded + text.slice(at);
    const semi = text.indexOf(';', amp);
    const name = semi < 0 ? '' : text.slice(amp + 1, semi);
    decoded +=
      text.slice(at, amp) +
      (Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : numeric(name, offset + amp));
    at = semi + 1;
  }
}

function numeric(name: string, at: number): string {
  const code = /^#\d{1,7}$/.test(name)
    ? Number(name.slice(1))
    : /^#x[0-9a-fA-F]{1,6}$/.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : -1;
  const allowed =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 32 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0x10ffff && code !== 0xfffe && code !== 0xffff);
  if (!allowed) throw new XmlError(`an entity other than the predefined ones is refused at offset ${at}`);
  return String.fromCodePoint(code);
}
