// A connector that answers, over a socket: what the request's tally hears of attempts, answers from memory and shared calls.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSharedCall } from '../../src/connect/bind/call.ts';
import type { CompiledConnector } from '../../src/connect/compile-connector.ts';
import type { ConnectRequest } from '../../src/connect/contract.ts';
import type { Operation } from '../../src/connect/request/operation.ts';
import type { GatewayError } from '../../src/errors.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { createLiveConnector, type LiveConnector } from '../../src/registry/live-connector.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { aConnector } from '../connect/a-connector.ts';
import { anOfficer } from '../request/an-identity.ts';

const PEOPLE = `
type Person @connect(id: "person", source: "api", http: { GET: "/people/{$this.id}" }, selection: "id name") {
  id: ID!
  name: String
}
`;

let server: Server;
let live: LiveConnector | undefined;
let calls = 0;
let failing = 0;
let origin = '';

beforeEach(async () => {
  calls = 0;
  failing = 0;
  server = createServer((_, response) => {
    calls++;
    response.statusCode = failing-- > 0 ? 503 : 200;
    response.setHeader('content-type', 'application/json');
    setTimeout(() => response.end('{"id":"1","name":"a"}'), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await live?.close();
  server.closeAllConnections();
  server.close();
});

/** Makes `live`. */
function open(compiled: CompiledConnector, yaml: string, channels = createChannels()): LiveConnector {
  const manifest = readManifest(
    `
id: thing
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "${origin}" }
retry: { baseMs: 1 }
${yaml}`,
    'connectors/thing/connector.yaml',
  );
  live = createLiveConnector({
    manifest,
    digest: 'd',
    instance: 1,
    compiled,
    baseUrl: origin,
    config: {},
    env: {},
    references: { readEnv: () => undefined },
    channels,
  });
  return live;
}

const aContext = (officer = 'o1') =>
  createRequestContext({
    requestId: 'r1',
    locale: 'vi',
    identity: anOfficer(officer, 'a'),
    deadlineMs: 5_000,
  });

function aLive(yaml: string) {
  const compiled = aConnector(PEOPLE);
  const { bound } = open(compiled, yaml);
  const person = compiled.operations[0] as Operation;
  const buildRequest: Operation['buildRequest'] = (vars) => ({ ...person.buildRequest(vars), origin });
  const call = createSharedCall({ ...person, buildRequest }, bound);
  return (officer = 'o1') => {
    const context = aContext(officer);
    const fact = call({ this: { id: '1' } }, { dossier: 'D', procedure: 'P' }, context).finally(
      context.dispose,
    );
    return { fact, row: () => context.tally.rows()[0] };
  };
}

const CACHE = 'operations: { person: { cache: { ttlMs: 60000, maxAgeMs: 60000 } } }';

describe('a call', () => {
  it('that fails once · retried, and both attempts counted', async () => {
    failing = 1;
    const { fact, row } = aLive('')();
    await fact;
    expect(calls).toBe(2);
    expect(row()).toMatchObject({ calls: 2, cacheHits: 0, coalesced: 0 });
  });

  it('answered from the cache · CACHED with its age, and no call', async () => {
    const call = aLive(CACHE);
    const { fetchedAt } = await call().fact;
    const { fact, row } = call('o2');
    expect(await fact).toMatchObject({ freshness: 'CACHED', fetchedAt, value: { id: '1', name: 'a' } });
    expect(row()).toMatchObject({ calls: 0, cacheHits: 1, status: 'OK' });
    expect(calls).toBe(1);
  });

  it('for personal data · from the cache for the same officer only', async () => {
    const call = aLive(`${CACHE}\ndata: { classification: personal }`);
    await call('o1').fact;
    expect((await call('o2').fact).freshness).toBe('LIVE');
    expect((await call('o1').fact).freshness).toBe('CACHED');
    expect(calls).toBe(2);
  });

  it('equal to a call under way · one call, and the second is counted as coalesced', async () => {
    const call = aLive('operations: { person: { coalesce: true } }');
    const [one, two] = [call(), call()];
    await Promise.all([one.fact, two.fact]);
    expect(calls).toBe(1);
    expect(one.row()).toMatchObject({ calls: 1, coalesced: 0 });
    expect(two.row()).toMatchObject({ calls: 0, coalesced: 1 });
  });
});

describe('a mutation whose client disconnects', () => {
  const SEND = `
type Query { a: Int @connect(id: "a", source: "api", http: { GET: "/a" }, selection: "$.a") }
type Mutation {
  send(to: String): String @connect(id: "send", source: "api", http: { POST: "/send", body: "to: $args.to" }, selection: "$.name")
}
`;

  it('runs to its end, and is published once with its own outcome; close waits for it', async () => {
    const channels = createChannels();
    const told: string[] = [];
    const stop = channels.upstreamCall.subscribe(
      ({ outcome, requestId }) => void told.push(`${requestId} ${outcome}`),
    );
    const compiled = aConnector(SEND);
    const { bound, close } = open(compiled, '', channels);
    const context = aContext();
    const request: ConnectRequest = {
      operation: 'send',
      source: 'api',
      method: 'POST',
      origin,
      path: '/send',
      headers: {},
      body: { to: 'x' },
    };
    const sent = bound.send(request, context).catch((error: GatewayError) => error.code);
    await expect.poll(() => calls, { interval: 1 }).toBe(1);
    context.cancel();
    expect(await sent).toBe('CANCELLED');
    expect(told).toEqual([]);
    await close();
    expect(told).toEqual(['r1 OK']);
    expect(context.tally.rows()).toMatchObject([{ calls: 1 }]);
    stop();
  });
});

describe('an idle socket that the source resets while the next POST is written', () => {
  const POSTS = `
type Query {
  find(id: ID): String @connect(id: "find", source: "api", http: { POST: "/find", body: "id: $args.id" }, selection: "$.name")
}
type Mutation {
  pay(id: ID): String @connect(id: "pay", source: "api", http: { POST: "/pay", body: "id: $args.id" }, selection: "$.name")
}
type Thing @connect(id: "thing", source: "api", http: { POST: "/thing", body: "id: $this.id" }, selection: "id name") {
  id: ID!
  name: String
}
`;

  /** Answers the first request of each socket and resets the socket at the second. Returns what it received. */
  async function aResettingSource(): Promise<string[]> {
    const received: string[] = [];
    const answered = new WeakSet<object>();
    server.removeAllListeners('request');
    server.on('request', ({ url = '', socket }, response) => {
      received.push(url);
      if (answered.has(socket)) {
        socket.resetAndDestroy();
        return;
      }
      answered.add(socket);
      response.setHeader('content-type', 'application/json').end('{"id":"1","name":"a"}');
    });
    return received;
  }

  const twice = async (operation: string, yaml = ''): Promise<string[]> => {
    const { bound } = open(aConnector(POSTS), `${yaml}`);
    const context = aContext();
    const path = `/${operation}`;
    const request: ConnectRequest = {
      operation,
      source: 'api',
      method: 'POST',
      origin,
      path,
      headers: {},
      body: {},
    };
    const codes: string[] = [];
    for (let i = 0; i < 2; i++) {
      codes.push(
        await bound.send(request, context).then(
          () => 'OK',
          (error: GatewayError) => error.code,
        ),
      );
    }
    context.dispose();
    return codes;
  };

  it.each(['find', 'thing'])('%s, a look-up · sent again over a new socket, and answered', async (name) => {
    const received = await aResettingSource();
    expect(await twice(name)).toEqual(['OK', 'OK']);
    expect(received).toEqual(Array(3).fill(`/${name}`));
  });

  it('a look-up that the manifest declares not to be repeatable · UPSTREAM_UNREACHABLE, sent once', async () => {
    const received = await aResettingSource();
    const yaml = 'operations: { find: { idempotent: false } }';
    expect(await twice('find', yaml)).toEqual(['OK', 'UPSTREAM_UNREACHABLE']);
    expect(received).toHaveLength(2);
  });

  it('a mutation · UPSTREAM_UNREACHABLE, sent once; declared to be repeatable · sent again', async () => {
    const received = await aResettingSource();
    expect(await twice('pay')).toEqual(['OK', 'UPSTREAM_UNREACHABLE']);
    expect(received).toHaveLength(2);
    await live?.close();
    expect(await twice('pay', 'operations: { pay: { idempotent: true } }')).toEqual(['OK', 'OK']);
    expect(received).toHaveLength(5);
  });
});
