// Numbers and texts of a request, from its variables and literals to the arguments of a resolver: the value that was sent, or an
// error at its place.
import { makeExecutableSchema } from '@graphql-tools/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScalars } from '../../src/dossiers/scalars.ts';
import { parseJsonExact } from '../../src/exact-number.ts';
import { OPEN_ACCESS } from '../../src/graph/access/access.ts';
import { keepNumbersExact } from '../../src/graph/exact-literals.ts';
import { createGraphExecutor } from '../../src/graph/executor.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';

const TYPES = [
  'ID',
  'Int',
  'Float',
  'String',
  'Boolean',
  'Color',
  'Big',
  'Vnd',
  'DateTime',
  'AgencyCode',
  'In',
];
const scalars = createScalars();
const schema = makeExecutableSchema({
  typeDefs: `
    enum Color { RED }
    scalar Big scalar Vnd scalar DateTime scalar AgencyCode
    input In { id: ID ids: [ID!] reals: [Float] inner: In amount: Vnd text: String anything: Big }
    type Query { ${TYPES.map((type) => `of${type}(v: ${type}): String listOf${type}(v: [${type}]): String`).join('\n')} }
  `,
  resolvers: {
    Vnd: scalars.Vnd,
    DateTime: scalars.DateTime,
    AgencyCode: scalars.AgencyCode,
    Query: Object.fromEntries(
      TYPES.flatMap((type) => [`of${type}`, `listOf${type}`]).map((name) => [
        name,
        (_: unknown, { v }: { v: unknown }) => JSON.stringify(v),
      ]),
    ),
  } as never,
});
keepNumbersExact(schema, new Set(['Vnd', 'DateTime', 'AgencyCode']));
const executor = createGraphExecutor({
  schema,
  connectorsAt: () => [],
  access: OPEN_ACCESS,
  breakerOf: () => undefined,
  onRetired: () => {},
});

/** What the resolver received, as JSON; or the code of the error and its text. */
async function ask(text: string, variables?: string): Promise<string> {
  const context = createRequestContext({
    requestId: 'r',
    locale: 'en',
    identity: anOfficer('o', 'a'),
    deadlineMs: 5_000,
  });
  try {
    const { result } = await executor.answer(
      {
        text,
        variables:
          variables === undefined ? undefined : (parseJsonExact(variables) as Record<string, unknown>),
      },
      context,
    );
    const [error] = result.errors ?? [];
    if (error !== undefined) return `${error.extensions?.code}: ${error.message}`;
    return Object.values(result.data ?? {})[0] as string;
  } finally {
    context.dispose();
  }
}

const asVariable = (type: string, json: string) =>
  ask(
    `query ($v: ${type}) { ${type.startsWith('[') ? `listOf${type.slice(1, -1)}` : `of${type}`}(v: $v) }`,
    `{"v": ${json}}`,
  );
const asLiteral = (type: string, literal: string) => ask(`{ of${type}(v: ${literal}) }`);

const INVALID = expect.stringMatching(/^BAD_USER_INPUT: /);
const REFUSED = expect.stringMatching(/^(GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED|BAD_USER_INPUT): /);

describe('a number in the variables', () => {
  it.each([
    ['ID', '9007199254740993', '"9007199254740993"'],
    ['ID', '-9007199254740993', '"-9007199254740993"'],
    ['ID', '123456789012345678901234567890', '"123456789012345678901234567890"'],
    ['ID', '1e21', '"1000000000000000000000"'],
    ['ID', '100000000000000000000000', '"100000000000000000000000"'],
    ['ID', '-0', '"0"'],
    ['ID', '1.0', '"1"'],
    ['ID', '9007199254740993.5', INVALID],
    ['ID', '9007199254740993.0', INVALID],
    ['ID', '-1.5e21', '"-1500000000000000000000"'],
    ['ID', '1e400', INVALID],
    ['ID', '1e+400', INVALID],
    ['ID', '1.5', INVALID],
    ['[ID]', '[9007199254740993, "x", 7]', '["9007199254740993","x","7"]'],
    ['[ID]', '9007199254740993', '["9007199254740993"]'],
    ['Int', '9007199254740993', INVALID],
    ['Int', '1.00000000000000000001', INVALID],
    ['Int', '1.0', '1'],
    ['Int', '1e2', '100'],
    ['Int', '-0', '0'],
    ['Int', '2147483648', INVALID],
    ['Float', '9007199254740993', INVALID],
    ['Float', '9007199254740992', '9007199254740992'],
    ['Float', '1e400', INVALID],
    ['Float', '-1e400', INVALID],
    ['Float', '0.10000000000000000555', '0.1'],
    ['String', '9007199254740993', INVALID],
    ['Boolean', '9007199254740993', INVALID],
    ['Color', '9007199254740993', INVALID],
    ['In', '9007199254740993', INVALID],
    [
      'In',
      '{"id": 9007199254740993, "ids": [9007199254740993], "inner": {"id": 9007199254740995}}',
      '{"id":"9007199254740993","ids":["9007199254740993"],"inner":{"id":"9007199254740995"}}',
    ],
    ['In', '{"anything": {"a": [9007199254740993, 1e400]}}', '{"anything":{"a":[9007199254740993,1e400]}}'],
    ['In', '{"unknown": 9007199254740993}', INVALID],
    ['Big', '9007199254740993', '9007199254740993'],
    ['Big', '0.10000000000000000555', '0.10000000000000000555'],
    ['Big', '7', '7'],
    ['DateTime', '9007199254740993', INVALID],
    ['AgencyCode', '9007199254740993', INVALID],
    ['Vnd', '9007199254740991', '9007199254740991'],
    ['Vnd', '1.0', '1'],
    ['Vnd', '-0', '0'],
    ['Vnd', '9007199254740992', INVALID],
    ['Vnd', '9007199254740993', INVALID],
    ['Vnd', '9007199254740990.6', INVALID],
    ['Vnd', '0.99999999999999999', INVALID],
    ['Vnd', '-1', INVALID],
    ['Vnd', '"1000"', INVALID],
    ['Vnd', 'true', INVALID],
  ])('%s · %s · %s', async (type, json, expected) => {
    expect(await asVariable(type, json)).toEqual(expected);
  });
});

describe('a number in the document', () => {
  it.each([
    ['ID', '9007199254740993', '"9007199254740993"'],
    ['ID', '1.0', REFUSED],
    ['Int', '9007199254740993', REFUSED],
    ['Float', '9007199254740993', REFUSED],
    ['Float', '9007199254740993.0', REFUSED],
    ['Float', '9007199254740992', '9007199254740992'],
    ['Float', '1e400', REFUSED],
    ['Float', '0.1', '0.1'],
    ['Big', '9007199254740993', '9007199254740993'],
    ['Big', '[1e400, {a: 9007199254740993}]', '[1e400,{"a":9007199254740993}]'],
    ['In', '{id: 9007199254740993}', '{"id":"9007199254740993"}'],
    ['In', '{anything: 9007199254740993}', '{"anything":9007199254740993}'],
    ['Vnd', '1000', '1000'],
    ['Vnd', '-0', '0'],
    ['Vnd', '9007199254740991', '9007199254740991'],
    ['Vnd', '9007199254740992', REFUSED],
    ['Vnd', '9007199254740990.6', REFUSED],
    ['Vnd', '1.0', REFUSED],
    ['Vnd', '1e3', REFUSED],
    ['Vnd', '0.99999999999999999', REFUSED],
    ['Vnd', '-1', REFUSED],
    ['Vnd', '"1000"', REFUSED],
    ['Vnd', 'RED', REFUSED],
    ['Vnd', '[1]', REFUSED],
    ['Vnd', '{a: 1}', REFUSED],
    ['Vnd', 'true', REFUSED],
    ['Vnd', 'null', 'null'],
    ['AgencyCode', '"H26"', '"H26"'],
    ['AgencyCode', '"""H26"""', '"H26"'],
    ['AgencyCode', 'H26', REFUSED],
    ['AgencyCode', '26', REFUSED],
    ['DateTime', '"2026-06-09T01:30:00.123Z"', '"2026-06-09T01:30:00.123Z"'],
    ['DateTime', '"2026-06-09T01:30:00.123999Z"', REFUSED],
    ['DateTime', '"9999-12-31T23:30:00-01:00"', REFUSED],
    ['DateTime', '"0001-01-01T00:00:00+07:00"', REFUSED],
    ['DateTime', '2026', REFUSED],
  ])('%s · %s · %s', async (type, literal, expected) => {
    expect(await asLiteral(type, literal)).toEqual(expected);
  });

  it('as the default of a variable · the same', async () => {
    expect(await ask('query ($v: ID = 9007199254740993) { ofID(v: $v) }')).toBe('"9007199254740993"');
    expect(await ask('query ($v: Float = 9007199254740993) { ofFloat(v: $v) }')).toEqual(REFUSED);
    expect(
      await ask('query ($v: ID!) { ofIn(v: { ids: [$v, 9007199254740995] }) }', '{"v": 9007199254740993}'),
    ).toEqual('{"ids":["9007199254740993","9007199254740995"]}');
  });

  it('any integer as ID · its digits, from a variable and from a literal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), async (value) => {
        expect(await asVariable('ID', String(value))).toBe(`"${value}"`);
        expect(await asLiteral('ID', String(value))).toBe(`"${value}"`);
      }),
    );
  });
});

it.each([
  ['Float', '9007199254740993', 'Float cannot represent this integer exactly.'],
  ['Int', '9007199254740993', 'Int cannot represent a value outside 32-bit signed integers.'],
  [
    'Vnd',
    '9007199254740993',
    'Vnd: expected a whole number of đồng from 0 to 9007199254740991; found number.',
  ],
  ['ID', '9007199254740993.5', 'ID cannot represent a value that is neither a string nor an integer.'],
])('%s · %s · %s', async (type, json, text) => {
  expect(await asVariable(type, json)).toBe(`BAD_USER_INPUT: Variable "$v" has an invalid value: ${text}`);
});

it('an integer that Float cannot hold, inside an object · the path of the value; in a literal · the same text', async () => {
  expect(await asVariable('In', '{"inner": {"reals": [1.5, 9007199254740993]}}')).toBe(
    'BAD_USER_INPUT: Variable "$v" has an invalid value at "v.inner.reals[1]": Float cannot represent this integer exactly.',
  );
  expect(await asLiteral('Float', '9007199254740993')).toBe(
    'GRAPHQL_VALIDATION_FAILED: Float cannot represent this integer exactly.',
  );
});

describe('half a surrogate pair', () => {
  it.each([
    ['String', '"\\ud800"', ''],
    ['ID', '"a\\udc00"', ''],
    ['Color', '"\\ud800"', ''],
    ['DateTime', '"\\ud800"', ''],
    ['[String]', '["a", "\\ud800"]', ' at "v[1]"'],
    ['In', '{"text": "\\ud800"}', ' at "v.text"'],
    ['In', '{"inner": {"inner": {"ids": ["a", "b\\ud83d"]}}}', ' at "v.inner.inner.ids[1]"'],
    ['Big', '{"a": [{"b": "\\ude00"}]}', ' at "v.a[0].b"'],
    ['Big', '{"a\\ud800": 1}', ''],
  ])('%s · %s · BAD_USER_INPUT at its place', async (type, json, place) => {
    expect(await asVariable(type, json)).toBe(
      `BAD_USER_INPUT: Variable "$v" has an invalid value${place}: expected well-formed Unicode text; found half a surrogate pair.`,
    );
  });

  it.each(['"\\ud800"', '"\\udc00a"', '"\ud800"', '"""\ud800"""', '"\\u{D800}"', '"\\ud83dx"'])(
    'the literal %j · refused when the document is read',
    async (literal) => {
      expect(await asLiteral('String', literal)).toEqual(REFUSED);
    },
  );

  it('a value nested without end · BAD_USER_INPUT, and the executor continues', async () => {
    const nested = (levels: number, inner = '1') => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
    expect(await asVariable('Big', nested(100))).toBe(nested(100));
    for (const levels of [101, 50_000]) {
      for (const inner of ['1', '"\\ud800"', '9007199254740993']) {
        expect(await asVariable('Big', nested(levels, inner))).toBe(
          'BAD_USER_INPUT: Variable "$v" has an invalid value: at most 100 lists and objects within each other.',
        );
      }
    }
    const objects = `${'{"inner":'.repeat(20_000)}{}${'}'.repeat(20_000)}`;
    expect(await asVariable('In', objects)).toEqual(INVALID);
  });

  it('under a key of any length · a text of bounded length', async () => {
    const text = await asVariable('Big', `{"${'k'.repeat(100_000)}": "\\ud800"}`);
    expect(text).toMatch(/^BAD_USER_INPUT: Variable "\$v" has an invalid value: expected well-formed/);
  });

  it('a whole pair · itself', async () => {
    expect(await asVariable('String', '"\\ud83d\\ude00"')).toBe('"😀"');
    expect(await asLiteral('String', '"\\ud83d\\ude00"')).toBe('"😀"');
  });
});
