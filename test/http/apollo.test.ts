// Holds Apollo Server to what the adapter relies on. A newer Apollo that parses, validates, executes, copies or formats in
// between fails here.

import { ApolloServer, HeaderMap } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import type { Locale } from '../../src/errors.ts';
import type { GraphAnswer, GraphRequest } from '../../src/graph/executor.ts';
import { createProtocol } from '../../src/http/protocol.ts';
import type { ProtocolRequest } from '../../src/http/protocol-contract.ts';
import { createLog } from '../../src/observe/log.ts';
import { createRequestContext, type RequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';

interface Seen {
  readonly request: GraphRequest;
  readonly context: RequestContext;
}

const seen: Seen[] = [];
const lines: string[] = [];
let next: () => GraphAnswer = () => ({ outcome: 'EXECUTED', result: { data: {} } });
const protocol = await createProtocol(
  {
    answer: async (request, context) => {
      seen.push({ request, context });
      return next();
    },
  },
  createLog({ level: 'info', write: (line) => void lines.push(line) }),
);
afterAll(() => protocol.stop());

const aContext = (locale: Locale) =>
  createRequestContext({
    requestId: 'r-1',
    locale,
    identity: anOfficer('CB0001', 'H26'),
    deadlineMs: 5000,
  });

const aPost = (body: unknown, headers: Record<string, string> = {}): ProtocolRequest => ({
  method: 'POST',
  // The parameter means nothing, and sends the request through Apollo: `plain-request.test.ts` compares both ways.
  headers: { 'content-type': 'application/json; v=1', ...headers },
  search: '',
  body,
});

async function ask(request: ProtocolRequest, locale: Locale = 'en') {
  seen.length = 0;
  const context = aContext(locale);
  try {
    return { context, ...(await protocol.answer(request, context)) };
  } finally {
    context.dispose();
  }
}

const answers = (outcome: GraphAnswer['outcome'], result: FormattedExecutionResult) => {
  next = () => ({ outcome, result });
};

describe('what reaches the graph', () => {
  it('a text that is not GraphQL · posted · then it arrives unchanged, unparsed and unvalidated', async () => {
    answers('EXECUTED', { data: { any: 1 } });
    for (const query of ['{{{', '{ noSuchField }', 'mutation { x }', 'query A { a } query B { b }', '#']) {
      const { status, context } = await ask(aPost({ query, operationName: 'B', variables: { a: [1] } }));
      expect(status).toBe(200);
      expect(seen).toEqual([
        {
          request: {
            text: query,
            digest: expect.stringMatching(/^[0-9a-f]{64}$/),
            operationName: 'B',
            variables: { a: [1] },
            queriesOnly: false,
            showsCost: false,
          },
          context,
        },
      ]);
      expect(seen[0]?.context).toBe(context);
    }
  });

  it('a GET · then the query string is read, and only queries are allowed', async () => {
    const search = `?${new URLSearchParams({ query: 'mutation { x }', variables: '{"n":1}' })}`;
    await ask({ method: 'GET', headers: { 'apollo-require-preflight': '1' }, search, body: undefined });
    expect(seen[0]?.request).toMatchObject({
      text: 'mutation { x }',
      variables: { n: 1 },
      queriesOnly: true,
    });
  });

  const aGet = (search: string, headers: Record<string, string> = {}): ProtocolRequest => ({
    method: 'GET',
    headers: { 'apollo-require-preflight': '1', ...headers },
    search,
    body: undefined,
  });

  it.each<[string, ProtocolRequest, number, string]>([
    [
      'a form of another site',
      { ...aPost({ query: '{ a }' }), headers: { 'content-type': 'text/plain' } },
      400,
      'Yêu cầu bị chặn vì có thể do trang khác giả mạo (CSRF). Hãy gửi content-type application/json, hoặc header apollo-require-preflight.',
    ],
    [
      'a GET of another site',
      { ...aGet('?query={a}'), headers: {} },
      400,
      'Yêu cầu bị chặn vì có thể do trang khác giả mạo (CSRF). Hãy gửi content-type application/json, hoặc header apollo-require-preflight.',
    ],
    ['a batch', aPost([{ query: '{ a }' }]), 400, 'Mỗi yêu cầu chỉ gồm một thao tác.'],
    [
      'a persisted query',
      aPost({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }),
      200,
      'PersistedQueryNotSupported',
    ],
    [
      'an empty body',
      aPost({}),
      400,
      'Thiếu nội dung POST: cần một đối tượng JSON, content-type application/json.',
    ],
    ['a body without a query', aPost({ variables: {} }), 400, 'Thiếu query.'],
    ['a query that is no text', aPost({ query: { kind: 'Document' } }), 400, 'query: phải là chuỗi.'],
    [
      'variables that are a text',
      aPost({ query: '{ a }', variables: '{}' }),
      400,
      'variables: phải là đối tượng JSON.',
    ],
    [
      'variables that are a list',
      aPost({ query: '{ a }', variables: [] }),
      400,
      'variables: phải là đối tượng JSON.',
    ],
    [
      'extensions that are a text',
      aPost({ query: '{ a }', extensions: '{}' }),
      400,
      'extensions: phải là đối tượng JSON.',
    ],
    [
      'extensions that are a list',
      aPost({ query: '{ a }', extensions: [] }),
      400,
      'extensions: phải là đối tượng JSON.',
    ],
    [
      'an operation name that is a number',
      aPost({ query: '{ a }', operationName: 1 }),
      400,
      'operationName: phải là chuỗi.',
    ],
    ['a query twice', aGet('?query={a}&query={b}'), 400, 'query: chỉ được có một lần trong địa chỉ.'],
    ['variables that are no JSON', aGet('?query={a}&variables={'), 400, 'variables: không phải JSON hợp lệ.'],
    [
      'variables that are a JSON list',
      aGet('?query={a}&variables=[]'),
      400,
      'variables: phải là đối tượng JSON.',
    ],
    [
      'a GET with another content type',
      aGet('?query={a}', { 'content-type': 'application/xml' }),
      415,
      'Với GET, content-type chỉ có thể là application/json.',
    ],
    [
      'an Accept that cannot be served',
      aPost({ query: 'mutation { x }' }, { accept: 'text/event-stream' }),
      406,
      'Yêu cầu HTTP không hợp lệ. Accept: cần application/json hoặc application/graphql-response+json.',
    ],
  ])(
    '%s · sent · then refused before the graph, in the language of the reader',
    async (_what, request, status, text) => {
      const refused = await ask(request, 'vi');
      expect(seen).toEqual([]);
      expect(refused.status).toBe(status);
      expect(refused.result.errors).toMatchObject([
        { message: text, extensions: { code: 'BAD_REQUEST', requestId: 'r-1' } },
      ]);
      expect(JSON.parse(refused.body)).toEqual(refused.result);
      const [error] = (await ask(request)).result.errors ?? [];
      expect(error?.message).not.toBe('The HTTP request is not valid.');
      if (text !== 'PersistedQueryNotSupported') expect(error?.message).not.toBe(text);
    },
  );
});

describe('what comes back', () => {
  it('a result · of the graph · then the same object, and its JSON in the order errors, data, extensions', async () => {
    const result: FormattedExecutionResult = {
      extensions: { sources: [] },
      data: { a: null },
      errors: [{ message: 'as it is', path: ['a'], extensions: { code: 'ANY', http: { status: 418 } } }],
    };
    answers('EXECUTED', result);
    const answered = await ask(aPost({ query: '{ a }' }));
    expect(answered.result).toBe(result);
    expect(answered.status).toBe(200);
    expect(answered.body).toBe(
      '{"errors":[{"message":"as it is","path":["a"],"extensions":{"code":"ANY","http":{"status":418}}}],"data":{"a":null},"extensions":{"sources":[]}}',
    );
  });

  it.each<[GraphAnswer['outcome'], FormattedExecutionResult, number, string | undefined]>([
    ['EXECUTED', { data: { a: 1 } }, 200, undefined],
    ['EXECUTED', { data: null, errors: [{ message: 'a' }] }, 200, undefined],
    ['EXECUTED', { errors: [{ message: 'a wrong variable' }] }, 400, undefined],
    ['REFUSED', { errors: [{ message: 'a' }] }, 400, undefined],
    ['NOT_A_QUERY', { errors: [{ message: 'a' }] }, 405, 'POST'],
  ])('%s · %j · then status %i', async (outcome, result, status, allow) => {
    answers(outcome, result);
    const answered = await ask(aPost({ query: '{ a }' }));
    expect(answered.status).toBe(status);
    expect(new Map(answered.headers).get('allow')).toBe(allow);
  });

  it('a graph that throws · then 500, masked and logged', async () => {
    next = () => {
      throw new Error('s3cret');
    };
    const { status, body } = await ask(aPost({ query: '{ a }' }));
    expect(status).toBe(500);
    expect(body).not.toContain('s3cret');
    expect(body).toContain('INTERNAL_SERVER_ERROR');
    expect(lines.some((line) => line.includes('"requestId":"r-1"') && line.includes('s3cret'))).toBe(true);
  });
});

describe('the media type', () => {
  // Apollo's own choice is the reference.
  const accepts = [
    undefined,
    '',
    '*/*',
    'application/*',
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=iso-8859-1',
    'application/graphql-response+json',
    'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
    'application/graphql-response+json, application/json;q=0.9, */*;q=0.1',
    'application/json, application/graphql-response+json',
    'application/json;q=0.5, application/graphql-response+json;q=0.4',
    'application/json;q=0, */*',
    'application/json;q=0',
    'text/html, */*;q=0.8',
    'text/html',
    'text/event-stream',
    'multipart/mixed;deferSpec=20220824, application/json',
    'APPLICATION/JSON',
    'json',
    ';',
  ];

  it.each(accepts)('Accept: %s · then as Apollo Server itself would choose', async (accept) => {
    const apollo = new ApolloServer({ typeDefs: 'type Query { a: Int }', stopOnTerminationSignals: false });
    const headers = new HeaderMap([['content-type', 'application/json']]);
    if (accept !== undefined) headers.set('accept', accept);
    await apollo.start();
    const expected = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body: { query: '{ a }' } },
      context: async () => ({}),
    });
    await apollo.stop();

    answers('EXECUTED', { data: { a: null } });
    const answered = await ask(aPost({ query: '{ a }' }, accept === undefined ? {} : { accept }));
    expect(answered.status).toBe(expected.status ?? 200);
    if (answered.status === 200) {
      expect(new Map(answered.headers).get('content-type')).toBe(expected.headers.get('content-type'));
    }
  });
});
