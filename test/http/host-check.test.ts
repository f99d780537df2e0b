// The Host headers that routes without a token accept: a name that leads here from a page of another site is refused.

import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostCheck } from '../../src/http/host-check.ts';
import { aServer, type TestServer } from './a-server.ts';
import { aSocket } from './a-socket.ts';

describe('a port on gateway.example', () => {
  const isOwnHost = createHostCheck('Gateway.example');

  it.each([
    '127.0.0.1:4100',
    '10.1.2.3',
    '[::1]:4100',
    '[2001:db8::1]',
    'localhost',
    'LOCALHOST:4100',
    'gateway.example:4100',
    undefined,
  ])('%s · then accepted', (host) => expect(isOwnHost(host)).toBe(true));

  it.each([
    'evil.example',
    'evil.example:4100',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example:127.0.0.1',
    '127.0.0.1@evil.example',
    '[localhost]',
    '[127.0.0.1]',
    '[::1].evil.example',
    '::1',
    '127.1',
    '2130706433',
    'localhost, evil.example',
    '',
  ])('%s · then refused', (host) => expect(isOwnHost(host)).toBe(false));
});

it('on a host that is an IPv6 address · then it is accepted in brackets', () =>
  expect(createHostCheck('::1')('[::1]:4100')).toBe(true));

describe('over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer({
      people: { first: 'officer', people: [], token: () => Promise.reject(new Error('asked for a token')) },
    });
  });
  afterAll(() => server.close());

  const answerOf = async (url: string, host: string, method: 'GET' | 'POST' = 'GET') => {
    const { statusCode, body } = await request(url, { method, headers: { host } });
    return [statusCode, await body.text()];
  };

  it.each(['/metrics', '/status', '/readyz', '/nothing'])(
    '%s of the port of operators · by a name of another site · then 421 and how to reach it',
    async (path) => {
      expect(await answerOf(server.operatorsUrl + path, 'evil.example')).toEqual([
        421,
        'Use an address, localhost or the value of OPERATORS_HOST as the host of the URL.\n',
      ]);
    },
  );

  it('the port of operators · by localhost, and by HTTP/1.0 without a host · then answered', async () => {
    expect((await answerOf(`${server.operatorsUrl}/metrics`, 'localhost:9999'))[0]).toBe(200);
    const client = await aSocket(server.operatorsUrl);
    client.socket.write('GET /livez HTTP/1.0\r\n\r\n');
    await client.ended;
    expect(client.statuses()).toEqual(['HTTP/1.1 200']);
  });

  it.each([
    ['GET', '/explorer/people'],
    ['POST', '/explorer/people/token'],
  ] as const)('%s %s · by a name of another site · then 421', async (method, path) => {
    expect((await answerOf(server.origin + path, 'evil.example', method))[0]).toBe(421);
  });

  it('the port of clients · by any name · then answered, since callers sign in', async () => {
    expect((await answerOf(`${server.origin}/livez`, 'api.example.vn'))[0]).toBe(200);
  });
});
