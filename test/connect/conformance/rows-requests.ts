// §2 Requests: from a schema and arguments to the method, the headers and the body that leave.

import { expect } from 'vitest';
import { type Row, row } from './rows.ts';

const JSON_BODY = `http: { POST: "/a", body: """
  z: $args.id
  a: $args.input { a b }
  fixed: $("x")
""" }`;

const FORM_HEADER = 'headers: [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }]';

export const REQUESTS: readonly Row[] = [
  row('S2.method', 'GET, POST, PUT, PATCH and DELETE are sent as they are written.', {
    ...Object.fromEntries(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [
        method,
        async ({ field }) => expect((await field(`http: { ${method}: "/a" }`)).seen[0]?.method).toBe(method),
      ]),
    ),
  }),
  row('S2.headers.static', 'A header `value` is a template; a constant is sent as it is written.', {
    'constant and expression': async ({ field }) => {
      const connect = `http: { GET: "/a", headers: [
        { name: "X-Version", value: "2024-01-01" } { name: "X-Id", value: "id-{$args.id}" } { name: "Authorization", value: "Bearer {$config.token}" }
      ] }`;
      const { seen } = await field(connect, { args: { id: 5 }, config: { token: 't0' } });
      expect(seen[0]?.headers).toMatchObject({
        'x-version': '2024-01-01',
        'x-id': 'id-5',
        authorization: 'Bearer t0',
      });
    },
    'a single header without a list': async ({ field }) => {
      const { seen } = await field('http: { GET: "/a", headers: { name: "X-One", value: "1" } }');
      expect(seen[0]?.headers).toMatchObject({ 'x-one': '1' });
    },
    'null sends no header': async ({ field }) => {
      const { seen } = await field('http: { GET: "/a", headers: [{ name: "X-Id", value: "{$args.id}" }] }');
      expect(seen[0]?.headers).not.toHaveProperty('x-id');
    },
    'a line break in a value starts no header': async ({ field }) => {
      const connect = 'http: { GET: "/a", headers: [{ name: "X-Id", value: "{$args.id}" }] }';
      const { seen, errors } = await field(connect, { args: { id: 'a\r\nX-Evil: 1' } });
      expect(seen).toEqual([]);
      expect(errors).toMatchObject([{ path: ['it'], extensions: { code: 'BAD_USER_INPUT' } }]);
    },
    'a value over several lines': async ({ field }) => {
      const { seen } = await field(
        'http: { GET: "/a", headers: [{ name: "X-Fields", value: """\n  a,\n  b\n  """ }] }',
      );
      expect(seen[0]?.headers).toMatchObject({ 'x-fields': 'a,b' });
    },
    'a value beyond Latin-1 is sent as UTF-8': async ({ field }) => {
      const connect = 'http: { GET: "/a", headers: [{ name: "X-Name", value: "{$args.name}" }] }';
      const { seen } = await field(connect, { args: { name: 'Nguyễn' } });
      expect(Buffer.from(String(seen[0]?.headers['x-name']), 'latin1').toString('utf8')).toBe('Nguyễn');
    },
  }),
  row(
    'S2.headers.from',
    "A header with `from` is copied from the client's request; when the client does not send it, the header is omitted.",
    {
      'copied and renamed': async ({ field }) => {
        const connect = `http: { GET: "/a", headers: [
        { name: "Authorization", from: "Authorization" } { name: "X-Tenant", from: "x-client-tenant" } { name: "X-Gone", from: "X-Not-Sent" }
        { name: "X-Cookie", value: "{$request.headers.cookie->first}" }
      ] }`;
        const { seen } = await field(connect, {
          headers: { authorization: 'Bearer c1', cookie: 'a=b', 'x-client-tenant': 't9' },
        });
        expect(seen[0]?.headers).toMatchObject({ 'x-tenant': 't9' });
        expect(seen[0]?.headers).not.toHaveProperty('x-gone');
        // What the client proves to the gateway stays here.
        expect(JSON.stringify(seen[0])).not.toMatch(/Bearer c1|a=b/);
      },
    },
  ),
  row(
    'S2.headers.merge',
    "A header of the connect replaces the source's header with the same name; names are case-insensitive.",
    {
      'source and connect': async ({ field }) => {
        const source = `@source(name: "api", http: { baseURL: "http://api.example" headers: [
        { name: "X-Source", value: "s" } { name: "X-Both", value: "s" } { name: "X-From", from: "X-Client" }
      ] })`;
        const connect =
          'http: { GET: "/a", headers: [{ name: "x-both", value: "c" } { name: "x-from", value: "fixed" }] }';
        const { seen } = await field(connect, { source, headers: { 'x-client': 'web' } });
        expect(seen[0]?.headers).toMatchObject({ 'x-source': 's', 'x-both': 'c', 'x-from': 'fixed' });
      },
    },
  ),
  row(
    'S2.headers.reserved',
    'Hop-by-hop headers, `Host`, `Content-Length` and similar headers are refused; `Content-Type` and `Accept` may be set by `value` only.',
    {
      ...Object.fromEntries(
        [
          'Host',
          'Connection',
          'content-length',
          'Transfer-Encoding',
          'TE',
          'Upgrade',
          'Keep-Alive',
          'Proxy-Authorization',
        ].map((name) => [
          name,
          ({ refusesField }) => {
            refusesField(`http: { GET: "/a", headers: [{ name: "${name}", value: "x" }] }`, 'InvalidHeader');
            refusesField(`http: { GET: "/a", headers: [{ name: "${name}", from: "x" }] }`, 'InvalidHeader');
          },
        ]),
      ),
      'Content-Type and Accept from the client': ({ refusesField }) => {
        refusesField(
          'http: { POST: "/a", headers: [{ name: "Content-Type", from: "Content-Type" }] }',
          'InvalidHeader',
        );
        refusesField('http: { GET: "/a", headers: [{ name: "Accept", from: "Accept" }] }', 'InvalidHeader');
      },
      'Accept by value': async ({ field }) => {
        const { seen } = await field(
          'http: { GET: "/a", headers: [{ name: "Accept", value: "application/vnd.api+json" }] }',
        );
        expect(seen[0]?.headers).toMatchObject({ accept: 'application/vnd.api+json' });
      },
      'a name that no header has': ({ refusesField }) =>
        refusesField('http: { GET: "/a", headers: [{ name: "X Bad", value: "x" }] }', 'InvalidHeader'),
      'the same name twice': ({ refusesField }) =>
        refusesField(
          'http: { GET: "/a", headers: [{ name: "X-A", value: "1" } { name: "x-a", value: "2" }] }',
          'HttpHeaderNameCollision',
        ),
    },
  ),
  row('S2.body.json', "A body is the mapping's value as JSON, in the order of the mapping.", {
    'keys, groups and literals': async ({ field }) => {
      const { seen } = await field(JSON_BODY, { args: { id: 1, input: { a: 'v', b: [1, 2] } } });
      expect(seen[0]).toMatchObject({
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"z":"1","a":{"a":"v","b":[1,2]},"fixed":"x"}',
      });
    },
    'an argument as it is': async ({ field }) => {
      const { seen } = await field('http: { PUT: "/a", body: "$args.input" }', {
        args: { input: { a: 'v', c: { b: [] } } },
      });
      expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ a: 'v', c: { b: [] } });
    },
    'a literal': async ({ field }) => {
      const { seen } = await field(
        'http: { PATCH: "/a", body: "$({ op: \'replace\', values: [1, null, true] })" }',
      );
      expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ op: 'replace', values: [1, null, true] });
    },
    'null stays, missing is left out': async ({ field }) => {
      const { seen } = await field('http: { POST: "/a", body: "a: $args.id b: $args.name" }', {
        args: { id: null },
      });
      expect(seen[0]?.body).toBe('{"a":null}');
    },
    'a content type of its own': async ({ field }) => {
      const connect =
        'http: { POST: "/a", headers: [{ name: "content-type", value: "application/vnd.api+json" }], body: "a: $args.id" }';
      const { seen } = await field(connect, { args: { id: 1 } });
      expect(seen[0]).toMatchObject({
        headers: { 'content-type': 'application/vnd.api+json' },
        body: '{"a":"1"}',
      });
    },
    'DELETE with a body': async ({ field }) => {
      const { seen } = await field('http: { DELETE: "/a", body: "id: $args.id" }', { args: { id: 1 } });
      expect(seen[0]).toMatchObject({ method: 'DELETE', body: '{"id":"1"}' });
    },
    'no body, no content type': async ({ field }) => {
      const { seen } = await field('http: { POST: "/a" }');
      expect(seen[0]?.body).toBe('');
      expect(seen[0]?.headers).not.toHaveProperty('content-type');
    },
  }),
  row('S2.body.form', 'With a `content-type` of `application/x-www-form-urlencoded` the body is a form.', {
    flat: async ({ field }) => {
      const { seen } = await field(
        `http: { POST: "/a", ${FORM_HEADER}, body: "id: $args.id name: $args.name" }`,
        { args: { id: 1, name: 'a b&c=ế' } },
      );
      expect(seen[0]).toMatchObject({
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'id=1&name=a+b%26c%3D%E1%BA%BF',
      });
    },
    'with a charset, declared by the source': async ({ field }) => {
      const source = `@source(name: "api", http: { baseURL: "http://api.example" headers: [
        { name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8" }] })`;
      const { seen } = await field('http: { POST: "/a", body: "id: $args.id" }', { source, args: { id: 1 } });
      expect(seen[0]?.body).toBe('id=1');
    },
  }),
  row('S2.body.form.nested', 'In a form, nested objects are `a[b]` and lists `a[0]`; null is omitted.', {
    'objects and lists': async ({ field }) => {
      const connect = `http: { POST: "/a", ${FORM_HEADER}, body: "o: $args.input none: $args.name" }`;
      const { seen } = await field(connect, {
        args: { input: { a: 'x', b: [1, 2], c: { b: [3] } }, name: null },
      });
      expect([...new URLSearchParams(seen[0]?.body)]).toEqual([
        ['o[a]', 'x'],
        ['o[b][0]', '1'],
        ['o[b][1]', '2'],
        ['o[c][b][0]', '3'],
      ]);
    },
    'a list of objects': async ({ field }) => {
      const connect = `http: { POST: "/a", ${FORM_HEADER}, body: "items: $args.list->map({ price: @ })" }`;
      const { seen } = await field(connect, { args: { list: ['p1', 'p2'] } });
      expect([...new URLSearchParams(seen[0]?.body)]).toEqual([
        ['items[0][price]', 'p1'],
        ['items[1][price]', 'p2'],
      ]);
    },
  }),
];
