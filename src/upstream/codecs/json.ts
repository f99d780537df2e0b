// Codec of `json` and `form` sources: JSON or a form in requests, JSON or text in answers. Content types are read as the connect
// spec does, with one difference: an answer of another type is invalid, where the spec would map null without an error.
import { parseJsonExact } from '../../exact-number.ts';
import type { Protocol } from '../contract.ts';
import type { Codec, Decoded } from './contract.ts';
import { encodeForm } from './form.ts';
import { isNestedDeeper } from './nesting.ts';
import { CharsetError, decodeText, mediaType, shownType } from './text.ts';
import { wellFormedJson } from './unsendable.ts';

const FORM = 'application/x-www-form-urlencoded';
const EMPTY: Decoded = { body: null };

export interface JsonCodecOptions {
  readonly protocol: Extract<Protocol, 'json' | 'form'>;
  /** Nested objects and lists of an answer at most. */
  readonly maxDepth: number;
  /** Media types that are read as JSON besides `application/json`, `text/json` and `*+json`. */
  readonly mediaTypes: readonly string[];
}

export function createJsonCodec({ protocol, maxDepth, mediaTypes }: JsonCodecOptions): Codec {
  const others = new Set(mediaTypes.map((type) => type.toLowerCase()));
  const isJson = (type: string): boolean =>
    type === 'application/json' || type === 'text/json' || type.endsWith('+json') || others.has(type);
  return {
    headers: { accept: 'application/json' },
    contentType: protocol === 'form' ? FORM : 'application/json',

    encode: (body, request) => {
      if (body === undefined) return undefined;
      const asked = request.headers['content-type'];
      const form = asked === undefined ? protocol === 'form' : asked.toLowerCase().startsWith(FORM);
      return form ? encodeForm(body) : wellFormedJson(JSON.stringify(body));
    },

    decode: ({ status, headers, bytes }) => {
      if (status === 204 || bytes.length === 0) return EMPTY;
      const type = mediaType(headers['content-type']);
      try {
        if (type === undefined || isJson(type)) {
          return decodeJson(decodeText(bytes, headers['content-type']), maxDepth);
        }
        if (type === 'text/plain') return { body: decodeText(bytes, headers['content-type']) };
      } catch (error) {
        if (!(error instanceof CharsetError)) throw error;
        return { body: null, invalid: error.message };
      }
      return { body: null, invalid: `expected JSON, found ${shownType(type)}` };
    },
  };
}

function decodeJson(text: string, maxDepth: number): Decoded {
  let body: unknown;
  try {
    // A key `__proto__` becomes an own property of the value and changes no prototype; readers here use own properties.
    body = parseJsonExact(text);
  } catch {
    // The parser's message quotes the text and is dropped.
    return text.trim() === ''
      ? EMPTY
      : { body: null, invalid: `expected JSON, found ${text.length} characters that are not` };
  }
  return isNestedDeeper(body, maxDepth)
    ? { body: null, invalid: `expected JSON, found more than ${maxDepth} nested objects and lists` }
    : { body };
}
