// A plain request is answered past Apollo Server: exactly as it would be through Apollo. Both ways are taken here with the same
// request; a parameter of the content type that means nothing sends it through Apollo.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { GraphAnswer, GraphRequest } from '../../src/graph/executor.ts';
import { plainRequestOf } from '../../src/http/plain-request.ts';
import { createProtocol } from '../../src/http/protocol.ts';
import { createLog } from '../../src/observe/log.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';

let next: () => GraphAnswer = () => ({ outcome: 'EXECUTED', result: { data: {} } });
let seen: GraphRequest | undefined;
const protocol = await createProtocol(
  {
    answer: async (request) => {
      seen = request;
      return next();
    },
  },
  createLog({ level: 'silent', write: () => {} }),
);
afterAll(() => protocol.stop());

const aRequest = (body: unknown, headers: Record<string, string>) => ({
  method: 'POST',
  headers,
  search: '',
  body,
});

async function answered(body: unknown, contentType: string, accept: string | undefined) {
  seen = undefined;
  const context = createRequestContext({
    requestId: 'r-1',
    locale: 'en',
    identity: anOfficer('CB0001', 'H26'),
    deadlineMs: 5000,
  });
  try {
    const headers = { 'content-type': contentType, ...(accept !== undefined && { accept }) };
    const answer = await protocol.answer(aRequest(body, headers), context);
    return { seen, ...answer, headers: Object.fromEntries(answer.headers) };
  } finally {
    context.dispose();
  }
}

const PLAIN = 'application/json';
const THROUGH_APOLLO = 'application/json; v=1';

const anyValue = fc.oneof(
  fc.constantFrom(null, '', 'A', '{ a }', 0, true, [], {}, ['x'], { a: [1, null] }),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: value }, anyValue);
const bodies = fc.oneof(
  { weight: 1, arbitrary: anyValue },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        query: mostly(fc.constantFrom('{ a }', 'mutation { x }', '{{{', '', ' ')),
        operationName: mostly(fc.constantFrom(null, '', 'A')),
        variables: mostly(fc.constantFrom(null, {}, { page: 1 }, { query: 'x' })),
        extensions: mostly(
          fc.constantFrom<unknown>(
            null,
            {},
            { clientLibrary: { name: 'c' } },
            { persistedQuery: null },
            { persistedQuery: { version: 1, sha256Hash: 'ab' } },
          ),
        ),
        other: anyValue,
      },
      { requiredKeys: [] },
    ),
  },
);
const accepts = fc.constantFrom(
  undefined,
  '',
  '*/*',
  'application/json',
  'text/html',
  'application/graphql-response+json',
);
const results = fc.constantFrom<GraphAnswer>(
  { outcome: 'EXECUTED', result: { data: { a: 1 } } },
  { outcome: 'EXECUTED', result: { extensions: { sources: [] }, data: { a: null }, errors: [] } },
  { outcome: 'EXECUTED', result: { errors: [{ message: 'm' }] } },
  { outcome: 'REFUSED', result: { errors: [{ message: 'm' }] } },
  { outcome: 'NOT_A_QUERY', result: { errors: [{ message: 'm' }] } },
);

describe('a POST of JSON', () => {
  it('any body · answered past Apollo and through it · then the same request to the graph, and the same answer', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(bodies, accepts, results, async (body, accept, result) => {
        next = () => result;
        if (plainRequestOf(aRequest(body, { 'content-type': PLAIN })) !== undefined) plain++;
        expect(plainRequestOf(aRequest(body, { 'content-type': THROUGH_APOLLO }))).toBeUndefined();
        expect(await answered(body, PLAIN, accept)).toEqual(await answered(body, THROUGH_APOLLO, accept));
      }),
      { numRuns: 1000 },
    );
    // Neither way went untested.
    expect(plain).toBeGreaterThan(100);
    expect(plain).toBeLessThan(900);
  });

  it('the graph fails · answered past Apollo and through it · then the same answer', async () => {
    next = () => {
      throw new Error('secret');
    };
    const answer = await answered({ query: '{ a }' }, PLAIN, undefined);
    expect(answer).toEqual(await answered({ query: '{ a }' }, THROUGH_APOLLO, undefined));
    expect(answer).toMatchObject({ status: 500 });
  });
});

describe('what is left to Apollo', () => {
  it.each([
    ['a GET', { method: 'GET', headers: { 'content-type': PLAIN }, search: '?query={a}', body: undefined }],
    ['a form of another site', aRequest({ query: '{ a }' }, { 'content-type': 'text/plain' })],
    ['no content type', aRequest({ query: '{ a }' }, {})],
    ['a batch', aRequest([{ query: '{ a }' }], { 'content-type': PLAIN })],
    [
      'a persisted query',
      aRequest({ query: '{ a }', extensions: { persistedQuery: {} } }, { 'content-type': PLAIN }),
    ],
  ])('%s · then it is no plain request', (_what, request) => {
    expect(plainRequestOf(request)).toBeUndefined();
  });
});
