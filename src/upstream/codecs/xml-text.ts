// Characters and references of XML 1.0: what the decoder and the encoder both need to know about text.

/** Thrown for anything that is not acceptable XML. The message contains an offset and no text of the document. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 forbids (production 2).
export const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Without white space of XML at both ends. `String.prototype.trim` would also take a no-break space, which is data. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

export const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13;

/** XML 1.0, 3.3.3: literal white space is a space, references keep what they name. */
export function attributeValue(text: string, offset: number): string {
  if (text.includes('<')) throw new XmlError(`"<" inside an attribute at offset ${offset}`);
  const spaced = text.includes('\n') || text.includes('\t') ? text.replace(/[\n\t]/g, ' ') : text;
  return spaced.includes('&') ? decodeEntities(spaced, offset) : spaced;
}

/** Lexical forms of xs:boolean; white space around them is collapsed. */
export function isTrue(value: string): boolean {
  const text = trimSpace(value);
  return text === 'true' || text === '1';
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const DECIMAL_REFERENCE = /^#0*\d{1,7}$/;
const HEXADECIMAL_REFERENCE = /^#x0*[0-9a-fA-F]{1,6}$/;

/** @param offset of the text in its document, for errors */
export function decodeEntities(text: string, offset: number): string {
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

/** A character reference. Leading zeros are legal in any number. */
function numeric(name: string, at: number): string {
  const code = DECIMAL_REFERENCE.test(name)
    ? Number(name.slice(1))
    : HEXADECIMAL_REFERENCE.test(name)
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
