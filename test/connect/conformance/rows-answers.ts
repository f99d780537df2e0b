// §3 Answers: from what comes over the wire to data, errors and mapping problems.

import { expect } from 'vitest';
import type { Reply, Seen } from './a-source.ts';
import { type Bench, type Example, type Row, row, rowSince, SOURCE } from './rows.ts';

/** The bare value of the answer, as `Query.it: String`. */
const bare =
  (reply: Reply, value: unknown): Example =>
  async ({ field }) => {
    const { data, errors } = await field('http: { GET: "/a" } selection: "$"', {
      type: 'String',
      answer: () => reply,
    });
    expect([data, errors]).toEqual([{ it: value }, []]);
  };

const EXTENDED = `@source(name: "api", http: { baseURL: "http://api.example" },
  isSuccess: "$status->eq(200)", errors: { message: "$.text", extensions: "a: $('source') b: $('source') status: $status" })`;

export const ANSWERS: readonly Row[] = [
  row('S3.type.json', '`application/json`, `*+json` and a missing content type are parsed as JSON.', {
    'application/json': bare({ body: '"x"' }, 'x'),
    'with a charset': bare({ type: 'application/json; charset=utf-8', body: '"ắ"' }, 'ắ'),
    '*+json': bare({ type: 'application/problem+json', body: '"x"' }, 'x'),
    none: bare({ type: null, body: '"x"' }, 'x'),
    'upper case': bare({ type: 'Application/JSON', body: '"x"' }, 'x'),
    'not JSON': async ({ field }) => {
      const { data, errors } = await field('http: { GET: "/a" }', {
        answer: () => ({ body: '{"id": secret' }),
      });
      expect(data).toEqual({ it: null });
      expect(errors).toMatchObject([{ path: ['it'], extensions: { code: 'UPSTREAM_INVALID' } }]);
      expect(JSON.stringify(errors)).not.toContain('secret');
    },
  }),
  row('S3.type.text', '`text/plain` is a string.', {
    text: bare({ type: 'text/plain', body: 'hello' }, 'hello'),
    'with a charset': bare({ type: 'text/plain; charset=utf-8', body: 'xin chào' }, 'xin chào'),
    'text that looks like JSON': bare({ type: 'text/plain', body: '{"a":1}' }, '{"a":1}'),
    'a selection of it': async ({ field }) => {
      const connect = 'http: { GET: "/a" } selection: "id: $ name: $->slice(0, 2)"';
      const { data } = await field(connect, { answer: () => ({ type: 'text/plain', body: 'hello' }) });
      expect(data).toEqual({ it: { id: 'hello', name: 'he' } });
    },
  }),
  row('S3.type.empty', 'An empty body or 204 is null.', {
    '204': bare({ status: 204 }, null),
    'no body': bare({ body: '' }, null),
    'a mutation that answers nothing': async ({ schema }) => {
      const sdl = `${SOURCE} type Query { ok: Boolean @connect(source: "api" http: { GET: "/a" } selection: "$.ok") }
        type Mutation { remove(id: ID!): Removed @connect(source: "api" http: { DELETE: "/a/{$args.id}" } selection: "success: $(true) id: $args.id") }
        type Removed { success: Boolean id: ID }`;
      const { data } = await schema(sdl, 'mutation { remove(id: 7) { success id } }', {
        answer: () => ({ status: 204 }),
      });
      expect(data).toEqual({ remove: { success: true, id: '7' } });
    },
  }),
  row(
    'S3.type.other',
    'Any other content type is an invalid answer (this gateway only; elsewhere it is null without an error).',
    {
      ...Object.fromEntries(
        ['application/pdf', 'text/csv', 'image/png', 'text/html'].map((type) => [
          type,
          async ({ field }: Bench) => {
            const { data, errors } = await field('http: { GET: "/a" }', {
              answer: () => ({ type, body: 'x' }),
            });
            expect(data).toEqual({ it: null });
            expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID' } }]);
          },
        ]),
      ),
    },
  ),
  row('S3.success.default', 'Without `isSuccess`, a status of 2xx is a success.', {
    ...Object.fromEntries(
      [200, 201, 202, 299].map((status) => [
        String(status),
        async ({ field }: Bench) => {
          const { data, errors } = await field('http: { GET: "/a" }', {
            answer: () => ({ status, body: { id: 1, name: 'n' } }),
          });
          expect([data, errors]).toEqual([{ it: { id: '1', name: 'n' } }, []]);
        },
      ]),
    ),
    ...Object.fromEntries(
      [302, 400, 404, 500, 503].map((status) => [
        String(status),
        async ({ field }: Bench) => {
          const { data, errors } = await field('http: { GET: "/a" }', {
            answer: () => ({ status, body: { id: 1 } }),
          });
          expect(data).toEqual({ it: null });
          expect(errors).toMatchObject([{ path: ['it'], extensions: { http: { status } } }]);
        },
      ]),
    ),
  }),
  row(
    'S3.error.shape',
    'An unsuccessful answer yields null and an error with `code`, the connector, its operation and `http.status`, and no part of the answer.',
    {
      refused: async ({ field }) => {
        const answer = () => ({ status: 422, body: { text: 'secret' }, headers: { 'x-secret': 'secret' } });
        const { data, errors } = await field('http: { GET: "/a" }', { answer });
        expect(data).toEqual({ it: null });
        expect(errors).toMatchObject([
          {
            path: ['it'],
            extensions: {
              code: 'UPSTREAM_REFUSED',
              connector: 'test',
              operation: 'Query.it',
              http: { status: 422 },
              fault: 'CALLER',
            },
          },
        ]);
        expect(errors).toHaveLength(1);
        expect(JSON.stringify(errors)).not.toMatch(/secret|127\.0\.0\.1|api\.example/);
      },
      'a stable id names the operation': async ({ field }) => {
        const { errors } = await field('id: "findIt" http: { GET: "/a" }', {
          answer: () => ({ status: 500, body: {} }),
        });
        expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_FAULT', operation: 'findIt' } }]);
      },
      'beside other fields': async ({ schema }) => {
        const sdl = `${SOURCE} type Query {
        a: String @connect(source: "api" http: { GET: "/a" } selection: "$.v")
        b: String @connect(source: "api" http: { GET: "/b" } selection: "$.v") }`;
        const answer = ({ url }: Seen) => ({ status: url.endsWith('a') ? 500 : 200, body: { v: 'x' } });
        const { data, errors } = await schema(sdl, '{ a b }', { answer });
        expect([data, errors.map(({ path }) => path)]).toEqual([{ a: null, b: 'x' }, [['a']]]);
      },
    },
  ),
  rowSince(
    '0.2',
    'S3.success.mapping',
    '`isSuccess` is a mapping to a boolean over `$status`, `$response` and `$`; it replaces the default rule.',
    ({ refusesField }) => refusesField('http: { GET: "/a" } isSuccess: "$status->eq(200)"', /0\.2/),
    {
      'a failure with 200': async ({ field }) => {
        const connect = 'http: { GET: "/a" } isSuccess: "$.ok->eq(true)"';
        const { data, errors } = await field(connect, { answer: () => ({ body: { ok: false, id: 1 } }) });
        expect(data).toEqual({ it: null });
        expect(errors).toMatchObject([{ extensions: { http: { status: 200 } } }]);
      },
      'a success with 404': async ({ field }) => {
        const connect = 'http: { GET: "/a" } isSuccess: "$status->in([200, 404])"';
        const { data, errors } = await field(connect, {
          answer: () => ({ status: 404, body: { id: 1, name: 'n' } }),
        });
        expect([data, errors]).toEqual([{ it: { id: '1', name: 'n' } }, []]);
      },
      'by a header of the answer': async ({ field }) => {
        const connect = `http: { GET: "/a" } isSuccess: "$response.headers.'x-result'->first->eq('ok')"`;
        const ok = await field(connect, {
          answer: () => ({ headers: { 'x-result': 'ok' }, body: { id: 1, name: 'n' } }),
        });
        expect(ok.data).toEqual({ it: { id: '1', name: 'n' } });
        const bad = await field(connect, {
          answer: () => ({ headers: { 'x-result': 'no' }, body: { id: 1 } }),
        });
        expect(bad.errors).toHaveLength(1);
      },
      'missing or no boolean is no success': async ({ field }) => {
        for (const body of [{}, { ok: null }, { ok: 'yes' }]) {
          const { errors } = await field('http: { GET: "/a" } isSuccess: "$.ok"', {
            answer: () => ({ body }),
          });
          expect(errors).toHaveLength(1);
        }
      },
      'of the source, overridden by the connect': async ({ field }) => {
        const own = await field('http: { GET: "/a" } isSuccess: "$status->eq(201)"', {
          source: EXTENDED,
          answer: () => ({ body: { id: 1 } }),
        });
        expect(own.errors).toHaveLength(1);
        const inherited = await field('http: { GET: "/a" }', {
          source: EXTENDED,
          answer: () => ({ body: { id: 1, name: 'n' } }),
        });
        expect(inherited.errors).toEqual([]);
      },
    },
  ),
  rowSince(
    '0.2',
    'S3.error.declared',
    '`errors.message` and `errors.extensions` build the public error; keys of the connect take precedence over keys of the source.',
    ({ refusesField }) => refusesField('http: { GET: "/a" } errors: { message: "$.text" }', /0\.2/),
    {
      'of the source': async ({ field }) => {
        const { errors } = await field('http: { GET: "/a" }', {
          source: EXTENDED,
          answer: () => ({ status: 400, body: { text: 'no such thing' } }),
        });
        expect(errors).toMatchObject([
          { extensions: { a: 'source', b: 'source', status: 400, http: { status: 400 } } },
        ]);
        expect(errors[0]?.message).toMatch(/no such thing$/);
      },
      'of the connect, over it': async ({ field }) => {
        const connect =
          'http: { GET: "/a" } errors: { message: "$.title" extensions: "b: $.code c: $args.id" }';
        const answer = () => ({ status: 409, body: { text: 'no', title: 'taken', code: 7 } });
        const { errors } = await field(connect, { source: EXTENDED, answer, args: { id: 'i1' } });
        expect(errors).toMatchObject([{ extensions: { a: 'source', b: 7, c: 'i1', status: 409 } }]);
        expect(errors[0]?.message).toMatch(/taken$/);
      },
      'a missing message falls back': async ({ field }) => {
        const { errors } = await field('http: { GET: "/a" } errors: { message: "$.title" }', {
          source: EXTENDED,
          answer: () => ({ status: 400, body: { text: 'from the source' } }),
        });
        expect(errors[0]?.message).toMatch(/from the source$/);
      },
      'a declared http replaces ours': async ({ field }) => {
        const connect = 'http: { GET: "/a" } errors: { extensions: "http: { reason: $.text }" }';
        const { errors } = await field(connect, { answer: () => ({ status: 400, body: { text: 'r' } }) });
        expect(errors[0]?.extensions).toHaveProperty('http', { reason: 'r' });
      },
      'what the gateway promises is not replaced (ours)': async ({ field }) => {
        const connect = `http: { GET: "/a" } errors: { extensions: "code: $('MINE') fault: $('NOBODY') more: $(1)" }`;
        const { errors } = await field(connect, { answer: () => ({ status: 400, body: {} }) });
        expect(errors).toMatchObject([
          { extensions: { code: 'UPSTREAM_REFUSED', fault: 'CALLER', more: 1 } },
        ]);
      },
    },
  ),
  row(
    'S3.problem',
    'A mapping problem does not fail the field: the rest is returned, and each problem has a path.',
    {
      'a missing key': async ({ field }) => {
        const { data, errors, problems } = await field('http: { GET: "/a" }', {
          answer: () => ({ body: { id: 1 } }),
        });
        expect([data, errors]).toEqual([{ it: { id: '1', name: null } }, []]);
        expect(problems).toEqual(['name: "name" was not found in an object']);
      },
      'in a list': async ({ field }) => {
        const { data, problems } = await field('http: { GET: "/a" }', {
          type: '[T]',
          ask: '{ id name }',
          answer: () => ({ body: [{ id: 1, name: 'a' }, { id: 2 }] }),
        });
        expect(data).toEqual({
          it: [
            { id: '1', name: 'a' },
            { id: '2', name: null },
          ],
        });
        expect(problems).toEqual(['1.name: "name" was not found in an object']);
      },
    },
  ),
];
