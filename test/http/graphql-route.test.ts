import { request } from 'node:http';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { aSchema, aServer, OPERATOR_TOKEN, SECRET } from './a-server.ts';

const server = await aServer();
afterAll(() => server.close());

async function codeOf(response: Response) {
  const body = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, codes: body.errors?.map(({ extensions }) => extensions.code) };
}
const lastLine = () => server.lines.findLast((line) => line.msg === 'request');

describe('the sender', () => {
  it("the token of operators · sent · then the request is an operator's", async () => {
    const ask = async (headers: Record<string, string>) =>
      (await (await server.post({ query: '{ standing callerClass }' }, headers)).json()) as unknown;
    const authorization = `Bearer ${OPERATOR_TOKEN}`;
    expect(await ask({ authorization })).toEqual({
      data: { standing: 'operator break-glass', callerClass: null },
    });
    expect(await ask({})).toEqual({ data: { standing: 'anonymous', callerClass: null } });
  });

  it('X-Caller-Class · sent · then it says nothing about the caller', async () => {
    const response = await server.post({ query: '{ callerClass }' }, { 'x-caller-class': 'batch' });
    expect(await response.json()).toEqual({ data: { callerClass: null } });
  });

  it.each([
    ['a token that nobody vouches for', 'Bearer x.y.z', 'malformed'],
    ['another scheme', 'Basic YTpi', 'expected Bearer'],
    ['a token that is too long', `Bearer ${'x'.repeat(8_193)}`, 'too long'],
  ])('%s · sent · then 401 with the reason, and no field runs', async (_, authorization, reason) => {
    const response = await server.post({ query: '{ hello }' }, { authorization });
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    const text = await response.clone().text();
    expect(await codeOf(response)).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] });
    expect(text).toContain(reason);
    expect(text).not.toContain('data');
  });
});

describe('queries', () => {
  it('POST · with variables · then data, and no errors key', async () => {
    const query = 'query Greet($n: String) { hello(name: $n) officer }';
    const response = await server.post({ query, variables: { n: 'An' } });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"data":{"hello":"Hello, An","officer":null}}');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('GET · with the preflight header · then data', async () => {
    const search = new URLSearchParams({
      query: 'query ($n: String) { hello(name: $n) }',
      variables: '{"n":"Bình"}',
    });
    const response = await fetch(`${server.url}?${search}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(await response.json()).toEqual({ data: { hello: 'Hello, Bình' } });
  });

  it('GET · with a mutation · then 405 and BAD_REQUEST', async () => {
    const response = await fetch(`${server.url}?query=mutation{touch}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await codeOf(response)).toEqual({ status: 405, codes: ['BAD_REQUEST'] });
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('a schema · replaced while a request runs · then that request ends on the previous one, the next on the new one', async () => {
    const running = server.post({ query: '{ later hello }' });
    await vi.waitFor(() => expect(server.waiting).toHaveLength(1));
    server.swap(aSchema(server.waiting, 'Xin chào'));
    const next = await server.post({ query: '{ hello }' });
    server.waiting.pop()?.answer('done');
    expect(await (await running).json()).toEqual({ data: { later: 'done', hello: 'Hello, you' } });
    expect(await next.json()).toEqual({ data: { hello: 'Xin chào, you' } });
  });
});

describe('refusals', () => {
  const jsonType = { 'content-type': 'application/json' };
  const cases: [string, string, Record<string, string>, number, string][] = [
    ['broken JSON', '{"query":', jsonType, 400, 'BAD_REQUEST'],
    ['an empty body', '', jsonType, 400, 'BAD_REQUEST'],
    ['an empty object', '{}', jsonType, 400, 'BAD_REQUEST'],
    ['a prototype in the body', '{"query":"{hello}","__proto__":{"x":1}}', jsonType, 400, 'BAD_REQUEST'],
    ['a list of operations', '[{"query":"{hello}"}]', jsonType, 400, 'BAD_REQUEST'],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, 'BAD_REQUEST'],
    [
      'plain text, as a form on another site could send it',
      '{"query":"{hello}"}',
      { 'content-type': 'text/plain' },
      415,
      'BAD_REQUEST',
    ],
    [
      'too many bytes',
      JSON.stringify({ query: `{ ${'hello '.repeat(3000)} }` }),
      jsonType,
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['a syntax error', '{"query":"{ hello"}', jsonType, 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ hallo }"}', jsonType, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a wrong variable',
      '{"query":"query ($n: String) { hello(name: $n) }","variables":{"n":1}}',
      jsonType,
      400,
      'BAD_USER_INPUT',
    ],
    [
      'two operations, none named',
      '{"query":"query A { hello } query B { hello }"}',
      jsonType,
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'an unknown operation',
      '{"query":"query A { hello }","operationName":"B"}',
      jsonType,
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a persisted query',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}',
      jsonType,
      200,
      'BAD_REQUEST',
    ],
  ];
  it.each(cases)(
    '%s · posted · then refused in GraphQL shape',
    async (_what, body, headers, status, code) => {
      expect(await codeOf(await server.post(body, headers))).toEqual({ status, codes: [code] });
    },
  );

  it('more tokens than a document may have · posted · then refused while reading', async () => {
    const roomy = await aServer({ maxBodyBytes: 1_000_000 });
    const response = await roomy.post({ query: `{ ${'hello '.repeat(6000)} }` });
    expect(await codeOf(response)).toEqual({ status: 400, codes: ['GRAPHQL_PARSE_FAILED'] });
    await roomy.close();
  });

  it('a query nested thousands deep · posted · then refused, and the server continues', async () => {
    const roomy = await aServer({ maxBodyBytes: 1_000_000 });
    const response = await roomy.post({ query: '{a'.repeat(100_000) });
    expect(response.status).toBe(400);
    expect((await roomy.post({ query: '{ hello }' })).status).toBe(200);
    await roomy.close();
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    '%s · to /graphql · then 405 with the methods allowed',
    async (method) => {
      const response = await fetch(server.url, { method });
      expect(response.headers.get('allow')).toBe('GET, POST');
      expect(await codeOf(response)).toEqual({ status: 405, codes: ['BAD_REQUEST'] });
    },
  );

  it('another path · requested · then 404, in the language of the caller', async () => {
    const response = await fetch(`${server.origin}/x`, { headers: { 'accept-language': 'vi' } });
    expect(await response.text()).toContain('Không có gì ở đường dẫn này');
    expect(response.status).toBe(404);
  });
});

describe('failures', () => {
  it('a resolver that throws · in either language · then nothing of the error in the answer', async () => {
    for (const [locale, text] of [
      ['en', 'The gateway failed.'],
      ['vi', 'Cổng gặp lỗi.'],
    ] as const) {
      const response = await server.post({ query: '{ hello broken }' }, { 'accept-language': locale });
      const body = await response.text();
      expect(response.status).toBe(200);
      expect(body).toContain(text);
      for (const word of SECRET.split(/[ :/?=]+/)) expect(body).not.toContain(word);
    }
  });

  it('an executor that throws · by itself · then 500, masked, and logged under the request id', async () => {
    const response = await server.post(
      { query: 'query Explode { hello }', operationName: 'Explode' },
      { 'x-request-id': 'exec-1' },
    );
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The gateway failed. The request id finds the failure in the log.',
          extensions: {
            code: 'INTERNAL_SERVER_ERROR',
            fault: 'GATEWAY',
            retryable: false,
            requestId: 'exec-1',
          },
        },
      ],
    });
    expect(server.lines.find((line) => line.requestId === 'exec-1')).toMatchObject({
      level: 'error',
      err: { type: 'Error', message: 'connect ECONNREFUSED [address] [url]', stack: expect.anything() },
    });
  });

  it('an Accept that cannot be served · with a query · then 406 in GraphQL shape', async () => {
    const response = await server.post({ query: '{ hello }' }, { accept: 'text/event-stream' });
    expect(await codeOf(response)).toEqual({ status: 406, codes: ['BAD_REQUEST'] });
  });
});

describe('the request', () => {
  it('an id · sent by the caller · then in the answer, its errors and the log', async () => {
    const response = await server.post({ query: '{ ill }' }, { 'x-request-id': 'web-7' });
    expect(response.headers.get('x-request-id')).toBe('web-7');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { requestId: 'web-7' } }] });
    expect(lastLine()).toMatchObject({ requestId: 'web-7' });
  });

  it('its log line · of a partial answer · then outcome, codes and sources, and nothing of query or variables', async () => {
    const query = 'query Look($n: String) { ill hello(name: $n) }';
    await server.post({ query, operationName: 'Look', variables: { n: '001099012345' } });
    expect(lastLine()).toMatchObject({
      method: 'POST',
      status: 200,
      operation: 'Look',
      outcome: 'partial',
      errors: { UPSTREAM_TIMEOUT: 1 },
      sources: { population: 'UNAVAILABLE' },
    });
    expect(JSON.stringify(server.lines)).not.toMatch(/001099012345|hello\(|10\.1\.2\.3|csdl|s3cret/);
  });

  it('a deadline · that passes · then the rest is answered', async () => {
    const quick = await aServer({ requestDeadlineMs: 50 });
    const response = await quick.post({ query: '{ later hello }' });
    expect(await response.json()).toMatchObject({
      data: { later: null, hello: 'Hello, you' },
      errors: [{ path: ['later'], extensions: { code: 'DEADLINE_EXCEEDED' } }],
    });
    await quick.close();
  });

  it('a client · that disconnects · then its request is cancelled', async () => {
    const call = request(server.url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    call.on('error', () => {});
    call.end('{"query":"{ later }"}');
    await vi.waitFor(() => expect(server.waiting).toHaveLength(1));
    const { context } = server.waiting.pop() ?? {};
    expect(context?.signal.aborted).toBe(false);
    call.destroy();
    await vi.waitFor(() => expect(context?.signal.reason?.code).toBe('CANCELLED'));
  });
});
