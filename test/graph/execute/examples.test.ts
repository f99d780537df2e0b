// Documents for which compiled executors are known to answer otherwise than graphql-js: data, errors and calls of resolvers are equal,
// in the first run and in later ones.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, GraphQLScalarType, parse } from 'graphql';
import { expect, it } from 'vitest';
import { OPEN_VIEW } from '../../../src/graph/access/access.ts';
import { createPlan } from '../../../src/graph/plan.ts';

const calls: string[] = [];

const schema = makeExecutableSchema({
  typeDefs: `
    type Query { shelf(id: ID): Shelf posted(filter: Filter): String }
    input Filter { name: String = "all" sort: Sort = TITLE }
    enum Sort { TITLE AUTHOR }
    type Shelf { id: ID! label: String best: Book parent: Shelf broken: String! late: Late! }
    scalar Late
    type Book { title: String author: Author }
    type Author { country: String }`,
  resolvers: {
    Query: {
      shelf: (_: unknown, { id }: { id?: string }) => ({ id: id ?? '0', label: 'History', late: 1 }),
      posted: (_: unknown, args: object) => JSON.stringify(args),
    },
    Shelf: {
      best: () => ({ title: 'T' }),
      parent: () => ({ id: 'p', label: 'P' }),
      broken: () => null,
    },
    Late: new GraphQLScalarType({ name: 'Late', serialize: () => Promise.reject(new Error('late')) }),
    Book: {
      author: () => {
        calls.push('author');
        return { country: 'VN' };
      },
    },
  },
});

const F = 'fragment F on Shelf { id label }';
const nested = (depth: number): string => `${'parent { '.repeat(depth)}id${' }'.repeat(depth)}`;

it.each<[string, string, Record<string, unknown>]>([
  [
    'a fragment under a false condition and without',
    `query($a:Boolean!){ shelf(id:1) { id ...F @include(if:$a) ...F } } ${F}`,
    { a: false },
  ],
  ['the same, true', `query($a:Boolean!){ shelf(id:1) { id ...F @include(if:$a) ...F } } ${F}`, { a: true }],
  [
    'a field twice, once under a false condition',
    'query($a:Boolean!){ shelf(id:1) { best { title } best @include(if:$a) { author { country } } } }',
    { a: false },
  ],
  [
    'the same, true',
    'query($a:Boolean!){ shelf(id:1) { best { title } best @include(if:$a) { author { country } } } }',
    { a: true },
  ],
  ['absent variables in an object', 'query($n:String,$s:Sort){ posted(filter:{name:$n, sort:$s}) }', {}],
  [
    'null variables in an object',
    'query($n:String,$s:Sort){ posted(filter:{name:$n, sort:$s}) }',
    { n: null, s: null },
  ],
  ['one of two', 'query($n:String,$s:Sort){ posted(filter:{name:$n, sort:$s}) }', { s: 'AUTHOR' }],
  ['the alias __proto__', '{ shelf(id:1) { __proto__: label id constructor: id } }', {}],
  [
    'an explicit null in a condition',
    'query($a:Boolean=true){ shelf(id:1) { id label @include(if:$a) } }',
    { a: null },
  ],
  ['a null in a non-null field', '{ shelf(id:1) { id broken } other: shelf(id:2) { id } }', {}],
  ['a scalar that serializes to a rejected promise', '{ shelf(id:1) { id best { title } late } }', {}],
  [
    'skip and include together',
    'query($a:Boolean!,$b:Boolean!){ shelf(id:1) { id label @skip(if:$a) @include(if:$b) } }',
    { a: false, b: true },
  ],
  ['a variable that is refused', 'query($a:Boolean!){ shelf(id:1) { id @include(if:$a) } }', { a: 'x' }],
  ['200 nested objects', `{ shelf(id:1) { ${nested(200)} } }`, {}],
  [
    'spreads doubled 12 times',
    `{ shelf(id:1) { ...A0 } } ${Array.from({ length: 12 }, (_, i) => `fragment A${i} on Shelf { ...A${i + 1} ...A${i + 1} }`).join(' ')} fragment A12 on Shelf { id }`,
    {},
  ],
])('%s · as graphql-js answers, in every run', async (_, text, variables) => {
  const document = parse(text);
  calls.length = 0;
  const expected = JSON.stringify(await execute({ schema, document, variableValues: variables }));
  const expectedCalls = [...calls];
  const plan = createPlan(document, null, { schema, connectorsAt: () => [] });
  for (let run = 1; run <= 10; run++) {
    calls.length = 0;
    expect([run, JSON.stringify(await plan.run({}, variables, OPEN_VIEW))]).toEqual([run, expected]);
    expect(calls).toEqual(expectedCalls);
  }
});
