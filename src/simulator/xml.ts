// XML for simulators of SOAP systems: a strict reader that preserves element order and namespaces, because the real systems
// reject a wrong order, and an escape function. The gateway decodes XML elsewhere, in `upstream/codecs`.

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** The namespace of the element, or an empty text. */
  readonly namespace: string;
  /** The text directly inside the element, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

type Open = { -readonly [K in keyof XmlElement]: XmlElement[K] } & {
  raw: string;
  children: XmlElement[];
  scope: Readonly<Record<string, string>>;
};

const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

/** Returns the root element, or null when the text is not well-formed or uses a DTD, CDATA or custom entities. */
export function readXml(source: string): XmlElement | null {
  const stack: Open[] = [];
  let root: XmlElement | null = null;
  TOKEN.lastIndex = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source);
    if (token === null) return null;
    const [, closes, raw, attributes = '', empties, text] = token;
    const parent = stack[stack.length - 1];
    if (text !== undefined) {
      if (parent === undefined) {
        if (text.trim() !== '') return null;
      } else {
        const value = decodeEntities(text);
        if (value === null) return null;
        parent.text += value;
      }
    } else if (raw !== undefined && closes === '/') {
      if (parent?.raw !== raw) return null;
      stack.pop();
      parent.text = parent.text.trim();
    } else if (raw !== undefined) {
      if (root !== null && parent === undefined) return null;
      const element = open(raw, attributes, parent?.scope ?? {});
      parent?.children.push(element);
      root ??= element;
      if (empties !== '/') stack.push(element);
    }
  }
  return stack.length === 0 ? root : null;
}

function open(raw: string, attributes: string, outer: Readonly<Record<string, string>>): Open {
  let scope = outer;
  for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    scope = { ...scope, [name.slice(6)]: double ?? single ?? '' };
  }
  const colon = raw.indexOf(':');
  const prefix = colon === -1 ? '' : raw.slice(0, colon);
  return { raw, name: raw.slice(colon + 1), namespace: scope[prefix] ?? '', text: '', children: [], scope };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string | null {
  let isKnown = true;
  const value = text.replace(/&(#x?[0-9a-fA-F]+|\w+);?/g, (_, name: string) => {
    if (name.startsWith('#')) {
      const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    }
    const plain = ENTITIES[name];
    if (plain === undefined) isKnown = false;
    return plain ?? '';
  });
  return isKnown ? value : null;
}

/** Escapes text for an element or an attribute. */
export const escapeXml = (text: string): string =>
  text.replace(
    /[<>&"]/g,
    (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[char] as string,
  );
