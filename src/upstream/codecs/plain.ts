// Codec of `text` sources: text in requests and answers, whatever the content type, except that a web page is an invalid answer.
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import type { Codec } from './contract.ts';
import { CharsetError, decodeText, mediaType, shownType } from './text.ts';
import { wellFormed } from './unsendable.ts';

export const createPlainCodec = (): Codec => ({
  headers: { accept: 'text/plain, */*' },
  contentType: 'text/plain; charset=utf-8',

  encode: (body) => {
    if (body === undefined || body === null) return undefined;
    if (isComposite(body)) {
      throw new GatewayError('INTERNAL_SERVER_ERROR', {
        detail: `a text body must be a text, a number or a boolean; found ${Array.isArray(body) ? 'a list' : 'an object'}`,
      });
    }
    return wellFormed(String(body));
  },

  decode: ({ status, headers, bytes }) => {
    if (status === 204 || bytes.length === 0) return { body: null };
    const type = mediaType(headers['content-type']);
    if (type === 'text/html' || type === 'application/xhtml+xml') {
      return { body: null, invalid: `expected text, found ${shownType(type)}` };
    }
    try {
      return { body: decodeText(bytes, headers['content-type']) };
    } catch (error) {
      if (!(error instanceof CharsetError)) throw error;
      return { body: null, invalid: error.message };
    }
  },
});
