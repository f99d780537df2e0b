// Every lexical form that XML Schema and JSON have for a scalar, and what the gateway makes of it: the value that a mapping reads,
// what each method that parses makes of that value, and what each GraphQL type makes of it. A form that a type cannot represent
// is an error at its field. Int, Float and Boolean are graphql-js's own, but for the two rules of `leaves.ts`: a fraction becomes the
// nearest double, a text such as `0x1F` counts as a number, and a number counts as a boolean.
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileMapping, createProblems, parseSelection } from '../../src/connect/mapping/index.ts';
import { createScalars } from '../../src/dossiers/scalars.ts';
import { serialize } from '../../src/graph/execute/leaves.ts';
import type { LeafValue } from '../../src/graph/execute/value-types.ts';
import { createCodec } from '../../src/upstream/codecs/codec.ts';
import { anUpstreamSpec } from '../upstream/a-spec.ts';

/** The type cannot represent the value; the method reports a problem and yields nothing. */
const ERROR = 'error';

const SCALARS = createScalars();
const TYPES = {
  String: GraphQLString,
  ID: GraphQLID,
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  Vnd: SCALARS.Vnd as (typeof SCALARS)[string],
} as const;
const METHODS = ['parseInt', 'jsonParse', 'toString'] as const;
const DATE_METHODS = [
  'date("yyyy-MM-dd")',
  'date("yyyy-MM-ddTHH:mm:ss")',
  'partialDate',
  'formatDate("yyyyMMdd HHmmss")',
];

const json = createCodec(anUpstreamSpec({}));
const xml = createCodec(anUpstreamSpec({ protocol: 'xml' }));
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

type Body = { readonly body: unknown; readonly path: string };

function readXml(element: string): Body {
  const bytes = Buffer.from(`<r ${XSI}>${element}</r>`);
  const { body, invalid } = xml.decode({
    status: 200,
    headers: { 'content-type': 'application/xml' },
    bytes,
  });
  if (invalid !== undefined) throw new Error(invalid);
  return { body, path: '$.r.v' };
}

function readJson(token: string): Body | undefined {
  const bytes = Buffer.from(`{"v":${token}}`);
  const { body, invalid } = json.decode({
    status: 200,
    headers: { 'content-type': 'application/json' },
    bytes,
  });
  return invalid === undefined ? { body, path: '$.v' } : undefined;
}

/** The value of a mapping as JSON; ERROR where it reports a problem. */
function mapped({ body, path }: Body, method = ''): unknown {
  const problems = createProblems();
  const mapping = compileMapping(parseSelection(`${path}${method}`, { version: '0.3', extensions: true }));
  const value = mapping.run(body, {}, problems);
  return problems.count > 0 ? ERROR : value;
}

const asJson = (value: unknown): string => (value === ERROR ? ERROR : (JSON.stringify(value) ?? 'missing'));

function asType(name: keyof typeof TYPES, value: unknown): string {
  if (value === null) return 'null';
  try {
    return JSON.stringify(serialize({ type: TYPES[name] } as LeafValue, value));
  } catch {
    return ERROR;
  }
}

const rowOf = (form: Body): string[] => {
  const value = mapped(form);
  return [
    asJson(value),
    ...(Object.keys(TYPES) as (keyof typeof TYPES)[]).map((name) => asType(name, value)),
    ...METHODS.map((method) => asJson(mapped(form, `->${method}`))),
  ];
};

const COLUMNS = ['value', ...Object.keys(TYPES), ...METHODS.map((method) => `->${method}`)];

describe(`columns: ${COLUMNS.join(' · ')}`, () => {
  it.each([
    ['xs:boolean', 'true', '"true" · "true" · "true" · error · error · true · error · error · true · "true"'],
    [
      'xs:boolean',
      'false',
      '"false" · "false" · "false" · error · error · false · error · error · false · "false"',
    ],
    ['xs:boolean', '1', '"1" · "1" · "1" · 1 · 1 · true · error · 1 · 1 · "1"'],
    ['xs:boolean', '0', '"0" · "0" · "0" · 0 · 0 · false · error · 0 · 0 · "0"'],
    [
      'xs:boolean',
      ' true ',
      '"true" · "true" · "true" · error · error · true · error · error · true · "true"',
    ],
    [
      'no xs:boolean',
      'TRUE',
      '"TRUE" · "TRUE" · "TRUE" · error · error · error · error · error · error · "TRUE"',
    ],
    ['no xs:boolean', 'yes', '"yes" · "yes" · "yes" · error · error · error · error · error · error · "yes"'],
    ['xs:integer', '7', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
    ['xs:integer', '+7', '"+7" · "+7" · "+7" · 7 · 7 · error · error · 7 · error · "+7"'],
    ['xs:integer', '-7', '"-7" · "-7" · "-7" · -7 · -7 · error · error · -7 · -7 · "-7"'],
    ['xs:integer', '007', '"007" · "007" · "007" · 7 · 7 · error · error · 7 · error · "007"'],
    ['xs:integer', '00', '"00" · "00" · "00" · 0 · 0 · error · error · 0 · error · "00"'],
    ['xs:integer', '-0', '"-0" · "-0" · "-0" · 0 · 0 · error · error · 0 · 0 · "-0"'],
    ['xs:integer', ' 7 ', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
    ['xs:integer', '\n7\t', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
    [
      'xs:integer',
      '2147483647',
      '"2147483647" · "2147483647" · "2147483647" · 2147483647 · 2147483647 · error · error · 2147483647 · 2147483647 · "2147483647"',
    ],
    [
      'xs:integer',
      '2147483648',
      '"2147483648" · "2147483648" · "2147483648" · error · 2147483648 · error · error · 2147483648 · 2147483648 · "2147483648"',
    ],
    [
      'xs:integer',
      '9007199254740991',
      '"9007199254740991" · "9007199254740991" · "9007199254740991" · error · 9007199254740991 · error · error · 9007199254740991 · 9007199254740991 · "9007199254740991"',
    ],
    [
      'xs:integer',
      '9007199254740993',
      '"9007199254740993" · "9007199254740993" · "9007199254740993" · error · error · error · error · 9007199254740993 · 9007199254740993 · "9007199254740993"',
    ],
    [
      'xs:integer',
      '-9007199254740993',
      '"-9007199254740993" · "-9007199254740993" · "-9007199254740993" · error · error · error · error · -9007199254740993 · -9007199254740993 · "-9007199254740993"',
    ],
    [
      'xs:integer',
      '123456789012345678901234567890',
      '"123456789012345678901234567890" · "123456789012345678901234567890" · "123456789012345678901234567890" · error · error · error · error · 123456789012345678901234567890 · 123456789012345678901234567890 · "123456789012345678901234567890"',
    ],
    ['xs:decimal', '1.0', '"1.0" · "1.0" · "1.0" · 1 · 1 · error · error · error · 1 · "1.0"'],
    ['xs:decimal', '+1.', '"+1." · "+1." · "+1." · 1 · 1 · error · error · error · error · "+1."'],
    ['xs:decimal', '.5', '".5" · ".5" · ".5" · error · 0.5 · error · error · error · error · ".5"'],
    ['xs:decimal', '-.5', '"-.5" · "-.5" · "-.5" · error · -0.5 · error · error · error · error · "-.5"'],
    ['xs:decimal', '0.10', '"0.10" · "0.10" · "0.10" · error · 0.1 · error · error · error · 0.1 · "0.10"'],
    [
      'xs:decimal',
      '100000000000000000000.5',
      '"100000000000000000000.5" · "100000000000000000000.5" · "100000000000000000000.5" · error · 100000000000000000000 · error · error · error · 100000000000000000000.5 · "100000000000000000000.5"',
    ],
    ['xs:double', '1E5', '"1E5" · "1E5" · "1E5" · 100000 · 100000 · error · error · error · 100000 · "1E5"'],
    ['xs:double', '1e-7', '"1e-7" · "1e-7" · "1e-7" · error · 1e-7 · error · error · error · 1e-7 · "1e-7"'],
    [
      'xs:double',
      '-1.5E2',
      '"-1.5E2" · "-1.5E2" · "-1.5E2" · -150 · -150 · error · error · error · -150 · "-1.5E2"',
    ],
    [
      'xs:double',
      '1e400',
      '"1e400" · "1e400" · "1e400" · error · error · error · error · error · 1e400 · "1e400"',
    ],
    ['xs:double', 'INF', '"INF" · "INF" · "INF" · error · error · error · error · error · error · "INF"'],
    [
      'xs:double',
      '-INF',
      '"-INF" · "-INF" · "-INF" · error · error · error · error · error · error · "-INF"',
    ],
    ['xs:double', 'NaN', '"NaN" · "NaN" · "NaN" · error · error · error · error · error · error · "NaN"'],
    [
      'xs:double',
      '+INF',
      '"+INF" · "+INF" · "+INF" · error · error · error · error · error · error · "+INF"',
    ],
    [
      'no number of XML Schema',
      '0x1F',
      '"0x1F" · "0x1F" · "0x1F" · 31 · 31 · error · error · error · error · "0x1F"',
    ],
    [
      'no number of XML Schema',
      '1_000',
      '"1_000" · "1_000" · "1_000" · error · error · error · error · error · error · "1_000"',
    ],
    [
      'no number of XML Schema',
      '1,5',
      '"1,5" · "1,5" · "1,5" · error · error · error · error · error · error · "1,5"',
    ],
    [
      'no number of XML Schema',
      '1 000',
      '"1 000" · "1 000" · "1 000" · error · error · error · error · error · error · "1 000"',
    ],
    [
      'no number of XML Schema',
      '１',
      '"１" · "１" · "１" · error · error · error · error · error · error · "１"',
    ],
    [
      'no number of XML Schema',
      '--1',
      '"--1" · "--1" · "--1" · error · error · error · error · error · error · "--1"',
    ],
    ['xs:string', '', '"" · "" · "" · error · error · error · error · error · error · ""'],
    ['xs:string', 'a', '"a" · "a" · "a" · error · error · error · error · error · error · "a"'],
    ['xs:string', ' 7 ', '" 7 " · " 7 " · " 7 " · 7 · 7 · error · error · 7 · error · " 7 "'],
    [
      'xs:string',
      'Hà Nội',
      '"Hà Nội" · "Hà Nội" · "Hà Nội" · error · error · error · error · error · error · "Hà Nội"',
    ],
    [
      'xs:string',
      'a&#x9;b',
      '"a\\tb" · "a\\tb" · "a\\tb" · error · error · error · error · error · error · "a\\tb"',
    ],
    ['xs:string', '&#x1F600;', '"😀" · "😀" · "😀" · error · error · error · error · error · error · "😀"'],
  ])('%s %j in an element · %s', (_kind, text, row) => {
    expect(rowOf(readXml(`<v>${text}</v>`)).join(' · ')).toBe(row);
  });

  it.each([
    ['<v/>', '"" · "" · "" · error · error · error · error · error · error · ""'],
    ['<v></v>', '"" · "" · "" · error · error · error · error · error · error · ""'],
    ['<v> </v>', '"" · "" · "" · error · error · error · error · error · error · ""'],
    ['<v xsi:nil="true"/>', 'null · null · null · null · null · null · null · error · error · ""'],
    ['<v xsi:nil="1"></v>', 'null · null · null · null · null · null · null · error · error · ""'],
    ['<v xsi:nil=" true "/>', 'null · null · null · null · null · null · null · error · error · ""'],
    ['<v xsi:nil="false">7</v>', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
    ['<v xsi:nil="0"/>', '"" · "" · "" · error · error · error · error · error · error · ""'],
    [
      '<v xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>',
      'null · null · null · null · null · null · null · error · error · ""',
    ],
    [
      '<v xmlns:xsi="urn:other" xsi:nil="true"/>',
      '{"@nil":"true"} · error · error · error · error · error · error · error · error · error',
    ],
    [
      '<v nil="true">7</v>',
      '{"@nil":"true","#text":"7"} · error · error · error · error · error · error · error · error · error',
    ],
    ['<v xsi:type="xs:int">7</v>', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
    ['<v><![CDATA[ 7 ]]></v>', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
    ['<v>&#55;</v>', '"7" · "7" · "7" · 7 · 7 · error · error · 7 · 7 · "7"'],
  ])('the element %s · %s', (element, row) => {
    expect(rowOf(readXml(element)).join(' · ')).toBe(row);
  });

  it.each([
    ['1', '1 · "1" · "1" · 1 · 1 · true · 1 · 1 · error · "1"'],
    ['1.0', '1 · "1" · "1" · 1 · 1 · true · 1 · 1 · error · "1"'],
    ['1e2', '100 · "100" · "100" · 100 · 100 · true · 100 · 100 · error · "100"'],
    ['1E+2', '100 · "100" · "100" · 100 · 100 · true · 100 · 100 · error · "100"'],
    ['-0', '0 · "0" · "0" · 0 · 0 · false · 0 · 0 · error · "0"'],
    ['-0.0', '0 · "0" · "0" · 0 · 0 · false · 0 · 0 · error · "0"'],
    ['1e-7', '1e-7 · "1e-7" · error · error · 1e-7 · true · error · 0 · error · "1e-7"'],
    ['0.1', '0.1 · "0.1" · error · error · 0.1 · true · error · 0 · error · "0.1"'],
    [
      '2147483648',
      '2147483648 · "2147483648" · "2147483648" · error · 2147483648 · true · 2147483648 · 2147483648 · error · "2147483648"',
    ],
    [
      '9007199254740991',
      '9007199254740991 · "9007199254740991" · "9007199254740991" · error · 9007199254740991 · true · 9007199254740991 · 9007199254740991 · error · "9007199254740991"',
    ],
    [
      '9007199254740993',
      '9007199254740993 · "9007199254740993" · "9007199254740993" · error · error · error · error · 9007199254740993 · error · "9007199254740993"',
    ],
    ['1e400', '1e400 · "1e400" · "1e400" · error · error · error · error · 1e400 · error · "1e400"'],
    [
      '1e21',
      '1e+21 · "1000000000000000000000" · "1000000000000000000000" · error · 1e+21 · true · error · 1e+21 · error · "1e+21"',
    ],
    [
      '1e23',
      '1e+23 · "100000000000000000000000" · "100000000000000000000000" · error · 1e+23 · true · error · 1e+23 · error · "1e+23"',
    ],
    [
      '0.10000000000000000555',
      '0.10000000000000000555 · "0.10000000000000000555" · "0.10000000000000000555" · error · 0.1 · error · error · error · error · "0.10000000000000000555"',
    ],
    ['true', 'true · "true" · error · 1 · 1 · true · error · error · error · "true"'],
    ['false', 'false · "false" · error · 0 · 0 · false · error · error · error · "false"'],
    ['null', 'null · null · null · null · null · null · null · error · error · ""'],
    ['"1"', '"1" · "1" · "1" · 1 · 1 · true · error · 1 · 1 · "1"'],
    ['"007"', '"007" · "007" · "007" · 7 · 7 · error · error · 7 · error · "007"'],
    ['"+7"', '"+7" · "+7" · "+7" · 7 · 7 · error · error · 7 · error · "+7"'],
    ['"true"', '"true" · "true" · "true" · error · error · true · error · error · true · "true"'],
    ['"1.0"', '"1.0" · "1.0" · "1.0" · 1 · 1 · error · error · error · 1 · "1.0"'],
    ['"1e2"', '"1e2" · "1e2" · "1e2" · 100 · 100 · error · error · error · 100 · "1e2"'],
    ['"0x1F"', '"0x1F" · "0x1F" · "0x1F" · 31 · 31 · error · error · error · error · "0x1F"'],
    ['"NaN"', '"NaN" · "NaN" · "NaN" · error · error · error · error · error · error · "NaN"'],
    [
      '"Infinity"',
      '"Infinity" · "Infinity" · "Infinity" · error · error · error · error · error · error · "Infinity"',
    ],
    ['""', '"" · "" · "" · error · error · error · error · error · error · ""'],
    ['" 7 "', '" 7 " · " 7 " · " 7 " · 7 · 7 · error · error · 7 · 7 · " 7 "'],
    [
      '"\\u0000"',
      '"\\u0000" · "\\u0000" · "\\u0000" · error · error · error · error · error · error · "\\u0000"',
    ],
    [
      '"\\ud800"',
      '"\\ud800" · "\\ud800" · "\\ud800" · error · error · error · error · error · error · "\\ud800"',
    ],
    [
      '"9007199254740993"',
      '"9007199254740993" · "9007199254740993" · "9007199254740993" · error · error · error · error · 9007199254740993 · 9007199254740993 · "9007199254740993"',
    ],
    ['[1]', '[1] · error · error · error · error · error · error · error · error · error'],
    ['[]', '[] · error · error · error · error · error · error · error · error · error'],
    ['{}', '{} · error · error · error · error · error · error · error · error · error'],
  ])('the JSON token %s · %s', (token, row) => {
    expect(rowOf(readJson(token) as Body).join(' · ')).toBe(row);
  });

  it.each([
    '01',
    '+1',
    '.5',
    '1.',
    '-',
    '0x1F',
    '1_000',
    'NaN',
    'Infinity',
    '-Infinity',
    'True',
    'TRUE',
    'undefined',
    "'a'",
    '"\t"',
  ])('%j, which is no JSON · the answer is invalid', (token) => {
    expect(readJson(token)).toBeUndefined();
  });
});

describe(`columns: ${DATE_METHODS.join(' · ')}; and as input of DateTime`, () => {
  it.each([
    ['2026-06-09', '"2026-06-09" · error · {"year":2026,"month":6,"day":9} · "20260609 000000"', 'error'],
    ['2026-06-09Z', 'error · error · error · error', 'error'],
    ['2026-06-09+07:00', 'error · error · error · error', 'error'],
    ['-0001-01-01', 'error · error · error · error', 'error'],
    ['0000-01-01', 'error · error · error · error', 'error'],
    ['12026-01-01', 'error · error · error · error', 'error'],
    ['2026-02-29', 'error · error · error · error', 'error'],
    ['2026-06', 'error · error · error · error', 'error'],
    ['2026', 'error · error · {"year":2026,"month":null,"day":null} · error', 'error'],
    ['--06-09', 'error · error · error · error', 'error'],
    ['2026-06-09T08:30:00', 'error · "2026-06-09T08:30:00+07:00" · error · "20260609 083000"', 'error'],
    ['2026-06-09T08:30:00Z', 'error · error · error · "20260609 153000"', '2026-06-09T08:30:00.000Z'],
    ['2026-06-09T08:30:00+07:00', 'error · error · error · "20260609 083000"', '2026-06-09T01:30:00.000Z'],
    ['2026-06-09T08:30:00.5+07:00', 'error · error · error · "20260609 083000"', '2026-06-09T01:30:00.500Z'],
    ['2026-06-09T08:30:00.123456Z', 'error · error · error · "20260609 153000"', 'error'],
    ['2026-06-09T24:00:00', 'error · error · error · error', 'error'],
    ['2026-06-09T23:59:60Z', 'error · error · error · error', 'error'],
    ['9999-12-31T23:30:00-01:00', 'error · error · error · error', 'error'],
    ['0001-01-01T00:00:00+14:00', 'error · error · error · error', 'error'],
    ['10:30:00', 'error · error · error · error', 'error'],
    ['P1D', 'error · error · error · error', 'error'],
    [' 2026-06-09 ', '"2026-06-09" · error · {"year":2026,"month":6,"day":9} · "20260609 000000"', 'error'],
    ['20260609', 'error · error · {"year":2026,"month":6,"day":9} · error', 'error'],
  ])('%j · %s · DateTime %s', (text, row, asInput) => {
    const methods = DATE_METHODS.map((method) => asJson(mapped(readXml(`<v>${text}</v>`), `->${method}`)));
    expect(methods.join(' · ')).toBe(row);
    const read = () => SCALARS.DateTime?.parseValue(text);
    if (asInput === ERROR) expect(read).toThrow('DateTime: expected');
    else expect(read()).toBe(asInput);
  });
});
