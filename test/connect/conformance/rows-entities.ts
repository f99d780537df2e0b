// §1 Directives: how fields and entities come alive by them; keys, batches, references, abstract types.

import { expect } from 'vitest';
import type { Seen } from './a-source.ts';
import { type Row, row, rowSince, SOURCE } from './rows.ts';

/** Answers with the path and query that were asked, as `{ id, name }`. */
const echo = ({ url }: Seen) => ({ body: { id: url.split('/').at(-1), name: url } });

const PRODUCT = `type Product @connect(source: "api" http: { GET: "/products/{$this.id}" } selection: "id name") { id: ID! name: String }`;
const LIST = `${SOURCE} type Query { list: [Review] @connect(source: "api" http: { GET: "/reviews" } selection: "rating product: { id: productId }") }
  type Review { rating: Int product: Product }`;
const reviews = [1, 2, 1].map((productId) => ({ rating: 5, productId }));

const BATCHED = `type Product @connect(source: "api" http: { GET: "/products" queryParams: "id: $batch.id" } batch: { maxSize: 2 } selection: "id name")
  { id: ID! name: String }`;

export const ENTITIES: readonly Row[] = [
  row(
    'S1.connect.entity',
    '`entity: true` on a nullable single-object `Query` field also resolves its type by the key that its arguments form.',
    {
      'a field and a reference': async ({ schema }) => {
        const sdl = `${LIST} extend type Query { product(id: ID!): Product @connect(source: "api" http: { GET: "/products/{$args.id}" } selection: "id name" entity: true) }
        type Product { id: ID! name: String }`;
        const answer = (seen: Seen) => (seen.url.endsWith('reviews') ? { body: reviews } : echo(seen));
        const own = await schema(sdl, '{ product(id: 7) { id name } }', { answer });
        expect(own.data).toEqual({ product: { id: '7', name: '/v1/products/7' } });
        const { data, seen } = await schema(sdl, '{ list { product { name } } }', { answer });
        expect(data.list.map((review: { product: { name: string } }) => review.product.name)).toEqual([
          '/v1/products/1',
          '/v1/products/2',
          '/v1/products/1',
        ]);
        expect(seen).toHaveLength(3);
      },
      'asked once for the field and its references': async ({ schema }) => {
        const sdl = `${LIST} extend type Query { product(id: ID!): Product @connect(source: "api" http: { GET: "/products/{$args.id}" } selection: "id name" entity: true) }
        type Product { id: ID! name: String }`;
        const answer = (seen: Seen) => (seen.url.endsWith('reviews') ? { body: reviews } : echo(seen));
        const { seen } = await schema(sdl, '{ product(id: "1") { name } list { product { name } } }', {
          answer,
        });
        expect(seen.map(({ url }) => url).sort()).toEqual([
          '/v1/products/1',
          '/v1/products/2',
          '/v1/reviews',
        ]);
      },
      'on a list': ({ refusesField }) =>
        refusesField('http: { GET: "/a/{$args.id}" } entity: true', 'EntityTypeInvalid', { type: '[T]' }),
      'on another type': ({ refuses }) =>
        refuses(
          `${SOURCE} type Query { t: T @connect(source: "api" http: { GET: "/t" } selection: "id") }
        type T { id: ID u(id: ID!): T @connect(source: "api" http: { GET: "/t/{$args.id}" } selection: "id" entity: true) }`,
          'EntityNotOnRootQuery',
        ),
    },
  ),
  row('S1.field.args', 'On a field, `$args` holds the arguments of the field.', {
    'with a default, null and a variable': async ({ schema }) => {
      const sdl = `${SOURCE} type Query { it(n: Int = 10, q: String, flag: Boolean = false): String
        @connect(source: "api" http: { GET: "/a?n={$args.n}&q={$args.q}&f={$args.flag}" } selection: "$.name") }`;
      const { data } = await schema(sdl, 'query ($q: String) { a: it b: it(n: 2, q: $q, flag: true) }', {
        answer: echo,
        variables: { q: 'x' },
      });
      expect(data).toEqual({ a: '/v1/a?n=10&q=&f=false', b: '/v1/a?n=2&q=x&f=true' });
    },
    'an input object': async ({ field }) => {
      const { seen } = await field('http: { GET: "/a?x={$args.input.c.a}" }', {
        args: { input: { c: { a: 'deep' } } },
      });
      expect(seen[0]?.url).toBe('/v1/a?x=deep');
    },
  }),
  row('S1.field.this', 'On a field of a type, `$this` holds the fields of the parent, selected or not.', {
    'a field of the parent': async ({ schema }) => {
      const sdl = `${SOURCE} type Query { box: Box @connect(source: "api" http: { GET: "/box" } selection: "id size") }
        type Box { id: ID size: Int price(currency: String = "VND"): Int
          @connect(source: "api" http: { GET: "/price/{$this.id}?size={$this.size}&c={$args.currency}" } selection: "$.price") }`;
      const { data, seen } = await schema(sdl, '{ box { price } }', {
        answer: ({ url }) => ({ body: url.endsWith('box') ? { id: 'b1', size: 3 } : { price: 50 } }),
      });
      expect([data, seen[1]?.url]).toEqual([{ box: { price: 50 } }, '/v1/price/b1?size=3&c=VND']);
    },
    'under a list': async ({ schema }) => {
      const sdl = `${SOURCE} type Query { boxes: [Box] @connect(source: "api" http: { GET: "/boxes" } selection: "id") }
        type Box { id: ID price: Int @connect(source: "api" http: { GET: "/price/{$this.id}" } selection: "$.price") }`;
      const { data } = await schema(sdl, '{ boxes { id price } }', {
        answer: ({ url }) => ({
          body: url.endsWith('boxes') ? [{ id: 1 }, { id: 2 }] : { price: Number(url.at(-1)) * 10 },
        }),
      });
      expect(data).toEqual({
        boxes: [
          { id: '1', price: 10 },
          { id: '2', price: 20 },
        ],
      });
    },
  }),
  rowSince(
    '0.2',
    'S1.type.this',
    '`@connect` on a type resolves it from `$this` key fields: one call per entity and request.',
    ({ refuses }) => refuses(`${LIST} ${PRODUCT}`, /0\.2/),
    {
      'one call per distinct entity': async ({ schema }) => {
        const answer = (seen: Seen) => (seen.url.endsWith('reviews') ? { body: reviews } : echo(seen));
        const { data, seen } = await schema(`${LIST} ${PRODUCT}`, '{ list { product { id name } } }', {
          answer,
        });
        expect(data.list[2]).toEqual({ product: { id: '1', name: '/v1/products/1' } });
        expect(seen.map(({ url }) => url).sort()).toEqual([
          '/v1/products/1',
          '/v1/products/2',
          '/v1/reviews',
        ]);
      },
      'no call for keys alone': async ({ schema }) => {
        const { seen } = await schema(`${LIST} ${PRODUCT}`, '{ list { product { id } } }', {
          answer: () => ({ body: reviews }),
        });
        expect(seen).toHaveLength(1);
      },
      'a failure keeps the key': async ({ schema }) => {
        const answer = (seen: Seen) =>
          seen.url.endsWith('reviews')
            ? { body: reviews }
            : seen.url.endsWith('2')
              ? { status: 500, body: {} }
              : echo(seen);
        const { data, errors } = await schema(`${LIST} ${PRODUCT}`, '{ list { product { id name } } }', {
          answer,
        });
        expect(data.list.map((r: { product: unknown }) => r.product)).toEqual([
          { id: '1', name: '/v1/products/1' },
          { id: '2', name: null },
          { id: '1', name: '/v1/products/1' },
        ]);
        expect(errors).toMatchObject([
          {
            path: ['list', 1, 'product', 'name'],
            extensions: { code: 'UPSTREAM_FAULT', operation: 'Product' },
          },
        ]);
      },
    },
  ),
  rowSince(
    '0.2',
    'S1.type.batch',
    'A type-level `@connect` with `$batch` resolves many entities with one call; `batch.maxSize` limits the entities per call.',
    ({ refuses }) => refuses(`${LIST} ${BATCHED}`, /0\.2/),
    {
      'cut at maxSize, coalesced over the request': async ({ schema }) => {
        const body = [1, 2, 3, 1].map((productId) => ({ rating: 5, productId }));
        const answer = ({ url }: Seen) =>
          url.endsWith('reviews')
            ? { body }
            : {
                body: [...new URL(url, 'http://x').searchParams.getAll('id')].map((id) => ({
                  id,
                  name: `p${id}`,
                })),
              };
        const { data, seen } = await schema(`${LIST} ${BATCHED}`, '{ list { product { name } } }', {
          answer,
        });
        expect(data.list.map((r: { product: { name: string } }) => r.product.name)).toEqual([
          'p1',
          'p2',
          'p3',
          'p1',
        ]);
        expect(
          seen
            .slice(1)
            .map(({ url }) => url)
            .sort(),
        ).toEqual(['/v1/products?id=1&id=2', '/v1/products?id=3']);
      },
      'no maxSize': async ({ schema }) => {
        const answer = ({ url }: Seen) => ({
          body: url.endsWith('reviews')
            ? reviews
            : [
                { id: 1, name: 'a' },
                { id: 2, name: 'b' },
              ],
        });
        const { seen } = await schema(
          `${LIST} ${BATCHED.replace('batch: { maxSize: 2 }', '')}`,
          '{ list { product { name } } }',
          { answer },
        );
        expect(seen.slice(1).map(({ url }) => url)).toEqual(['/v1/products?id=1&id=2']);
      },
      'joined into one parameter': async ({ schema }) => {
        const sdl = `${LIST} type Product @connect(source: "api" http: { GET: "/products?ids={$($batch.id)->joinNotNull(',')}" } selection: "id name") { id: ID! name: String }`;
        const answer = ({ url }: Seen) => ({
          body: url.endsWith('reviews')
            ? reviews
            : [
                { id: 1, name: 'a' },
                { id: 2, name: 'b' },
              ],
        });
        const { seen } = await schema(sdl, '{ list { product { name } } }', { answer });
        expect(seen[1]?.url).toBe('/v1/products?ids=1%2C2');
      },
      'with $this beside it': ({ refuses }) =>
        refuses(
          `${LIST} type Product @connect(source: "api" http: { POST: "/p/{$this.id}" body: "ids: $batch.id" } selection: "id name") { id: ID! name: String }`,
          'ConnectBatchAndThis',
        ),
    },
  ),
  rowSince(
    '0.2',
    'S1.type.key',
    'Keys, composite and nested keys included, are inferred from the variables used, or declared with `@key`.',
    ({ refuses }) => refuses(`${LIST} ${PRODUCT}`, /0\.2/),
    {
      stated: async ({ schema }) => {
        const sdl = `${LIST} ${PRODUCT.replace('type Product', 'type Product @key(fields: "id")')}`;
        const answer = (seen: Seen) => (seen.url.endsWith('reviews') ? { body: reviews } : echo(seen));
        expect((await schema(sdl, '{ list { product { name } } }', { answer })).data.list[0]).toEqual({
          product: { name: '/v1/products/1' },
        });
      },
      'composite and nested, inferred': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { plots: [Plot] @connect(source: "api" http: { GET: "/plots" } selection: "no place { ward }") }
          type Plot @connect(source: "api" http: { GET: "/area/{$this.no}/{$this.place.ward}" } selection: "area") { no: Int! place: Place! area: Int }
          type Place { ward: String! }`;
        const answer = ({ url }: Seen) => ({
          body: url.endsWith('plots') ? [{ no: 2, place: { ward: 'A b' } }] : { area: 80 },
        });
        const { data, seen } = await schema(sdl, '{ plots { area } }', { answer });
        expect([data, seen[1]?.url]).toEqual([{ plots: [{ area: 80 }] }, '/v1/area/2/A%20b']);
      },
    },
  ),
  row('S1.field.extend', 'A field with `@connect` extends an entity of another subgraph by its key.', {
    'of another connector': async ({ schemas }) => {
      const sdls = {
        boxes: `${SOURCE} type Query { box(id: ID!): Box @connect(source: "api" http: { GET: "/box/{$args.id}" } selection: "id weight" entity: true) }
          type Box @key(fields: "id") { id: ID! weight: Int }`,
        prices: `${SOURCE} type Box @key(fields: "id") { id: ID!
          price: Int @connect(source: "api" http: { GET: "/price?id={$this.id}" } selection: "$.price") }`,
      };
      const answer = ({ url }: Seen) => ({
        body: url.includes('price') ? { price: 5 } : { id: 1, weight: 9 },
      });
      const { data, seen } = await schemas(sdls, '{ box(id: 1) { weight price } }', { answer });
      expect([data, seen.map(({ url }) => url)]).toEqual([
        { box: { weight: 9, price: 5 } },
        ['/v1/box/1', '/v1/price?id=1'],
      ]);
    },
    'of the store': async ({ schema }) => {
      const sdl = `${SOURCE} type Box @key(fields: "id") { id: ID!
        price: Int @connect(source: "api" http: { GET: "/price?id={$this.id}" } selection: "$.price") }`;
      const core =
        'extend type Query { box: Box } type Box @key(fields: "id", resolvable: false) { id: ID! }';
      const { data } = await schema(sdl, '{ box { id price } }', {
        core,
        resolvers: { Query: { box: () => ({ id: 'b1' }) } },
        answer: ({ url }) => ({ body: { price: url.endsWith('b1') ? 5 : 0 } }),
      });
      expect(data).toEqual({ box: { id: 'b1', price: 5 } });
    },
  }),
  row(
    'S1.entity.stub',
    'A reference in another subgraph (`@key(resolvable: false)`) is completed by the connector that resolves the entity.',
    {
      'from the store': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { product(id: ID!): Product @connect(source: "api" http: { GET: "/products/{$args.id}" } selection: "id name" entity: true) }
        type Product @key(fields: "id") { id: ID! name: String }`;
        const core =
          'extend type Query { orders: [Order!]! } type Order { no: Int! product: Product } type Product @key(fields: "id", resolvable: false) { id: ID! }';
        const { data } = await schema(sdl, '{ orders { no product { id name } } }', {
          core,
          resolvers: {
            Query: {
              orders: () => [
                { no: 1, product: { id: '7' } },
                { no: 2, product: null },
              ],
            },
          },
          answer: echo,
        });
        expect(data).toEqual({
          orders: [
            { no: 1, product: { id: '7', name: '/v1/products/7' } },
            { no: 2, product: null },
          ],
        });
      },
      'from another connector': async ({ schemas }) => {
        const sdls = {
          orders: `${SOURCE} type Query { orders: [Order] @connect(source: "api" http: { GET: "/orders" } selection: "no product: { id: productId }") }
          type Order { no: Int product: Product } type Product @key(fields: "id", resolvable: false) { id: ID! }`,
          products: `${SOURCE} type Query { product(id: ID!): Product @connect(source: "api" http: { GET: "/products/{$args.id}" } selection: "id name" entity: true) }
          type Product @key(fields: "id") { id: ID! name: String }`,
        };
        const { data } = await schemas(sdls, '{ orders { no product { id name } } }', {
          answer: (seen) =>
            seen.url.endsWith('orders') ? { body: [{ no: 1, productId: 'p1' }] } : echo(seen),
        });
        expect(data).toEqual({ orders: [{ no: 1, product: { id: 'p1', name: '/v1/products/p1' } }] });
      },
    },
  ),
  rowSince(
    '0.4',
    'S1.abstract',
    'Interfaces and unions: `->match` with a constant `__typename` determines the type of an object.',
    ({ refuses }) =>
      refuses(
        `${SOURCE} union Item = Cat | Dog type Cat { id: ID } type Dog { id: ID }
        type Query { items: [Item] @connect(source: "api" http: { GET: "/a" } selection: "$.items { id }") }`,
        /0\.4|ConnectorsUnsupportedAbstractType/,
      ),
    {
      'a union': async ({ schema }) => {
        const sdl = `${SOURCE} union Item = Cat | Dog type Cat { id: ID lives: Int } type Dog { id: ID barks: Boolean }
          type Query { items: [Item] @connect(source: "api" http: { GET: "/a" } selection: """
            $.items { id ... kind->match(["cat", { __typename: "Cat", lives: lives }], ["dog", { __typename: "Dog", barks: barks }]) }
          """) }`;
        const answer = () => ({
          body: {
            items: [
              { kind: 'cat', id: 1, lives: 9 },
              { kind: 'dog', id: 2, barks: true },
            ],
          },
        });
        const { data } = await schema(
          sdl,
          '{ items { __typename ... on Cat { id lives } ... on Dog { id barks } } }',
          { answer },
        );
        expect(data).toEqual({
          items: [
            { __typename: 'Cat', id: '1', lives: 9 },
            { __typename: 'Dog', id: '2', barks: true },
          ],
        });
      },
      'an interface': async ({ schema }) => {
        const sdl = `${SOURCE} interface Media { id: ID title: String } type Book implements Media { id: ID title: String pages: Int } type Film implements Media { id: ID title: String minutes: Int }
          type Query { media: [Media] @connect(source: "api" http: { GET: "/a" } selection: """
            id title ... type->match(["book", { __typename: "Book", pages: pages }], ["film", { __typename: "Film", minutes: minutes }])
          """) }`;
        const answer = () => ({
          body: [
            { type: 'film', id: 1, title: 'F', minutes: 90 },
            { type: 'book', id: 2, title: 'B', pages: 300 },
          ],
        });
        const { data } = await schema(
          sdl,
          '{ media { __typename id title ... on Book { pages } ... on Film { minutes } } }',
          { answer },
        );
        expect(data).toEqual({
          media: [
            { __typename: 'Film', id: '1', title: 'F', minutes: 90 },
            { __typename: 'Book', id: '2', title: 'B', pages: 300 },
          ],
        });
      },
    },
  ),
];
