// GraphQL over HTTP, by graphql-http's own audits against a running server.

import { serverAudits } from 'graphql-http';
import { afterAll, expect, it } from 'vitest';
import { aServer } from './a-server.ts';

const server = await aServer();
afterAll(() => server.close());

const audits = serverAudits({ url: server.url, fetchFn: fetch });

it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, audit) => {
  const result = await audit.fn();
  expect(result.status, 'reason' in result ? result.reason : '').not.toBe('error');
});
