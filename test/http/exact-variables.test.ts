// Variables of a request as the server reads them: numbers keep their digits, bytes that are not UTF-8 are refused.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServer, type TestServer } from './a-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await aServer();
  server.swap(
    makeExecutableSchema({
      typeDefs: 'type Query { it(id: ID, n: Int): String }',
      resolvers: { Query: { it: (_: unknown, { id, n }: { id?: string; n?: number }) => `${id} ${n}` } },
    }),
  );
});
afterAll(async () => {
  await server.close();
});

const QUERY = 'query ($id: ID, $n: Int) { it(id: $id, n: $n) }';
const post = async (body: string | Buffer) => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: body as string,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const get = async (search: string) => {
  const response = await fetch(`${server.url}?${search}`, { headers: { 'apollo-require-preflight': '1' } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const bodyWith = (variables: string) => `{"query": ${JSON.stringify(QUERY)}, "variables": ${variables}}`;
const searchWith = (variables: string) =>
  `query=${encodeURIComponent(QUERY)}&variables=${encodeURIComponent(variables)}`;

describe.each([
  ['POST', (variables: string) => post(bodyWith(variables))],
  ['GET', (variables: string) => get(searchWith(variables))],
])('%s', (_method, send) => {
  it('an integer that a double cannot hold, as ID · its digits', async () => {
    expect((await send('{"id": 9007199254740993}')).body).toEqual({
      data: { it: '9007199254740993 undefined' },
    });
  });

  it('the same as Int · BAD_USER_INPUT at the variable, 400', async () => {
    const { status, body } = await send('{"n": 9007199254740993}');
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(body)).toContain('$n');
  });

  it.each(['9007199254740993', '[9007199254740993]', '"9007199254740993"', '{"id": 9007199254740993'])(
    'variables %s · BAD_REQUEST',
    async (variables) => {
      const { status, body } = await send(variables);
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    },
  );
});

it.each([
  '9007199254740993',
  '[9007199254740993]',
  `{"query": 9007199254740993}`,
  `{"query": "{ it }", "operationName": 9007199254740993}`,
])('the body %s · BAD_REQUEST', async (body) => {
  expect((await post(body)).status).toBe(400);
});

it.each([
  '{"__proto__": {"id": 9007199254740993}}',
  '{"id": {"constructor": {"prototype": 1}, "n": 9007199254740993}}',
])('variables %s · refused as before', async (variables) => {
  expect((await post(bodyWith(variables))).status).toBe(400);
});

it('a byte order mark, an empty body · as before', async () => {
  expect((await post(`\ufeff${bodyWith('{"id": 9007199254740993}')}`)).status).toBe(200);
  expect((await post('')).status).toBe(400);
});

it('bytes that are not UTF-8 · BAD_REQUEST, not another value', async () => {
  const body = Buffer.from(bodyWith('{"id": "?"}'));
  body[body.lastIndexOf('?')] = 0xff;
  expect(await post(body)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  });
  const search = searchWith('{"id": "?"}').replace('%3F', '%FF');
  expect(await get(search)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  });
});
