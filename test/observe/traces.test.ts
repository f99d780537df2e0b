import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AttemptDone, createChannels, type RequestDone } from '../../src/observe/channels.ts';
import { createLog } from '../../src/observe/log.ts';
import { parseTraceparent } from '../../src/observe/traceparent.ts';
import { startTraces, type TracesOptions } from '../../src/observe/traces.ts';
import { eventually } from '../gateway/eventually.ts';
import { aCollector, type TestCollector } from './a-collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function traced(more: Partial<TracesOptions> = {}) {
  const collector = await aCollector();
  const channels = createChannels();
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ write: (line) => void lines.push(JSON.parse(line)) });
  const traces = startTraces({ collectorUrl: collector.url, sampleRatio: 1, channels, log, ...more });
  open.push(collector.close, traces.close);
  return { collector, channels, lines, close: traces.close };
}

type Traced = Awaited<ReturnType<typeof traced>>;

function aRequest({ channels }: Pick<Traced, 'channels'>, traceparent?: string) {
  const request = new AbortController().signal;
  const startedTick = performance.now();
  const about = { request, requestId: 'r-1' };
  channels.requestStarted.publish({
    ...about,
    startedAt: 1_700_000_000_000,
    startedTick,
    method: 'POST',
    route: '/graphql',
    traceparent,
  });
  return {
    attempt: (more: Partial<AttemptDone> = {}) =>
      channels.attempt.publish({
        ...about,
        connector: 'postal',
        operation: 'Delivery',
        startedTick: startedTick + 5,
        durationMs: 20,
        method: 'GET',
        origin: 'http://post.example.vn:8080',
        status: 200,
        outcome: 'OK',
        number: 1,
        ...more,
      }),
    done: (more: Partial<RequestDone> = {}) =>
      channels.requestDone.publish({
        ...about,
        durationMs: 40,
        executedMs: 39,
        status: 200,
        operationName: 'Page',
        operationType: 'query',
        outcome: 'ok',
        errorCodes: [],
        sources: [],
        ...more,
      }),
  };
}

function byName(collector: TestCollector, name: string) {
  const found = collector.spans().filter((span) => span.name === name);
  expect(found).toHaveLength(1);
  return found[0] as (typeof found)[number];
}

describe('a request', () => {
  it('with a call · complete · then three nested spans, with the times of the messages', async () => {
    const { collector, close, ...rest } = await traced();
    const request = aRequest(rest);
    request.attempt();
    request.done();
    await close();

    const server = byName(collector, 'POST /graphql');
    const operation = byName(collector, 'query');
    const call = byName(collector, 'GET postal/Delivery');
    expect(collector.spans()).toHaveLength(3);
    expect([server.kind, operation.kind, call.kind]).toEqual(['SERVER', 'SERVER', 'CLIENT']);
    expect(server.parentSpanId).toBeUndefined();
    expect(operation.parentSpanId).toBe(server.spanId);
    expect(call.parentSpanId).toBe(operation.spanId);
    expect([server.startedAt, server.endedAt]).toEqual([1_700_000_000_000, 1_700_000_000_040]);
    expect(operation.endedAt).toBe(1_700_000_000_039);
    expect(call.startedAt).toBeCloseTo(1_700_000_000_005, 1);
    expect(call.endedAt).toBeCloseTo(1_700_000_000_025, 1);
    expect(server.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'url.scheme': 'http',
      'http.response.status_code': 200,
      'lienthong.request.id': 'r-1',
    });
    expect(operation.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Page',
      'lienthong.outcome': 'ok',
    });
    expect(call.attributes).toEqual({
      'http.request.method': 'GET',
      'server.address': 'post.example.vn',
      'server.port': 8080,
      'http.response.status_code': 200,
      'lienthong.connector': 'postal',
      'lienthong.operation': 'Delivery',
    });
    expect([server, operation, call].some(({ failed }) => failed)).toBe(false);
  });

  it('a second attempt that fails · then its number, its status and its code', async () => {
    const { collector, close, ...rest } = await traced();
    const request = aRequest(rest);
    request.attempt({ status: 503, outcome: 'UPSTREAM_FAULT', number: 2, origin: 'https://post.example.vn' });
    request.attempt({ operation: 'Events', status: undefined, outcome: 'UPSTREAM_TIMEOUT' });
    request.attempt({ operation: 'Other', status: 404, outcome: 'NOT_FOUND' });
    request.done();
    await close();
    const second = byName(collector, 'GET postal/Delivery');
    expect(second.failed).toBe(true);
    expect(second.attributes).toMatchObject({
      'server.port': 443,
      'http.response.status_code': 503,
      'http.request.resend_count': 1,
      'error.type': 'UPSTREAM_FAULT',
    });
    const late = byName(collector, 'GET postal/Events');
    expect(late.attributes['error.type']).toBe('UPSTREAM_TIMEOUT');
    expect(late.attributes).not.toHaveProperty('http.response.status_code');
    expect(byName(collector, 'GET postal/Other').failed).toBe(false);
  });

  it('with cached answers and an open breaker · complete · then one event per connector, and the codes', async () => {
    const { collector, close, ...rest } = await traced();
    const source = { connector: 'postal', status: 'UNAVAILABLE', breaker: 'OPEN', calls: 0 } as const;
    const sources = [{ ...source, coalesced: 2, cacheHits: 3 }];
    aRequest(rest).done({ outcome: 'partial', errorCodes: ['CIRCUIT_OPEN'], sources });
    await close();
    const operation = byName(collector, 'query');
    expect(operation.failed).toBe(false);
    expect(operation.attributes).toMatchObject({
      'lienthong.outcome': 'partial',
      'lienthong.error.codes': ['CIRCUIT_OPEN'],
    });
    expect(operation.events).toEqual([
      {
        name: 'lienthong.source',
        attributes: {
          'lienthong.connector': 'postal',
          'lienthong.status': 'UNAVAILABLE',
          'lienthong.breaker': 'OPEN',
          'lienthong.calls': 0,
          'lienthong.coalesced': 2,
          'lienthong.cache_hits': 3,
        },
      },
    ]);
  });

  it('without data · then failed, with the first code; with 500 · then the HTTP span as well', async () => {
    const { collector, close, ...rest } = await traced();
    const codes = ['STORE_UNAVAILABLE', 'UPSTREAM_FAULT'];
    aRequest(rest).done({ status: 500, outcome: 'failed', errorCodes: codes });
    await close();
    expect(byName(collector, 'query').attributes['error.type']).toBe('STORE_UNAVAILABLE');
    const server = byName(collector, 'POST /graphql');
    expect([server.failed, server.attributes['error.type']]).toEqual([true, '500']);
  });

  it('that was not executed · complete · then named by the conventions, and not failed', async () => {
    const { collector, close, ...rest } = await traced();
    const none = { operationName: null, operationType: null, outcome: 'rejected' } as const;
    aRequest(rest).done({ ...none, status: 400, errorCodes: ['GRAPHQL_PARSE_FAILED'] });
    await close();
    expect(byName(collector, 'GraphQL Operation').failed).toBe(false);
  });

  it('with a personal id in its name · complete · then the id is not sent', async () => {
    const { collector, close, ...rest } = await traced();
    aRequest(rest).done({ operationName: `Find001099012345${'x'.repeat(200)}` });
    await close();
    expect(collector.text()).not.toContain('001099012345');
    expect(byName(collector, 'query').attributes['graphql.operation.name']).toMatch(/^Find\[id\]x{84}$/);
  });

  it('two with the same id at the same time · complete · then each has its own trace', async () => {
    const { collector, close, ...rest } = await traced();
    const [one, two] = [aRequest(rest), aRequest(rest)];
    two.attempt();
    one.attempt({ operation: 'Other' });
    one.done();
    two.done();
    await close();
    const traceOf = (name: string) => byName(collector, name).traceId;
    expect(traceOf('GET postal/Delivery')).not.toBe(traceOf('GET postal/Other'));
    expect(new Set(collector.spans().map(({ traceId }) => traceId)).size).toBe(2);
  });

  it('that never ends · garbage-collected · then nothing of it remains', async () => {
    const { channels } = await traced();
    // In a function of its own, so that no variable here holds the signal.
    const begin = (): WeakRef<AbortSignal> => {
      let request: AbortSignal | undefined;
      const stop = channels.requestStarted.subscribe((begun) => {
        request = begun.request;
      });
      aRequest({ channels }).attempt();
      stop();
      return new WeakRef(request as AbortSignal);
    };
    const signals = Array.from({ length: 10 }, begin);
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    await eventually(() => {
      collectGarbage();
      return signals.every((signal) => signal.deref() === undefined);
    }, 'that all are gone');
  });

  it('with a call that ends later · complete · then the call is in its trace', async () => {
    const { collector, close, ...rest } = await traced();
    const request = aRequest(rest);
    request.done();
    request.attempt();
    await close();
    expect(byName(collector, 'GET postal/Delivery').parentSpanId).toBe(byName(collector, 'query').spanId);
  });

  it('a call of an unknown request · complete · then no span', async () => {
    const { collector, channels, close } = await traced();
    const request = aRequest({ channels: createChannels() });
    await close();
    request.attempt();
    request.done();
    expect(collector.spans()).toEqual([]);
    expect(channels.attempt.hasSubscribers()).toBe(false);
  });
});

describe("the client's traceparent", () => {
  it.each([
    ['sampled', 0, `00-${TRACE}-${PARENT}-01`, 3],
    ['not sampled', 1, `00-${TRACE}-${PARENT}-00`, 0],
  ])(
    '%s · with a share of %i · then the flag of the client decides',
    async (_what, sampleRatio, header, spans) => {
      const { collector, close, ...rest } = await traced({ sampleRatio });
      const request = aRequest(rest, header);
      request.attempt();
      request.done();
      await close();
      expect(collector.spans()).toHaveLength(spans);
      if (spans === 0) return;
      expect(byName(collector, 'POST /graphql')).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    },
  );

  it('absent · with a share of 0 · then nothing is sent', async () => {
    const { collector, close, ...rest } = await traced({ sampleRatio: 0 });
    aRequest(rest).done();
    await close();
    expect(collector.requests).toEqual([]);
  });

  it.each([
    '',
    'x',
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${'001099012345'.padStart(32, '0')}-${PARENT}-01`,
    `00-${TRACE}-${'001099012345'.padStart(16, '0')}-01`,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
    `00-${TRACE}1-${PARENT}-01`,
  ])('%j · malformed · then ignored', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('of a later version · with more fields and flags · then its known parts are used', () => {
    const parent = { traceId: TRACE, spanId: PARENT, isRemote: true };
    expect(parseTraceparent(`01-${TRACE}-${PARENT}-ff-more`)).toEqual({ ...parent, traceFlags: 1 });
  });
});

describe('the collector', () => {
  it('its address with a slash, its headers · set · then spans are posted to /v1/traces, with service and headers', async () => {
    const collector = await aCollector();
    const { close, ...rest } = await traced({
      collectorUrl: `${collector.url}/`,
      headers: 'authorization=Bearer%20abc, x-tenant=city,broken',
    });
    open.push(collector.close);
    aRequest(rest).done();
    await close();
    expect(collector.requests).toMatchObject([
      { path: '/v1/traces', headers: { authorization: 'Bearer abc', 'x-tenant': 'city' } },
    ]);
    const service = {
      'service.name': 'lienthong',
      'service.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
    };
    expect(collector.resources()).toMatchObject([service]);
  });

  it('that refuses twice and then accepts · then one line for the begin and one for the end of the outage', async () => {
    const { collector, lines, ...rest } = await traced({ delayMs: 5, headers: 'authorization=s3cret' });
    collector.answerWith(400);
    for (const times of [1, 2]) {
      aRequest(rest).done();
      await eventually(() => collector.requests.length === times, 'a batch');
    }
    await eventually(() => lines.length === 1, 'a line');
    collector.answerWith(200);
    aRequest(rest).done();
    await eventually(() => lines.length === 2, 'a second line');
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'the collector does not accept traces; spans are dropped', reason: 400 },
      { level: 'info', msg: 'the collector accepts traces again' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/s3cret|127\.0\.0\.1/);
  });

  it('unreachable · at close · then closed within the time limit', async () => {
    const { collector, close, ...rest } = await traced({ flushMs: 100 });
    await collector.close();
    aRequest(rest).done();
    // The exporter's own attempts would take longer on this clock, which then stands still.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const closing = close();
      await vi.advanceTimersByTimeAsync(100);
      await closing;
    } finally {
      vi.useRealTimers();
    }
  });
});
