import { describe, expect, it } from 'vitest';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { type Diagnostic, DiagnosticsError, formatDiagnostic } from '../../../src/diagnostic.ts';
import { findingsOf } from '../check/a-schema-file.ts';

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "https://api.example.com" })
`;

function refusal(text: string): readonly Diagnostic[] {
  try {
    readConnectorSchema(text, 'schema.graphql');
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  throw new Error('the schema was taken');
}

describe('a schema with structural mistakes', () => {
  it('text that is not GraphQL · read · where it stops', () => {
    expect(refusal('type Query {\n  a: [Int\n}').map(formatDiagnostic).join('\n')).toMatchInlineSnapshot(`
      "schema.graphql:3:1 GraphQLError: The text is not valid GraphQL.
        found:    "}"
        expected: "]"
        way out:  Correct the GraphQL at this position or just before it; the rest of the file has not been read."
    `);
    expect(refusal('type Query {')[0]).toMatchObject({ found: 'the end of the file', line: 1 });
  });

  it('no text at all · read · refused as GraphQL, not as an exception', () => {
    expect(refusal('').map((finding) => finding.code)).toEqual(['GraphQLError']);
    expect(refusal('# only a comment').map((finding) => finding.code)).toEqual(['GraphQLError']);
  });

  it('structural mistakes and wrong mappings together · read · all found at once, in the order of the file', () => {
    const text = `${LINK}
type Query {
  a: Thing @connect(source: "api", http: { GET: "/a" })
  b(id: ID): Thing @connect(source: "api", http: { GET: "/b/{$args.no}" }, selection: "id nmae")
}
type Thing { id: ID name: String }`;
    expect(refusal(text).map(({ code, line, coordinate }) => [code, line, coordinate])).toEqual([
      ['InvalidSelection', 6, 'Query.a'],
      ['InvalidUrl', 7, 'Query.b'],
      ['SelectedFieldNotFound', 7, 'Thing.nmae'],
    ]);
  });

  it('a connector that cannot be read · read · the fields it may resolve are not called unresolved', () => {
    const text = `${LINK}
type Query { a: Thing @connect(source: "api", selection: "id name { first }") }
type Thing { id: ID name: Name } type Name { first: String last: String }`;
    expect(refusal(text).map((finding) => finding.code)).toEqual(['MissingHttpMethod']);
  });
});

describe('places in texts', () => {
  const at = (selection: string) => {
    const text = `${LINK}
type Query { a: Thing @connect(source: "api", http: { GET: "/a" }, selection: ${selection}) }
type Thing { id: ID name: String }`;
    const finding = findingsOf(text, 'schema.graphql').find((one) => one.code === 'SelectedFieldNotFound');
    const { line = 0, column = 0 } = finding ?? {};
    return text.split(/\r\n|\n/)[line - 1]?.slice(column - 1, column + 3);
  };

  it.each([
    ['a plain string', '"id name nope"'],
    ['a string with escapes before it', '"id name: $(\\"a\\\\tb\\u0041\\") nope"'],
    ['a block on one line', '"""id name nope"""'],
    ['a block of several lines', '"""\n    id\n    name\n      nope: x\n  """'],
    ['a block that begins on the first line', '"""id\n    name\n    nope"""'],
    ['a block with blank lines', '"""\n\n\n  id name\n\n  nope\n\n"""'],
    ['a block with Windows line ends', '"""\r\n  id\r\n  name\r\n  nope\r\n"""'],
    ['a key far inside a case', '"$.k->match([1, { id: 1, nope: 1 }])"'],
  ])('%s · with a wrong key · the column is that of the key', (_name, selection) => {
    expect(at(selection)).toBe('nope');
  });
});

describe('what is read', () => {
  it('types · extended and with renamed roots · merged', () => {
    const { types, connects } = readConnectorSchema(
      `${LINK}
schema { query: Reads }
type Reads { a: Thing @connect(source: "api", http: { GET: "/a" }, selection: "id name") }
type Thing { id: ID }
extend type Thing { name: [String!]! }
union Any = Thing
interface Named { name: String }
type Other implements Named { name: String }`,
      'schema.graphql',
    );
    expect([types.query, types.isRoot('Reads'), types.isRoot('Query')]).toEqual(['Reads', true, false]);
    expect([...(types.all.get('Thing')?.fields.keys() ?? [])]).toEqual(['id', 'name']);
    expect(types.all.get('Thing')?.fields.get('name')).toMatchObject({ typeName: 'String', lists: 1 });
    expect([...(types.all.get('Any')?.possible ?? [])]).toEqual(['Thing']);
    expect([...(types.all.get('Named')?.possible ?? [])]).toEqual(['Other']);
    expect(connects.map((connect) => connect.coordinate)).toEqual(['Reads.a']);
  });

  it('one header without a list, null arguments · read · as GraphQL coerces them', () => {
    const { connects } = readConnectorSchema(
      `${LINK}
type Query { a: String @connect(
  source: "api", id: null, http: { GET: "/a", headers: { name: "X-A", value: "1" }, body: null }, selection: "$"
) }`,
      'schema.graphql',
    );
    expect(connects[0]).toMatchObject({ id: undefined, body: undefined, headers: [{ name: 'X-A' }] });
  });
});
