// What a value of a body becomes on the wire, for every format: the same value for its reader, or BAD_USER_INPUT.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { parseJsonExact } from '../../src/exact-number.ts';
import { createCodec } from '../../src/upstream/codecs/codec.ts';
import { decodeXml } from '../../src/upstream/codecs/xml-decode.ts';
import { trimSpace } from '../../src/upstream/codecs/xml-text.ts';
import { aRequest } from './a-source.ts';
import { anUpstreamSpec, type SpecParts } from './a-spec.ts';

/** Encodes a body and reads it back from its bytes. */
interface Format {
  readonly name: string;
  readonly spec: SpecParts;
  readonly bodyOf: (value: unknown) => unknown;
  readonly read: (payload: string) => unknown;
  readonly isElement?: true;
}

const trimmed = (text: unknown): string => trimSpace(String(text ?? ''));

const xmlOptions = { lists: new Set<string>(), maxDepth: 64 };
const inXml = (payload: string): Record<string, unknown> =>
  decodeXml(payload, xmlOptions).value as Record<string, unknown>;

const FORMATS: readonly Format[] = [
  {
    name: 'json',
    spec: {},
    bodyOf: (value) => ({ v: value }),
    read: (payload) => (parseJsonExact(payload) as { v: unknown }).v,
  },
  {
    name: 'form',
    spec: { protocol: 'form' },
    bodyOf: (value) => ({ v: value }),
    read: (payload) => new URLSearchParams(payload).get('v'),
  },
  {
    name: 'xml',
    spec: { protocol: 'xml' },
    bodyOf: (value) => ({ r: { v: value } }),
    read: (payload) => inXml(payload).v,
    isElement: true,
  },
  {
    name: 'an attribute',
    spec: { protocol: 'xml' },
    bodyOf: (value) => ({ r: { '@v': value, '#text': 'x' } }),
    read: (payload) => inXml(payload)['@v'],
  },
  {
    name: 'the text beside attributes',
    spec: { protocol: 'xml' },
    bodyOf: (value) => ({ r: { '@a': '1', '#text': value } }),
    read: (payload) => inXml(payload)['#text'],
    isElement: true,
  },
  {
    name: 'soap11',
    spec: { protocol: 'soap11', soap: { namespace: 'urn:x', operation: 'Op' } },
    bodyOf: (value) => ({ v: value }),
    read: (payload) => {
      const body = inXml(payload).Body as Record<string, Record<string, unknown>>;
      return body.Op?.v;
    },
    isElement: true,
  },
  { name: 'text', spec: { protocol: 'text' }, bodyOf: (value) => value, read: (payload) => payload },
];

function sent({ spec, bodyOf, read }: Format, value: unknown): unknown {
  const codec = createCodec(anUpstreamSpec(spec));
  const payload = codec.encode(bodyOf(value), aRequest('http://127.0.0.1:9', { method: 'POST' }));
  // As the transport writes it, and as a source reads it.
  return read(Buffer.from(payload ?? '', 'utf8').toString('utf8'));
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'sent';
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
};

describe.each(FORMATS)('$name', (format) => {
  it.each(['\ud800', 'a\udfff', '\ud83dx', 'x\ude00'])(
    'half a surrogate pair, %j · BAD_USER_INPUT',
    (value) => {
      expect(codeOf(() => sent(format, value))).toBe('BAD_USER_INPUT');
    },
  );

  it.each(['9007199254740993', '1e400', '0.10000000000000000555', '-123456789012345678901234567890'])(
    'the exact number %s · its digits',
    (digits) => {
      expect(String(sent(format, parseJsonExact(digits)))).toBe(digits);
    },
  );

  it.each(['\\ud800', 'a\\\\ud800', '😀', 'ư', '\u00a0x', '"', "'", '&amp;', '<b>', ']]>'])(
    '%j · itself',
    (value) => {
      expect(sent(format, value)).toBe(value);
    },
  );

  it('any text · itself or BAD_USER_INPUT', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          '\\',
          'u',
          'd',
          '8',
          '0',
          '\ud800',
          '\udc00',
          '\r',
          '\n',
          '\t',
          ' ',
          '<',
          '&',
          '"',
        ),
      }),
    );
    fc.assert(
      fc.property(texts, (value) => {
        if (value === '') return;
        let read: unknown;
        try {
          read = sent(format, value);
        } catch (error) {
          if (error instanceof GatewayError && error.code === 'BAD_USER_INPUT') return;
          throw error;
        }
        // The gateway's reader removes white space around the text of an element; it is on the wire.
        expect(format.isElement ? trimmed(read) : read).toBe(format.isElement ? trimmed(value) : value);
      }),
    );
  });
});

it('a list or an object in the place of an attribute · a mistake of the mapping, not "[object Object]"', () => {
  const attribute = FORMATS[3] as Format;
  for (const value of [{ a: 1 }, ['a']]) {
    expect(codeOf(() => sent(attribute, value))).toBe('INTERNAL_SERVER_ERROR');
  }
});

it('a key with brackets below a field of a form · BAD_USER_INPUT: it would be another field', () => {
  const form = FORMATS[1] as Format;
  expect(codeOf(() => sent(form, { 'a][role': 'admin' }))).toBe('BAD_USER_INPUT');
  expect(codeOf(() => sent(form, { a: { 'b[0': 1 } }))).toBe('BAD_USER_INPUT');
});
