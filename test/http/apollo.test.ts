// Holds Apollo Server to what the adapter relies on. A newer Apollo that parses, validates, executes, copies or formats in
// between fails here.

import { ApolloServer, HeaderMap } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import type { GraphAnswer, GraphRequest } from '../../src/graph/executor.ts';
import { createProtocol, type ProtocolRequest } from '../../src/http/apollo.ts';
import { createLog } from '../../src/observe/log.ts';
import { createRequestContext, type RequestContext } from '../../src/request/context.ts';

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

const aContext = () =>
  createRequestContext({
    requestId: 'r-1',
    locale: 'en',
    actor: { kind: 'officer', officer: 'CB0001', agency: 'H26' },
    deadlineMs: 5000,
  });

const aPost = (body: unknown, headers: Record<string, string> = {}): ProtocolRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  search: '',
  body,
});

async function ask(request: ProtocolRequest) {
  seen.length = 0;
  const context = aContext();
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
  it('a text that is no GraphQL · posted · then it arrives as it is, unparsed and unvalidated', async () => {
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

  it.each<[string, ProtocolRequest]>([
    ['a form of another site', { ...aPost({ query: '{ a }' }), headers: { 'content-type': 'text/plain' } }],
    ['a batch', aPost([{ query: '{ a }' }])],
    ['a persisted query', aPost({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } })],
    ['a body without a query', aPost({ variables: {} })],
    ['a query that is no text', aPost({ query: { kind: 'Document' } })],
    ['variables that are a text', aPost({ query: '{ a }', variables: '{}' })],
    ['an Accept that cannot be served', aPost({ query: 'mutation { x }' }, { accept: 'text/event-stream' })],
  ])('%s · sent · then refused before it', async (_what, request) => {
    const { result, status, body } = await ask(request);
    expect(seen).toEqual([]);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(result.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST', requestId: 'r-1' } }]);
    expect(JSON.parse(body)).toEqual(result);
  });
});

describe('what comes back', () => {
  it('a result · of the graph · then the very object, and its JSON in the order errors, data, extensions', async () => {
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
