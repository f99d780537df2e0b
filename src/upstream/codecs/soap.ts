// Codec of `soap11` and `soap12` sources, document/literal. The value of a request body becomes ordered elements in the manifest's
// namespace; an answer becomes the content of its Body, whatever its prefixes and SOAP version. A Fault is reported whatever the
// HTTP status.
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import type { FormatSpec, Soap, UpstreamRequest } from '../contract.ts';
import type { RawAnswer } from '../transport.ts';
import { SOAP_ENVELOPES } from '../ws-security/names.ts';
import { UnverifiedError } from '../ws-security/refusal.ts';
import type { WsSecurity } from '../ws-security/ws-security.ts';
import { compileXRoadSoap } from '../x-road.ts';
import type { Codec, Decoded, WireForm } from './contract.ts';
import { classifyFault } from './soap-fault.ts';
import { compileHeaderElements } from './soap-headers.ts';
import { decodeText, mediaType, shownType, xmlEncoding } from './text.ts';
import { undecodable } from './xml.ts';
import { decodeXml, type XmlValue } from './xml-decode.ts';
import { encodeElement, encodeElements, xmlnsAttribute } from './xml-encode.ts';

const CLOSE = '</soap:Body></soap:Envelope>';

const unchanged = (envelope: string): string => envelope;

type SoapSpec = Pick<FormatSpec, 'soap' | 'xroad' | 'limits'>;

export function createSoapCodec(
  version: keyof typeof SOAP_ENVELOPES,
  spec: SoapSpec,
  security?: WsSecurity,
): Codec {
  const { soap } = spec;
  if (soap === undefined) {
    throw new GatewayError('INTERNAL_SERVER_ERROR', {
      detail: `protocol ${version} needs a \`soap\` section in connector.yaml; found none; give it at least \`namespace\``,
    });
  }
  const open = `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${SOAP_ENVELOPES[version]}">`;
  const xmlns = xmlnsAttribute(soap.namespace);
  const header = compileHeader(spec, soap);
  const elements = new Map(Object.entries(soap.operations).map(([name, one]) => [name, one.element]));
  const options = { lists: new Set(soap.lists), maxDepth: spec.limits.maxDepth };
  const roots = soap.responseRoots === undefined ? undefined : new Set(soap.responseRoots);
  const form = (action: string): WireForm =>
    version === 'soap11' ? form11(soap, action) : form12(soap, action);

  return {
    ...form(soap.action),
    consumedHeaders: soap.consumedHeaders.size === 0 ? undefined : soap.consumedHeaders,
    perOperation: new Map(
      Object.entries(soap.operations).map(([name, one]) => [name, form(one.action ?? soap.action)]),
    ),

    encode: (body, request) => {
      const element = elements.get(request.operation) ?? soap.operation;
      const secured = security?.secure?.();
      const finish = secured?.finish ?? unchanged;
      const headers = (header?.(request, element) ?? '') + (secured?.header ?? '');
      const start =
        headers === ''
          ? `${open}<soap:Body>`
          : `${open}<soap:Header>${headers}</soap:Header><soap:Body${secured?.bodyAttributes ?? ''}>`;
      if (element !== undefined) return finish(start + encodeElement(element, body ?? {}, xmlns) + CLOSE);
      if (!isComposite(body) || Array.isArray(body)) {
        throw new GatewayError('INTERNAL_SERVER_ERROR', {
          detail:
            'a SOAP body must be an object whose key is the operation element, or soap.operation must name that element',
        });
      }
      return finish(start + encodeElements(body as Record<string, unknown>, xmlns) + CLOSE);
    },

    decode: (answer) => {
      const verify = security?.verify;
      return verify === undefined ? decode(answer) : decodeVerified(answer, verify);
    },
  };

  function decode({ headers, bytes }: RawAnswer): Decoded {
    const type = mediaType(headers['content-type']);
    if (type === 'text/html') return notAnEnvelope(type);
    const frame = createFrame();
    try {
      const text = decodeText(bytes, headers['content-type'], xmlEncoding);
      const root = decodeXml(text, { ...options, onOuterElement: frame.note });
      return contentOf(root, frame, roots);
    } catch (error) {
      return undecodable(error, 'a SOAP envelope');
    }
  }

  /** A Fault fails the call in any case; without a verified signature nothing but its class is kept. */
  function decodeVerified({ headers, bytes }: RawAnswer, verify: (xml: string) => string): Decoded {
    const type = mediaType(headers['content-type']);
    if (type === 'text/html') return { ...notAnEnvelope(type), ...UNVERIFIED };
    const frame = createFrame();
    try {
      const text = decodeText(bytes, headers['content-type'], xmlEncoding);
      const root = decodeXml(text, { ...options, onOuterElement: frame.note });
      if (frame.hasFault()) return { ...contentOf(root, frame, undefined), body: null, ...UNVERIFIED };
      const signed = createFrame();
      return contentOf(decodeXml(verify(text), { ...options, onOuterElement: signed.note }), signed, roots);
    } catch (error) {
      if (error instanceof UnverifiedError) {
        return { body: null, invalid: `expected a signed SOAP envelope: ${error.message}`, ...UNVERIFIED };
      }
      return { ...undecodable(error, 'a SOAP envelope'), ...UNVERIFIED };
    }
  }
}

const UNVERIFIED = { isUnverified: true } as const;

const notAnEnvelope = (type: string): Decoded => ({
  body: null,
  invalid: `expected a SOAP envelope, found ${shownType(type)}`,
});

/** SOAP 1.1 has a header for the action, in quotes. */
const form11 = (soap: Soap, action: string): WireForm => ({
  headers: { soapaction: `"${action}"` },
  contentType: `${soap.contentType}; charset=utf-8`,
});

/** SOAP 1.2 has a parameter of the content type for it, which is optional. */
const form12 = (soap: Soap, action: string): WireForm => ({
  headers: {},
  contentType: `${soap.contentType}; charset=utf-8${action === '' ? '' : `; action="${action}"`}`,
});

/** The manifest's header elements and X-Road's; `undefined` when there are none. */
function compileHeader(
  { xroad }: SoapSpec,
  soap: Soap,
): ((request: UpstreamRequest, element: string | undefined) => string) | undefined {
  const own = compileHeaderElements(soap);
  const xRoad = xroad === undefined ? undefined : compileXRoadSoap(xroad);
  if (own === undefined && xRoad === undefined) return undefined;
  return (request, element) => {
    const elements = own === undefined ? '' : own(request.headers);
    return xRoad === undefined ? elements : elements + xRoad(request, element);
  };
}

/**
 * Tells a SOAP Fault from a business element of that name: a Fault is in the namespace of its Envelope. Which namespace that is,
 * is not checked, since some servers send an envelope in none.
 */
interface Frame {
  readonly note: (depth: number, local: string, namespace: string | undefined) => void;
  readonly hasFault: () => boolean;
}

function createFrame(): Frame {
  let envelope: string | undefined;
  let isInBody = false;
  let hasFault = false;
  return {
    note: (depth, local, namespace) => {
      if (depth === 0) envelope = namespace;
      else if (depth === 1) isInBody = local === 'Body' && namespace === envelope;
      else if (isInBody && local === 'Fault' && namespace === envelope) hasFault = true;
    },
    hasFault: () => hasFault,
  };
}

function contentOf(
  root: { name: string; value: XmlValue },
  frame: Frame,
  roots: ReadonlySet<string> | undefined,
): Decoded {
  const body = root.name === 'Envelope' ? child(root.value, 'Body') : undefined;
  if (body === undefined || Array.isArray(body)) {
    // An API manager in front answers with a document of its own; the judge reads its code.
    if (root.name === 'fault')
      return { body: { fault: root.value }, invalid: 'expected a SOAP envelope, found a fault of the bus' };
    return { body: null, invalid: 'expected a SOAP envelope with one Body, found another document' };
  }
  if (typeof body !== 'object' || body === null) {
    return roots === undefined
      ? { body: {} }
      : { body: null, invalid: 'expected a response element, found an empty Body' };
  }
  if (frame.hasFault()) return { body, soapFault: classifyFault(child(body, 'Fault')) };
  for (const name of Object.keys(body)) {
    if (name.startsWith('@')) continue;
    if (roots !== undefined && !roots.has(name)) {
      return { body: null, invalid: 'expected one of soap.responseRoots in Body, found another element' };
    }
    // An element of Body is a document: an empty one is an object without fields, not an empty text.
    if (body[name] === '') body[name] = {};
  }
  return { body };
}

const child = (value: XmlValue | XmlValue[], name: string): XmlValue | XmlValue[] | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;
