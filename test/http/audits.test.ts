// GraphQL over HTTP, by graphql-http's own audits against a running server, as a developer with a token: what must, should and may
// be done, all of it.

import { serverAudits } from 'graphql-http';
import { afterAll, expect, it } from 'vitest';
import { aServer, OPERATOR_TOKEN } from './a-server.ts';

const server = await aServer();
afterAll(() => server.close());

const withToken: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${OPERATOR_TOKEN}`);
  return fetch(input, { ...init, headers });
};
const audits = serverAudits({ url: server.url, fetchFn: withToken });

it('the audits · then 61', () => expect(audits).toHaveLength(61));

it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  expect([result.status, 'reason' in result ? result.reason : '']).toEqual(['ok', '']);
});

it('without a token · a query by GET alone · then blocked as possibly forged', async () => {
  const response = await fetch(`${server.url}?query={hello}`);
  expect(response.status).toBe(400);
  expect(JSON.stringify(await response.json())).toContain('CSRF');
});

it.each([
  ['application/json', 200],
  ['application/json; charset=utf-8', 200],
  ['application/graphql-response+json', 400],
  ['application/graphql-response+json, application/json;q=0.9', 400],
  ['*/*', 400],
])('accept %s · a document that is refused · then %i', async (accept, status) => {
  const response = await server.post({ query: '{ nothing }' }, { accept });
  expect([response.status, (await response.json()) as object]).toMatchObject([status, { errors: [{}] }]);
});
