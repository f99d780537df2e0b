// §2 Requests: from a schema and arguments to the URL that leaves.

import { expect } from 'vitest';
import { type Row, row, rowSince, urls } from './rows.ts';

export const URLS: readonly Row[] = [
  row('S2.url.base', 'The URL is the base of the source and the URL of the connect.', {
    ...urls({
      'a path': ['http: { GET: "/things" }', '/v1/things'],
      'the base itself': ['http: { GET: "" }', '/v1'],
      'only a query': ['http: { GET: "?q=1" }', '/v1?q=1'],
      'a base without a path': [
        'http: { GET: "/things" }',
        '/things',
        { source: '@source(name: "api", http: { baseURL: "http://api.example" })' },
      ],
      'no path anywhere': [
        'http: { GET: "?a=1" }',
        '/?a=1',
        { source: '@source(name: "api", http: { baseURL: "http://api.example" })' },
      ],
    }),
    'scheme, host and port': async ({ field }) => {
      const source = '@source(name: "api", http: { baseURL: "https://api.example:8443/v1" })';
      expect((await field('http: { GET: "/things" }', { source })).origins).toEqual([
        'https://api.example:8443',
      ]);
    },
  }),
  row('S2.url.slashes', 'Slashes between base and connect URL collapse to one.', {
    ...urls({
      'on both sides': [
        'http: { GET: "/things" }',
        '/v1/things',
        { source: '@source(name: "api", http: { baseURL: "http://api.example/v1/" })' },
      ],
      'on neither': ['http: { GET: "things" }', '/v1/things'],
      many: [
        'http: { GET: "//things" }',
        '/v1/things',
        { source: '@source(name: "api", http: { baseURL: "http://api.example/v1//" })' },
      ],
      'before an expression': ['http: { GET: "{$args.id}" }', '/v1/7', { args: { id: 7 } }],
    }),
  }),
  row('S2.url.trailing', 'A trailing slash of the connect URL is kept.', {
    ...urls({
      'a path': ['http: { GET: "/things/" }', '/v1/things/'],
      'only a slash': ['http: { GET: "/" }', '/v1/'],
      'before a query': ['http: { GET: "/things/?a=1" }', '/v1/things/?a=1'],
      'after an expression': ['http: { GET: "/things/{$args.id}/" }', '/v1/things/7/', { args: { id: 7 } }],
    }),
  }),
  rowSince(
    '0.2',
    'S2.url.path.order',
    'Segments come in the order base, `source.path`, connect URL, `connect.path`; null is skipped.',
    ({ refusesField }) => refusesField(`http: { GET: "/a", path: "$(['b'])" }`, /0\.2/),
    urls({
      'all four': [
        `http: { GET: "/things", path: "$([$args.id, 'x'])" }`,
        '/v1/tenant/a%20b/things/7/x',
        {
          args: { id: 7 },
          source: `@source(name: "api", http: { baseURL: "http://api.example/v1" path: "$(['tenant', null, 'a b'])" })`,
        },
      ],
      'a slash in a segment is encoded': [`http: { GET: "/things", path: "$(['a/b'])" }`, '/v1/things/a%2Fb'],
      'a trailing slash before more segments': [
        `http: { GET: "/things/", path: "$(['a'])" }`,
        '/v1/things/a',
      ],
      'no segments': [`http: { GET: "/things/", path: "$([$args.id])" }`, '/v1/things/'],
    }),
  ),
  row(
    'S2.url.query',
    'Query parameters of the source URL and the connect URL are all kept, in that order, duplicates included.',
    {
      ...urls({
        both: [
          'http: { GET: "/a?c=1&c=2" }',
          '/v1/a?s=1&c=1&c=2',
          { source: '@source(name: "api", http: { baseURL: "http://api.example/v1?s=1" })' },
        ],
        'the same name in both': [
          'http: { GET: "/a?s=2" }',
          '/v1/a?s=1&s=2',
          { source: '@source(name: "api", http: { baseURL: "http://api.example/v1?s=1" })' },
        ],
        'a parameter without a value': ['http: { GET: "/a?flag&b=" }', '/v1/a?flag&b='],
      }),
    },
  ),
  rowSince(
    '0.2',
    'S2.url.query.order',
    'Query parameters come in the order source URL, source mapping, connect URL, connect mapping; null is skipped, a list is repeated.',
    ({ refusesField }) => refusesField('http: { GET: "/a", queryParams: "q: $args.id" }', /0\.2/),
    urls({
      'all four': [
        'http: { GET: "/a?c=1", queryParams: "list: $args.list gone: $args.name n: $args.n" }',
        '/v1/a?s=1&t=x&c=1&list=p&list=q%20r&n=3',
        {
          args: { list: ['p', 'q r'], name: null, n: 3 },
          source: `@source(name: "api", http: { baseURL: "http://api.example/v1?s=1" queryParams: "t: $('x')" })`,
        },
      ],
      'null in a list': [
        'http: { GET: "/a", queryParams: "list: $args.list" }',
        '/v1/a?list=p',
        { args: { list: ['p', null] } },
      ],
      'names are encoded, too': [
        `http: { GET: "/a", queryParams: "'filter[name]': $args.name" }`,
        '/v1/a?filter%5Bname%5D=x',
        { args: { name: 'x' } },
      ],
      'booleans and numbers': [
        'http: { GET: "/a", queryParams: "f: $args.flag x: $args.x" }',
        '/v1/a?f=false&x=1.5',
        { args: { flag: false, x: 1.5 } },
      ],
    }),
  ),
  row('S2.url.fragment', 'A fragment is dropped.', {
    ...urls({
      'after a query': ['http: { GET: "/a?b=1#part" }', '/v1/a?b=1'],
      'with an expression': ['http: { GET: "/a#{$args.id}" }', '/v1/a', { args: { id: 1 } }],
    }),
  }),
  row('S2.url.layout', 'Line breaks and indentation in a template are layout.', {
    ...urls({
      'a block string': [
        'http: { GET: """\n   /things\n     ?a={$args.id}\n     &b=2\n  """ }',
        '/v1/things?a=1&b=2',
        { args: { id: 1 } },
      ],
      'inside an expression': [
        'http: { GET: """\n  /things/{\n    $args.id\n  }\n  """ }',
        '/v1/things/1',
        { args: { id: 1 } },
      ],
      'a space in a line is no layout': [
        'http: { GET: "/a?q=x {$args.id}" }',
        '/v1/a?q=x%201',
        { args: { id: 1 } },
      ],
    }),
  }),
  row('S2.url.encode', 'The value of an expression is percent-encoded.', {
    ...urls({
      'in the path': [
        'http: { GET: "/things/{$args.id}" }',
        '/v1/things/a%2Fb%3Fc%23d',
        { args: { id: 'a/b?c#d' } },
      ],
      'in the query': [
        'http: { GET: "/a?q={$args.name}" }',
        '/v1/a?q=Nguy%E1%BB%85n%20%26%20Sons%20%3D%20100%25%20%2B1',
        { args: { name: 'Nguyễn & Sons = 100% +1' } },
      ],
      'a value that looks encoded': [
        'http: { GET: "/things/{$args.id}" }',
        '/v1/things/a%252Fb',
        { args: { id: 'a%2Fb' } },
      ],
      'numbers and booleans': [
        'http: { GET: "/a/{$args.n}?f={$args.flag}&x={$args.x}" }',
        '/v1/a/-3?f=true&x=0.5',
        { args: { n: -3, flag: true, x: 0.5 } },
      ],
      'braces and quotes inside an expression': [
        `http: { GET: "/things/{$args.name->match(['}', 'brace'], [@, @])}" }`,
        '/v1/things/brace',
        { args: { name: '}' } },
      ],
      'a value of $config in the base': [
        'http: { GET: "/a" }',
        '/v1/a?key=a%20b%26c',
        {
          config: { key: 'a b&c' },
          source: '@source(name: "api", http: { baseURL: "http://api.example/v1?key={$config.key}" })',
        },
      ],
    }),
  }),
  row('S2.url.constant', 'Constants are left unchanged, and nothing is encoded twice.', {
    ...urls({
      'encoded already': ['http: { GET: "/a%20b/caf%C3%A9" }', '/v1/a%20b/caf%C3%A9'],
      'reserved characters': ['http: { GET: "/a:b;c,d/@me?f[]=1&g=(x)*!" }', '/v1/a:b;c,d/@me?f[]=1&g=(x)*!'],
      'what no URL may hold': ['http: { GET: "/my things/ắ" }', '/v1/my%20things/%E1%BA%AF'],
    }),
  }),
  row('S2.url.null', 'Null or missing becomes the empty string.', {
    ...urls({
      'in the query': [
        'http: { GET: "/a?x={$args.id}&y={$args.name}" }',
        '/v1/a?x=&y=',
        { args: { id: null } },
      ],
      'in the path': ['http: { GET: "/a/{$args.id}/b" }', '/v1/a//b', { args: { id: null } }],
    }),
  }),
  row('S2.url.object', 'An object or a list in a template is an error; nothing is sent.', {
    'a list, an object and a header, by their types': ({ refusesField }) => {
      refusesField('http: { GET: "/a/{$args.list}" }', 'InvalidUrl');
      refusesField('http: { GET: "/a?x={$args.input}" }', 'InvalidUrl');
      refusesField(
        'http: { GET: "/a", headers: [{ name: "X-List", value: "{$args.list}" }] }',
        'InvalidHeader',
      );
    },
    'a whole variable': ({ refusesField }) => {
      refusesField('http: { GET: "/a/{$env}" }', 'InvalidUrl');
      refusesField('http: { GET: "/a?x={$args}" }', 'InvalidUrl');
    },
    'a list that is known only when it is sent': async ({ field }) => {
      const { seen, data, errors } = await field('http: { GET: "/a/{$config.list}" }', {
        config: { list: ['secret'] },
      });
      expect(seen).toEqual([]);
      expect(data).toEqual({ it: null });
      expect(errors).toMatchObject([
        { path: ['it'], extensions: { connector: 'test', operation: 'Query.it' } },
      ]);
      expect(JSON.stringify(errors)).not.toContain('secret');
    },
    'an object that is known only when it is sent': async ({ field }) => {
      const { seen, errors } = await field('http: { GET: "/a?x={$config.input}" }', {
        config: { input: { a: 'x' } },
      });
      expect([seen.length, errors.length]).toEqual([0, 1]);
    },
    'a header that is known only when it is sent': async ({ field }) => {
      const connect = 'http: { GET: "/a", headers: [{ name: "X-List", value: "{$config.list}" }] }';
      const { seen, errors } = await field(connect, { config: { list: ['x'] } });
      expect([seen.length, errors.length]).toEqual([0, 1]);
    },
  }),
  row(
    'S2.url.host',
    'Scheme and host of a source may come from `$config` and `$env`, not from `$args` or `$this`; those of a connector are fixed.',
    {
      'the whole base from $config': async ({ field }) => {
        const source = '@source(name: "api", http: { baseURL: "{$config.baseUrl}/api" })';
        const { origins, seen } = await field('http: { GET: "/a" }', {
          source,
          config: { baseUrl: 'http://10.0.0.1:8080/' },
        });
        expect([origins, seen[0]?.url]).toEqual([['http://10.0.0.1:8080'], '/api/a']);
      },
      'a part of the host from $config': async ({ field }) => {
        const source = '@source(name: "api", http: { baseURL: "https://{$config.region}.api.example/v1" })';
        const { origins } = await field('http: { GET: "/a" }', { source, config: { region: 'eu' } });
        expect(origins).toEqual(['https://eu.api.example']);
      },
      'an absolute connect URL has a fixed host': ({ refusesField }) =>
        refusesField('http: { GET: "https://{$config.region}.api.example/v2/{$args.id}" }', 'InvalidUrl', {
          config: { region: 'eu' },
        }),
      '$args in the host': ({ refusesField }) =>
        refusesField('http: { GET: "https://{$args.name}.example/a" }', 'InvalidUrl'),
      '$this in the host': ({ refuses }) =>
        refuses(
          `type Query { t: T @connect(http: { GET: "http://api.example/t" } selection: "id") }
         type T { id: ID name: String @connect(http: { GET: "http://{$this.id}.example/" } selection: "$.name") }`,
          'InvalidUrl',
        ),
    },
  ),
  row('S2.url.scheme', 'A URL is http or https.', {
    'ftp in a source': ({ refusesField }) =>
      refusesField('http: { GET: "/a" }', 'InvalidUrlScheme', {
        source: '@source(name: "api", http: { baseURL: "ftp://api.example/" })',
      }),
    'ftp in a connect': ({ refuses }) =>
      refuses(
        'type Query { it: String @connect(http: { GET: "ftp://api.example/" } selection: "$.a") }',
        'InvalidUrlScheme',
      ),
    'no URL at all': ({ refusesField }) =>
      refusesField('http: { GET: "/a" }', 'InvalidUrlScheme', {
        source: '@source(name: "api", http: { baseURL: "api.example" })',
      }),
  }),
];
