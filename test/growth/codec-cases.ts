// Hostile answers and request bodies for every protocol, of any size. The tests count steps on them; the bench `growth`
// measures time.

import { createCodec } from '../../src/upstream/codecs/codec.ts';
import type { Protocol } from '../../src/upstream/contract.ts';
import { anUpstreamSpec, type SpecParts } from '../upstream/a-spec.ts';
import { fill, many } from './sizes.ts';

export interface CodecCase {
  readonly name: string;
  readonly protocol: Protocol;
  readonly kind: 'decode' | 'encode';
  /** Format of an embedded text that the case unwraps. */
  readonly unwraps?: 'json' | 'xml';
  /** Prepares an input of about this many bytes; the result is what is counted. */
  readonly prepare: (bytes: number) => () => unknown;
}

const SOAP = { namespace: 'urn:x', operation: 'Ask' };

const codecOf = (protocol: Protocol, parts: SpecParts) =>
  createCodec(
    anUpstreamSpec({
      protocol,
      ...(protocol.startsWith('soap') && { soap: SOAP }),
      ...(protocol === 'fixed-width' && { fixedWidth: FIXED_WIDTH }),
      ...parts,
    }),
  );

const TYPES: Readonly<Record<Protocol, string>> = {
  json: 'application/json',
  form: 'application/json',
  xml: 'text/xml',
  soap11: 'text/xml',
  soap12: 'application/soap+xml',
  text: 'text/plain',
  csv: 'text/csv',
  'fixed-width': 'text/plain',
};

const REQUEST = {
  operation: 'Query.x',
  method: 'POST',
  origin: 'http://a.b',
  path: '/',
  headers: {},
} as const;

type Text = (bytes: number) => string | Buffer;
type ContentType = (bytes: number) => string;

/** Headers are limited to 16 KiB. */
const inHeader = (bytes: number): number => Math.min(bytes, 16_000);

const decode = (
  protocol: Protocol,
  name: string,
  text: Text,
  { type = () => TYPES[protocol], ...parts }: SpecParts & { readonly type?: ContentType } = {},
): CodecCase => ({
  name: `${protocol}: ${name}`,
  protocol,
  kind: 'decode',
  prepare: (size) => {
    const codec = codecOf(protocol, parts);
    const bytes = Buffer.from(text(size));
    const headers = { 'content-type': type(size) };
    return () => codec.decode({ status: 200, headers, bytes });
  },
});

const encode = (protocol: Protocol, name: string, body: (bytes: number) => unknown): CodecCase => ({
  name: `${protocol}: ${name}, encoded`,
  protocol,
  kind: 'encode',
  prepare: (size) => {
    const codec = codecOf(protocol, {});
    const value = body(size);
    return () => codec.encode(value, REQUEST);
  },
});

const unwrap = (as: 'json' | 'xml', name: string, text: (bytes: number) => string): CodecCase => ({
  ...decode('json', `unwrap ${as}: ${name}`, (n) => JSON.stringify({ a: [{ b: text(n) }] }), {
    unwrap: [{ at: 'a.b', as }],
  }),
  unwraps: as,
});

const JSON_TEXTS: readonly (readonly [name: string, text: (bytes: number) => string])[] = [
  ['empty objects', (n) => `[${fill('{},', n)}1]`],
  ['nested lists', (n) => fill('[', n / 2) + fill(']', n / 2)],
  ['lists that are not closed', (n) => fill('[', n)],
  ['different keys', (n) => `{${many(n, 14, (i) => `"k${100_000 + i}":1`).join(',')}}`],
  ['the same key', (n) => `{${fill('"k":1,', n)}"k":1}`],
  ['numeric keys', (n) => `{${many(n, 16, (i) => `"${i * 1_000_003}":1`).join(',')}}`],
  ['escapes', (n) => `"${fill('\\u0041', n)}"`],
  ['backslashes before a quote', (n) => `"${fill('\\\\', n)}\\" 1234567890123456 "`],
  ['long numbers', (n) => `[${fill('12345678901234567,', n)}1]`],
  ['one number of many digits', (n) => `[${fill('9', n)}]`],
  ['digits and points', (n) => `[${fill('1.', n)}]`],
  ['white space after a number', (n) => `[1234567890123456${fill(' ', n)}]`],
  ['long numbers in a text', (n) => `"${fill(' 12345678901234567', n)}"`],
  ['quotes', (n) => `[${fill('"",', n)}1]`],
];

const deep = (n: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < Math.min(60, n); i++) value = { a: value };
  return value;
};
const objects = (n: number) => many(n, 20, (i) => ({ a: i, b: '&<>' }));

const XML_TEXTS: readonly (readonly [name: string, text: (bytes: number) => string])[] = [
  ['the same element', (n) => `<a>${fill('<b>1</b>', n)}</a>`],
  ['different elements', (n) => `<a>${many(n, 11, (i) => `<b${10_000 + i}/>`).join('')}</a>`],
  ['nested elements', (n) => fill('<a>', n / 2) + fill('</a>', n / 2)],
  ['elements that are not closed', (n) => fill('<a>', n)],
  ['a tag that does not end', (n) => `<a ${fill('b', n)}`],
  ['opening brackets', (n) => `<a>${fill('<', n)}`],
  ['white space in a tag', (n) => `<a${fill(' ', n)}>`],
  ['white space in a closing tag', (n) => `<a></a${fill(' ', n)}>`],
  ['different attributes', (n) => `<a ${many(n, 13, (i) => `b${10_000 + i}="1"`).join(' ')}/>`],
  [
    'attributes with a prefix',
    (n) => `<a xmlns:p="u" ${many(n, 15, (i) => `p:b${10_000 + i}="1"`).join(' ')}/>`,
  ],
  ['declarations of namespaces', (n) => `<a ${many(n, 16, (i) => `xmlns:p${10_000 + i}="u"`).join(' ')}/>`],
  ['elements with a declaration each', (n) => `<a>${fill('<b xmlns:p="u"/>', n)}</a>`],
  [
    '64 prefixes and many elements',
    (n) => `<a ${many(64 * 13, 13, (i) => `xmlns:p${i}="u"`).join(' ')}>${fill('<p0:b/>', n)}</a>`,
  ],
  ['entities', (n) => `<a>${fill('&amp;', n)}</a>`],
  ['a reference that does not end', (n) => `<a>${fill('&', n)}</a>`],
  ['a number of many zeros', (n) => `<a>&#${fill('0', n)}65;</a>`],
  ['comments', (n) => `<a>${fill('<!---->', n)}</a>`],
  ['comments between texts', (n) => `<a>${fill('x<!---->', n)}</a>`],
  ['a comment that does not end', (n) => `<a>${fill('<!--', n)}`],
  ['CDATA', (n) => `<a>${fill('<![CDATA[x]]>', n)}</a>`],
  ['CDATA that does not end', (n) => `<a><![CDATA[${fill(']]', n)}`],
  ['a document type', (n) => `<!DOCTYPE a [${fill('<!ENTITY b "c">', n)}]><a/>`],
  ['carriage returns', (n) => `<a>${fill('\r', n)}</a>`],
  ['white space around the root', (n) => `${fill(' ', n)}<a/>`],
  ['a declaration of many characters', (n) => `<?xml ${fill(' encoding', n)}?><a/>`],
];

const envelope = (text: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${text}</s:Body></s:Envelope>`;

const TEXTS: readonly (readonly [name: string, text: Text, type?: ContentType])[] = [
  ['a long text', (n) => fill('x', n)],
  ['zero bytes', (n) => Buffer.alloc(Math.floor(n))],
  [
    'combining marks in windows-1258',
    (n) => Buffer.from([97, ...many(n, 1, (i) => (i % 2 === 0 ? 0xcc : 0xf2))]),
    () => 'text/plain; charset=windows-1258',
  ],
  [
    'letters with a mark in windows-1258',
    (n) => Buffer.from(many(n, 1, (i) => (i % 2 === 0 ? 97 : 0xcc))),
    () => 'text/plain; charset=windows-1258',
  ],
  ['a content type of many parameters', () => 'x', (n) => `text/plain${fill('; ', inHeader(n))}`],
  ['a charset of many characters', () => 'x', (n) => `text/plain; charset=${fill('a', inHeader(n))}`],
  ['UTF-16', (n) => Buffer.from(`\ufeff${fill('x', n / 2)}`, 'utf16le')],
];

const CSV_TEXTS: readonly (readonly [name: string, text: (bytes: number) => string])[] = [
  ['short rows', (n) => `a,b\n${fill('1,2\n', n)}`],
  ['quoted fields', (n) => `a,b\n${fill('"1","2"\r\n', n)}`],
  ['quotes in a field', (n) => `a\n"${fill('""', n)}"`],
  ['quotes that are not closed', (n) => `a\n"${fill('""', n)}`],
  ['a quote in each field', (n) => fill('a"b,', n)],
  ['fields of a header', (n) => many(n, 8, (i) => `h${1_000_000 + i}`).join(',')],
  ['the same field of a header', (n) => fill('a,', n)],
  ['line breaks', (n) => fill('\r\n', n)],
  ['line breaks in a field', (n) => `a\n"${fill('\n', n)}"`],
  ['rows that are ragged at the end', (n) => `a,b\n${fill('1,2\n', n)}1`],
  ['one long field', (n) => fill('x', n)],
];
const FIXED_WIDTH = {
  columns: [
    { name: 'a', length: 3 },
    { name: 'b', length: 5 },
  ],
} as const;
const LINES: readonly (readonly [name: string, text: (bytes: number) => string])[] = [
  ['lines', (n) => fill('12345678\n', n)],
  ['line breaks', (n) => fill('\r', n)],
  ['characters beyond the BMP', (n) => fill('😀2345678\n', n)],
  ['one long line', (n) => fill(' ', n)],
];

export const CODEC_CASES: readonly CodecCase[] = [
  ...JSON_TEXTS.map(([name, text]) => decode('json', name, text)),
  // The same reader.
  ...JSON_TEXTS.slice(0, 2).map(([name, text]) => decode('form', name, text)),
  ...XML_TEXTS.map(([name, text]) => decode('xml', name, text)),
  ...(['soap11', 'soap12'] as const).flatMap((protocol) => [
    // The reader is that of `xml`.
    ...XML_TEXTS.slice(0, 5).map(([name, text]) => decode(protocol, name, (n) => envelope(text(n)))),
    decode(protocol, 'faults', (n) => envelope(fill('<s:Fault/>', n))),
  ]),
  ...TEXTS.map(([name, text, type]) => decode('text', name, text, type && { type })),
  ...JSON_TEXTS.map(([name, text]) => unwrap('json', name, text)),
  unwrap('json', 'a text of quotes', (n) => fill('"', n)),
  ...XML_TEXTS.slice(0, 5).map(([name, text]) => unwrap('xml', name, text)),
  ...(['json', 'form', 'xml', 'soap11', 'soap12'] as const).flatMap((protocol) => [
    encode(protocol, 'many objects', (n) => ({ a: objects(n) })),
    encode(protocol, 'nested objects', (n) => ({ a: many(n, 360, () => deep(60)) })),
    encode(protocol, 'characters to escape', (n) => ({ a: fill('<&>"\r', n) })),
    encode(protocol, 'a long name', (n) => ({ [fill('a', n)]: 1 })),
  ]),
  ...CSV_TEXTS.map(([name, text]) => decode('csv', name, text)),
  ...LINES.map(([name, text]) => decode('fixed-width', name, text)),
  encode('csv', 'many objects', (n) => ({ a: objects(n) })),
  encode('fixed-width', 'many objects', (n) => ({ a: objects(n) })),
  encode('text', 'a long text', (n) => fill('x', n)),
];
