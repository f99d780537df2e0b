// What operators see and do, over HTTP, as they would: the token, the health of a connector that falls ill, the gate, the cache,
// the probe, /status.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';

const TOKEN = 'operators-of-this-test';
const HEADERS = { authorization: `Bearer ${TOKEN}` };

let folder: ConnectorsFolder;
let gate: TestGateway;

beforeAll(async () => {
  folder = await aConnectorsFolder({ openMs: 60_000 });
  await folder.edit(
    'postal',
    'connector.yaml',
    (text) => `${text}
quota: { perDay: 100000, perSecond: 1000 }
operations:
  Delivery: { cache: { ttlMs: 60000 } }
`,
  );
  gate = await aGateway({ connectorsDir: folder.path, env: { OPERATOR_TOKEN: TOKEN } });
});
afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

const asOperator = (query: string, variables?: Record<string, unknown>): Promise<Answer> =>
  gate.ask(query, variables, HEADERS);

const HEALTH = `query Health($connector: String) {
  connectorHealth(connector: $connector) {
    id title status since message startedAt missingReferences
    gate { state passes reason since until maintenance { from to text } }
    operations {
      operation source breaker since why retryAfterMs calls callsPerSecond outcomes { outcome count share }
      p50Ms p95Ms p99Ms slowRate lastSuccessAt lastFailures { code at requestId durationMs } mappingProblems lastMappingProblem
    }
    bulkhead { running waiting limit maxConcurrent maxWaiting }
    refused { gate quota bulkhead throttle breaker }
    quotas { window limit left refillsAt }
    cache { entries bytes hitRate staleRate coalesced }
    retry { retries budget hedges hedgesWon }
    sockets { running idle waiting }
    expiries { what at daysLeft }
    transitions { operation from to at cause calls failures requestIds }
    lastProbe { connector reachable kind code durationMs at breakersWoken }
    replicas { id isThis startedAt seenAt gatePasses breakers { operation state } }
  }
}`;

async function healthOf(connector: string) {
  const { data, errors } = await asOperator(HEALTH, { connector });
  expect(errors).toBeUndefined();
  return data.connectorHealth[0];
}

const GATE = `mutation Gate($input: SetConnectorGateInput!) {
  setConnectorGate(input: $input) { id status message gate { state passes reason until } }
}`;
const setGate = (input: Record<string, unknown>): Promise<Answer> => asOperator(GATE, { input });

const DELIVERY = `query Delivery($code: DossierCode!) {
  dossier(code: $code) { code deliveries { trackingCode status provenance { freshness } } }
}`;

function aDossierWithDelivery(): string {
  const found = gate.city.dossiers.find(({ deliveries }) => deliveries.length > 0);
  if (found === undefined) throw new Error('no dossier of this city was ever posted');
  return found.code;
}

describe('access', () => {
  it.each([
    ['connectorHealth', '{ connectorHealth { id } }'],
    ['setConnectorGate', 'mutation { setConnectorGate(input: { connector: "postal", gate: OPEN }) { id } }'],
    ['dropConnectorCache', 'mutation { dropConnectorCache(connector: "postal") { dropped } }'],
    ['probeConnector', 'mutation { probeConnector(connector: "postal") { reachable } }'],
  ])('%s · without the token, and with a wrong one · then an error with the way out', async (_, query) => {
    const without = await gate.ask(query);
    expect(without.errors?.[0]).toMatchObject({
      message: expect.stringContaining('role:operator'),
      extensions: { code: 'FORBIDDEN', fault: 'CALLER' },
    });
    const wrong = await gate.ask(query, undefined, { authorization: 'Bearer something-else-entirely' });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(wrong.data ?? null).toBeNull();
  });

  it('the token · after all requests · then in no line of the log', () => {
    expect(gate.log.join('')).not.toContain(TOKEN);
  });
});

describe('health', () => {
  it('all connectors · after a page · then each with its operations and call statistics', async () => {
    await gate.page();
    const { data, errors } = await asOperator(HEALTH);
    expect(errors).toBeUndefined();
    expect(data.connectorHealth.map(({ id }: { id: string }) => id)).toEqual([
      'business-registry',
      'payment',
      'population',
      'postal',
    ]);
    const population = data.connectorHealth[2];
    expect(population).toMatchObject({
      status: 'OK',
      message: null,
      missingReferences: 0,
      gate: { state: 'AUTOMATIC', passes: true, reason: null, maintenance: null },
      bulkhead: { running: 0, waiting: 0, limit: 64, maxConcurrent: 64 },
      lastProbe: null,
      transitions: [],
    });
    const [citizen] = population.operations;
    expect(citizen).toMatchObject({ operation: 'Citizen', breaker: 'CLOSED', why: null, lastFailures: [] });
    expect(citizen.calls).toBe(gate.dataCalls('population'));
    expect(citizen.p50Ms).toBeGreaterThan(0);
    expect(citizen.p99Ms).toBeGreaterThanOrEqual(citizen.p50Ms);
    const shares = citizen.outcomes.map(({ share }: { share: number }) => share);
    expect(shares.reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(1);
    expect(Date.parse(citizen.lastSuccessAt)).toBeGreaterThan(Date.now() - 60_000);
    expect(population.replicas).toMatchObject([{ isThis: true, gatePasses: true }]);
    const postal = data.connectorHealth[3];
    expect(postal.quotas.map(({ window }: { window: string }) => window)).toEqual(['SECOND', 'DAY']);
    expect(postal.quotas[1].limit - postal.quotas[1].left).toBe(gate.dataCalls('postal'));
    expect(postal.cache.entries).toBeGreaterThan(0);
  });

  it('an unavailable connector · after failed pages · then why, since when, and the failed requests', async () => {
    gate.simulator('payment').faults({ status: 503 });
    await eventually(async () => {
      const { errors } = await gate.ask(PAYMENTS, { first: 20 }, { 'x-request-id': 'met-it-1' });
      return errors?.some(({ extensions }) => extensions.code === 'CIRCUIT_OPEN');
    }, 'an open breaker');
    const { status, message, operations, transitions } = await healthOf('payment');
    expect(status).toBe('UNAVAILABLE');
    expect(message).toContain('Calls are paused.');
    expect(operations[0]).toMatchObject({ breaker: 'OPEN', why: 'UPSTREAM_FAULT' });
    expect(operations[0].retryAfterMs).toBeGreaterThan(0);
    expect(operations[0].lastFailures[0]).toMatchObject({ code: 'UPSTREAM_FAULT', requestId: 'met-it-1' });
    expect(transitions[0]).toMatchObject({
      from: 'CLOSED',
      to: 'OPEN',
      cause: 'UPSTREAM_FAULT',
      requestIds: expect.arrayContaining(['met-it-1']),
    });
    expect(transitions[0].failures).toBeGreaterThan(0);
  });

  it('an unknown connector · requested · then an error with the known ids', async () => {
    const { errors } = await asOperator(HEALTH, { connector: 'populaton' });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('business-registry, payment, population, postal'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

const PAYMENTS = `query Payments($first: Int) {
  dossiers(first: $first) { edges { node { payments { reference status } } } }
}`;

describe('a probe', () => {
  it('a failing source that can be reached · probed · then its open breaker admits probes at once, and it recovers', async () => {
    gate.simulator('payment').faults({});
    const { data } = await asOperator(
      'mutation { probeConnector(connector: "payment") { reachable kind code breakersWoken durationMs } }',
    );
    expect(data.probeConnector).toMatchObject({
      reachable: true,
      kind: 'SOCKET',
      code: null,
      breakersWoken: 1,
    });
    await eventually(async () => {
      const { errors } = await gate.ask(PAYMENTS, { first: 20 });
      return errors === undefined;
    }, 'payments again, long before openMs');
    const { status, lastProbe, transitions } = await healthOf('payment');
    expect(status).toBe('OK');
    expect(lastProbe).toMatchObject({ connector: 'payment', reachable: true });
    expect(transitions.map(({ cause }: { cause: string }) => cause)).toContain('REQUESTED');
  });

  it('an unreachable source · probed · then unreachable with its code, and no call is made', async () => {
    await gate.kill('postal');
    try {
      const { data } = await asOperator(
        'mutation { probeConnector(connector: "postal") { reachable code breakersWoken } }',
      );
      expect(data.probeConnector).toEqual({
        reachable: false,
        code: 'UPSTREAM_UNREACHABLE',
        breakersWoken: 0,
      });
      expect(await healthOf('postal')).toMatchObject({ status: 'DEGRADED' });
    } finally {
      await gate.revive('postal');
    }
  });
});

describe('the gate', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no reason', { gate: 'CLOSED' }, /reason: expected 3 to 500 characters, found 0/],
    [
      'an end that has passed',
      { gate: 'CLOSED', reason: 'a test', until: '2020-01-01T00:00:00Z' },
      /until: expected a time in the future; it is now \d+ \w+ \d{4}, \d\d:\d\d in Vietnam/,
    ],
    [
      'a text without a reader',
      { gate: 'OPEN', reason: 'a test', text: { vi: 'x', en: 'x' } },
      /OPEN: takes no text/,
    ],
    ['an end of AUTOMATIC', { gate: 'AUTOMATIC', until: '2999-01-01T00:00:00Z' }, /AUTOMATIC: takes neither/],
    ['a NUL in the reason', { gate: 'CLOSED', reason: 'a\u0000test' }, /reason: U\+0000/],
    ['a NUL in the reason of AUTOMATIC', { gate: 'AUTOMATIC', reason: 'a\u0000test' }, /reason: U\+0000/],
    [
      'a NUL in a text',
      { gate: 'CLOSED', reason: 'a test', text: { vi: 'x', en: 'x\u0000' } },
      /text\.en: U\+0000/,
    ],
    ['half a surrogate pair', { gate: 'CLOSED', reason: 'a \ud800 test' }, /"\$input".+"input\.reason"/],
    ['a long reason of AUTOMATIC', { gate: 'AUTOMATIC', reason: 'x'.repeat(501) }, /found 501/],
    [
      'an end that is cut',
      { gate: 'CLOSED', reason: 'a test', until: '2999-01-01T00:00:00.0001Z' },
      /"input\.until".+DateTime: expected/,
    ],
    ['an empty text', { gate: 'CLOSED', reason: 'a test', text: { vi: ' ', en: 'x' } }, /text: expected/],
    [
      'an unknown connector',
      { connector: 'post', gate: 'OPEN', reason: 'a test' },
      /Connectors: business-registry/,
    ],
  ])('%s · sent · then an error with what was expected', async (_, input, message) => {
    const { errors } = await setGate({ connector: 'postal', ...input });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('closed with a text · a dossier requested · then MAINTENANCE in both languages, and no call', async () => {
    const until = '2999-11-30T08:04:00.000Z';
    const text = { vi: 'Bưu điện nghỉ.', en: 'The post rests.' };
    const { data } = await setGate({ connector: 'postal', gate: 'CLOSED', reason: 'a strike', until, text });
    expect(data.setConnectorGate).toMatchObject({
      id: 'postal',
      status: 'UNAVAILABLE',
      message: 'The connection is closed by an operator. Until 30 November 2999, 15:04. The post rests.',
      gate: { state: 'CLOSED', passes: false, reason: 'a strike', until },
    });
    await asOperator('mutation { dropConnectorCache(connector: "postal") { dropped } }');
    gate.resetCalls();
    const answer = await gate.ask(DELIVERY, { code: aDossierWithDelivery() });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'MAINTENANCE',
      connector: 'postal',
      maintenance: { until, text },
    });
    expect(gate.dataCalls('postal')).toBe(0);
    const { data: said } = await gate.ask('{ connectors { id status message } }', undefined, {
      'accept-language': 'vi',
    });
    expect(said.connectors[3]).toMatchObject({
      status: 'UNAVAILABLE',
      message: 'Đã tạm đóng kết nối. Đến 15:04 ngày 30/11/2999. Bưu điện nghỉ.',
    });
    const [line] = gate.log.filter((text) => text.includes('gate set by an operator'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ connector: 'postal', by: 'break-glass' });
  });

  it('automatic again · a dossier requested · then its deliveries, live', async () => {
    await setGate({ connector: 'postal', gate: 'AUTOMATIC' });
    const answer = await gate.ask(DELIVERY, { code: aDossierWithDelivery() });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.dossier.deliveries[0].provenance.freshness).toBe('LIVE');
  });
});

describe('the cache', () => {
  it('dropped · the same requested again · then live, and the number of dropped answers is returned', async () => {
    const code = aDossierWithDelivery();
    await gate.ask(DELIVERY, { code });
    const kept = await gate.ask(DELIVERY, { code });
    expect(kept.data.dossier.deliveries[0].provenance.freshness).toBe('CACHED');
    const { data } = await asOperator(
      'mutation { dropConnectorCache(connector: "postal") { connector dropped } }',
    );
    expect(data.dropConnectorCache.connector).toBe('postal');
    expect(data.dropConnectorCache.dropped).toBeGreaterThan(0);
    const again = await gate.ask(DELIVERY, { code });
    expect(again.data.dossier.deliveries[0].provenance.freshness).toBe('LIVE');
  });
});

describe('/status', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
  const documentOf = (response: Response): Promise<any> => response.json();
  const status = () =>
    fetch(new URL('/status', gate.report.graphqlUrl), { headers: { 'accept-language': 'en' } });

  it('all healthy · requested by anybody · then pass, with each connector and no statistics', async () => {
    const response = await status();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/health+json');
    const document = await documentOf(response);
    expect(document).toMatchObject({ status: 'pass', serviceId: 'lienthong' });
    expect(Object.keys(document.checks).sort()).toEqual([
      'business-registry:availability',
      'payment:availability',
      'population:availability',
      'postal:availability',
      'store:reachable',
    ]);
  });

  it('all healthy · on the port of operators · then with breakers, response times and quotas', async () => {
    const { checks } = await documentOf(await fetch(`${gate.report.operatorsUrl}/status`));
    expect(checks['population:breaker']).toMatchObject([
      { componentId: 'population/Citizen', observedValue: 'CLOSED' },
    ]);
    expect(checks['population:responseTime'][0].observedValue).toBeGreaterThan(0);
    expect(checks['postal:quotaLeft']).toHaveLength(2);
  });

  it('a closed gate · requested · then warn with the public text, still 200', async () => {
    await setGate({ connector: 'payment', gate: 'CLOSED', reason: 'for operators only' });
    try {
      const response = await status();
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({
        status: 'warn',
        checks: { 'payment:availability': [{ status: 'warn', observedValue: 'UNAVAILABLE' }] },
      });
      expect(text).not.toContain('for operators only');
    } finally {
      await setGate({ connector: 'payment', gate: 'AUTOMATIC' });
    }
  });
});
