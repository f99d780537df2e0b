// Codec of `xml` sources: plain XML documents. The body's one key is the root element; an answer is an object with its root.
import { GatewayError } from '../../errors.ts';
import type { UpstreamSpec } from '../contract.ts';
import type { Codec } from './contract.ts';
import { refusalOf } from './refusal.ts';
import { decodeText, mediaType, shownType, xmlEncoding } from './text.ts';
import { decodeXml } from './xml-decode.ts';
import { encodeElements, xmlnsAttribute } from './xml-encode.ts';

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>';

export function createXmlCodec({ xml = {}, limits }: Pick<UpstreamSpec, 'xml' | 'limits'>): Codec {
  const xmlns = xml.namespace === undefined ? '' : xmlnsAttribute(xml.namespace);
  const options = { lists: new Set(xml.lists), maxDepth: limits?.maxDepth };
  const roots = xml.responseRoots === undefined ? undefined : new Set(xml.responseRoots);

  return {
    headers: { accept: 'application/xml, text/xml' },
    contentType: `${xml.contentType ?? 'application/xml'}; charset=utf-8`,

    encode: (body) => {
      if (body === undefined) return undefined;
      if (
        typeof body !== 'object' ||
        body === null ||
        Array.isArray(body) ||
        Object.keys(body).length !== 1
      ) {
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
        return refusalOf(error, 'XML');
      }
    },
  };
}
