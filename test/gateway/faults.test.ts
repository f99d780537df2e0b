// A dead ministry never blanks a dossier: each connector in turn and all at once, with each way of being ill, over real
// sockets. Time limits are short only for who is ill, so that a busy machine makes no healthy system look ill.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CityDossier } from '../../src/city/contract.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import type { FaultSettings } from '../../src/simulator/kit.ts';
import { wholeErrors } from '../whole-errors.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';
import { expectFailureContract } from './expect-failure-contract.ts';
import { CONNECTORS, type ConnectorId, expectedNodes, nodesOf } from './expected-page.ts';
import { freePorts } from './free-ports.ts';
import { leaksIn } from './leaks.ts';

/** A limit that no healthy answer meets, and a breaker that no fault opens. */
const PATIENT = { attemptTimeoutMs: 30_000, maxWaitMs: 30_000, minimumCalls: 1_000_000 };
const SHORT_MS = 150;
const DEADLINE_MS = 40_000;

let folder: ConnectorsFolder;
let gate: TestGateway;
let dossiers: readonly CityDossier[];

beforeAll(async () => {
  folder = await aConnectorsFolder(PATIENT);
  const ports = await freePorts(CONNECTORS.length);
  gate = await aGateway({
    connectorsDir: folder.path,
    args: [
      ...['--request-deadline-ms', String(DEADLINE_MS)],
      ...['--simulator-ports', CONNECTORS.map((id, i) => `${id}=${ports[i]}`).join(',')],
    ],
  });
  dossiers = gate.city.dossiers.slice(0, 20);
  // Tokens are fetched, and the document is compiled from here on.
  for (let i = 0; i < 5; i++) await gate.page();
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

afterEach(() => {
  for (const id of CONNECTORS) gate.simulator(id).faults({});
  gate.log.length = 0;
});

/** The page, asked under a request id of its own. */
const askPage = (requestId: string): Promise<Answer> =>
  gate.ask(pageQuery, {}, { 'x-request-id': requestId });

const WHO: readonly (readonly [string, readonly ConnectorId[]])[] = [
  ...CONNECTORS.map((id) => [id, [id]] as const),
  ['all four', CONNECTORS],
];

describe('immediate failures', () => {
  const FAULTS: readonly (readonly [string, FaultSettings, string])[] = [
    ['answers 503', { status: 503 }, 'UPSTREAM_FAULT'],
    ['is reset mid-body', { reset: true }, 'UPSTREAM_UNREACHABLE'],
    ['answers garbage with 200', { garbage: true }, 'UPSTREAM_INVALID'],
  ];
  const cases = WHO.flatMap(([who, ids]) => FAULTS.map((fault) => [who, ...fault, ids] as const));

  it.each(cases)('%s %s · page asked · then the rest is whole', async (who, what, settings, code, ids) => {
    for (const id of ids) gate.simulator(id).faults(settings);
    const requestId = `${who}-${what}`.replaceAll(' ', '-');
    expectFailureContract(gate, await askPage(requestId), ids, { requestId, code });
  });

  it.each(WHO)('%s refuses the connection · page asked · then the rest is whole', async (who, ids) => {
    await Promise.all(ids.map((id) => gate.kill(id)));
    try {
      const requestId = `${who}-refused`.replaceAll(' ', '-');
      expectFailureContract(gate, await askPage(requestId), ids, { requestId, code: 'UPSTREAM_UNREACHABLE' });
    } finally {
      await Promise.all(ids.map((id) => gate.revive(id)));
    }
  });

  it('all sources recovered · page requested · then complete', async () => {
    const { data, errors } = await gate.page();
    expect(errors).toBeUndefined();
    expect(nodesOf(data)).toEqual(expectedNodes(gate.city, dossiers));
  });
});

describe.each(WHO)('%s, ill and silent', (who, ids) => {
  // Built anew, so without a token: whoever hangs, hangs at the sign-in already, unless only data is ill.
  beforeAll(async () => {
    for (const id of ids) await folder.set({ attemptTimeoutMs: SHORT_MS }, id);
    await gate.gateway.reload();
  });
  afterAll(async () => {
    for (const id of ids) await folder.restore(id);
    await gate.gateway.reload();
  });

  it.each<readonly [string, FaultSettings]>([
    ['hangs', { hang: true }],
    ['hangs with data only', { hang: true, only: 'data' }],
    ['is slow beyond its limit', { latencyMs: 120_000 }],
  ])('%s · page requested · then the rest is complete', async (what, settings) => {
    for (const id of ids) gate.simulator(id).faults(settings);
    const requestId = `${who}-${what}`.replaceAll(' ', '-');
    expectFailureContract(gate, await askPage(requestId), ids, { requestId, code: 'UPSTREAM_TIMEOUT' });
  });
});

describe('failures of a sign-in', () => {
  const FAULTS: readonly (readonly [string, FaultSettings, string])[] = [
    ['answers 503', { status: 503 }, 'UPSTREAM_FAULT'],
    ['is reset mid-body', { reset: true }, 'UPSTREAM_UNREACHABLE'],
    ['answers garbage with 200', { garbage: true }, 'UPSTREAM_INVALID'],
  ];
  const cases = (['business-registry', 'postal'] as const).flatMap((id) =>
    FAULTS.map((fault, i) => [id, ...fault, i] as const),
  );

  it.each(cases)(
    '%s %s without a token · page requested · then the rest is complete',
    async (id, what, settings, code, i) => {
      // Any change builds the connector anew.
      await folder.set({ openMs: 6000 + i }, id);
      expect((await gate.gateway.reload()).rebuilt).toEqual([id]);
      gate.resetCalls();
      gate.simulator(id).faults(settings);
      const requestId = `${id}-sign-in-${what}`.replaceAll(' ', '-');
      expectFailureContract(gate, await askPage(requestId), [id], { requestId, code });
      expect(gate.dataCalls(id)).toBe(0);
    },
  );

  // A failed sign-in is not repeated for a while; a connector that is built anew does not remember it.
  afterEach(async () => {
    for (const id of ['business-registry', 'postal'] as const) await folder.restore(id);
    await gate.gateway.reload();
  });
});

describe('the size of an answer', () => {
  const TABLE = `{ dossiers(first: 20) { edges { node {
    applicant { personalId fullName birthDate { year month day } gender
      permanentAddress { detail provinceCode communeCode } provenance { connector source fetchedAt freshness } }
  } } } }`;

  it.each(WHO)('%s failing · page asked · then less than double the whole page', async (who, ids) => {
    const whole = await gate.page();
    expect(whole.errors).toBeUndefined();
    for (const id of ids) gate.simulator(id).faults({ status: 503 });
    const { text, errors = [] } = await gate.page();
    expect(Buffer.byteLength(text)).toBeLessThan(2 * Buffer.byteLength(whole.text));
    for (const error of errors.filter(({ extensions }) => extensions.sameAs !== undefined)) {
      // Beside its path: a constant.
      expect(JSON.stringify(error).length - JSON.stringify(error.path).length, who).toBeLessThan(70);
    }
  });

  it('population failing · 20 rows of 6 of its fields requested · then less than double the complete answer', async () => {
    const whole = await gate.ask(TABLE);
    expect(whole.errors).toBeUndefined();
    gate.simulator('population').faults({ status: 503 });
    const { text, errors } = await gate.ask(TABLE);
    expect(errors).toHaveLength(100);
    expect(Buffer.byteLength(text)).toBeLessThan(2 * Buffer.byteLength(whole.text));
  });
});

describe('intermittent failures', () => {
  it('half of the look-ups fail · page requested · then each is complete or has its error, and the source is PARTIAL', async () => {
    gate.simulator('population').faults({ status: 503, rate: 0.5 });
    const { data, errors = [], extensions } = await gate.page();
    const whole = expectedNodes(gate.city, dossiers);
    const without = expectedNodes(gate.city, dossiers, ['population']);
    const failed = new Set(errors.map(({ path }) => path?.[2]));
    expect(errors).toHaveLength(5 * failed.size);
    expect(failed.size).toBeGreaterThan(0);
    expect(failed.size).toBeLessThan(20);
    expect(nodesOf(data)).toEqual(whole.map((node, i) => (failed.has(i) ? without[i] : node)));
    expect(extensions?.sources?.find(({ connector }) => connector === 'population')?.status).toBe('PARTIAL');
  });

  it('a failed person under three aliases · requested · then one call, and an error at each null field under its response key', async () => {
    gate.simulator('population').faults({ status: 503 });
    gate.resetCalls();
    const code = dossiers[0]?.code;
    const query = `query ($code: DossierCode!) { a: dossier(code: $code) { applicant { personalId fullName } }
      b: dossier(code: $code) { who: applicant { personalId sex: gender ...Name @skip(if: true) } }
      c: dossier(code: $code) { applicant { ... on Citizen { fullName birthDate @include(if: false) { year } } } } }
      fragment Name on Citizen { fullName }`;
    const { data, errors } = await gate.ask(query, { code });
    const personalId = dossiers[0]?.applicant.personalId;
    expect(data).toEqual({
      a: { applicant: { personalId, fullName: null } },
      b: { who: { personalId, sex: null } },
      c: { applicant: { fullName: null } },
    });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['a', 'applicant', 'fullName'],
      ['b', 'who', 'sex'],
      ['c', 'applicant', 'fullName'],
    ]);
    expect(gate.dataCalls('population')).toBe(1);
  });

  it('a failure · requested in Vietnamese · then the texts are Vietnamese', async () => {
    gate.simulator('payment').faults({ status: 503 });
    const { errors } = await gate.ask(pageQuery, { first: 1 }, { 'accept-language': 'vi' });
    expect(errors?.[0]?.message).toBe('Hệ thống nguồn báo lỗi.');
  });
});

/** Opens the breakers of these connectors: few failures suffice, and it stays open for `openMs`. */
async function openBreakers(ids: readonly ConnectorId[], openMs: number): Promise<void> {
  for (const id of ids) await folder.set({ minimumCalls: 3, openMs }, id);
  await gate.gateway.reload();
  for (const id of ids) gate.simulator(id).faults({ status: 503 });
  await gate.page();
}

async function forget(ids: readonly ConnectorId[]): Promise<void> {
  for (const id of ids) await folder.restore(id);
  await gate.gateway.reload();
}

async function connectorRow(id: string): Promise<Record<string, unknown>> {
  const { data } = await gate.ask('{ connectors { id status breaker since message } }');
  return data.connectors.find((row: { id: string }) => row.id === id);
}

describe.each(WHO)('%s, ill until the breaker opens', (who, ids) => {
  afterAll(() => forget(ids));

  it('open · page requested · then no call reaches the source, and the rest is complete', async () => {
    await openBreakers(ids, 600_000);
    gate.resetCalls();
    const requestId = `${who}-open`.replaceAll(' ', '-');
    const answer = await askPage(requestId);
    expectFailureContract(gate, answer, ids, { requestId, code: 'CIRCUIT_OPEN', breaker: 'OPEN', calls: 0 });
    for (const id of ids) expect(gate.simulator(id).calls().total).toBe(0);
    for (const { extensions } of wholeErrors(answer.errors)) {
      expect(extensions.retryAfterMs).toBeGreaterThan(500_000);
      expect(extensions.retryAfterMs).toBeLessThanOrEqual(600_000);
    }
  });

  it('open · connectors requested · then the state, since when, and why', async () => {
    for (const id of ids) {
      const row = await connectorRow(id);
      expect(row).toMatchObject({ status: 'UNAVAILABLE', breaker: 'OPEN' });
      expect(row.message).toContain('Calls are paused.');
      expect(leaksIn(JSON.stringify(row), gate)).toEqual([]);
    }
  });

  it('open · readiness requested · then ready: it never depends on a connector', async () => {
    const response = await fetch(new URL('/readyz', gate.report.graphqlUrl));
    expect(response.status).toBe(200);
  });
});

describe('an open breaker', () => {
  afterAll(() => forget(['population']));

  // What such an answer costs in time is measured by `bench/resilience`, scenario `open`.
  it('open · its fields requested repeatedly · then no call is made, and the rest of the page is complete', async () => {
    await openBreakers(['population'], 600_000);
    const pageOf = (
      applicant: string,
    ): string => `{ dossiers { edges { cursor node { code status submittedAt dueAt channel
      procedure { code name level } agency { code name } applicant { ${applicant} } business { code }
      payments { reference amount currency } deliveries { trackingCode } } } pageInfo { hasNextPage endCursor } } }`;
    const withIt = pageOf(
      'personalId fullName birthDate { year month day } gender permanentAddress { detail }',
    );
    const without = pageOf('personalId');
    const { data: rest } = await gate.ask(without);
    gate.resetCalls();
    for (let round = 0; round < 10; round++) {
      const { data, errors = [], extensions } = await gate.ask(withIt);
      expect(new Set(wholeErrors(errors).map((error) => error.extensions.code))).toEqual(
        new Set(['CIRCUIT_OPEN']),
      );
      expect(extensions?.sources).toMatchObject([{ connector: 'population', calls: 0 }]);
      expect(data).toMatchObject(rest);
    }
    expect(gate.dataCalls()).toBe(0);
  });
});

describe('recovery', () => {
  // What the tests before made ill recovers in its own minute: all are built anew, and nothing is counted about them.
  beforeAll(async () => {
    for (const id of CONNECTORS) await folder.set({ minimumCalls: 4 }, id);
    await forget([]);
  });
  afterEach(() => forget(CONNECTORS));

  it.each(WHO)(
    '%s recovered · pages requested · then the breaker closes by itself, and the page is complete',
    async (_, ids) => {
      await openBreakers(ids, 100);
      gate.log.length = 0;
      for (const id of ids) gate.simulator(id).faults({});
      const healed = await eventually(async () => {
        const answer = await gate.page();
        return answer.errors === undefined && answer;
      }, 'a whole page');
      expect(nodesOf(healed.data)).toEqual(expectedNodes(gate.city, dossiers));
      for (const row of healed.extensions?.sources ?? [])
        expect(row).toMatchObject({ status: 'OK', breaker: 'CLOSED' });
      for (const id of ids)
        expect(await connectorRow(id)).toMatchObject({ status: 'OK', breaker: 'CLOSED', message: null });
      // The end of an outage is one line of the log, however often its breakers turned.
      const back = gate.log
        .map((line) => JSON.parse(line))
        .filter(({ msg }) => msg === 'connector recovered');
      expect(back.map(({ connector }) => connector).sort()).toEqual([...ids].sort());
    },
  );
});
