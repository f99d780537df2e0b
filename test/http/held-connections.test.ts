// What a connection sends after its request was refused, over real sockets: what waits, what passes, and that nothing is lost.
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRequestHead } from '../../src/http/request-head.ts';
import { eventually } from '../gateway/eventually.ts';
import { anEntry } from '../request/identity/a-server.ts';
import { aKey, anIssuer } from '../request/identity/an-issuer.ts';
import { aServer, OPERATOR_TOKEN } from './a-server.ts';

const post = (query: string, headers = ''): string => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
};

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

interface Client {
  readonly socket: Socket;
  send(text: string): void;
  /** So far. */
  answers(): Answer[];
}

async function aClient(origin: string): Promise<Client> {
  const { port } = new URL(origin);
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  return {
    socket,
    send: (request) => void socket.write(request),
    answers: () =>
      text
        .split(/(?=HTTP\/1\.1 \d{3} )/)
        .filter((part) => part.includes('\r\n\r\n'))
        .map((part) => ({
          status: Number(part.slice(9, 12)),
          head: part.slice(0, part.indexOf('\r\n\r\n') + 2),
          body: part.slice(part.indexOf('\r\n\r\n') + 4),
        })),
  };
}

/** A server that answers one request and refuses what waits for longer than 20 ms, and a client that was refused. */
async function aRefusedClient(
  more: Parameters<typeof aServer>[0] = {},
  headers: Record<string, string> = {},
) {
  const server = await aServer({ maxRequests: 1, queueIntervalMs: 40, queueTargetMs: 20, ...more });
  onTestFinished(() => server.close());
  // The keys of an issuer are read for the first token, which is then checked once more.
  await (await server.post({ query: '{ hello }' }, headers)).text();
  const running = server.post({ query: '{ later }' }, headers);
  await eventually(() => server.waiting.length === 1, 'a request that is being answered');
  const client = await aClient(server.origin);
  client.send(post('{ hello }'));
  await eventually(() => client.answers().length === 1, 'the refusal');
  expect(client.answers()[0]?.status).toBe(503);
  const refusedAt = performance.now();
  // Another request keeps the queue from being empty.
  const other = server.post({ query: '{ hello }' });
  await other.then((response) => response.text());
  const end = async (): Promise<void> => {
    server.waiting[0]?.answer('done');
    await (await running).text();
  };
  return { server, client, end, refusedAt };
}

const statuses = ({ answers }: Client): number[] => answers().map(({ status }) => status);

describe('a connection whose request was refused', () => {
  it('sends the next at once, while there is no room · it waits until the announced time', async () => {
    const { client, end, refusedAt } = await aRefusedClient();
    const announced = (index: number): number =>
      JSON.parse(client.answers()[index]?.body ?? '').errors[0].extensions.retryAfterMs;
    client.send(post('{ hello }'));
    await eventually(() => client.answers().length === 2, 'the second refusal');
    expect(performance.now() - refusedAt).toBeGreaterThan(announced(0) - 100);
    expect(performance.now() - refusedAt).toBeLessThan(announced(0) + 2_000);
    expect(statuses(client)).toEqual([503, 503]);
    await end();
  });

  it('sends the next, and room comes · it is answered at once', async () => {
    const { client, end } = await aRefusedClient();
    client.send(post('{ hello(name: "An") }'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.answers()).toHaveLength(1);
    const freeAt = performance.now();
    await end();
    await eventually(() => client.answers().length === 2, 'the answer');
    expect(performance.now() - freeAt).toBeLessThan(600);
    expect(client.answers()[1]).toMatchObject({ status: 200 });
    expect(client.answers()[1]?.body).toContain('Hello, An');
    // The connection is an ordinary one again.
    client.send(
      post('{ hello(name: "Bình") }').replace(
        /content-length: \d+/,
        (_) => `content-length: ${Buffer.byteLength('{"query":"{ hello(name: \\"Bình\\") }"}')}`,
      ),
    );
    await eventually(() => client.answers().length === 3, 'the third');
    expect(client.answers()[2]?.body).toContain('Hello, Bình');
  });

  it.each([
    ['was checked before · it waits', true],
    ['was not checked, and may be that of an operator · it passes at once', false],
  ])('sends the next with a token that %s', async (_, isKnown) => {
    const issuer = await anIssuer(await aKey('test'));
    onTestFinished(() => issuer.close());
    const bearer = async () =>
      `Bearer ${await issuer.sign({ sub: crypto.randomUUID(), preferred_username: 'an' })}`;
    const token = await bearer();
    const { client, end } = await aRefusedClient(
      { access: anEntry(issuer.url, 'kind: staff') },
      { authorization: isKnown ? token : await bearer() },
    );
    const announced = JSON.parse(client.answers()[0]?.body ?? '').errors[0].extensions.retryAfterMs;
    const sentAt = performance.now();
    client.send(post('{ hello }', `authorization: ${token}\r\n`));
    await eventually(() => client.answers().length === 2, 'the second refusal');
    expect(statuses(client)).toEqual([503, 503]);
    if (isKnown) expect(performance.now() - sentAt).toBeGreaterThan(announced - 300);
    else expect(performance.now() - sentAt).toBeLessThan(500);
    await end();
  });

  it.each([
    ['a health check', 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n', 'alive'],
    ['readiness', 'GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n', 'ready'],
    [
      'a request of an operator',
      post('{ standing }', `Authorization: Bearer ${OPERATOR_TOKEN}\r\n`),
      'operator',
    ],
  ])('carries %s next, as behind a proxy · it passes at once', async (_, request, expected) => {
    const { client, end } = await aRefusedClient();
    const sentAt = performance.now();
    client.send(request);
    await eventually(() => client.answers().length === 2, 'the answer');
    expect(performance.now() - sentAt).toBeLessThan(500);
    expect(client.answers()[1]).toMatchObject({ status: 200 });
    expect(client.answers()[1]?.body).toContain(expected);
    await end();
  });

  it('sends headers and body in pieces · nothing is lost', async () => {
    const { client, end } = await aRefusedClient();
    const request = post('{ hello(name: "An") }');
    const cut = request.indexOf('content-type');
    client.send(request.slice(0, cut));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await end();
    client.send(request.slice(cut));
    await eventually(() => client.answers().length === 2, 'the answer');
    expect(client.answers()[1]?.body).toContain('Hello, An');
  });

  it('pipelines two requests · both are answered, in their order', async () => {
    const { client, end } = await aRefusedClient();
    client.send(post('{ hello(name: "An") }') + post('{ hello(name: "Ba") }'));
    await end();
    await eventually(() => client.answers().length === 3, 'both answers');
    expect(
      client
        .answers()
        .slice(1)
        .map(({ body }) => /Hello, (\w+)/.exec(body)?.[1]),
    ).toEqual(['An', 'Ba']);
  });

  it('the client leaves while its request waits · the gateway forgets it', async () => {
    const { server, client, end } = await aRefusedClient();
    client.send(post('{ later }'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.destroy();
    await end();
    expect((await server.post({ query: '{ hello }' })).status).toBe(200);
    await server.close();
    // Its end is noticed when its connection is read again: the request is begun at most, and cancelled.
    expect(server.waiting.slice(1).every(({ context }) => context.signal.aborted)).toBe(true);
  });

  it('the gateway closes while its request waits · it is answered', async () => {
    const { server, client, end } = await aRefusedClient({ closeGraceMs: 5_000 });
    client.send(post('{ hello(name: "An") }'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = server.close();
    await end();
    await closed;
    await eventually(() => client.answers().length === 2, 'an answer');
    expect([200, 503]).toContain(client.answers()[1]?.status);
  });
});

describe('a refusal written past Node, while the gateway is overloaded', () => {
  it('is the same answer as any other, and the connection goes on', async () => {
    const { server, client, end } = await aRefusedClient();
    // New connections keep the queue from being empty: those that were refused wait.
    const flood = setInterval(async () => (await aClient(server.origin)).send(post('{ hello }')), 4);
    onTestFinished(() => clearInterval(flood));
    client.send(post('{ hello }', 'x-request-id: mine\r\naccept-language: en\r\n'));
    await eventually(() => client.answers().length === 2, 'the refusal');
    const { head, body } = client.answers()[1] as Answer;
    // Node writes `Connection`.
    expect(head).toContain('\r\nconnection: keep-alive\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(head).toContain('\r\nretry-after: 3\r\n');
    expect(head).toContain('\r\nx-request-id: mine\r\n');
    expect(head).toContain('\r\ncache-control: no-store\r\n');
    expect(head).toContain('\r\nx-content-type-options: nosniff\r\n');
    expect(head).toContain('\r\ncontent-type: application/json; charset=utf-8\r\n');
    expect(head).toContain(`\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`);
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message: 'The gateway is overloaded.',
          extensions: {
            code: 'OVERLOADED',
            fault: 'GATEWAY',
            retryable: true,
            retryAfterMs: 3_000,
            requestId: 'mine',
          },
        },
      ],
    });
    client.send('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually(() => client.answers().length === 3, 'the health check');
    expect(client.answers()[2]).toMatchObject({ status: 200 });
    clearInterval(flood);
    await end();
  });
});

describe('a request that is looked at before it is parsed', () => {
  const line = Buffer.from('POST /graphql HTTP/1.1\r\n');
  const read = (text: string) => readRequestHead(Buffer.from(text), line);

  it('whole and plain · its headers are found', () => {
    const head = read(
      'POST /graphql HTTP/1.1\r\nHost: x\r\nX-Request-Id:  a1 \r\nContent-Length: 2\r\n\r\n{}',
    );
    expect(head?.header('x-request-id')).toBe('a1');
    expect(head?.header('host')).toBe('x');
    expect(head?.header('authorization')).toBeUndefined();
  });

  it.each([
    ['another method', 'GET /graphql HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}'],
    ['another path', 'POST /graphql2 HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}'],
    ['HTTP/1.0', 'POST /graphql HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}'],
    ['a part of the head', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\n'],
    ['a part of the body', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\n\r\n{'],
    ['two requests', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}POST'],
    ['no length', 'POST /graphql HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['two lengths', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}'],
    [
      'a second length in disguise',
      'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\nContent-Length : 9\r\n\r\n{}',
    ],
    ['no number', 'POST /graphql HTTP/1.1\r\nContent-Length: +2\r\n\r\n{}'],
    ['chunks', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding : chunked\r\n\r\n{}'],
    ['a continued line', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\n a: b\r\n\r\n{}'],
    ['a bare line feed', 'POST /graphql HTTP/1.1\r\nA: b\nContent-Length: 2\r\n\r\n{}'],
    ['a bare carriage return', 'POST /graphql HTTP/1.1\r\nA: b\rC: d\r\nContent-Length: 2\r\n\r\n{}'],
    ['a browser', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\nOrigin: http://x\r\n\r\n{}'],
    ['an expectation', 'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}'],
    [
      'the end of the connection',
      'POST /graphql HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    ],
  ])('%s · is left to Node', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});
