// Bytes to text, and content types, for all codecs. The charset is taken from the byte order mark, then the content type, then the
// format's own declaration (XML), then UTF-8. Bytes that are not valid in their charset are refused, never replaced.
import { isUtf8 } from 'node:buffer';
import { MAX_MARKS, normalizeText } from '../../normal-form.ts';

type Header = string | string[] | undefined;

/** Thrown for bytes that are not valid in their charset, and for unknown charsets. Contains no upstream text. */
export class CharsetError extends Error {
  override readonly name = 'CharsetError';
}

/**
 * Text without a byte order mark.
 * @param contentType the header, for its `charset`
 * @param declared reads the format's own declaration; called only when neither mark nor header names a charset
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
    // JSON and XML start with an ASCII character, so a zero byte beside it means UTF-16 (RFC 4627 section 3, XML 1.0 appendix F).
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
    // `us-ascii` and `iso-8859-1` are decoded as windows-1252, as browsers do.
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
  // windows-1258 encodes Vietnamese tones as combining characters; other charsets have them precomposed.
  if (decoder.encoding !== 'windows-1258') return text;
  const normalized = normalizeText(text);
  if (normalized !== undefined) return normalized;
  throw new CharsetError(`expected windows-1258, found more than ${MAX_MARKS} combining marks in a row`);
}

const CHARSET = /;\s*charset\s*=\s*["']?([^"';\s]+)/i;

function charsetOf(header: Header): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || !text.includes(';')) return undefined;
  // The most common form, without a regular expression.
  if (text.endsWith('; charset=utf-8')) return 'utf-8';
  return CHARSET.exec(text)?.[1]?.toLowerCase();
}

const DECLARATION = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** The encoding named by an XML declaration, which can only be in the first bytes. */
export function xmlEncoding(bytes: Buffer): string | undefined {
  const name = DECLARATION.exec(bytes.toString('latin1', 0, 160))?.[1]?.toLowerCase();
  // A declaration of UTF-16 that is itself in single bytes is wrong: its writer held the text as UTF-16 in memory.
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

/** For logs: a media type is upstream text, so only a plain one is quoted. */
export const shownType = (type: string): string =>
  /^[a-z]+\/[a-z0-9.+-]{1,60}$/.test(type) ? type : 'another type';
