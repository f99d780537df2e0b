// Codec of `json` and `form` sources: JSON (or a form) out, JSON or text in. Content types as the connect spec reads them
// (its "Answers" section), except that a web page with a good status is an ill source and not an empty answer.
import type { Protocol } from '../contract.ts';
import type { Codec, Decoded } from './contract.ts';
import { encodeForm } from './form.ts';
import { decodeText, mediaType, shownType } from './text.ts';

const FORM = 'application/x-www-form-urlencoded';
const EMPTY: Decoded = { body: null };

export const createJsonCodec = (protocol: Exclude<Protocol, 'soap11'>): Codec => ({
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
    if (type === undefined || type === 'application/json' || type === 'text/json' || type.endsWith('+json')) {
      return decodeJson(decodeText(bytes));
    }
    if (type === 'text/plain') return { body: decodeText(bytes) };
    if (type === 'text/html' || type === 'application/xhtml+xml') {
      return { body: null, invalid: `expected JSON, found ${shownType(type)}` };
    }
    return EMPTY;
  },
});

const decodeJson = (text: string): Decoded => {
  try {
    return { body: JSON.parse(text) };
  } catch {
    // The parser's message quotes the text, so it is not kept.
    return text.trim() === ''
      ? EMPTY
      : { body: null, invalid: `expected JSON, found ${text.length} characters that are not` };
  }
};
