// Writes a mapped value as ordered XML elements. Keys are element names in order, `@name` is an attribute, `#text` the text beside
// attributes, and a list repeats its element. Undefined and null are omitted; '' writes an empty element.
import { GatewayError } from '../../errors.ts';
import { FORBIDDEN_CHARACTER } from './xml-text.ts';

/** @throws GatewayError BAD_USER_INPUT for characters that XML 1.0 cannot carry, INTERNAL_SERVER_ERROR for a wrong name. */
export function encodeElements(value: Readonly<Record<string, unknown>>, rootAttributes = ''): string {
  let xml = '';
  for (const name of Object.keys(value)) xml += encodeElement(name, value[name], rootAttributes);
  return xml;
}

export function encodeElement(name: string, value: unknown, rootAttributes = ''): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    let xml = '';
    for (const item of value) xml += encodeElement(name, item, rootAttributes);
    return xml;
  }
  assertName(name);
  if (typeof value !== 'object') return `<${name}${rootAttributes}>${escapeText(String(value))}</${name}>`;
  let attributes = rootAttributes;
  let content = '';
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (key.startsWith('@')) {
      if (inner === undefined || inner === null) continue;
      const attribute = key.slice(1);
      assertName(attribute);
      attributes += ` ${attribute}="${escapeText(String(inner)).replaceAll('"', '&quot;')}"`;
    } else if (key === '#text') {
      if (inner !== undefined && inner !== null) content += escapeText(String(inner));
    } else content += encodeElement(key, inner);
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

/** ` xmlns="…"`, escaped. */
export const xmlnsAttribute = (namespace: string): string =>
  ` xmlns="${namespace.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;

// Names come from mappings, but a spread may bring keys from input, and a name must never write markup.
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
function assertName(name: string): void {
  if (NAME.test(name)) return;
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail:
      'a key of the body cannot be an XML element name; start it with a letter, go on with letters, digits, _ - .',
  });
}

const SPECIAL = /[&<>\r]/;

function escapeText(text: string): string {
  if (FORBIDDEN_CHARACTER.test(text)) {
    throw new GatewayError('BAD_USER_INPUT', {
      detail: 'a value contains a control character that XML cannot carry; remove the character',
    });
  }
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
