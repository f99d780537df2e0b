// graphql-js's own rule is the reference: for any document that is otherwise valid, both accept or both refuse.

import fc from 'fast-check';
import { buildSchema, OverlappingFieldsCanBeMergedRule, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { mergeProblem } from '../../src/graph/field-merging.ts';

const schema = buildSchema(`
  interface Node { id: ID!, name(lang: String, in: In): String, link: Node, links: [Node!] }
  type A implements Node { id: ID!, name(lang: String, in: In): String, link: Node, links: [Node!], size: Int, only: B }
  type B implements Node { id: ID!, name(lang: String, in: In): String, link: Node, links: [Node!], size: String, only: A }
  type C implements Node { id: ID!, name(lang: String, in: In): String, link: Node, links: [Node!], size: Int!, only: Any }
  union Any = A | B | C
  input In { a: Int, b: [Int] }
  type Query { node: Node, any: Any, a: A, b: B, c: C, nodes: [Node] }
`);
const otherRules = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

const isRefused = (text: string) => mergeProblem(parse(text), schema) !== undefined;

describe('fields that can be merged', () => {
  it.each([
    '{ a { id id: id x: name(lang: "a") x: name(lang: "a") } a { id } }',
    '{ node { ... on A { x: id } ... on B { x: id } ... on C { x: id } } __typename }',
    '{ node { ... on A { x: id } ... on B { x: __typename } } }',
    '{ node { ... on A { x: name(lang: "a") } ... on B { x: name(lang: "b") } } }',
    '{ a { name(in: { a: 1, b: [2] }) name(in: { b: [2], a: 1 }) } }',
    '{ a { ...F ...F } } fragment F on A { link { id } ...G } fragment G on A { link { id } }',
    '{ __schema { types { name } } s: __schema { types { name } } __type(name: "A") { name } }',
  ])('%s · then no problem', (text) => {
    expect(validate(schema, parse(text), otherRules)).toEqual([]);
    expect(isRefused(text)).toBe(false);
  });
});

describe('fields that conflict', () => {
  it.each([
    [
      '{ a { x: link { id } x: only { id } } }',
      'Fields "x" conflict because "link" and "only" are different fields.',
    ],
    [
      '{ a { x: id x: name } }',
      'Fields "x" conflict because they return conflicting types "ID!" and "String".',
    ],
    ['{ a { name(lang: "a") name } }', 'Fields "name" conflict because they have differing arguments.'],
    [
      '{ a { name(lang: "1") name(lang: """1""") } }',
      'Fields "name" conflict because they have differing arguments.',
    ],
    [
      '{ node { ... on A { size } ... on B { size } } }',
      'Fields "size" conflict because they return conflicting types "Int" and "String".',
    ],
    [
      '{ node { ... on A { size } ... on C { size } } }',
      'Fields "size" conflict because they return conflicting types "Int" and "Int!".',
    ],
    ['{ node { ...F link { x: name } } } fragment F on A { link { x: id } }', 'Fields "x" conflict because'],
    [
      '{ a { only { x: id } } a { ...F } } fragment F on A { only { x: name } }',
      'Fields "x" conflict because',
    ],
  ])('%s · then the first conflict', (text, message) => {
    const problem = mergeProblem(parse(text), schema);
    expect(problem?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(problem?.text.en).toContain(message);
    expect(problem?.locations).toHaveLength(2);
  });
});

it('an interface beside many object types · then refused before the full comparison', () => {
  const types = Array.from({ length: 80 }, (_, i) => `T${i}`);
  const wide = buildSchema(`
    interface I { f: Int, i: I }
    ${types.map((name) => `type ${name} implements I { f: Int, i: I }`).join('\n')}
    type Query { i: I }
  `);
  const aliases = Array.from({ length: 800 }, (_, n) => `a${n}: f`).join(' ');
  const text = `{ i { i { ${aliases} } ${types.map((name) => `... on ${name} { i { f } }`).join(' ')} } }`;
  expect(mergeProblem(parse(text), wide)).toMatchObject({
    code: 'QUERY_TOO_COSTLY',
    text: { en: expect.stringContaining('Too many fields share a name on different types.') },
  });
});

describe('random documents', () => {
  type Type = 'Query' | 'Node' | 'A' | 'B' | 'C' | 'Any';
  const objects: Type[] = ['A', 'B', 'C'];
  const fieldsOf: Record<Type, [name: string, type?: Type][]> = {
    Query: [
      ['node', 'Node'],
      ['any', 'Any'],
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
      ['nodes', 'Node'],
    ],
    Node: [
      ['id'],
      ['name'],
      ['name(lang: "x")'],
      ['name(in: { a: 1, b: [1] })'],
      ['name(in: { b: [1], a: 1 })'],
      ['link', 'Node'],
      ['links', 'Node'],
    ],
    A: [['id'], ['name'], ['size'], ['link', 'Node'], ['links', 'Node'], ['only', 'B']],
    B: [['id'], ['name'], ['size'], ['link', 'Node'], ['links', 'Node'], ['only', 'A']],
    C: [['id'], ['name'], ['size'], ['link', 'Node'], ['links', 'Node'], ['only', 'Any']],
    Any: [['__typename']],
  };
  const fragments: [string, Type][] = [
    ['F', 'Node'],
    ['G', 'A'],
    ['H', 'C'],
  ];

  /** A selection set on `type`, at most `depth` deep; spreads only fragments after `from`, so that there is no cycle. */
  const aSet = (type: Type, depth: number, from: number): fc.Arbitrary<string> => {
    const alias = fc.constantFrom('', '', 'x: ', 'y: ');
    const leaf = fc.constantFrom(...fieldsOf[type].filter(([, below]) => below === undefined), [
      '__typename',
    ] as [string]);
    const options: fc.Arbitrary<string>[] = [fc.tuple(alias, leaf).map(([a, [name]]) => a + name)];
    if (depth > 0) {
      for (const [name, below] of fieldsOf[type]) {
        if (below !== undefined)
          options.push(fc.tuple(alias, aSet(below, depth - 1, from)).map(([a, set]) => `${a}${name} ${set}`));
      }
      const conditions =
        type === 'Query' ? [] : type === 'Node' || type === 'Any' ? objects : [type, 'Node' as Type];
      for (const condition of conditions)
        options.push(aSet(condition, depth - 1, from).map((set) => `... on ${condition} ${set}`));
    }
    if (type !== 'Query') {
      for (const [name] of fragments
        .slice(from)
        .filter(([, on]) => type === 'Node' || type === 'Any' || on === type || on === 'Node'))
        options.push(fc.constant(`...${name}`));
    }
    return fc
      .array(fc.oneof(...options), { minLength: 1, maxLength: 4 })
      .map((all) => `{ ${all.join(' ')} }`);
  };

  const aDocument = fc
    .tuple(aSet('Query', 3, 0), ...fragments.map(([, type], index) => aSet(type, 2, index + 1)))
    .map(([query, ...sets]) => {
      let text = query;
      for (const [i, set] of sets.entries()) {
        const [name, on] = fragments[i] as [string, Type];
        if (text.includes(`...${name}`)) text += ` fragment ${name} on ${on} ${set}`;
      }
      return text;
    });

  it('any document · otherwise valid · then refused by both or by neither', () => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(aDocument, (text) => {
        const document = parse(text);
        fc.pre(validate(schema, document, otherRules).length === 0);
        const expected = validate(schema, document, [OverlappingFieldsCanBeMergedRule]).length > 0;
        if (expected) refused++;
        else accepted++;
        expect(mergeProblem(document, schema) !== undefined, text).toBe(expected);
      }),
      { numRuns: Number(process.env.MERGE_RUNS ?? 1000) },
    );
    expect(accepted).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(10);
  }, 120_000);
});
