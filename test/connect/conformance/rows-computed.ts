// §1 Directives: a `@connect` without `http` computes its value and sends nothing.

import { expect } from 'vitest';
import type { Seen } from './a-source.ts';
import { type Bench, type Row, rowSince, SOURCE } from './rows.ts';

const GREETING = `${SOURCE} type Query {
  greeting(name: String): String @connect(selection: "[$('Hello'), $args.name]->joinNotNull(', ')")
}`;

const TOO_EARLY = /MissingHttpMethod .* needs connect v0\.4/;
const refusedBefore = ({ refuses }: Bench) => refuses(GREETING, TOO_EARLY);

/** Products as a list; nothing else can be asked. */
const products = ({ url }: Seen) =>
  url === '/v1/products'
    ? { body: [1, 2].map((id) => ({ id, name: `n${id}` })) }
    : { status: 500, body: { url } };

export const COMPUTED: readonly Row[] = [
  rowSince(
    '0.4',
    'S1.connect.computed',
    'A `@connect` without `http` sends nothing: its selection maps arguments, the parent, settings and constants.',
    refusedBefore,
    {
      'an argument': async ({ schema }) => {
        const { data, seen, errors } = await schema(GREETING, '{ greeting(name: "An") }');
        expect([data, seen, errors]).toEqual([{ greeting: 'Hello, An' }, [], []]);
      },
      constants: async ({ schema }) => {
        const sdl = `${SOURCE} type Query {
          text: String @connect(selection: "$('on')") number: Int @connect(selection: "$(1)->add(1)")
          fixed: Fixed @connect(selection: "id: $('f') tags: $(['a', 'b']) inner: { n: $(1) }") }
          type Fixed { id: ID tags: [String] inner: Inner } type Inner { n: Int }`;
        const { data, seen } = await schema(sdl, '{ text number fixed { id tags inner { n } } }');
        expect([data, seen]).toEqual([
          { text: 'on', number: 2, fixed: { id: 'f', tags: ['a', 'b'], inner: { n: 1 } } },
          [],
        ]);
      },
      'settings, headers and the context': async ({ schema }) => {
        const sdl = `${SOURCE} type Query {
          it: It @connect(source: "api" selection: "region: $config.region stage: $env.STAGE tenant: $request.headers.'x-tenant'->first officer: $context.actor.officer") }
          type It { region: String stage: String tenant: String officer: String }`;
        const { data, seen } = await schema(sdl, '{ it { region stage tenant officer } }', {
          config: { region: 'north' },
          env: { STAGE: 'test' },
          headers: { 'x-tenant': 't1' },
        });
        expect([data, seen]).toEqual([
          { it: { region: 'north', stage: 'test', tenant: 't1', officer: 'o' } },
          [],
        ]);
      },
      'a field of the parent, which is fetched': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { products: [Product] @connect(source: "api" http: { GET: "/products" } selection: "id") }
          type Product @connect(source: "api" http: { POST: "/names" body: "ids: $batch.id" } selection: "id name") {
            id: ID! name: String label: String @connect(selection: "[$this.id, $this.name]->joinNotNull(' ')") }`;
        const { data, seen } = await schema(sdl, '{ products { label } }', {
          answer: (asked) =>
            asked.url === '/v1/names' ? { body: [{ id: 1, name: 'one' }, { id: 2 }] } : products(asked),
        });
        expect(data).toEqual({ products: [{ label: '1 one' }, { label: '2' }] });
        expect(seen.map(({ url }) => url)).toEqual(['/v1/products', '/v1/names']);
      },
      'a type, by its key': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { products: [Product] @connect(source: "api" http: { GET: "/products" } selection: "id") }
          type Product @connect(selection: "id: $this.id link: ['https://shop.example/', $this.id]->joinNotNull('')") { id: ID! link: String }`;
        const { data, seen } = await schema(sdl, '{ products { link } }', { answer: products });
        expect(data).toEqual({
          products: [{ link: 'https://shop.example/1' }, { link: 'https://shop.example/2' }],
        });
        expect(seen).toHaveLength(1);
      },
      'a type, by $batch': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { products: [Product] @connect(source: "api" http: { GET: "/products" } selection: "id") }
          type Product @connect(batch: { maxSize: 1 } selection: "$batch { id twice: [id, id]->joinNotNull('-') }") { id: ID! twice: String }`;
        const { data, seen } = await schema(sdl, '{ products { twice } }', { answer: products });
        expect([data, seen.length]).toEqual([{ products: [{ twice: '1-1' }, { twice: '2-2' }] }, 1]);
      },
      'a reference, which another connector completes': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { product(id: ID!): Product @connect(selection: "id: $args.id" entity: true) }
          type Product @connect(source: "api" http: { GET: "/products/{$this.id}" } selection: "name") { id: ID! name: String }`;
        const { data, seen, extensions } = await schema(sdl, '{ product(id: 7) { id name } }', {
          answer: () => ({ body: { name: 'seven' } }),
        });
        expect([data, seen.map(({ url }) => url)]).toEqual([
          { product: { id: '7', name: 'seven' } },
          ['/v1/products/7'],
        ]);
        expect(extensions.sources).toMatchObject([{ connector: 'test', status: 'OK', calls: 1 }]);
      },
      'a union, by a constant `__typename`': async ({ schema }) => {
        const sdl = `${SOURCE} union Pet = Cat | Dog type Cat { lives: Int } type Dog { barks: Boolean }
          type Query { pet(kind: String): Pet @connect(selection: "$args.kind->match(['cat', { __typename: 'Cat', lives: 9 }], [@, { __typename: 'Dog', barks: true }])") }`;
        const { data } = await schema(
          sdl,
          '{ a: pet(kind: "cat") { ...P } b: pet(kind: "dog") { ...P } } fragment P on Pet { __typename ... on Cat { lives } ... on Dog { barks } }',
        );
        expect(data).toEqual({ a: { __typename: 'Cat', lives: 9 }, b: { __typename: 'Dog', barks: true } });
      },
      mutations: async ({ schema }) => {
        const sdl = `${SOURCE} type Query { a: Int @connect(selection: "$(1)") }
          type Mutation { add(a: Int, b: Int): Int @connect(selection: "$args.a->add($args.b)") }`;
        const { data, seen } = await schema(sdl, 'mutation { x: add(a: 1, b: 2) y: add(a: 1, b: 2) }');
        expect([data, seen]).toEqual([{ x: 3, y: 3 }, []]);
      },
    },
  ),
  rowSince(
    '0.4',
    'S1.connect.computed.source',
    'A computed value has no source: no call is counted, no provenance is stated, and the state of the source does not matter.',
    refusedBefore,
    {
      'neither a source in `extensions.sources` nor a provenance': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { product(id: ID!): Product @connect(source: "api" selection: "id: $args.id name: $('n')" entity: true) }
          type Product { id: ID! name: String }`;
        const { data, extensions, seen } = await schema(
          sdl,
          '{ product(id: 1) { name provenance { connector } } }',
        );
        expect([data, seen]).toEqual([{ product: { name: 'n', provenance: null } }, []]);
        expect(extensions?.sources ?? []).toEqual([]);
      },
      'the provenance of what is fetched': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { products: [Product] @connect(source: "api" http: { GET: "/products" } selection: "id name") }
          type Product @connect(selection: "id: $this.id link: $this.id") { id: ID! name: String link: String }`;
        const { data } = await schema(
          sdl,
          '{ products { link provenance { connector source freshness } } }',
          {
            answer: products,
          },
        );
        expect(data.products[0]).toEqual({
          link: '1',
          provenance: { connector: 'test', source: 'api', freshness: 'LIVE' },
        });
      },
      'a source that fails': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { greeting: String @connect(source: "api" selection: "$('hello')")
          fetched: String @connect(source: "api" http: { GET: "/fails" } selection: "$.text") }`;
        const { data, errors } = await schema(sdl, '{ fetched greeting }', { answer: products });
        expect(data).toEqual({ fetched: null, greeting: 'hello' });
        expect(errors.map(({ path }) => path)).toEqual([['fetched']]);
      },
      'a source that does not exist': ({ refuses }) =>
        refuses(
          `${SOURCE} type Query { a: String @connect(source: "other" selection: "$('x')") }`,
          'SourceNameMismatch',
        ),
    },
  ),
  rowSince(
    '0.4',
    'S1.connect.computed.answer',
    'A computed selection has no answer to read: `$status` and `$response` are refused, and what `$` reads is missing.',
    refusedBefore,
    {
      $status: ({ refuses }) =>
        refuses(
          `${SOURCE} type Query { a: Int @connect(selection: "$status") }`,
          /InvalidSelection \$status has no value/,
        ),
      $response: ({ refuses }) =>
        refuses(
          `${SOURCE} type Query { a: String @connect(selection: "$response.headers.'x-a'->first") }`,
          /InvalidSelection \$response has no value/,
        ),
      '`http` without a method': ({ refuses }) =>
        refuses(
          `${SOURCE} type Query { a: Int @connect(source: "api" http: { body: "x: $(1)" } selection: "$(1)") }`,
          /MissingHttpMethod/,
        ),
      $: async ({ schema }) => {
        const { data, problems } = await schema(
          `${SOURCE} type Query { a: String @connect(selection: "$.name") }`,
          '{ a }',
        );
        expect([data, problems.length]).toEqual([{ a: null }, 1]);
      },
    },
  ),
];
