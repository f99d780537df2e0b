// §1 Directives: what @link, @source and @connect say.

import { expect } from 'vitest';
import type { Seen } from './a-source.ts';
import { type Bench, type Row, row, rowSince, SOURCE } from './rows.ts';

/** Answers with the path and query that were asked, as `{ id, name }`. */
const echo = ({ url }: Seen) => ({ body: { id: url.split('/').at(-1), name: url } });

const PRODUCT = `type Product @connect(source: "api" http: { GET: "/products/{$this.id}" } selection: "id name") { id: ID! name: String }`;
const LIST = `${SOURCE} type Query { list: [Review] @connect(source: "api" http: { GET: "/reviews" } selection: "rating product: { id: productId }") }
  type Review { rating: Int product: Product }`;
export const DIRECTIVES: readonly Row[] = [
  row(
    'S1.link.version',
    'The `@link` of the connect spec states the version; an unknown version is an error.',
    {
      'a known version': async ({ field }) => {
        expect((await field('http: { GET: "/a" }', { answer: echo })).data).toEqual({
          it: { id: 'a', name: '/v1/a' },
        });
      },
      'an unknown version': ({ refuses, version }) => {
        const sdl = `@link(url: "https://specs.apollo.dev/connect/v9.${version}") type Query { a: Int }`;
        refuses(sdl, 'UnknownConnectorsVersion', { link: 'as: "other"' });
      },
    },
  ),
  row(
    'S1.link.import',
    'Directives have the names under which they are imported; without an import they have the prefix of the spec.',
    {
      renamed: async ({ schema }) => {
        const link = 'import: [{ name: "@source", as: "@api" }, { name: "@connect", as: "@rest" }]';
        const sdl = `@api(name: "a", http: { baseURL: "http://api.example" })
        type Query { it: String @rest(source: "a" http: { GET: "/x" } selection: "$.name") }`;
        expect((await schema(sdl, '{ it }', { link, answer: echo })).data).toEqual({ it: '/x' });
      },
      'a prefix of their own': async ({ schema }) => {
        const sdl = `@c__source(name: "a", http: { baseURL: "http://api.example" })
        type Query { it: String @c(source: "a" http: { GET: "/x" } selection: "$.name") }`;
        expect((await schema(sdl, '{ it }', { link: 'as: "c"', answer: echo })).data).toEqual({ it: '/x' });
      },
      'no import': async ({ schema }) => {
        const sdl = `@connect__source(name: "a", http: { baseURL: "http://api.example" })
        type Query { it: String @connect(source: "a" http: { GET: "/x" } selection: "$.name") }`;
        expect((await schema(sdl, '{ it }', { link: '', answer: echo })).data).toEqual({ it: '/x' });
      },
      'only @connect': async ({ schema }) => {
        const sdl =
          'type Query { it: String @connect(http: { GET: "http://api.example/x" } selection: "$.name") }';
        expect((await schema(sdl, '{ it }', { link: 'import: ["@connect"]', answer: echo })).data).toEqual({
          it: '/x',
        });
      },
    },
  ),
  row(
    'S1.link.federation',
    'Any federation version that supports the connect version may be linked: 2.10 and later.',
    {
      ...Object.fromEntries(
        ['2.0', '2.9', '2.10', '2.11', '2.12', '2.13', '2.14'].map((federation) => [
          federation,
          async ({ schema }: Bench) => {
            const sdl = `${SOURCE} type Query { it(id: ID!): T @connect(source: "api" http: { GET: "/{$args.id}" } selection: "id name" entity: true) }
            type T @key(fields: "id") { id: ID! name: String }`;
            expect((await schema(sdl, '{ it(id: 1) { name } }', { federation, answer: echo })).data).toEqual({
              it: { name: '/v1/1' },
            });
          },
        ]),
      ),
    },
  ),
  row('S1.source.name', 'A source has a unique name: a letter, then letters, digits, `_`, `-`.', {
    'several sources': async ({ schema }) => {
      const sdl = `@source(name: "a", http: { baseURL: "http://a.example" }) @source(name: "b-2_x", http: { baseURL: "http://b.example/v2" })
        type Query { a: String @connect(source: "a" http: { GET: "/x" } selection: "$.name")
          b: String @connect(source: "b-2_x" http: { GET: "/x" } selection: "$.name") }`;
      const { data, origins } = await schema(sdl, '{ a b }', { answer: echo });
      expect([data, [...origins].sort()]).toEqual([
        { a: '/x', b: '/v2/x' },
        ['http://a.example', 'http://b.example'],
      ]);
    },
    'the same name twice': ({ refusesField }) =>
      refusesField('http: { GET: "/a" }', 'DuplicateSourceName', { source: SOURCE + SOURCE }),
    'another name': ({ refusesField }) =>
      refusesField('http: { GET: "/a" } source: "1 api"', 'InvalidSourceName', {
        source: '@source(name: "1 api", http: { baseURL: "http://a.example" })',
      }),
    'a source that is not there': ({ refusesField }) =>
      refusesField('source: "other" http: { GET: "/a" }', 'SourceNameMismatch'),
  }),
  row('S1.source.baseURL', 'The base URL is an http(s) template that may use `$config` and `$env`.', {
    '$config and $env': async ({ field }) => {
      const source = '@source(name: "api", http: { baseURL: "{$config.base}/{$env.STAGE}" })';
      const options = {
        source,
        config: { base: 'https://api.example' },
        env: { STAGE: 'test' },
        answer: echo,
      };
      const { origins, seen } = await field('http: { GET: "/a" }', options);
      expect([origins, seen[0]?.url]).toEqual([['https://api.example'], '/test/a']);
    },
    $args: ({ refusesField }) =>
      refusesField('http: { GET: "/a" }', 'InvalidUrl', {
        source: '@source(name: "api", http: { baseURL: "http://api.example/{$args.id}" })',
      }),
  }),
  rowSince(
    '0.2',
    'S1.source.request',
    'A source may set `http.path` and `http.queryParams` for all of its connectors.',
    ({ refusesField }) =>
      refusesField('http: { GET: "/a" }', /0\.2/, {
        source: '@source(name: "api", http: { baseURL: "http://api.example" queryParams: "a: $config.a" })',
      }),
    {
      'with $config': async ({ field }) => {
        const source = `@source(name: "api", http: { baseURL: "http://api.example" path: "$(['v1', $config.tenant])" queryParams: "key: $config.key" })`;
        const { seen } = await field('http: { GET: "/a" }', { source, config: { tenant: 't/1', key: 'k' } });
        expect(seen[0]?.url).toBe('/v1/t%2F1/a?key=k');
      },
    },
  ),
  rowSince(
    '0.2',
    'S1.source.answer',
    'A source may set `isSuccess` and `errors` for all of its connectors.',
    ({ refusesField }) =>
      refusesField('http: { GET: "/a" }', /0\.2/, {
        source: '@source(name: "api", http: { baseURL: "http://api.example" }, isSuccess: "$.ok")',
      }),
    {
      both: async ({ field }) => {
        const source =
          '@source(name: "api", http: { baseURL: "http://api.example" }, isSuccess: "$.ok", errors: { message: "$.why", extensions: "why: $.why" })';
        const { data, errors } = await field('http: { GET: "/a" }', {
          source,
          answer: () => ({ body: { ok: false, why: 'closed' } }),
        });
        expect(data).toEqual({ it: null });
        expect(errors).toMatchObject([
          { message: expect.stringMatching(/closed$/), extensions: { why: 'closed' } },
        ]);
      },
    },
  ),
  row('S1.connect.id', '`id` is a stable name of a connector, unique in its schema.', {
    'in errors': async ({ field }) => {
      const { errors } = await field('id: "findIt" http: { GET: "/a" }', {
        answer: () => ({ status: 500, body: {} }),
      });
      expect(errors).toMatchObject([{ extensions: { operation: 'findIt' } }]);
    },
    twice: ({ refuses }) =>
      refuses(
        `${SOURCE} type Query { a: Int @connect(id: "x" source: "api" http: { GET: "/a" } selection: "$.a") b: Int @connect(id: "x" source: "api" http: { GET: "/b" } selection: "$.b") }`,
        'DuplicateIdName',
      ),
  }),
  row('S1.connect.source', 'With a `source` the URL is relative, without one it is absolute.', {
    absolute: async ({ schema }) => {
      const sdl =
        'type Query { it: String @connect(http: { GET: "https://other.example:8443/a/b?c=d" } selection: "$.name") }';
      const { origins, data } = await schema(sdl, '{ it }', { answer: echo });
      expect([origins, data]).toEqual([['https://other.example:8443'], { it: '/a/b?c=d' }]);
    },
    'absolute with a source': ({ refuses }) =>
      refuses(
        `${SOURCE} type Query { it: String @connect(source: "api" http: { GET: "http://api.example/a" } selection: "$.a") }`,
        'AbsoluteConnectUrlWithSource',
      ),
    'relative without one': ({ refuses }) =>
      refuses(
        `${SOURCE} type Query { it: String @connect(http: { GET: "/a" } selection: "$.a") }`,
        'RelativeConnectUrlWithoutSource',
      ),
  }),
  row('S1.connect.http', '`http` has exactly one method.', {
    two: ({ refusesField }) => refusesField('http: { GET: "/a" POST: "/a" }', 'MultipleHttpMethods'),
    none: ({ refusesField }) => refusesField('http: { headers: [] }', 'MissingHttpMethod'),
  }),
  row(
    'S1.connect.selection',
    "`selection` maps the answer to the field's type, or to the fields of the type that has the `@connect`.",
    {
      'an object': async ({ field }) =>
        expect((await field('http: { GET: "/a" }', { answer: echo })).data).toEqual({
          it: { id: 'a', name: '/v1/a' },
        }),
      'a list': async ({ field }) => {
        const { data } = await field('http: { GET: "/a" } selection: "$.results { id name: title }"', {
          type: '[T]',
          ask: '{ id name }',
          answer: () => ({
            body: {
              results: [
                { id: 1, title: 'a' },
                { id: 2, title: 'b' },
              ],
            },
          }),
        });
        expect(data).toEqual({
          it: [
            { id: '1', name: 'a' },
            { id: '2', name: 'b' },
          ],
        });
      },
      'a scalar': async ({ field }) => {
        const { data } = await field('http: { GET: "/a" } selection: "$.stats.count"', {
          type: 'Int',
          answer: () => ({ body: { stats: { count: 3 } } }),
        });
        expect(data).toEqual({ it: 3 });
      },
      'only what is asked for is completed': async ({ field }) => {
        const { data } = await field('http: { GET: "/a" }', { ask: '{ other: name }', answer: echo });
        expect(data).toEqual({ it: { other: '/v1/a' } });
      },
    },
  ),
  row(
    'S1.connect.repeat.field',
    '`@connect` may be repeated on a field: only the operations that supply selected fields are called.',
    {
      'one of two': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { it: T @connect(source: "api" http: { GET: "/a" } selection: "id name") @connect(source: "api" http: { GET: "/b" } selection: "id size") }
        type T { id: ID name: String size: Int }`;
        const answer = ({ url }: Seen) => ({
          body: url.endsWith('a') ? { id: 1, name: 'n' } : { id: 1, size: 2 },
        });
        const one = await schema(sdl, '{ it { size } }', { answer });
        expect([one.data, one.seen.map(({ url }) => url)]).toEqual([{ it: { size: 2 } }, ['/v1/b']]);
        expect((await schema(sdl, '{ it { id name size } }', { answer })).data).toEqual({
          it: { id: '1', name: 'n', size: 2 },
        });
      },
    },
  ),
  rowSince(
    '0.2',
    'S1.connect.repeat.type',
    '`@connect` may be repeated on a type: several connectors supply it, also by different keys.',
    ({ refuses }) => refuses(`${LIST} ${PRODUCT}`, /0\.2/),
    {
      'by different keys': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { user(id: ID!): User @connect(source: "api" http: { GET: "/u/{$args.id}" } selection: "id" entity: true) }
          type User @connect(source: "api" http: { GET: "/card/{$this.id}" } selection: "id card") @connect(source: "api" http: { GET: "/points/{$this.card}" } selection: "card points")
            { id: ID! card: String points: Int }`;
        const answer = ({ url }: Seen) => ({
          body: url.includes('/card/')
            ? { id: 1, card: 'C9' }
            : url.includes('/points/')
              ? { card: 'C9', points: 99 }
              : { id: 1 },
        });
        const { data, seen } = await schema(sdl, '{ user(id: 1) { id points } }', { answer });
        expect([data, seen.map(({ url }) => url)]).toEqual([
          { user: { id: '1', points: 99 } },
          ['/v1/u/1', '/v1/card/1', '/v1/points/C9'],
        ]);
      },
    },
  ),
  row('S1.root', '`@connect` is not allowed on the root types themselves, nor on subscriptions.', {
    Query: ({ refuses }) =>
      refuses(
        `${SOURCE} type Query @connect(source: "api" http: { GET: "/a" } selection: "a") { a: Int }`,
        'ConnectOnRoot',
      ),
    Subscription: ({ refuses }) =>
      refuses(
        `${SOURCE} type Query { a: Int @connect(source: "api" http: { GET: "/a" } selection: "$.a") }
        type Subscription { b: Int @connect(source: "api" http: { GET: "/b" } selection: "$.b") }`,
        'SubscriptionInConnectors',
      ),
  }),
  row('S1.mutation', 'Mutations run one after the other; equal mutations are not merged.', {
    'two equal ones': async ({ schema }) => {
      const sdl = `${SOURCE} type Query { ok: Boolean @connect(source: "api" http: { GET: "/ok" } selection: "$.ok") }
        type Mutation { add(n: Int!): Int @connect(source: "api" http: { POST: "/add" body: "n: $args.n" } selection: "$.total") }`;
      let total = 0;
      const add = ({ body }: Seen) => {
        total += JSON.parse(body).n;
        return { body: { total } };
      };
      const { data } = await schema(sdl, 'mutation { a: add(n: 2) b: add(n: 2) }', { answer: add });
      expect(data).toEqual({ a: 2, b: 4 });
    },
  }),
];
