// Codec of `xml` sources: plain XML documents. The single key of a request body is the root element; an answer is an object with its
// root element as key.
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import type { FormatSpec } from '../contract.ts';
import type { Codec, Decoded } from './contract.ts';
import { CharsetError, decodeText, mediaType, shownType, xmlEncoding } from './text.ts';
import { decodeXml } from './xml-decode.ts';
import { encodeElements, xmlnsAttribute } from './xml-encode.ts';
import { XmlError } from './xml-text.ts';

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>';

export function createXmlCodec({ xml, limits }: Pick<FormatSpec, 'xml' | 'limits'>): Codec {
  const xmlns = xml.namespace === undefined ? '' : xmlnsAttribute(xml.namespace);
  const options = { lists: new Set(xml.lists), maxDepth: limits.maxDepth };
  const roots = xml.responseRoots === undefined ? undefined : new Set(xml.responseRoots);

  return {
    headers: { accept: 'application/xml, text/xml' },
    contentType: `${xml.contentType}; charset=utf-8`,

    encode: (body) => {
      if (body === undefined) return undefined;
      if (!isComposite(body) || Array.isArray(body) || Object.keys(body).length !== 1) {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail: 'an XML body must be an object with one key, the root element; found another value',
        });
      }
      return PROLOGUE + encodeElements(body as Record<string, unknown>, xmlns);
    },

    decode: ({ status, headers, bytes }) => {
      if (status === 204 || bytes.length === 0) return { body: null };
      const type = mediaType(headers['content-type']);
      if (type === 'text/html' || type === 'application/json') {
        return { body: null, invalid: `expected XML, found ${shownType(type)}` };
      }
      try {
        const { name, value } = decodeXml(decodeText(bytes, headers['content-type'], xmlEncoding), options);
        return roots === undefined || roots.has(name)
          ? { body: { [name]: value } }
          : { body: null, invalid: 'expected one of xml.responseRoots, found another root element' };
      } catch (error) {
        return undecodable(error, 'XML');
      }
    },
  };
}

/**
 * The result of decoding XML that cannot be read. Errors of any other kind are bugs and are rethrown.
 * @param expected e.g. `a SOAP envelope`
 */
export function undecodable(error: unknown, expected: string): Decoded {
  if (error instanceof CharsetError) return { body: null, invalid: error.message };
  if (error instanceof XmlError) {
    return { body: null, invalid: `expected ${expected}, found bad XML: ${error.message}` };
  }
  throw error;
}
