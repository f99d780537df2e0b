// Elements of the SOAP Header that a manifest declares: nested, in any namespace, with attributes and lists. Names are compiled once; texts
// are read at each call, from references and from HTTP headers of the request.
import { isUtf8 } from 'node:buffer';
import type { ReferenceSources } from '../../references.ts';
import type { Soap, SoapHeaderNode, SoapHeaderTree, SoapText } from '../contract.ts';
import { compileSecret } from '../secret.ts';
import { escapeAttribute, escapeText, xmlnsAttribute } from './xml-encode.ts';

type Headers = Readonly<Record<string, string>>;

/** `${header:NAME}`: the value of a header that @source or @connect builds, which is then not sent as a header. */
const HEADER_REFERENCE = /\$\{header:([^{}]+)\}/;
const HEADER_REFERENCES = new RegExp(HEADER_REFERENCE, 'g');

type Declared = string | number | boolean | readonly Declared[] | { readonly [name: string]: Declared };

/** Compiles the texts of declared elements. */
export function compileHeaderTree(
  declared: Readonly<Record<string, unknown>>,
  references: ReferenceSources,
): SoapHeaderTree {
  const compile = (node: Declared): SoapHeaderNode => {
    if (Array.isArray(node)) return node.map(compile);
    if (typeof node === 'object')
      return Object.fromEntries(Object.entries(node).map(([name, one]) => [name, compile(one as Declared)]));
    return compileText(String(node), references);
  };
  return compile(declared as Declared) as SoapHeaderTree;
}

function compileText(text: string, references: ReferenceSources): SoapText {
  if (!HEADER_REFERENCE.test(text)) return compileSecret(text, references);
  const parts: SoapText[] = [];
  let end = 0;
  for (const match of text.matchAll(HEADER_REFERENCES)) {
    if (match.index > end) parts.push(compileSecret(text.slice(end, match.index), references));
    end = match.index + match[0].length;
    const name = String(match[1]).toLowerCase();
    parts.push((headers) => headerText(headers?.[name]));
  }
  if (end < text.length) parts.push(compileSecret(text.slice(end), references));
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (headers) => parts.map((part) => part(headers) ?? '').join('');
}

/** Each character of a header is a byte; texts beyond ASCII are sent as UTF-8. */
function headerText(value: string | undefined): string | undefined {
  if (value === undefined || !/[\x80-\xff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

/** Lower-case names of the HTTP headers that declared elements read. */
export function headersReadBy(declared: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node === 'string') {
      for (const [, name = ''] of node.matchAll(HEADER_REFERENCES)) names.add(name.toLowerCase());
    } else if (typeof node === 'object' && node !== null) Object.values(node).forEach(visit);
  };
  visit(declared);
  return names;
}

/** @returns writes the elements; `undefined` when none is declared */
export function compileHeaderElements(soap: Soap): ((headers: Headers) => string) | undefined {
  const writers = Object.entries(soap.headers).map(([name, node]) =>
    compileElement(name, node, declarationsOf(name, node, soap)),
  );
  if (writers.length === 0) return undefined;
  return (headers) => {
    let xml = '';
    for (const write of writers) xml += write(headers);
    return xml;
  };
}

type Writer = (headers: Headers) => string;

/** An element without a value is omitted, as is an attribute. */
function compileElement(name: string, node: SoapHeaderNode, declarations: string): Writer {
  if (typeof node === 'function') {
    return (headers) => {
      const text = node(headers);
      return text === undefined ? '' : `<${name}${declarations}>${escapeText(text)}</${name}>`;
    };
  }
  if (isList(node)) {
    const items = node.map((item) => compileElement(name, item, declarations));
    return (headers) => items.map((write) => write(headers)).join('');
  }
  const attributes: Writer[] = [];
  const content: Writer[] = [];
  for (const [key, inner] of Object.entries(node)) {
    if (key.startsWith('@') || key === '#text') {
      if (typeof inner !== 'function') continue;
      const attribute = key.slice(1);
      const write: Writer =
        key === '#text'
          ? (headers) => escapeText(inner(headers) ?? '')
          : (headers) => {
              const text = inner(headers);
              return text === undefined ? '' : ` ${attribute}="${escapeAttribute(text)}"`;
            };
      (key === '#text' ? content : attributes).push(write);
    } else content.push(compileElement(key, inner, ''));
  }
  return (headers) => {
    let xml = `<${name}${declarations}`;
    for (const write of attributes) xml += write(headers);
    xml += '>';
    for (const write of content) xml += write(headers);
    return `${xml}</${name}>`;
  };
}

const isList = (node: SoapHeaderNode): node is readonly SoapHeaderNode[] => Array.isArray(node);

/** The namespaces that an element of the Header and everything in it need. The prefix `soap` is the envelope's. */
function declarationsOf(name: string, node: SoapHeaderNode, { namespace, prefixes }: Soap): string {
  const used = new Set<string>();
  const visit = (key: string, one: SoapHeaderNode): void => {
    const colon = key.indexOf(':');
    if (colon > 0) used.add(key.slice(key.startsWith('@') ? 1 : 0, colon));
    else if (!key.startsWith('@') && !key.startsWith('#')) used.add('');
    if (isList(one)) for (const item of one) visit(key, item);
    else if (typeof one === 'object') for (const [inner, value] of Object.entries(one)) visit(inner, value);
  };
  visit(name, node);
  let xml = used.has('') ? xmlnsAttribute(namespace) : '';
  for (const [prefix, uri] of Object.entries(prefixes)) {
    if (used.has(prefix)) xml += ` xmlns:${prefix}="${escapeAttribute(uri)}"`;
  }
  return xml;
}
