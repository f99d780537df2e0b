// X-Road's envelope around a call: client, service, user and issue, as HTTP headers (message protocol for REST) or as SOAP header
// elements (message protocol 4.0). The issue is the dossier that the call is made for; the bus logs it.
import { randomUUID } from 'node:crypto';
import { encodeElement } from './codecs/xml-encode.ts';
import type { UpstreamRequest, XRoad } from './contract.ts';

/** The part of a request that goes into the envelope. */
type Subject = Pick<UpstreamRequest, 'issue' | 'userId' | 'evidence'>;

/** Builds the X-Road-* headers of a REST call, with a new X-Road-Id each time. */
export function compileXRoadHeaders(xroad: XRoad): (request: Subject) => Record<string, string> {
  const fixed: Record<string, string> = { 'x-road-client': identifier(xroad.client) };
  if (xroad.securityServer !== undefined) fixed['x-road-security-server'] = identifier(xroad.securityServer);
  if (xroad.representedParty !== undefined) {
    fixed['x-road-represented-party'] = identifier(xroad.representedParty);
  }
  return ({ issue, userId, evidence }) => {
    const headers: Record<string, string> = { ...fixed, 'x-road-id': newId(evidence) };
    if (userId !== undefined) headers['x-road-userid'] = headerText(userOf(xroad, userId));
    if (issue !== undefined) headers['x-road-issue'] = headerText(issue);
    return headers;
  };
}

function newId(evidence: Subject['evidence']): string {
  const id = randomUUID();
  if (evidence !== undefined) evidence.messageId = id;
  return id;
}

const XRD = ' xmlns:xrd="http://x-road.eu/xsd/xroad.xsd" xmlns:id="http://x-road.eu/xsd/identifiers"';

/** Builds the header elements of a SOAP call (protocol version 4.0). `element` is the service code. */
export function compileXRoadSoap(xroad: XRoad): (request: Subject, element: string | undefined) => string {
  const client = `<xrd:client${XRD} id:objectType="${xroad.client.split('/').length > 3 ? 'SUBSYSTEM' : 'MEMBER'}">${parts(xroad.client)}</xrd:client>`;
  const provider = parts(xroad.service ?? '');
  const version = xroad.serviceVersion === undefined ? '' : idElement('serviceVersion', xroad.serviceVersion);
  return ({ issue, userId, evidence }, element) =>
    client +
    `<xrd:service${XRD} id:objectType="SERVICE">${provider}${element === undefined ? '' : idElement('serviceCode', element)}${version}</xrd:service>` +
    xrdElement('id', newId(evidence)) +
    (userId === undefined ? '' : xrdElement('userId', userOf(xroad, userId))) +
    (issue === undefined ? '' : xrdElement('issue', issue)) +
    xrdElement('protocolVersion', '4.0');
}

const PARTS = ['xRoadInstance', 'memberClass', 'memberCode', 'subsystemCode'] as const;

const parts = (path: string): string =>
  path === ''
    ? ''
    : path
        .split('/')
        .slice(0, PARTS.length)
        .map((value, i) => idElement(PARTS[i] as string, value))
        .join('');

// encodeElement escapes the content; the prefixed names are constants.
const idElement = (name: string, value: string): string => prefixed('id', name, value, '');
const xrdElement = (name: string, value: string): string => prefixed('xrd', name, value, XRD);
function prefixed(prefix: string, name: string, value: string, xmlns: string): string {
  const element = encodeElement(name, value);
  return `<${prefix}:${name}${xmlns}${element.slice(1 + name.length, -1 - name.length)}${prefix}:${name}>`;
}

/** User ids are prefixed by country: `VN` and the officer's id. */
const userOf = ({ userIdPrefix }: XRoad, userId: string): string => userIdPrefix + userId;

/** Parts are percent-encoded, the slashes between them are not. */
const identifier = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Headers carry visible ASCII; other text is percent-encoded. */
const headerText = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text));
