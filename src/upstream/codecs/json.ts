// Codec of `json` and `form` sources: JSON (or a form) out, JSON or text in. Content types as the connect spec reads them
// (its "Answers" section), except that a web page with a good status is an ill source and not an empty answer.
import type { Protocol } from '../contract.ts';
import type { Codec, Decoded } from './contract.ts';
import { encodeForm } from './form.ts';
import { isNestedDeeper } from './nesting.ts';
import { CharsetError, decodeText, mediaType, shownType } from './text.ts';

const FORM = 'application/x-www-form-urlencoded';
/** Deeper than any answer of the systems in wire-formats, and far from the end of a stack. */
export const DEFAULT_MAX_DEPTH = 64;
const EMPTY: Decoded = { body: null };

export const createJsonCodec = (
  protocol: Extract<Protocol, 'json' | 'form'>,
  maxDepth = DEFAULT_MAX_DEPTH,
): Codec => ({
  headers: { accept: 'application/json' },
  contentType: protocol === 'form' ? FORM : 'application/json',

  encode: (body, request) => {
    if (body === undefined) return undefined;
    const asked = request.headers['content-type'];
    const form = asked === undefined ? protocol === 'form' : asked.toLowerCase().startsWith(FORM);
    return form ? encodeForm(body) : JSON.stringify(body);
  },

  decode: ({ status, headers, bytes }) => {
    if (status === 204 || bytes.length === 0) return EMPTY;
    const type = mediaType(headers['content-type']);
    try {
      if (
        type === undefined ||
        type === 'application/json' ||
        type === 'text/json' ||
        type.endsWith('+json')
      ) {
        return decodeJson(decodeText(bytes, headers['content-type']), maxDepth);
      }
      if (type === 'text/plain') return { body: decodeText(bytes, headers['content-type']) };
    } catch (error) {
      if (!(error instanceof CharsetError)) throw error;
      return { body: null, invalid: error.message };
    }
    if (type === 'text/html' || type === 'application/xhtml+xml') {
      return { body: null, invalid: `expected JSON, found ${shownType(type)}` };
    }
    return EMPTY;
  },
});

function decodeJson(text: string, maxDepth: number): Decoded {
  let body: unknown;
  try {
    // A key `__proto__` becomes an own property of the value and touches no prototype; everybody here reads own properties.
    body = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it is not kept.
    return text.trim() === ''
      ? EMPTY
      : { body: null, invalid: `expected JSON, found ${text.length} characters that are not` };
  }
  return isNestedDeeper(body, maxDepth)
    ? { body: null, invalid: `expected JSON, found more than ${maxDepth} nested objects and lists` }
    : { body };
}
