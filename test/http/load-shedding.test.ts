// The gateway has more to do than it can, over real sockets: what is refused, how, and what is not.
import { describe, expect, it } from 'vitest';
import { eventually } from '../gateway/eventually.ts';
import { aServer, OPERATOR_TOKEN } from './a-server.ts';

/** A server that answers one request at a time, and one request that it is answering. */
async function aBusyServer(more: Parameters<typeof aServer>[0] = {}) {
  const server = await aServer({ maxRequests: 1, queueIntervalMs: 60, queueTargetMs: 20, ...more });
  const running = server.post({ query: '{ later }' });
  await eventually(() => server.waiting.length === 1, 'a request that is being answered');
  const end = async (): Promise<void> => {
    server.waiting[0]?.answer('done');
    await (await running).text();
  };
  return { server, end };
}

describe('a request that waited for too long', () => {
  it('503 · with Retry-After and a GraphQL error in the language of the client, and nothing of it was done', async () => {
    const { server, end } = await aBusyServer();
    const response = await server.post({ query: '{ later }' }, { 'accept-language': 'vi' });
    expect(response.status).toBe(503);
    const seconds = Number(response.headers.get('retry-after'));
    expect([1, 2, 3]).toContain(seconds);
    const { errors, data } = (await response.json()) as { errors: unknown[]; data?: unknown };
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: 'Cổng đang quá tải.',
        extensions: {
          code: 'OVERLOADED',
          fault: 'GATEWAY',
          retryable: true,
          retryAfterMs: seconds * 1_000,
          requestId: response.headers.get('x-request-id'),
        },
      },
    ]);
    expect(server.waiting).toHaveLength(1);
    const metrics = await (await fetch(`${server.operatorsUrl}/metrics`)).text();
    expect(metrics).toMatch(/^lienthong_requests_shed_total\{route="\/graphql"\} 1$/m);
    expect(metrics).toMatch(/^lienthong_requests\{state="running"\} 1$/m);
    expect(metrics).toMatch(/^lienthong_event_loop_seconds_total\{state="stalled"\} /m);
    await end();
    expect(server.lines.map(({ msg }) => msg)).toContain('overloaded: requests are refused');
  });

  it('a body that is not JSON · is refused without being parsed', async () => {
    const { server, end } = await aBusyServer();
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.status).toBe(503);
    await response.text();
    await end();
  });
});

describe('while requests wait', () => {
  it('health routes answer, and an operator is not refused', async () => {
    const { server, end } = await aBusyServer({ queueIntervalMs: 60_000 });
    const waiting = server.post({ query: '{ hello(name: "An") }' });
    expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
    const own = await server.post({ query: '{ standing }' }, { authorization: `Bearer ${OPERATOR_TOKEN}` });
    expect(own.status).toBe(200);
    await own.text();
    await end();
    expect(((await (await waiting).json()) as { data: unknown }).data).toEqual({ hello: 'Hello, An' });
  });

  it('the wait is part of the time limit of the request', async () => {
    const { server, end } = await aBusyServer({ queueIntervalMs: 60_000, requestDeadlineMs: 300 });
    const sentAt = performance.now();
    const waiting = server.post({ query: '{ later }' });
    await end();
    const { errors } = (await (await waiting).json()) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toBe('DEADLINE_EXCEEDED');
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(290);
  });
});
