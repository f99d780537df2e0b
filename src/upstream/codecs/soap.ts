// Codec of `soap11` sources: SOAP 1.1 document/literal. The body's value becomes ordered elements in the manifest's namespace;
// an answer becomes the content of its Body. A Fault is told whatever the status.
import { GatewayError } from '../../errors.ts';
import type { Soap } from '../contract.ts';
import type { Codec, Decoded, SoapFaultClass } from './contract.ts';
import { CharsetError, decodeText, mediaType, shownType, xmlEncoding } from './text.ts';
import { decodeXml, XmlError, type XmlValue } from './xml-decode.ts';
import { encodeElement, encodeElements } from './xml-encode.ts';

const OPEN =
  '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>';
const CLOSE = '</soap:Body></soap:Envelope>';

export const createSoapCodec = (soap: Soap | undefined, maxDepth?: number): Codec => {
  if (soap === undefined) {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail:
        'protocol soap11 needs a `soap` section in connector.yaml; found none; give it at least `namespace`',
    });
  }
  const xmlns = ` xmlns="${soap.namespace.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;
  const { operation } = soap;
  const options = { lists: new Set(soap.lists), maxDepth };
  const roots = soap.responseRoots === undefined ? undefined : new Set(soap.responseRoots);

  return {
    headers: { soapaction: `"${soap.action ?? ''}"` },
    contentType: `${soap.contentType ?? 'text/xml'}; charset=utf-8`,

    encode: (body) => {
      if (operation !== undefined) return OPEN + encodeElement(operation, body ?? {}, xmlns) + CLOSE;
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail:
            'a SOAP body must be an object whose key is the operation element, or soap.operation must name that element',
        });
      }
      return OPEN + encodeElements(body as Record<string, unknown>, xmlns) + CLOSE;
    },

    decode: ({ headers, bytes }) => {
      const type = mediaType(headers['content-type']);
      if (type === 'text/html')
        return { body: null, invalid: `expected a SOAP envelope, found ${shownType(type)}` };
      let root: { name: string; value: XmlValue };
      try {
        root = decodeXml(decodeText(bytes, headers['content-type'], xmlEncoding), options);
      } catch (error) {
        if (error instanceof CharsetError) return { body: null, invalid: error.message };
        if (!(error instanceof XmlError)) throw error;
        return { body: null, invalid: `expected a SOAP envelope, found bad XML: ${error.message}` };
      }
      return contentOf(root, roots);
    },
  };
};

const contentOf = (
  root: { name: string; value: XmlValue },
  roots: ReadonlySet<string> | undefined,
): Decoded => {
  const body = root.name === 'Envelope' ? child(root.value, 'Body') : undefined;
  if (body === undefined || Array.isArray(body)) {
    return { body: null, invalid: 'expected a SOAP envelope with one Body, found another document' };
  }
  if (typeof body !== 'object' || body === null) {
    return roots === undefined
      ? { body: {} }
      : { body: null, invalid: 'expected a response element, found an empty Body' };
  }
  const fault = child(body, 'Fault');
  if (fault !== undefined) return { body, soapFault: classify(fault) };
  for (const name of Object.keys(body)) {
    if (name.startsWith('@')) continue;
    if (roots !== undefined && !roots.has(name)) {
      return { body: null, invalid: 'expected one of soap.responseRoots in Body, found another element' };
    }
    // An element of Body is a document: an empty one has no fields, it is not an empty text.
    if (body[name] === '') body[name] = {};
  }
  return { body };
};

const child = (value: XmlValue | XmlValue[], name: string): XmlValue | XmlValue[] | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;

const CLASSES = new Set<string>(['Client', 'Server', 'VersionMismatch', 'MustUnderstand']);

/** Only the class is kept: fault strings and details are upstream text. X-Road puts itself into the code: `Server.ClientProxy.…` */
const classify = (fault: XmlValue | XmlValue[]): { class: SoapFaultClass; fromBus: boolean } => {
  const found = child(fault, 'faultcode');
  const text = typeof found === 'string' ? found : '';
  const code = text.slice(text.indexOf(':') + 1);
  const [head = ''] = code.split('.');
  return {
    class: CLASSES.has(head) ? (head as SoapFaultClass) : 'Other',
    fromBus: /^(Server\.(ClientProxy|ServerProxy)|Client\.[A-Z])/.test(code),
  };
};
