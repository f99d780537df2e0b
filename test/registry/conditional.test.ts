// Conditional requests, over a socket: an answer that is no longer fresh is asked for again with its ETag or date, a 304 renews it, and a
// 304 that cannot be one is an invalid answer. The server decides by RFC 9110 itself.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectAnswer, ConnectRequest } from '../../src/connect/contract.ts';
import { isGatewayError } from '../../src/errors.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { createLiveConnector } from '../../src/registry/live-connector.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { aConnector } from '../connect/a-connector.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aSource, type Behaviour } from '../upstream/a-source.ts';

const DATE = 'Tue, 01 Dec 2026 00:00:00 GMT';
const MONDAY = 1_796_000_000_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: MONDAY }));
afterEach(() => void vi.useRealTimers());

/** A resource with a version and, if wanted, a date; answers 304 to the right conditions. */
function aResource({ hasDate = false, hasTag = true, isWeak = false } = {}) {
  let version = 1;
  const tag = () => `${isWeak ? 'W/' : ''}"v${version}"`;
  const behaviour: Behaviour = (response, { headers }) => {
    const validators = { ...(hasTag && { etag: tag() }), ...(hasDate && { 'last-modified': DATE }) };
    const wanted = headers['if-none-match'];
    const holds = wanted === undefined ? headers['if-modified-since'] === DATE : wanted === tag();
    if (holds) response.writeHead(304, { ...validators, 'x-round': 'two' }).end();
    else {
      response
        .writeHead(200, { 'content-type': 'application/json', ...validators })
        .end(JSON.stringify({ id: `${version}` }));
    }
  };
  return { behaviour, change: () => version++ };
}

async function aWorld(behaviour: Behaviour, cache: string, method = 'GET') {
  const source = await aSource(behaviour);
  const manifest = readManifest(
    `
id: test
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "${source.origin}" }
retry: { maxAttempts: 1 }
operations: { Query.thing: { cache: ${cache} } }`,
    'connector.yaml',
  );
  const compiled = aConnector(
    `type Query { thing: Thing @connect(source: "api", http: { ${method}: "/thing" }, selection: "id") } type Thing { id: ID }`,
    { source: `@source(name: "api", http: { baseURL: "${source.origin}" })` },
  );
  const live = createLiveConnector({
    manifest,
    digest: 'd',
    instance: 1,
    compiled,
    baseUrl: source.origin,
    config: {},
    env: {},
    references: { readEnv: () => undefined },
    channels: createChannels(),
  });
  const [operation] = compiled.operations;
  const ask = async (more: Partial<ConnectRequest> = {}): Promise<ConnectAnswer | string> => {
    const context = createRequestContext({
      requestId: 'r1',
      locale: 'vi',
      identity: anOfficer('o', 'a'),
      deadlineMs: 5000,
    });
    try {
      const request = operation?.buildRequest({ args: {} }) as ConnectRequest;
      return await live.bound.send({ ...request, inputKey: 'k', ...more }, context);
    } catch (error) {
      return isGatewayError(error) ? error.code : String(error);
    } finally {
      context.dispose();
    }
  };
  const conditions = () =>
    source.asked.map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']]);
  return { ask, source, conditions, live };
}

const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
const CACHE = '{ ttlMs: 1000, revalidateMs: 60000 }';

describe('an answer that is no longer fresh', () => {
  it.each([
    [{ hasDate: false }, ['"v1"', undefined]],
    [{ hasDate: true }, ['"v1"', DATE]],
    [{ hasDate: true, hasTag: false }, [undefined, DATE]],
    [{ isWeak: true }, ['W/"v1"', undefined]],
  ])('%o · is renewed by a 304: LIVE, as old as the 304, and fresh again', async (kind, sent) => {
    const { behaviour } = aResource(kind);
    const { ask, conditions, live } = await aWorld(behaviour, CACHE);
    expect(await ask()).toMatchObject({ freshness: 'LIVE', fetchedAt: MONDAY, body: { id: '1' } });
    later(500);
    expect(await ask()).toMatchObject({ freshness: 'CACHED', fetchedAt: MONDAY });
    later(1000);
    const renewed = (await ask()) as ConnectAnswer;
    expect(renewed).toMatchObject({
      freshness: 'LIVE',
      fetchedAt: MONDAY + 1500,
      status: 200,
      body: { id: '1' },
    });
    expect(renewed.headers).toMatchObject({ 'content-type': 'application/json', 'x-round': 'two' });
    later(500);
    expect(await ask()).toMatchObject({ freshness: 'CACHED', fetchedAt: MONDAY + 1500 });
    expect(conditions()).toEqual([[undefined, undefined], sent]);
    await live.close();
  });

  it('is replaced when the source has another version', async () => {
    const { behaviour, change } = aResource();
    const { ask, conditions, live } = await aWorld(behaviour, CACHE);
    await ask();
    later(2000);
    change();
    expect(await ask()).toMatchObject({ freshness: 'LIVE', body: { id: '2' } });
    later(2000);
    expect(await ask()).toMatchObject({ freshness: 'LIVE', body: { id: '2' } });
    expect(conditions().map(([tag]) => tag)).toEqual([undefined, '"v1"', '"v2"']);
    await live.close();
  });

  it('is renewed in the background while it is served as STALE', async () => {
    const { behaviour } = aResource();
    const { ask, source, live } = await aWorld(behaviour, '{ ttlMs: 1000, staleWhileRevalidateMs: 60000 }');
    await ask();
    later(2000);
    expect(await ask()).toMatchObject({ freshness: 'STALE', fetchedAt: MONDAY });
    // `vi.waitFor` would move the clock.
    while (((await ask()) as ConnectAnswer).freshness !== 'CACHED')
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask()).toMatchObject({ freshness: 'CACHED', fetchedAt: MONDAY + 2000 });
    expect(source.asked[1]?.headers['if-none-match']).toBe('"v1"');
    expect(source.asked).toHaveLength(2);
    await live.close();
  });

  it.each([
    ['without revalidateMs', '{ ttlMs: 1000 }', 2000],
    ['after revalidateMs', CACHE, 62_000],
    ['beyond the legal bound', '{ ttlMs: 1000, revalidateMs: 60000, maxAgeMs: 5000 }', 6000],
  ])('is asked for as a whole: %s', async (_, cache, ms) => {
    const { ask, conditions, live } = await aWorld(aResource().behaviour, cache);
    await ask();
    later(ms);
    expect(await ask()).toMatchObject({ freshness: 'LIVE' });
    expect(conditions()).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    await live.close();
  });

  it('is asked for as a whole by POST, with another key, and when an operator has dropped it', async () => {
    const post = await aWorld(aResource().behaviour, CACHE, 'POST');
    await post.ask();
    later(2000);
    await post.ask();
    expect(post.conditions().flat()).toEqual([undefined, undefined, undefined, undefined]);
    await post.live.close();
    const { ask, conditions, live } = await aWorld(aResource().behaviour, CACHE);
    await ask();
    later(2000);
    await ask({ inputKey: 'other' });
    live.guard.dropCache();
    await ask();
    expect(conditions().flat().filter(Boolean)).toEqual([]);
    await live.close();
  });

  it.each(['v1', '"a b"', '"a"b"', `"${'x'.repeat(1001)}"`, '"é"'])(
    'sends no ETag that is none: %s',
    async (etag) => {
      const { ask, conditions, live } = await aWorld((response) => {
        response.writeHead(200, { 'content-type': 'application/json', etag }).end('{"id":"1"}');
      }, CACHE);
      await ask();
      later(2000);
      expect(await ask()).toMatchObject({ freshness: 'LIVE' });
      expect(conditions().flat().filter(Boolean)).toEqual([]);
      await live.close();
    },
  );
});

describe('a 304 that cannot be one', () => {
  it('without a condition in the request · UPSTREAM_INVALID', async () => {
    const { ask, live } = await aWorld((response) => void response.writeHead(304).end(), CACHE);
    expect(await ask()).toBe('UPSTREAM_INVALID');
    await live.close();
  });

  it('with another ETag than that of the request · UPSTREAM_INVALID', async () => {
    let round = 0;
    const { ask, live } = await aWorld((response) => {
      round++;
      if (round === 1)
        response.writeHead(200, { 'content-type': 'application/json', etag: '"a"' }).end('{"id":"1"}');
      else response.writeHead(304, { etag: '"b"' }).end();
    }, CACHE);
    await ask();
    later(2000);
    expect(await ask()).toBe('UPSTREAM_INVALID');
    await live.close();
  });
});
