// The path of a URL as segments. A value stays within the segment of the template in which it stands: a value that a server,
// or a URL parser on the way, would read as other segments is refused, and nothing is sent.

import type { LocalizedText } from '../../errors.ts';
import type { CompiledMapping, MappingVariables } from '../mapping/index.ts';
import { percentEncoded, TemplateValueError, templateText, type ValueOrigin } from './template.ts';

/** A constant text, encoded, or an expression. */
export type Piece = string | { readonly mapping: CompiledMapping; readonly source: string };

/** Constant text of whole segments with their slashes, or one segment with at least one expression. */
type PathPart = string | readonly Piece[];

/** Compiles a path into a function that renders it; the function throws a TemplateValueError for a value that is refused. */
export function compilePath(pieces: readonly Piece[]): (vars: MappingVariables) => string {
  const parts = splitSegments(pieces);
  return (vars) => {
    let path = '';
    for (const part of parts) path += typeof part === 'string' ? part : renderSegment(part, vars);
    return path;
  };
}

function splitSegments(pieces: readonly Piece[]): PathPart[] {
  const parts: PathPart[] = [];
  let segment: Piece[] = [];
  const endSegment = () => {
    if (segment.some((piece) => typeof piece !== 'string')) parts.push(segment);
    else if (segment.length > 0) parts.push(segment.join(''));
    segment = [];
  };
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      segment.push(piece);
      continue;
    }
    for (const text of piece.split(/(\/)/)) {
      if (text === '/') {
        endSegment();
        parts.push(text);
      } else if (text !== '') segment.push(text);
    }
  }
  endSegment();
  return parts;
}

function renderSegment(pieces: readonly Piece[], vars: MappingVariables): string {
  let segment = '';
  let hasValue = false;
  let origin: ValueOrigin | undefined;
  for (const piece of pieces) {
    if (typeof piece === 'string') segment += piece;
    else {
      const value = piece.mapping.run(vars.this, vars);
      if (value === null || value === undefined) continue;
      hasValue = true;
      origin = piece;
      segment += percentEncoded(templateText(value, piece), piece);
    }
  }
  // Null and missing are the empty text, as the connect spec requires.
  return hasValue ? checkedSegment(segment, origin as ValueOrigin) : segment;
}

/**
 * The segment itself.
 * @param segment percent-encoded
 * @throws TemplateValueError for an empty segment, `.` and `..`, in every form that a parser reads as such
 */
export function checkedSegment(segment: string, origin: ValueOrigin): string {
  if (ORDINARY.test(segment)) return segment;
  let text = segment;
  for (let round = 0; round < MAX_DECODINGS; round++) {
    const decoded = decodeStructure(text);
    if (decoded === text) break;
    text = decoded;
  }
  if (CONTROL.test(text)) throw new TemplateValueError(origin, PATH_VALUE, 'a text with control characters');
  for (const part of text.split(SEPARATOR)) {
    if (NAVIGATES.test(part))
      throw new TemplateValueError(origin, PATH_VALUE, 'a text with a part that is empty, "." or ".."');
  }
  return segment;
}

/** Most values: nothing is encoded and no dot is in front. */
const ORDINARY = /^[A-Za-z0-9_~-][A-Za-z0-9_~.-]*$/;

/** Servers behind proxies decode a path more than once. */
const MAX_DECODINGS = 4;

/** Decodes what gives a path its structure: controls, `%`, `.`, `/`, `;` and `\`. */
const decodeStructure = (text: string): string =>
  text.replace(/%([01][0-9a-f]|25|2e|2f|3b|5c|7f)/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );

// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters to refuse
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Some servers decode an encoded slash, and some read a backslash as a slash. */
const SEPARATOR = /[/\\]/;
/** Empty, `.` or `..`, with the parameters after `;` that some servers remove before they resolve a path. */
const NAVIGATES = /^\.{0,2}(;.*)?$/;

const PATH_VALUE: LocalizedText = {
  vi: 'giá trị đứng được trong một đoạn của đường dẫn: không phần nào giữa các dấu gạch chéo là rỗng, "." hay "..", không có ký tự điều khiển',
  en: 'a value for one segment of a path: no part between slashes is empty, "." or "..", and there are no control characters',
};
