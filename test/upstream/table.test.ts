// Answers that are tables, over a socket: CSV by RFC 4180 and lines of fixed width. Text stays text; what is no table is an invalid
// answer whose message names a position and never quotes the source.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGatewayError } from '../../src/errors.ts';
import { manifestSchema } from '../../src/manifest/manifest.ts';
import { guardMistakes } from '../../src/registry/guard-mistakes.ts';
import { aManifest } from '../a-manifest.ts';
import { aConnector } from '../connect/a-connector.ts';
import { anUpstream, aRequest, aSource, live } from './a-source.ts';
import type { SpecParts } from './a-spec.ts';

async function read(body: string | Buffer, spec: SpecParts, contentType = 'text/csv'): Promise<unknown> {
  const source = await aSource((response) => {
    response.writeHead(200, { 'content-type': contentType }).end(body);
  });
  try {
    return (await anUpstream(spec).attempt(aRequest(source.origin), live())).body;
  } catch (error) {
    return isGatewayError(error) ? `${error.code} ${error.message}` : error;
  }
}

const csv = (body: string | Buffer, parts: SpecParts['csv'] = {}, type?: string): Promise<unknown> =>
  read(body, { protocol: 'csv', csv: parts }, type);

const ONE = [{ a: '001', b: 'x' }];

describe('CSV', () => {
  it.each<[string, string | Buffer, unknown, SpecParts['csv']?, string?]>([
    ['text stays text', 'a,b\n001,x\n', ONE],
    ['CRLF', 'a,b\r\n001,x\r\n', ONE],
    ['CR', 'a,b\r001,x', ONE],
    ['no line break at the end', 'a,b\n001,x', ONE],
    ['line breaks at the end', 'a,b\n001,x\n\r\n\n', ONE],
    ['a byte order mark', '\ufeffa,b\n001,x', ONE],
    ['UTF-16', Buffer.from('\ufeffa,b\n001,x', 'utf16le'), ONE],
    ['quotes', '"a","b"\n"001","x"', ONE],
    ['quotes, delimiters and breaks in a field', 'a,b\n"1,""2""\r\n3",', [{ a: '1,"2"\r\n3', b: '' }]],
    [
      'empty fields',
      'a,b\n,\n"",""',
      [
        { a: '', b: '' },
        { a: '', b: '' },
      ],
    ],
    ['spaces are kept', 'a,b\n 1 , 2', [{ a: ' 1 ', b: ' 2' }]],
    ['another delimiter and quote', "a;b\n'0;0';x", [{ a: '0;0', b: 'x' }], { delimiter: ';', quote: "'" }],
    ['tabs', 'a\tb\n001\tx', ONE, { delimiter: '\t' }, 'text/tab-separated-values'],
    ['no header', '001,x', ONE, { header: false, columns: ['a', 'b'] }],
    ['a header with the columns', 'b,a\nx,001', ONE, { columns: ['a', 'b'] }],
    ['a header alone', 'a,b\n', []],
    ['one column with an empty value', 'a\n\n1', [{ a: '' }, { a: '1' }]],
    ['an empty body', '', null],
    [
      'windows-1258 by the manifest',
      Buffer.from([97, 10, 0x61, 0xec]),
      [{ a: 'á' }],
      { charset: 'windows-1258' },
    ],
    [
      'windows-1258 by the header',
      Buffer.from([97, 10, 0x61, 0xec]),
      [{ a: 'á' }],
      {},
      'text/csv; charset=windows-1258',
    ],
    ['names of object properties', 'constructor,toString\n1,2', [{ constructor: '1', toString: '2' }]],
  ])('%s', async (_, body, expected, parts, type) => {
    expect(await csv(body, parts, type)).toEqual(expected);
  });

  it.each<[string, string | Buffer, string, SpecParts['csv']?, string?]>([
    ['a short row', 'a,b\n1,2\nSECRET', 'expected 2 fields in row 3, found 1'],
    ['a long row', 'a,b\n1,2,SECRET', 'expected 2 fields in row 2, found 3'],
    ['a blank row', 'a,b\n1,2\n\n3,4', 'expected 2 fields in row 3, found 1'],
    [
      'a row without a header',
      '1,SECRET,3',
      'expected 2 fields in row 1, found 3',
      { header: false, columns: ['a', 'b'] },
    ],
    [
      'a quote that is not closed',
      'a,b\n1,"SECRET',
      'expected a closing quote in row 2, field 2, found none',
    ],
    [
      'text behind a quote',
      'a,b\n"1"SECRET,2',
      'expected a delimiter after the closing quote in row 2, field 1, found another character',
    ],
    ['a quote within a field', 'a,b\n1,SE"CRET"', 'expected quotes around the whole of row 2, field 2'],
    [
      'a name twice',
      'SECRET,SECRET\n1,2',
      'expected another name in column 2 of the header, found one twice',
    ],
    ['a column without a name', 'SECRET,\n1,2', 'expected a name in column 2 of the header'],
    ['the prototype', '__proto__\n1', 'expected a name in column 1 of the header'],
    [
      'a column that is missing',
      'SECRET\n1',
      'expected the column a in the header, found none',
      { columns: ['a'] },
    ],
    ['a web page', '<html>SECRET</html>', 'expected CSV, found text/html', {}, 'text/html'],
    ['bytes that are not UTF-8', Buffer.from([0x61, 10, 0xff]), 'expected UTF-8, found bytes that are not'],
  ])('%s · UPSTREAM_INVALID with its place, without its text', async (_, body, message, parts, type) => {
    expect(await csv(body, parts, type)).toBe(`UPSTREAM_INVALID ${message}`);
  });

  it('reads what a writer of RFC 4180 writes', async () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '0', ',', '"', '\r', '\n', ' ', 'é', '😀'),
      maxLength: 6,
    });
    const table = fc.array(fc.tuple(field, field), { maxLength: 8 });
    const write = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = [['a', 'b'], ...rows].map((row) => row.map(write).join(',')).join('\r\n');
        expect(await csv(text)).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
      { numRuns: 60 },
    );
  });

  it('sends JSON, and asks for a table', async () => {
    const source = await aSource((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).end('a\n1');
    });
    await anUpstream({ protocol: 'csv' }).attempt(
      aRequest(source.origin, { method: 'POST', body: { q: '1' } }),
      live(),
    );
    expect(source.asked[0]).toMatchObject({
      body: '{"q":"1"}',
      headers: { 'content-type': 'application/json', accept: expect.stringContaining('text/csv') },
    });
  });
});

describe('lines of fixed width', () => {
  const columns = [
    { name: 'code', length: 3 },
    { name: 'name', length: 5 },
  ];
  const lines = (body: string, type = 'text/plain'): Promise<unknown> =>
    read(body, { protocol: 'fixed-width', fixedWidth: { columns } }, type);

  it.each([
    [
      '001Anh  \n002  Yên\n',
      [
        { code: '001', name: 'Anh' },
        { code: '002', name: 'Yên' },
      ],
    ],
    [
      '\ufeff001Anh  \r\n002     ',
      [
        { code: '001', name: 'Anh' },
        { code: '002', name: '' },
      ],
    ],
    ['0😀1Anh  ', [{ code: '0😀1', name: 'Anh' }]],
    ['', null],
  ])('%j', async (body, expected) => {
    expect(await lines(body)).toEqual(expected);
  });

  it.each([
    ['001Anh  \n002SECRET', 'expected 8 characters in line 2, found 9'],
    ['001Anh', 'expected 8 characters in line 1, found 6'],
    ['001Anh  \n\n001Anh  ', 'expected 8 characters in line 2, found 0'],
    ['😀01Anh ', 'expected 8 characters in line 1, found 7'],
  ])('%j · UPSTREAM_INVALID', async (body, message) => {
    expect(await lines(body)).toBe(`UPSTREAM_INVALID ${message}`);
  });
});

describe('the manifest refuses', () => {
  it('lines without columns, at the check', () => {
    const connector = aConnector(
      'type Query { a: String @connect(source: "api", http: { GET: "/a" }, selection: "$.a") }',
    );
    const mistakes = (parts: Parameters<typeof aManifest>[0]) =>
      guardMistakes(aManifest(parts), connector, 'connector.yaml').map(({ coordinate }) => coordinate);
    expect(mistakes({ protocol: 'fixed-width' })).toEqual(['fixedWidth']);
    const fixedWidth = { columns: [{ name: 'a', length: 1 }] };
    expect(mistakes({ protocol: 'fixed-width', fixedWidth })).toEqual([]);
    expect(mistakes({ protocol: 'csv' })).toEqual([]);
  });

  it.each([
    [{ csv: { delimiter: ',', quote: ',' } }, 'must differ'],
    [{ csv: { delimiter: '||' } }, 'one character'],
    [{ csv: { header: false } }, 'columns are required'],
    [{ csv: { columns: ['a', 'a'] } }, 'different names'],
    [{ csv: { charset: 'no-such' } }, 'WHATWG'],
    [{ fixedWidth: { columns: [] } }, 'columns'],
    [{ fixedWidth: { columns: [{ name: 'a', length: 0 }] } }, 'length'],
  ])('%j', (parts, message) => {
    const { success, error } = manifestSchema.safeParse({ ...aManifest(), ...parts });
    expect(success).toBe(false);
    expect(JSON.stringify(error?.issues)).toContain(message);
  });
});
