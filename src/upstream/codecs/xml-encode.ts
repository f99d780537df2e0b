// Writes a mapped value as ordered XML elements. Keys are element names in order, `@name` is an attribute, `#text` the text beside
// attributes, and a list repeats its element. Undefined and null are omitted; '' writes an empty element.
import { GatewayError } from '../../errors.ts';
import { isComposite } from '../../exact-number.ts';
import { unsendable } from './unsendable.ts';
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
  if (!isComposite(value)) return `<${name}${rootAttributes}>${escapeText(String(value))}</${name}>`;
  let attributes = rootAttributes;
  let content = '';
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (key.startsWith('@')) {
      if (inner === undefined || inner === null) continue;
      const attribute = key.slice(1);
      assertName(attribute);
      attributes += ` ${attribute}="${escapeAttribute(plainText(inner))}"`;
    } else if (key === '#text') {
      if (inner !== undefined && inner !== null) content += escapeText(plainText(inner));
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

/** An attribute or `#text` holds one text. */
function plainText(value: unknown): string {
  if (!isComposite(value)) return String(value);
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail:
      'an attribute or #text of an XML body must be a text, a number or a boolean; found a list or an object',
  });
}

/** Readers turn literal line breaks and tabs of an attribute into spaces (XML 1.0, 3.3.3). */
export const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

const SPECIAL = /[&<>\r]/;

export function escapeText(text: string): string {
  if (FORBIDDEN_CHARACTER.test(text) || !text.isWellFormed()) {
    throw unsendable('a value contains a character that XML cannot carry; remove the character');
  }
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
