// §4 Variables: what a mapping can read, and where.

import { expect } from 'vitest';
import { maps, type Row, refusesMapping, row, rowSince } from './rows.ts';

export const VARIABLES: readonly Row[] = [
  row('S4.dollar', '`$` is the value of the enclosing selection.', {
    ...maps({
      'the answer': ['all: $', { a: 1 }, { all: { a: 1 } }],
      'inside a selection': [
        'user { name whole: $ }',
        { user: { name: 'n' } },
        { user: { name: 'n', whole: { name: 'n' } } },
      ],
      'an element of a list': ['ids { id: $ }', { ids: [1, 2] }, { ids: [{ id: 1 }, { id: 2 }] }],
      'in the argument of a method': ['x: a->eq($.b)', { a: 1, b: 1 }, { x: true }],
    }),
  }),
  row(
    'S4.at',
    '`@` is the value that a method was called on, or the element inside `map`, `filter` and `find`.',
    {
      ...maps({
        echo: ['x: a->echo({ value: @ })', { a: 1 }, { x: { value: 1 } }],
        map: ['x: $.list->map(@.n)', { list: [{ n: 1 }, { n: 2 }] }, { x: [1, 2] }],
        nested: ['x: $.list->map(@->map(@->add(1)))', { list: [[1], [2, 3]] }, { x: [[2], [3, 4]] }],
      }),
    },
  ),
  row('S4.args', '`$args` in a selection and a body.', {
    both: async ({ field }) => {
      const { data, seen } = await field(
        'http: { POST: "/a", body: "q: $args.name" } selection: "id: $args.id name"',
        {
          args: { id: 'i', name: 'n' },
          answer: () => ({ body: { name: 'x' } }),
        },
      );
      expect([data, seen[0]?.body]).toEqual([{ it: { id: 'i', name: 'x' } }, '{"q":"n"}']);
    },
    'an argument that does not exist': ({ refusesField }) =>
      refusesField('http: { GET: "/a?x={$args.nope}" }', 'InvalidUrl'),
  }),
  row('S4.config', '`$config` holds the settings of the manifest, in every text.', {
    'URL, header, body and selection': async ({ field }) => {
      const connect =
        'http: { POST: "/{$config.tenant.id}", headers: [{ name: "X-Key", value: "{$config.key}" }], body: "t: $config.tenant" } selection: "id name: $config.key"';
      const { data, seen } = await field(connect, {
        config: { key: 'k', tenant: { id: 7 } },
        answer: () => ({ body: { id: 1 } }),
      });
      expect(data).toEqual({ it: { id: '1', name: 'k' } });
      expect(seen[0]).toMatchObject({ url: '/v1/7', headers: { 'x-key': 'k' }, body: '{"t":{"id":7}}' });
    },
  }),
  row('S4.env', '`$env` holds the variables that the manifest lists, and no others.', {
    'in a URL': async ({ field }) => {
      const { seen } = await field('http: { GET: "/a?x={$env.STAGE}" }', { env: { STAGE: 'test' } });
      expect(seen[0]?.url).toBe('/v1/a?x=test');
    },
    'another variable of the process': ({ refusesField }) =>
      refusesField('http: { GET: "/a?x={$env.PATH}" }', 'ConfigKeyUnknown', { env: { STAGE: 'test' } }),
  }),
  row('S4.context', '`$context` holds `actor`, `purpose` and `request` (this gateway only).', {
    'actor and request': async ({ field }) => {
      const connect =
        'http: { GET: "/a", headers: [{ name: "X-Officer", value: "{$context.actor.officer}/{$context.actor.agency}" } { name: "X-Request", value: "{$context.request.id}" }] }';
      const { seen } = await field(connect);
      expect(seen[0]?.headers).toMatchObject({ 'x-officer': 'o/a', 'x-request': 'r1' });
    },
  }),
  row('S4.status', '`$status` is the HTTP status of the answer.', {
    'in a selection': async ({ field }) => {
      const { data } = await field('http: { GET: "/a" } selection: "id: $status name"', {
        answer: () => ({ status: 201, body: { name: 'n' } }),
      });
      expect(data).toEqual({ it: { id: '201', name: 'n' } });
    },
  }),
  row(
    'S4.response',
    '`$response.headers` holds the headers of the answer: lists of values, names in lower case.',
    {
      'one value': async ({ field }) => {
        const connect = `http: { GET: "/a" } selection: "id name: $response.headers.'x-total'->first"`;
        const { data } = await field(connect, {
          answer: () => ({ headers: { 'X-Total': '42' }, body: { id: 1 } }),
        });
        expect(data).toEqual({ it: { id: '1', name: '42' } });
      },
      'the list': async ({ field }) => {
        const connect = `http: { GET: "/a" } selection: "$response.headers.etag"`;
        const { data } = await field(connect, {
          type: '[String]',
          answer: () => ({ headers: { ETag: '"v1"' }, body: {} }),
        });
        expect(data).toEqual({ it: ['"v1"'] });
      },
    },
  ),
  row(
    'S4.request',
    "`$request.headers` holds the headers of the client's request: lists of values, names in lower case.",
    {
      'in a URL': async ({ field }) => {
        const connect = `http: { GET: "/a?lang={$request.headers.'accept-language'->first}" }`;
        const { seen } = await field(connect, { headers: { 'accept-language': 'vi' } });
        expect(seen[0]?.url).toBe('/v1/a?lang=vi');
      },
      'in a selection': async ({ field }) => {
        const connect = `http: { GET: "/a" } selection: "id name: $request.headers.'x-user'->first"`;
        const { data } = await field(connect, {
          headers: { 'x-user': 'u' },
          answer: () => ({ body: { id: 1 } }),
        });
        expect(data).toEqual({ it: { id: '1', name: 'u' } });
      },
      'beside a header that is copied': async ({ field }) => {
        const connect = `http: { GET: "/a?u={$request.headers.'x-user'->first}", headers: [{ name: "X-User", from: "x-user" }] }`;
        const { seen } = await field(connect, { headers: { 'x-user': 'u' } });
        expect([seen[0]?.url, seen[0]?.headers['x-user']]).toEqual(['/v1/a?u=u', 'u']);
      },
    },
  ),
  rowSince(
    '0.3',
    'S4.as',
    '`->as($name)` binds a variable for the rest of its path.',
    refusesMapping('x: a->as($v)->echo($v)', /0\.3/),
    {
      ...maps({
        'a value': ['x: a->as($v)->echo({ was: $v })', { a: 1 }, { x: { was: 1 } }],
        'an expression': ['x: a->as($d, @->mul(2))->echo([@, $d])', { a: 3 }, { x: [3, 6] }],
        'seen from inside a list': [
          'x: $->as($all)->echo($all.list->map({ n: @, of: $all.name }))',
          { list: [1, 2], name: 'L' },
          {
            x: [
              { n: 1, of: 'L' },
              { n: 2, of: 'L' },
            ],
          },
        ],
        'in a sub-selection': [
          '$->as($root) { items { id owner: $root.owner } }',
          { items: [{ id: 1 }], owner: 'o' },
          { items: [{ id: 1, owner: 'o' }] },
        ],
      }),
      'an unknown variable': refusesMapping('x: $nothing.a', /known variable/),
    },
  ),
];
