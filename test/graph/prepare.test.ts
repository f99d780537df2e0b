import { readFile } from 'node:fs/promises';
import { buildSchema, getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { MAX_NAME, MAX_TOKENS } from '../../src/graph/document-limits.ts';
import { createPrepare, type DocumentRequest } from '../../src/graph/prepare.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import { DEFAULT_LIMITS, FIXED_LIMITS } from '../../src/limits.ts';

const schema = buildSchema(
  await readFile(new URL('../../schema/published.graphql', import.meta.url), 'utf8'),
);

const aPrepare = (maxOperations?: number) => createPrepare({ schema, connectorsAt: () => [], maxOperations });

const prepare = aPrepare();

function problemsOf(text: string, more: Partial<DocumentRequest> = {}) {
  const prepared = prepare({ text, ...more });
  return prepared.kind === 'refusal' ? prepared.problems : [];
}

describe('a valid document', () => {
  it.each([
    ['the page', pageQuery],
    [
      'introspection, in full',
      getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, schemaDescription: true }),
    ],
  ])('%s · prepared · then its operation, and the same object the next time', (_what, text) => {
    const prepared = prepare({ text });
    expect(prepared).toMatchObject({ kind: 'operation', operation: { operation: 'query' } });
    expect(prepare({ text })).toBe(prepared);
  });

  it('two operations · one named · then that one', () => {
    const text = 'query A { agencies { code } } query B { agencies { name } }';
    const named = prepare({ text, operationName: 'B' });
    expect(named).toMatchObject({ kind: 'operation', operation: { name: { value: 'B' } } });
    expect(prepare({ text, operationName: 'A' })).not.toBe(named);
  });

  it('more operations than the cache holds · prepared · then the least recently used is prepared again', () => {
    const small = aPrepare(2);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => `{ ${name}: agencies { code } }`) as [
      string,
      string,
      string,
    ];
    const first = small({ text: a });
    small({ text: b });
    expect(small({ text: a })).toBe(first);
    small({ text: c });
    expect(small({ text: a })).toBe(first);
    const again = small({ text: b });
    expect(again.kind).toBe('operation');
    expect(small({ text: b })).toBe(again);
  });

  it('many invalid documents · prepared · then they displace no valid one', () => {
    const small = aPrepare(1);
    const right = small({ text: '{ agencies { code } }' });
    for (let i = 0; i < 500; i++) small({ text: `{ wrong${i} }` });
    expect(small({ text: '{ agencies { code } }' })).toBe(right);
  });
});

describe('a document that is refused', () => {
  const refused: [string, string, Partial<DocumentRequest>, string, RegExp][] = [
    ['no GraphQL', '{ agencies', {}, 'GRAPHQL_PARSE_FAILED', /^Syntax Error: Expected Name, found <EOF>/],
    ['an unknown field', '{ agency }', {}, 'GRAPHQL_VALIDATION_FAILED', /^Cannot query field "agency"/],
    ['no operation', 'fragment F on Agency { code }', {}, 'GRAPHQL_VALIDATION_FAILED', /never used/],
    [
      'several operations, none named',
      'query A { agencies { code } } query B { agencies { code } }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
      /^Must provide operation name/,
    ],
    [
      'another operation named',
      '{ agencies { code } }',
      { operationName: 'x'.repeat(5000) },
      'OPERATION_RESOLUTION_FAILURE',
      /^Unknown operation named "x{200}"\.$/,
    ],
    [
      'no name as the name of the operation',
      '{ agencies { code } }',
      { operationName: 'Trần Thị Bưởi' },
      'OPERATION_RESOLUTION_FAILURE',
      /^operationName is not a GraphQL name/,
    ],
    [
      'a subscription',
      'subscription { agencies { code } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      /not configured/,
    ],
  ];
  it.each(refused)(
    '%s · prepared · then refused with the reason, and cached',
    (_what, text, more, code, message) => {
      const problems = problemsOf(text, more);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ code, text: { en: expect.stringMatching(message) } });
      expect(problemsOf(text, more)).toBe(problems);
    },
  );

  it('a long text within the document · invalid · then the error quotes a part of it', () => {
    const [problem] = problemsOf(`{ dossiers(first: "${'x'.repeat(90_000)}") { edges { cursor } } }`);
    expect(problem?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(problem?.text.en.length).toBeLessThan(1100);
  });

  it('more errors than the limit · in one document · then the first twenty', () => {
    const problems = problemsOf(
      `{ agencies { ${Array.from({ length: 1000 }, (_, i) => `wrong${i}`).join(' ')} } }`,
    );
    expect(problems).toHaveLength(21);
  });
});

describe('limits', () => {
  const parents = (levels: number) =>
    `{ agencies { ${'parent { '.repeat(levels)} code ${'} '.repeat(levels)} } }`;
  /** `levels` fragments that spread the next one twice each: 2 to the power of `levels` fields. */
  const doubled = (levels: number) =>
    `{ agencies { ...F0 } } ${Array.from({ length: levels }, (_, i) => `fragment F${i} on Agency { parent { ...F${i + 1} } p: parent { ...F${i + 1} } }`).join(' ')} fragment F${levels} on Agency { code }`;
  /** Each fragment spreads the next one: a chain. */
  const chain = (levels: number) =>
    `{ agencies { ...F0 } } ${Array.from({ length: levels }, (_, i) => `fragment F${i} on Agency { code ...F${i + 1} }`).join(' ')} fragment F${levels} on Agency { code }`;

  const named = (count: number, field: string) =>
    Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ');

  it.each<[string, string, string]>([
    ['200 nested fields', parents(200), 'Nesting: at most 100 levels of brackets.'],
    [
      '2,400 nested lists',
      `{ dossiers(first: ${'['.repeat(2400)}`,
      'Nesting: at most 100 levels of brackets.',
    ],
    ['50 nested fields', parents(50), 'Nesting: at most 40 levels, fragments included.'],
    ['a chain of fragments', chain(200), 'Nesting: at most 40 levels, fragments included.'],
    ['doubled fragments', doubled(22), 'Selections: at most 5,000 after fragments are expanded.'],
    ['doubled fragments, many', doubled(40), 'Selections: at most 5,000 after fragments are expanded.'],
    [
      'a long text',
      `{ dossier(code: "${'x'.repeat(FIXED_LIMITS.characters.value)}") { code } }`,
      'Document: at most 100,000 characters; send a long value as a variable.',
    ],
    ['101 aliases', `{ agencies { ${named(101, 'code')} } }`, 'Aliases: 101, at most 100.'],
    [
      '51 root fields',
      `{ ${named(50, '__typename')} ...F } fragment F on Query { agencies { code } }`,
      'Root fields: 51, at most 50.',
    ],
    ['201 directives', `{ agencies ${'@a '.repeat(201)} { code } }`, 'Directives: at most 200.'],
    ['a name without end', `{ ${'a'.repeat(MAX_NAME + 1)} }`, 'Names: at most 200 characters each.'],
  ])('%s · prepared · then QUERY_TOO_COSTLY with the limit, and cached', (_what, text, reason) => {
    const problems = problemsOf(text);
    expect(problems).toMatchObject([
      { code: 'QUERY_TOO_COSTLY', text: { en: `The query is too costly. ${reason}` } },
    ]);
    expect(problemsOf(text)).toBe(problems);
  });

  it('a text that exceeds a limit · prepared · then the error has its place', () => {
    expect(problemsOf(`{\n  ${'a'.repeat(MAX_NAME + 1)} }`)[0]?.locations).toEqual([{ line: 2, column: 3 }]);
  });

  it('too many tokens · then a parse failure', () => {
    const problems = problemsOf(`{ ${'a '.repeat(MAX_TOKENS)} }`);
    expect(problems).toMatchObject([{ code: 'GRAPHQL_PARSE_FAILED' }]);
  });

  it('just within a limit · prepared · then no limit is reported', () => {
    // braces of the operation and of `agencies`
    expect(problemsOf(parents(DEFAULT_LIMITS.maxDepth - 2))).toEqual([]);
    expect(problemsOf(parents(DEFAULT_LIMITS.maxDepth - 1))).toMatchObject([{ code: 'QUERY_TOO_COSTLY' }]);
    expect(problemsOf(`{ ${named(DEFAULT_LIMITS.maxRootFields, '__typename')} }`)).toEqual([]);
    expect(problemsOf(`{ agencies { ${named(DEFAULT_LIMITS.maxAliases, 'code')} } }`)).toEqual([]);
    expect(problemsOf(`{ ${'a'.repeat(MAX_NAME)}: __typename }`)).toEqual([]);
  });

  it('fields · through fragments and over several operations · then counted together', () => {
    // Five spreads, each of 998 fields and itself, and two root fields: 4,997.
    const fragment = `fragment F on Procedure { ${'name '.repeat(998)} }`;
    const within = `query A { procedure(code: "1") { ...F ...F ...F } } query B { procedure(code: "1") { ...F ...F } } ${fragment}`;
    expect(problemsOf(within, { operationName: 'A' })).toEqual([]);
    expect(5 * 999 + 2).toBe(FIXED_LIMITS.selections.value - 3);
    expect(
      problemsOf(
        within.replace('query A {', 'query A { ...Q __typename') +
          ' fragment Q on Query { __typename __typename }',
        { operationName: 'A' },
      ),
    ).toMatchObject([{ code: 'QUERY_TOO_COSTLY' }]);
  });

  it('fragments in a circle · prepared · then refused by validation', () => {
    const text =
      '{ agencies { ...A } } fragment A on Agency { parent { ...B } } fragment B on Agency { ...A }';
    expect(problemsOf(text)).toMatchObject([
      { code: 'GRAPHQL_VALIDATION_FAILED', text: { en: expect.stringMatching(/itself/) } },
    ]);
  });
});
