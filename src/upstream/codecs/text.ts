// Bytes to text and content types, for all codecs. Charset by byte order mark, then content type, then what the format
// itself says (an XML declaration), then UTF-8. Guarantee: text that is not in its charset is refused, never mended.
import { isUtf8 } from 'node:buffer';

type Header = string | string[] | undefined;

/** Thrown for bytes that are not text of their charset, and for charsets that nobody knows. Holds no upstream text. */
export class CharsetError extends Error {
  override readonly name = 'CharsetError';
}

/**
 * Text without a byte order mark.
 * @param contentType the header, for its `charset`
 * @param declared what the format says of itself, asked only when neither mark nor header says it
 * @throws CharsetError
 */
export function decodeText(
  bytes: Buffer,
  contentType: Header,
  declared?: (bytes: Buffer) => string | undefined,
): string {
  const a = bytes[0];
  const b = bytes[1];
  if (a === 0xef && b === 0xbb && bytes[2] === 0xbf) return decodeUtf8(bytes, 3);
  if (a === 0xff && b === 0xfe) return decodeOther(bytes, 'utf-16le');
  if (a === 0xfe && b === 0xff) return decodeOther(bytes, 'utf-16be');
  const charset = charsetOf(contentType);
  if (charset === undefined) {
    // JSON and XML start with an ASCII character: a zero byte beside it tells UTF-16 (RFC 4627 §3, XML 1.0 appendix F).
    if (a === 0 && b !== 0) return decodeOther(bytes, 'utf-16be');
    if (b === 0 && a !== 0) return decodeOther(bytes, 'utf-16le');
  }
  const name = charset ?? declared?.(bytes);
  return name === undefined || name === 'utf-8' || name === 'utf8'
    ? decodeUtf8(bytes, 0)
    : decodeOther(bytes, name);
}

function decodeUtf8(bytes: Buffer, start: number): string {
  if (!isUtf8(bytes)) throw new CharsetError('expected UTF-8, found bytes that are not');
  return bytes.toString('utf8', start);
}

function decodeOther(bytes: Buffer, charset: string): string {
  let decoder: TextDecoder;
  try {
    // `us-ascii` and `iso-8859-1` are read as windows-1252, as browsers do.
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    throw new CharsetError('expected a charset of the WHATWG Encoding Standard, found another');
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new CharsetError(`expected ${decoder.encoding}, found bytes that are not`);
  }
  // windows-1258 writes a Vietnamese tone as a character of its own; everywhere else it is part of the letter.
  return decoder.encoding === 'windows-1258' ? text.normalize('NFC') : text;
}

const CHARSET = /;\s*charset\s*=\s*["']?([^"';\s]+)/i;

function charsetOf(header: Header): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || !text.includes(';')) return undefined;
  // What nearly everybody sends.
  if (text.endsWith('; charset=utf-8')) return 'utf-8';
  return CHARSET.exec(text)?.[1]?.toLowerCase();
}

const DECLARATION = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** The encoding of an XML declaration, which stands in the first bytes or nowhere. */
export function xmlEncoding(bytes: Buffer): string | undefined {
  const name = DECLARATION.exec(bytes.toString('latin1', 0, 160))?.[1]?.toLowerCase();
  // A document that says UTF-16 in single bytes is not: it was written by a program that had UTF-16 in memory.
  return name?.startsWith('utf-16') ? undefined : name;
}

/** `type/subtype` in lower case without parameters; `undefined` when the header is missing or empty. */
export function mediaType(header: Header): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const end = text.indexOf(';');
  const type = (end < 0 ? text : text.slice(0, end)).trim().toLowerCase();
  return type === '' ? undefined : type;
}

/** For logs: a media type is the source's text, so only a plain one is repeated. */
export const shownType = (type: string): string =>
  /^[a-z]+\/[a-z0-9.+-]{1,60}$/.test(type) ? type : 'another type';
