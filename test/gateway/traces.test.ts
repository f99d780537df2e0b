import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redact } from '../../src/observe/redact.ts';
import { aCollector, type SeenSpan, type TestCollector } from '../observe/a-collector.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

/** What the look-up of one dossier says of its people, asked for with its code as a variable. */
const DOSSIER = `query Dossier($code: DossierCode!) {
  dossier(code: $code) { applicant { personalId fullName permanentAddress { detail } } business { code name } payments { reference } deliveries { trackingCode } }
}`;

const PAGE_WITHOUT_POST =
  'query Later { dossiers(first: 10) { edges { node { deliveries { statusText } } } } }';

const AGAIN = 'query Again($code: DossierCode!) { dossier(code: $code) { business { name } } }';

/** `provenance.connector` of the page: the one text that both an answer and its spans hold. */
const CONNECTORS_IN_PROVENANCE = new Set(['population', 'business-registry', 'payment', 'postal']);

let house: TestGateway;
let collector: TestCollector;
/** All that was sent of: a page, a dossier in a client's trace, a page while post is away. */
let spans: readonly SeenSpan[];
let answers: string[];
let calls: number;

beforeAll(async () => {
  collector = await aCollector();
  house = await aGateway({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, 'x-request-id': 'from-the-portal' };
  house.resetCalls();
  const page = await house.page();
  calls = house.dataCalls();
  const code = house.city.dossiers[0]?.code;
  const dossier = await house.ask(DOSSIER, { code }, headers);
  house.simulator('business-registry').faults({ status: 503, count: 1 });
  await house.ask(AGAIN, { code: house.city.dossiers.find(({ enterprise }) => enterprise !== null)?.code });
  await house.kill('postal');
  const without = await house.ask(PAGE_WITHOUT_POST);
  answers = [page, dossier, without].map(({ text }) => text);
  // The last batch is sent when it closes.
  await house.close();
  spans = collector.spans();
});
afterAll(() => collector.close());

const childrenOf = (parent: SeenSpan | undefined): SeenSpan[] =>
  spans.filter((span) => span.parentSpanId === parent?.spanId);
const operationNamed = (name: string): SeenSpan | undefined =>
  spans.find(({ attributes }) => attributes['graphql.operation.name'] === name);

describe('the page', () => {
  it('requested once · then one span for each call that reached a source, within the operation, within the request', () => {
    const operation = operationNamed('Page');
    const server = spans.find(({ spanId }) => spanId === operation?.parentSpanId);
    expect(server).toMatchObject({
      name: 'POST /graphql',
      kind: 'SERVER',
      parentSpanId: undefined,
      attributes: { 'http.response.status_code': 200 },
    });
    const attempts = childrenOf(operation);
    expect(calls).toBeGreaterThan(10);
    expect(attempts).toHaveLength(calls);
    expect(new Set(attempts.map(({ attributes }) => attributes['lienthong.connector']))).toEqual(
      new Set(['population', 'business-registry', 'payment', 'postal']),
    );
    for (const { kind, traceId, attributes, startedAt, endedAt } of attempts) {
      expect(kind).toBe('CLIENT');
      expect(traceId).toBe(server?.traceId);
      const { port } = house.simulator(String(attributes['lienthong.connector']));
      expect(attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': port });
      expect(attributes['http.response.status_code']).toBe(200);
      expect(startedAt).toBeGreaterThanOrEqual(server?.startedAt ?? Number.POSITIVE_INFINITY);
      expect(endedAt).toBeLessThanOrEqual(server?.endedAt ?? 0);
    }
  });

  it('its sources · then the same counts as in the answer', () => {
    const { sources } = JSON.parse(answers[0] ?? '').extensions;
    const told = operationNamed('Page')?.events.map(({ attributes }) => [
      attributes['lienthong.connector'],
      attributes['lienthong.status'],
      attributes['lienthong.calls'],
      attributes['lienthong.coalesced'],
      attributes['lienthong.cache_hits'],
    ]);
    expect(told).toEqual(
      sources.map((row: Record<string, unknown>) => [
        row.connector,
        row.status,
        row.calls,
        row.coalesced,
        row.cacheHits,
      ]),
    );
  });
});

it("in a client's trace · then the request is a child of the client's span, by its request id", () => {
  const server = spans.find(({ parentSpanId }) => parentSpanId === PARENT);
  expect(server).toMatchObject({
    traceId: TRACE,
    name: 'POST /graphql',
    attributes: { 'lienthong.request.id': 'from-the-portal' },
  });
  expect(childrenOf(server).map(({ attributes }) => attributes['graphql.operation.name'])).toEqual([
    'Dossier',
  ]);
});

it('a call that is retried · then a span for each attempt, the second one numbered', () => {
  const attempts = childrenOf(operationNamed('Again'));
  expect(attempts.map(({ failed, attributes }) => [failed, attributes['http.request.resend_count']])).toEqual(
    [
      [true, undefined],
      [false, 1],
    ],
  );
  expect(attempts[0]?.attributes).toMatchObject({
    'http.response.status_code': 503,
    'error.type': 'UPSTREAM_FAULT',
  });
});

it('an unavailable source · then its attempts fail with a code, and the page is partial', () => {
  const operation = operationNamed('Later');
  expect(operation?.attributes['lienthong.outcome']).toBe('partial');
  const failed = childrenOf(operation).filter((span) => span.failed);
  expect(failed.length).toBeGreaterThan(0);
  for (const { attributes } of failed) {
    expect(attributes).toMatchObject({
      'lienthong.connector': 'postal',
      'error.type': 'UPSTREAM_UNREACHABLE',
    });
  }
});

it('data of persons, dossiers, enterprises or parcels · is in no byte that was sent', () => {
  const { city } = house;
  const known = [
    ...city.dossiers.flatMap(({ code, applicant }) => [code, applicant.personalId, applicant.fullName]),
    ...[...city.enterprises.values()].flatMap(({ code, name, representatives }) => [
      code,
      name,
      ...representatives,
    ]),
  ];
  // What the answers held, text by text: none of it may be in the spans but names of connectors and statuses.
  const held = new Set(answers.flatMap((text) => textsOf(JSON.parse(text).data)));
  const sent = collector.text();
  expect(known.length).toBeGreaterThan(100);
  expect(held.size).toBeGreaterThan(100);
  expect(known.filter((text) => sent.includes(text))).toEqual([]);
  // Ids of traces and spans are hexadecimal, and times have 19 digits: any five or nine digits may stand in them by chance.
  const withoutIds = sent.replace(
    /"(?:(?:trace|span|parentSpan)Id":"[0-9a-f]+|\w*TimeUnixNano":"[0-9]+)"/g,
    '',
  );
  const both = [...held].filter((text) => !CONNECTORS_IN_PROVENANCE.has(text) && withoutIds.includes(text));
  // A code of a few digits, such as that of a commune, may be a part of any number.
  expect(both.filter((text) => text.length > 4 && !/^[0-9]{1,8}$/.test(text))).toEqual([]);
  expect(redact(withoutIds)).toBe(withoutIds);
  for (const key of ['url.full', 'url.path', 'url.query', 'graphql.document', 'http.request.header']) {
    expect(sent).not.toContain(key);
  }
});
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
