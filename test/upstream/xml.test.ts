// XML in and out: what is kept, what is refused, and that our reader agrees with fast-xml-parser on well-formed documents.
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { decodeXml, type XmlValue } from '../../src/upstream/codecs/xml-decode.ts';
import { encodeElement, encodeElements } from '../../src/upstream/codecs/xml-encode.ts';
import { XmlError } from '../../src/upstream/codecs/xml-text.ts';

const read = (xml: string, lists: string[] = []): XmlValue =>
  decodeXml(xml, { lists: new Set(lists), maxDepth: 64 }).value;

/** Lexical forms of the simple types of XML Schema part 2 (section 3) that a number type or a date type could change. */
const LEXICAL_FORMS = [
  ...['true', 'false', '1', '0'],
  ...['+1', '-0', '007', '1.', '.5', '+.5', '-1.50', '9007199254740993', '123456789012345678901234567890.10'],
  ...['1e5', '1E+5', '-1.5e-10', 'INF', '-INF', '+INF', 'NaN'],
  ...['2026-11-27', '2026-11-27Z', '2026-11-27+07:00', '-0044-03-15', '12026-01-01'],
  ...[
    '24:00:00',
    '08:30:00.123456789',
    '2026-11-27T24:00:00',
    '2026-11-27T08:30:00-00:00',
    '2026-11-27T08:30:00.10+14:00',
  ],
  ...['2026', '2026-11', '--11-27', '---27', '--11', 'P1Y2M3DT4H5M6.7S', '-P1D'],
  ...['0FB7', 'SGVsbG8=', 'urn:x:1'],
] as const;

describe('decodeXml', () => {
  it.each<[string, string, XmlValue]>([
    [
      'text stays text',
      '<a><b>001</b><c>1.50</c><d>true</d><e>1e3</e></a>',
      { b: '001', c: '1.50', d: 'true', e: '1e3' },
    ],
    ['prefixes are dropped', '<x:a xmlns:x="u"><x:b>1</x:b></x:a>', { b: '1' }],
    [
      'attributes get @, declarations of namespaces go',
      '<a xmlns="u" id="1"><b c:n="2" xmlns:c="v"/></a>',
      { '@id': '1', b: { '@n': '2' } },
    ],
    ['text beside attributes is #text', '<a><b id="1">t</b></a>', { b: { '@id': '1', '#text': 't' } }],
    ['empty elements are empty text', '<a><b/><c></c><d> </d></a>', { b: '', c: '', d: '' }],
    [
      'xsi:nil is null',
      '<a><b xsi:nil="true"/><c xsi:nil="1"></c><d xsi:nil="false">x</d></a>',
      { b: null, c: null, d: 'x' },
    ],
    [
      'nil under another prefix',
      '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><b i:nil="true"/><c i:nil=" 1 "/><d i:nil="0"/></a>',
      { b: null, c: null, d: '' },
    ],
    [
      'nil whose prefix is declared after it, on the same element',
      '<a><b i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/><c i:nil="true"/></a>',
      { b: null, c: { '@nil': 'true' } },
    ],
    [
      'xsi:nil of another namespace is data',
      '<a xmlns:xsi="urn:other"><b xsi:nil="true" xsi:type="t"/></a>',
      { b: { '@nil': 'true', '@type': 't' } },
    ],
    [
      'a prefix declared again inside',
      '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><b xmlns:i="u"><c i:nil="true"/></b><d i:nil="true"/></a>',
      { b: { c: { '@nil': 'true' } }, d: null },
    ],
    [
      'nil beside attributes that are data',
      '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><b i:nil="true" id="1"/></a>',
      { b: { '@id': '1' } },
    ],
    ['one key for two attributes: the one without prefix', '<a p:x="1" x="2" q:x="3"/>', { '@x': '2' }],
    [
      'references with leading zeros',
      '<a b="&#00000000038;">&#x0000000000026;&#0007879;</a>',
      { '@b': '&', '#text': '&ệ' },
    ],
    [
      'white space in an attribute is a space, a reference stays',
      '<a b="x\n\ty&#10;z"/>',
      { '@b': 'x  y\nz' },
    ],
    ['a no-break space at the ends is data', '<a><b>\u00a0x\u00a0</b></a>', { b: '\u00a0x\u00a0' }],
    [
      'every lexical form stays as it is written',
      `<a>${LEXICAL_FORMS.map((form) => `<b>${form}</b>`).join('')}</a>`,
      { b: [...LEXICAL_FORMS] },
    ],
    ['xsi:type is not data', '<a><b xsi:type="xsd:string">x</b></a>', { b: 'x' }],
    ['repeated elements are a list', '<a><b>1</b><c/><b>2</b><b>3</b></a>', { b: ['1', '2', '3'], c: '' }],
    [
      'the five entities and numbers',
      '<a b="&quot;&#x41;">&lt;&amp;&gt;&apos;&#7879;</a>',
      { '@b': '"A', '#text': "<&>'ệ" },
    ],
    ['CDATA is text as it stands', '<a><b><![CDATA[<x>&amp;]]]></b></a>', { b: '<x>&amp;]' }],
    [
      'comments and instructions go',
      '<?xml version="1.0"?><!-- <a> --><a><!-- b --><?p i?><b>1<!-- x -->2</b></a><!-- end -->',
      { b: '12' },
    ],
    [
      'names like those of Object',
      '<a><constructor>1</constructor><toString/><hasOwnProperty>2</hasOwnProperty></a>',
      { constructor: '1', toString: '', hasOwnProperty: '2' } as never,
    ],
    ['line ends are one', '<a>\r\n<b>x\r\ny\rz</b>\r\n</a>', { b: 'x\ny\nz' }],
    ['Vietnamese in names and text', '<Địa_chỉ><Tỉnh>Hà Nội</Tỉnh></Địa_chỉ>', { Tỉnh: 'Hà Nội' }],
    ['space inside tags', '<a  b = "1"  ><c\n/></a >', { '@b': '1', c: '' }],
    ['> inside an attribute', '<a b="x>y"/>', { '@b': 'x>y' }],
  ])('%s', (_, xml, value) => {
    expect(read(xml)).toEqual(value);
  });

  it('declared lists · are lists however many there are', () => {
    expect(read('<a><b>1</b></a>', ['b'])).toEqual({ b: ['1'] });
    expect(read('<a><b>1</b><b>2</b></a>', ['b'])).toEqual({ b: ['1', '2'] });
    expect(read('<a/>', ['b'])).toBe('');
  });

  it.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>'],
    ['an unknown entity', '<a>&secret;</a>'],
    ['an HTML entity', '<a>&nbsp;</a>'],
    ['an entity called like a method', '<a>&constructor;</a>'],
    ['an open entity', '<a>a & b</a>'],
    ['a number that is not a character', '<a>&#0;</a>'],
    ['a surrogate by number', '<a>&#xD800;</a>'],
    ['a number beyond Unicode', '<a>&#1114112;</a>'],
    ['tags that do not match', '<a><b></a></b>'],
    ['prefixes that do not match', '<x:a></y:a>'],
    ['an element that is not closed', '<a><b>'],
    ['a tag that is not closed', '<a><b'],
    ['half a comment', '<a><!-- x</a>'],
    ['half a CDATA', '<a><![CDATA[x</a>'],
    ['two roots', '<a/><b/>'],
    ['text outside', 'x<a/>'],
    ['text after', '<a/>x'],
    ['nothing', ''],
    ['only space', ' \n '],
    ['an attribute without a value', '<a b/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['< inside an attribute', '<a b="<"/>'],
    ['attributes without space between', '<a b="1"c="2"/>'],
    ['a name that replaces a prototype', '<a><__proto__><x>1</x></__proto__></a>'],
    ['the same behind a prefix', '<a><p:__proto__/></a>'],
    ['a name that begins with a digit', '<a><1b/></a>'],
    ['JSON', '{"a":1}'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['a prefixed attribute twice', '<a p:x="1" p:x="2"/>'],
    ['a namespace declared twice', '<a xmlns:p="u" xmlns:p="v"/>'],
    ['a name with two colons', '<a:b:c/>'],
    ['a name that begins with a colon', '<:a/>'],
    ['a control character', '<a>x\u0001y</a>'],
    ['a control character in an attribute', '<a b="\u001b[0m"/>'],
    ['a character beyond XML', '<a>\uffff</a>'],
    ['a reference with no digits', '<a>&#;</a>'],
    ['a hexadecimal reference with a capital X', '<a>&#X41;</a>'],
    [
      'more namespaces than any document has',
      `<a ${Array.from({ length: 65 }, (_, i) => `xmlns:p${i}="u"`).join(' ')}/>`,
    ],
  ])('refuses %s', (_, xml) => {
    expect(() => read(xml)).toThrow(XmlError);
  });

  it('an error · has the position, and repeats nothing of the document', () => {
    expect(() => read('<a>SECRET &SECRET; </a>')).toThrow(/offset 10$/);
    try {
      read('<a>SECRET &SECRET; </a>');
    } catch (error) {
      expect(String(error)).not.toContain('SECRET');
    }
  });

  it('depth is bounded', () => {
    const deep = (n: number): string => '<a>'.repeat(n) + '</a>'.repeat(n);
    expect(() => read(deep(64))).not.toThrow();
    expect(() => read(deep(65))).toThrow(/more than 64/);
  });

  // Quadratic work would be 40,000 million steps for each: more than the time limit of a test.
  it('long hostile input · takes work in proportion to its length', () => {
    for (const xml of [
      '<'.repeat(200_000),
      '&'.repeat(200_000),
      `<a>${'&'.repeat(200_000)}</a>`,
      `<a ${'b="" '.repeat(40_000)}>`,
    ]) {
      expect(() => read(xml)).toThrow(XmlError);
    }
    expect(() => read(`<a>${'&amp;'.repeat(100_000)}</a>`)).not.toThrow();
  });

  it('never throws anything but its own error', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          '<a>',
          '</a>',
          '<a',
          '>',
          '/>',
          '<!--',
          '-->',
          '<![CDATA[',
          ']]>',
          '&',
          ';',
          '&#',
          '="',
          '"',
          "'",
          '<?',
          '?>',
          ' ',
          'x:',
          '<!DOCTYPE',
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('encodeElement', () => {
  it.each<[string, unknown, string]>([
    ['fields in their order', { b: 1, a: true, c: 'x' }, '<v><b>1</b><a>true</a><c>x</c></v>'],
    ['undefined and null are left out', { a: undefined, b: null, c: '' }, '<v><c></c></v>'],
    ['a list repeats its element', { a: [1, { b: 2 }, null] }, '<v><a>1</a><a><b>2</b></a></v>'],
    ['attributes and text', { '@id': 'x"<&', '#text': 'a<b' }, '<v id="x&quot;&lt;&amp;">a&lt;b</v>'],
    ['markup in text is escaped', { a: '</a><x>&' }, '<v><a>&lt;/a&gt;&lt;x&gt;&amp;</a></v>'],
    ['diacritics stay', { a: 'Nguyễn Văn Ẩn' }, '<v><a>Nguyễn Văn Ẩn</a></v>'],
  ])('%s', (_, value, xml) => {
    expect(encodeElement('v', value)).toBe(xml);
  });

  it.each(['a b', '1a', 'a>', '', 'a:b', '<x/>', 'a/'])('refuses the name %j', (name) => {
    expect(() => encodeElements({ [name]: 1 })).toThrow(/element name/);
    if (name !== '') expect(() => encodeElements({ a: { [`@${name}`]: 1 } })).toThrow(/element name/);
  });

  it('refuses control characters, which XML cannot represent', () => {
    expect(() => encodeElement('a', 'x\u0000y')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    expect(() => encodeElement('a', '\u001b[0m')).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
    expect(encodeElement('a', 'x\n\ty')).toBe('<a>x\n\ty</a>');
  });
});

// Names without those that fast-xml-parser renames or refuses.
const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/)
  .filter((n) => !(n in {}) && n !== 'prototype' && !n.startsWith('xmlns'));
const content = fc
  .string({
    unit: fc.constantFrom('a', '0', '1', ' ', 'ễ', '<', '>', '&', '"', "'", ']', '.', '\n'),
    maxLength: 12,
  })
  .map((t) => t.trim());
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    content,
    fc.dictionary(name, fc.oneof(tie('tree'), content), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('what is written', () => {
  it('is read back the same', () => {
    fc.assert(
      fc.property(name, tree, (root, value) => {
        expect(decodeXml(encodeElement(root, value), { lists: new Set(), maxDepth: 64 })).toEqual({
          name: root,
          value,
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read equally by fast-xml-parser', () => {
    const library = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      removeNSPrefix: true,
      parseTagValue: false,
      parseAttributeValue: false,
    });
    fc.assert(
      fc.property(name, tree, (root, value) => {
        const xml = encodeElement(root, value);
        expect({ [root]: read(xml) }).toEqual(library.parse(xml));
      }),
      { numRuns: 1_000 },
    );
  });
});
