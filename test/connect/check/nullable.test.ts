// Fields that a schema declares non-null and that depend on a call are published as nullable: a failed source leaves the
// page in place, with the error at the field.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, type GraphQLSchema, parse, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bindSchema } from '../../../src/connect/bind/bind-schema.ts';
import type { ConnectRequest, Send } from '../../../src/connect/contract.ts';
import { GatewayError } from '../../../src/errors.ts';
import { composeSchema } from '../../../src/graph/compose.ts';
import { createRequestContext } from '../../../src/request/context.ts';
import { anOfficer } from '../../request/an-identity.ts';
import { aConnector, anAnswer } from '../a-connector.ts';

const CORE = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { boxes: [Box!]! }
type Box @key(fields: "code") { code: ID! owner: Person! people: [Person!]! page: PageInfo! }
type Person @key(fields: "id", resolvable: false) { id: ID! }
type PageInfo @shareable { hasNextPage: Boolean! }
scalar DateTime
enum Freshness { LIVE CACHED STALE }
type Provenance @shareable { connector: String! source: String fetchedAt: DateTime! ageMs: Int! freshness: Freshness! }
`;

const BOXES = [
  { code: 'b1', owner: { id: 'p1' }, people: [{ id: 'p1' }, { id: 'p2' }], page: { hasNextPage: false } },
];

const person = (fields: string, selection: string, more = '') =>
  `type Person @key(fields: "id") @connect(source: "api" http: { GET: "/people/{$this.id}" } selection: "${selection}") {
    id: ID! ${fields} } ${more}`;

function publish(
  sdls: Record<string, string>,
  version = '0.4',
): { schema: GraphQLSchema; sdl: string } & Pick<ReturnType<typeof connectorsOf>, 'connectors'> {
  const { connectors } = connectorsOf(sdls, version);
  const composed = composeSchema([{ file: 'schema/core.graphql', body: CORE }], connectors);
  return { schema: composed.schema, sdl: composed.sdl, connectors };
}

const connectorsOf = (sdls: Record<string, string>, version: string) => ({
  connectors: Object.entries(sdls).map(([id, sdl]) => ({ ...aConnector(sdl, { version }), id })),
});

/** The types of fields in the published schema. */
const typesOf = (schema: GraphQLSchema, coordinates: readonly string[]) =>
  Object.fromEntries(
    coordinates.map((coordinate) => {
      const [typeName = '', fieldName = ''] = coordinate.split('.');
      const type = schema.getType(typeName);
      const field = type !== undefined && 'getFields' in type ? type.getFields()[fieldName] : undefined;
      return [coordinate, String(field?.type)];
    }),
  );

const warned = (connectors: ReturnType<typeof connectorsOf>['connectors']) =>
  connectors.flatMap(({ warnings }) =>
    warnings.filter(({ code }) => code === 'ConnectorFieldNonNull').map(({ coordinate }) => coordinate),
  );

describe('the published type of a non-null field', () => {
  it.each<[string, string, Record<string, string>, string[]]>([
    [
      'a field of an entity; its key keeps its type',
      person('name: String!', 'id name'),
      { 'Person.id': 'ID!', 'Person.name': 'String' },
      ['Person.name'],
    ],
    [
      'lists: the outer ! is removed, the ! of the elements stays',
      person('tags: [String!]! grid: [[Int!]!]! plain: [String]!', 'id tags grid plain'),
      { 'Person.tags': '[String!]', 'Person.grid': '[[Int!]!]', 'Person.plain': '[String]' },
      ['Person.tags', 'Person.grid', 'Person.plain'],
    ],
    [
      'objects within objects',
      person(
        'home: Home!',
        'id home { street city { name } }',
        'type Home { street: String! city: City! } type City { name: String! }',
      ),
      { 'Person.home': 'Home', 'Home.street': 'String', 'Home.city': 'City', 'City.name': 'String' },
      ['Person.home', 'Home.street', 'Home.city', 'City.name'],
    ],
    [
      'root fields, queries and mutations, and what they return',
      `type Query { all: [Item!]! @connect(source: "api" http: { GET: "/" } selection: "sku") }
       type Mutation { add: Item! @connect(source: "api" http: { POST: "/" } selection: "sku") }
       type Item { sku: ID! }`,
      { 'Query.all': '[Item!]', 'Mutation.add': 'Item', 'Item.sku': 'ID' },
      ['Query.all', 'Mutation.add', 'Item.sku'],
    ],
    [
      'a field with its own connector',
      `type Box @key(fields: "code") { code: ID!
         weight: Float! @connect(source: "api" http: { GET: "/w/{$this.code}" } selection: "$.weight") }`,
      { 'Box.code': 'ID!', 'Box.weight': 'Float' },
      ['Box.weight'],
    ],
    [
      'a key that other objects of the type lack',
      `type Item @key(fields: "sku") @key(fields: "ean")
         @connect(source: "api" http: { GET: "/sku/{$this.sku}" } selection: "sku ean")
         @connect(source: "api" http: { GET: "/ean/{$this.ean}" } selection: "sku ean") { sku: ID! ean: ID! }`,
      { 'Item.sku': 'ID', 'Item.ean': 'ID' },
      ['Item.sku', 'Item.ean'],
    ],
    [
      'a nested key keeps its types, what stands beside it does not',
      `type Item @key(fields: "place { ward }")
         @connect(source: "api" http: { GET: "/{$this.place.ward}" } selection: "place: { ward: w street: s } size") {
         place: Place! size: Int! } type Place { ward: ID! street: String! }`,
      { 'Item.place': 'Place!', 'Place.ward': 'ID!', 'Place.street': 'String', 'Item.size': 'Int' },
      ['Item.size', 'Place.street'],
    ],
    [
      'the interface of a type',
      `type Query { all: [Item] @connect(source: "api" http: { GET: "/" } selection: "sku label") }
       interface Labelled { label: String! } interface Coded implements Labelled { sku: ID! label: String! }
       type Item implements Coded & Labelled { sku: ID! label: String! }`,
      { 'Item.label': 'String', 'Labelled.label': 'String', 'Coded.label': 'String', 'Coded.sku': 'ID' },
      ['Item.sku', 'Item.label', 'Coded.sku', 'Coded.label', 'Labelled.label'],
    ],
    [
      'an interface and a union that a connector yields',
      `type Query { any: [Thing!]! @connect(source: "api" http: { GET: "/" }
         selection: """$.items { ...kind->match(["a", $ { __typename: $("A") id }], [@, $ { __typename: $("B") id size }]) }""")
         one: Either! @connect(source: "api" http: { GET: "/1" } selection: """__typename: $("B") id size""") }
       union Either = A | B
       interface Thing { id: ID! } type A implements Thing { id: ID! } type B implements Thing { id: ID! size: Int! }`,
      { 'Query.any': '[Thing!]', 'Query.one': 'Either', 'Thing.id': 'ID', 'A.id': 'ID', 'B.size': 'Int' },
      ['Query.any', 'Query.one', 'Thing.id', 'A.id', 'B.id', 'B.size'],
    ],
    [
      'fields that the store owns keep their types',
      `type Box @key(fields: "code") { code: ID!
         more: More! @connect(source: "api" http: { GET: "/{$this.code}" } selection: "pageInfo: { hasNextPage }") }
       type More { pageInfo: PageInfo! } type PageInfo @shareable { hasNextPage: Boolean! }`,
      {
        'PageInfo.hasNextPage': 'Boolean!',
        'More.pageInfo': 'PageInfo',
        'Box.code': 'ID!',
        'Box.owner': 'Person!',
      },
      ['Box.more', 'More.pageInfo', 'PageInfo.hasNextPage'],
    ],
  ])('%s', (_name, sdl, types, coordinates) => {
    const { schema, connectors } = publish({ test: sdl });
    expect(typesOf(schema, Object.keys(types))).toEqual(types);
    expect(warned(connectors).sort()).toEqual([...coordinates].sort());
    expect(validateSchema(schema)).toEqual([]);
  });

  it('a type that two connectors share · published · nullable for both', () => {
    const { schema } = publish({
      one: person('phone: Money!', 'id phone { amount }', 'type Money @shareable { amount: Int! }'),
      two: `type Query { fee: Money! @connect(source: "api" http: { GET: "/" } selection: "amount") }
            type Money @shareable { amount: Int! }`,
    });
    expect(typesOf(schema, ['Money.amount', 'Query.fee'])).toEqual({
      'Money.amount': 'Int',
      'Query.fee': 'Money',
    });
  });

  it('inputs and arguments · published · keep their types', () => {
    const { sdl } = publish({
      test: `type Query { it(id: ID!, filter: Filter!): Item! @connect(source: "api" http: { GET: "/{$args.id}" } selection: "id") }
             input Filter { size: Int! } type Item { id: ID }`,
    });
    expect(sdl).toMatch(/it\(id: ID!, filter: Filter!\): Item$/m);
    expect(sdl).toContain('size: Int!');
  });
});

/** Runs a query on the store's boxes and on connectors whose calls `answer` decides. */
async function run(
  sdls: Record<string, string>,
  answer: (id: string, request: ConnectRequest) => unknown,
  query: string,
) {
  const { sdl, connectors } = publish(sdls);
  const schema = makeExecutableSchema({ typeDefs: sdl, resolvers: { Query: { boxes: () => BOXES } } });
  const bindings = connectors.map((compiled) => {
    const send: Send = async (request) => {
      const body = answer(compiled.id, request);
      if (body instanceof Error) throw body;
      return anAnswer(body);
    };
    return { compiled, bound: { id: compiled.id, send, perRequest: 4, config: {}, env: {} } };
  });
  bindSchema(schema, bindings, {});
  const contextValue = createRequestContext({
    requestId: 'r1',
    locale: 'en',
    identity: anOfficer('o', 'a'),
    deadlineMs: 5000,
  });
  const { data, errors = [] } = await execute({ schema, document: parse(query), contextValue });
  contextValue.dispose();
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    paths: errors.map(({ path }) => path?.join('.')).sort(),
  };
}

const fault = () => new GatewayError('UPSTREAM_FAULT');

describe('a page over a source that fails', () => {
  it('fields of an entity · null with their errors, and everything else stays', async () => {
    const result = await run(
      {
        test: person(
          'name: String! tags: [String!]! home: Home!',
          'id name tags home { street }',
          'type Home { street: String! }',
        ),
      },
      fault,
      '{ boxes { code page { hasNextPage } owner { id name tags home { street } } people { id name } } }',
    );
    expect(result).toEqual({
      data: {
        boxes: [
          {
            code: 'b1',
            page: { hasNextPage: false },
            owner: { id: 'p1', name: null, tags: null, home: null },
            people: [
              { id: 'p1', name: null },
              { id: 'p2', name: null },
            ],
          },
        ],
      },
      paths: [
        'boxes.0.owner.home',
        'boxes.0.owner.name',
        'boxes.0.owner.tags',
        'boxes.0.people.0.name',
        'boxes.0.people.1.name',
      ],
    });
  });

  it('one of two connectors of an entity · its field alone is null', async () => {
    const result = await run(
      { one: person('name: String!', 'id name'), two: person('age: Int!', 'id age') },
      (id) => (id === 'one' ? { id: 'p1', name: 'An' } : fault()),
      '{ boxes { owner { name age } } }',
    );
    expect(result).toEqual({
      data: { boxes: [{ owner: { name: 'An', age: null } }] },
      paths: ['boxes.0.owner.age'],
    });
  });

  it('a field with its own connector, of an object and of a list · null at the field', async () => {
    const sdl = `type Box @key(fields: "code") { code: ID!
      weight: Float! @connect(source: "api" http: { GET: "/w/{$this.code}" } selection: "$.weight")
      parts: [Part!]! @connect(source: "api" http: { GET: "/parts/{$this.code}" } selection: "name") }
      type Part { name: String! }`;
    const query = '{ boxes { code weight parts { name } } }';
    expect(await run({ test: sdl }, fault, query)).toEqual({
      data: { boxes: [{ code: 'b1', weight: null, parts: null }] },
      paths: ['boxes.0.parts', 'boxes.0.weight'],
    });
    const half = (_id: string, { path }: ConnectRequest) =>
      path.includes('parts') ? [{ name: 'lid' }, {}] : { weight: 2 };
    const { data } = await run({ test: sdl }, half, query);
    expect(data).toEqual({ boxes: [{ code: 'b1', weight: 2, parts: [{ name: 'lid' }, { name: null }] }] });
  });

  it('root fields · null, and the store answers', async () => {
    const sdl = `type Query { all: [Item!]! @connect(source: "api" http: { GET: "/" } selection: "sku") }
      type Item { sku: ID! }`;
    expect(await run({ test: sdl }, fault, '{ all { sku } boxes { code } }')).toEqual({
      data: { all: null, boxes: [{ code: 'b1' }] },
      paths: ['all'],
    });
  });

  it('a key that the object is not known by · null at the key, and the object stays', async () => {
    const items = `type Item @key(fields: "sku") @key(fields: "ean")
      @connect(source: "api" http: { GET: "/sku/{$this.sku}" } selection: "sku ean")
      @connect(source: "api" http: { GET: "/ean/{$this.ean}" } selection: "sku ean") { sku: ID! ean: ID! }`;
    const boxes = `type Box @key(fields: "code") { code: ID!
      items: [Item!]! @connect(source: "api" http: { GET: "/items/{$this.code}" } selection: "sku") }
      type Item @key(fields: "sku", resolvable: false) { sku: ID! }`;
    const result = await run(
      { boxes, items },
      (id) => (id === 'boxes' ? [{ sku: 's1' }, { sku: 's2' }] : fault()),
      '{ boxes { items { sku ean } } }',
    );
    expect(result).toEqual({
      data: {
        boxes: [
          {
            items: [
              { sku: 's1', ean: null },
              { sku: 's2', ean: null },
            ],
          },
        ],
      },
      paths: ['boxes.0.items.0.ean', 'boxes.0.items.1.ean'],
    });
  });

  it('a nested key · what stands beside it is null, and the object stays', async () => {
    const items = `type Item @key(fields: "place { ward }")
      @connect(source: "api" http: { GET: "/{$this.place.ward}" } selection: "place: { ward: w street: s } size") {
      place: Place! size: Int! } type Place { ward: ID! street: String! }`;
    const boxes = `type Box @key(fields: "code") { code: ID!
      item: Item! @connect(source: "api" http: { GET: "/items/{$this.code}" } selection: "place: { ward }") }
      type Item @key(fields: "place { ward }", resolvable: false) { place: Place! } type Place { ward: ID! }`;
    const result = await run(
      { boxes, items },
      (id) => (id === 'boxes' ? { ward: 'w1' } : fault()),
      '{ boxes { item { place { ward street } size } } }',
    );
    expect(result.data).toEqual({
      boxes: [{ item: { place: { ward: 'w1', street: null }, size: null } }],
    });
    expect(result.paths).toContain('boxes.0.item.size');
  });

  it('an element without its key · the list is null, and the page stays', async () => {
    const boxes = `type Box @key(fields: "code") { code: ID!
      items: [Item!]! @connect(source: "api" http: { GET: "/items/{$this.code}" } selection: "sku") }
      type Item @key(fields: "sku", resolvable: false) { sku: ID! }`;
    const result = await run(
      { boxes },
      () => [{ sku: 's1' }, { sku: null }],
      '{ boxes { code items { sku } } }',
    );
    expect(result.data).toEqual({ boxes: [{ code: 'b1', items: null }] });
    expect(result.paths).toEqual(['boxes.0.items.1.sku']);
  });
});
