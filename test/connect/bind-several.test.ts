import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bindSchema } from '../../src/connect/bind/bind-schema.ts';
import type { ConnectRequest, Send } from '../../src/connect/contract.ts';
import { GatewayError } from '../../src/errors.ts';
import { composeSchema } from '../../src/graph/compose.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aConnector, anAnswer } from './a-connector.ts';

const CORE = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { core: String }
scalar DateTime
enum Freshness { LIVE CACHED STALE }
type Provenance @shareable { connector: String! source: String fetchedAt: DateTime! ageMs: Int! freshness: Freshness! }
`;

/** Several connectors under one schema; `answer` sees the connector's id and the request. */
function aWorld(
  sdls: Record<string, string>,
  answer: (id: string, request: ConnectRequest) => unknown,
  version = '0.3',
) {
  const calls: string[] = [];
  const connectors = Object.entries(sdls).map(([id, sdl]) => ({ ...aConnector(sdl, { version }), id }));
  const composed = composeSchema([{ file: 'schema/core.graphql', body: CORE }], connectors);
  const schema = makeExecutableSchema({ typeDefs: composed.document });
  const bindings = connectors.map((compiled) => {
    const send: Send = async (request) => {
      calls.push(`${compiled.id} ${request.method} ${request.path}`);
      const body = answer(compiled.id, request);
      if (body instanceof Error) throw body;
      return anAnswer(body);
    };
    return { compiled, bound: { id: compiled.id, send, perRequest: 4, config: {}, env: {} } };
  });
  bindSchema(schema, bindings, {});
  const run = async (query: string) => {
    const context = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer('o', 'a'),
      deadlineMs: 5000,
    });
    const result = await execute({ schema, document: parse(query), contextValue: context });
    context.dispose();
    return { ...(JSON.parse(JSON.stringify(result)) as { data: unknown; errors?: unknown[] }), context };
  };
  return { run, calls };
}

describe('several connectors for one type', () => {
  const CATALOGUE = `
    type Query { product(id: ID!): Product @connect(source: "api" http: { GET: "/p/{$args.id}" } selection: "id name" entity: true) }
    type Product @key(fields: "id") { id: ID! name: String
      sku: String @connect(source: "api" http: { GET: "/sku/{$this.id}" } selection: "$.sku") }`;
  const STOCK = `
    type Product @key(fields: "id") @connect(source: "api" http: { GET: "/stock/{$this.id}" } selection: "stock") {
      id: ID! stock: Int }`;
  const answer = (id: string, request: ConnectRequest) => {
    if (id === 'stock') return { stock: 7 };
    return request.path.includes('/sku/') ? { sku: 'S-1' } : { id: '1', name: 'Pen' };
  };

  it('a root entity · with a field of another connector · completed by it', async () => {
    const { run, calls } = aWorld({ catalogue: CATALOGUE, stock: STOCK }, answer);
    const { data } = await run('{ product(id: 1) { id name stock sku provenance { connector } } }');
    expect(data).toEqual({
      product: { id: '1', name: 'Pen', stock: 7, sku: 'S-1', provenance: { connector: 'catalogue' } },
    });
    expect(calls).toEqual(['catalogue GET /v1/p/1', 'stock GET /v1/stock/1', 'catalogue GET /v1/sku/1']);
  });

  it('a root entity · with fields of its own only · one call', async () => {
    const { run, calls } = aWorld({ catalogue: CATALOGUE, stock: STOCK }, answer);
    await run('{ product(id: 1) { id name } }');
    expect(calls).toEqual(['catalogue GET /v1/p/1']);
  });

  it('two connectors, of which one fails · run · the fields of the other stay, an error at the null field', async () => {
    const { run } = aWorld({ catalogue: CATALOGUE, stock: STOCK }, (id, request) =>
      id === 'stock' ? new GatewayError('UPSTREAM_FAULT') : answer(id, request),
    );
    const { data, errors } = await run('{ product(id: 1) { name left: stock } }');
    expect(data).toEqual({ product: { name: 'Pen', left: null } });
    expect(errors).toMatchObject([{ path: ['product', 'left'], message: 'UPSTREAM_FAULT' }]);
  });

  it('a key that another connector supplies · run · fetched first, then used', async () => {
    const users = `
      type Query { user(id: ID!): User @connect(source: "api" http: { GET: "/u/{$args.id}" } selection: "id" entity: true) }
      type User @key(fields: "id") @connect(source: "api" http: { GET: "/card/{$this.id}" } selection: "card") {
        id: ID! card: String @shareable }`;
    const cards = `
      type User @key(fields: "card") @connect(source: "api" http: { GET: "/points/{$this.card}" } selection: "points") {
        card: String @shareable points: Int }`;
    const { run, calls } = aWorld({ users, cards }, (id, request) => {
      if (id === 'cards') return { points: 99 };
      return request.path.includes('card') ? { card: 'C9' } : { id: '1' };
    });
    const { data } = await run('{ user(id: 1) { points } }');
    expect(data).toEqual({ user: { points: 99 } });
    expect(calls).toEqual(['users GET /v1/u/1', 'users GET /v1/card/1', 'cards GET /v1/points/C9']);

    const failing = aWorld({ users, cards }, (_id, request) =>
      request.path.includes('card') ? new GatewayError('UPSTREAM_FAULT') : { id: '1' },
    );
    const result = await failing.run('{ user(id: 1) { points } }');
    expect(result.data).toEqual({ user: { points: null } });
    expect(result.errors).toMatchObject([{ path: ['user', 'points'], message: 'UPSTREAM_FAULT' }]);
    expect(failing.calls).toEqual(['users GET /v1/u/1', 'users GET /v1/card/1']);
  });

  it('a source that fails · another with the same field · called instead, and no error', async () => {
    const first = `
      type Query { user(id: ID!): User @connect(source: "api" http: { GET: "/u/{$args.id}" } selection: "id card") }
      type User @key(fields: "id") @connect(source: "api" http: { GET: "/a/{$this.id}" } selection: "name") {
        id: ID! card: ID name: String @shareable }`;
    const second = `
      type User @key(fields: "id") @connect(source: "api" http: { GET: "/b/{$this.id}" } selection: "name rank") {
        id: ID! name: String @shareable rank: Int }`;
    const { run, calls } = aWorld({ first, second }, (_id, { path }) => {
      if (path.includes('/a/')) return new GatewayError('UPSTREAM_FAULT');
      return path.includes('/b/') ? { name: 'An', rank: 1 } : { id: '1', card: 'C' };
    });
    const { data, errors, context } = await run('{ user(id: 1) { name } }');
    expect(data).toEqual({ user: { name: 'An' } });
    expect(errors).toBeUndefined();
    expect(calls).toEqual(['first GET /v1/u/1', 'first GET /v1/a/1', 'second GET /v1/b/1']);
    expect(context.tally.rows()).toMatchObject([{ status: 'PARTIAL' }, { status: 'OK' }]);
  });
});

describe('fields and types', () => {
  it('a field that reads an unselected field of its parent · run · the parent fetches it', async () => {
    const sdl = `
      type Query { box(id: ID!): Box @connect(source: "api" http: { GET: "/b/{$args.id}" } selection: "id" entity: true) }
      type Box @key(fields: "id") @connect(source: "api" http: { GET: "/w/{$this.id}" } selection: "weight") {
        id: ID! weight: Int
        price: Int @connect(source: "api" http: { GET: "/price?w={$this.weight}" } selection: "$.price") }`;
    const { run, calls } = aWorld({ boxes: sdl }, (_id, { path }) =>
      path.includes('/w/') ? { weight: 5 } : path.includes('price') ? { price: 50 } : { id: '1' },
    );
    expect((await run('{ box(id: 1) { price } }')).data).toEqual({ box: { price: 50 } });
    expect(calls).toEqual(['boxes GET /v1/b/1', 'boxes GET /v1/w/1', 'boxes GET /v1/price?w=5']);

    const failing = aWorld({ boxes: sdl }, (_id, { path }) =>
      path.includes('/w/') ? new GatewayError('UPSTREAM_TIMEOUT') : { id: '1' },
    );
    const { data, errors } = await failing.run('{ box(id: 1) { cost: price } }');
    expect(data).toEqual({ box: { cost: null } });
    expect(errors).toMatchObject([{ path: ['box', 'cost'], message: 'UPSTREAM_TIMEOUT' }]);
    expect(failing.calls).toEqual(['boxes GET /v1/b/1', 'boxes GET /v1/w/1']);
  });

  it('two @connect on one field · run · each only for its selected fields', async () => {
    const sdl = `
      type Query { item(id: ID!): Item
        @connect(source: "api" http: { GET: "/a/{$args.id}" } selection: "id name")
        @connect(source: "api" http: { GET: "/b/{$args.id}" } selection: "id size") }
      type Item { id: ID name: String size: String }`;
    const { run, calls } = aWorld({ items: sdl }, (_id, { path }) =>
      path.includes('/a/') ? { id: '1', name: 'n' } : { id: '1', size: 's' },
    );
    expect((await run('{ item(id: 1) { size } }')).data).toEqual({ item: { size: 's' } });
    expect(calls).toEqual(['items GET /v1/b/1']);
    expect((await run('{ item(id: 1) { id name size } }')).data).toEqual({
      item: { id: '1', name: 'n', size: 's' },
    });
    expect(calls.slice(1)).toEqual(['items GET /v1/a/1', 'items GET /v1/b/1']);
  });

  it('a union with entities · by __typename · each type completed by its own connector', async () => {
    const sdl = `
      type Query { found: [Found] @connect(source: "api" http: { GET: "/found" } selection: "$.items { __typename: kind id }") }
      union Found = Cat | Dog
      type Cat @key(fields: "id") @connect(source: "api" http: { GET: "/cats/{$this.id}" } selection: "name") { id: ID! name: String }
      type Dog { id: ID }`;
    const { run, calls } = aWorld(
      { animals: sdl },
      (_id, { path }) =>
        path.includes('cats')
          ? { name: 'Tom' }
          : {
              items: [
                { kind: 'Cat', id: 1 },
                { kind: 'Dog', id: 2 },
              ],
            },
      '0.4',
    );
    const { data } = await run('{ found { __typename ... on Cat { id name } ... on Dog { id } } }');
    expect(data).toEqual({
      found: [
        { __typename: 'Cat', id: '1', name: 'Tom' },
        { __typename: 'Dog', id: '2' },
      ],
    });
    expect(calls).toEqual(['animals GET /v1/found', 'animals GET /v1/cats/1']);
  });

  it('the same mutation twice in one request · run · two calls, in order', async () => {
    const sdl = `
      type Query { ok: Boolean @connect(source: "api" http: { GET: "/ok" } selection: "$.ok") }
      type Mutation { add(n: Int): Int @connect(source: "api" http: { POST: "/add" body: "n: $args.n" } selection: "$.total") }`;
    let total = 0;
    const { run } = aWorld({ counter: sdl }, (_id, { body }) => {
      total += (body as { n: number }).n;
      return { total };
    });
    expect((await run('mutation { a: add(n: 2) b: add(n: 2) }')).data).toEqual({ a: 2, b: 4 });
  });

  it('a composite key with a nested object · run · all of it reaches the request', async () => {
    const sdl = `
      type Query { plots: [Plot] @connect(source: "api" http: { GET: "/plots" } selection: "$.items { sheet no place { ward } }") }
      type Plot @connect(source: "api" http: { GET: "/area/{$this.sheet}/{$this.no}/{$this.place.ward}" } selection: "area") {
        sheet: Int! no: Int! place: Place! area: Int }
      type Place { ward: String! }`;
    const { run, calls } = aWorld({ land: sdl }, (_id, { path }) =>
      path.includes('area') ? { area: 80 } : { items: [{ sheet: 1, no: 2, place: { ward: 'A' } }] },
    );
    expect((await run('{ plots { area } }')).data).toEqual({ plots: [{ area: 80 }] });
    expect(calls).toEqual(['land GET /v1/plots', 'land GET /v1/area/1/2/A']);
  });
});
