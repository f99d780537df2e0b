// A dead ministry never blanks a dossier: each connector in turn and all at once, with each way of being ill, over real
// sockets. Time limits are short only for who is ill, so that a busy machine makes no healthy system look ill.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultSettings } from '../../src/connector.ts';
import type { CityDossier } from '../../src/dossiers/city/contract.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { type Answer, aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';
import {
  CONNECTORS,
  type ConnectorId,
  expectedCalls,
  expectedNodes,
  expectedPaths,
  nodesOf,
} from './expected-page.ts';
import { freePorts } from './free-ports.ts';
import { leaksIn, peopleIn } from './leaks.ts';

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
const askPage = (requestId: string): Promise<Answer> => gate.ask(pageQuery, {}, { 'x-request-id': requestId });

interface Ill {
  readonly requestId: string;
  readonly code: string;
  readonly breaker?: 'CLOSED' | 'OPEN';
  /** Calls that left for the ill; default all that the page needs. */
  readonly calls?: 0;
}

const expectContract = (answer: Answer, ids: readonly ConnectorId[], ill: Ill): void => {
  const { requestId, code, breaker = 'CLOSED' } = ill;
  // what is there
  expect(answer.status).toBe(200);
  expect(answer.tookMs).toBeLessThan(DEADLINE_MS);
  expect(nodesOf(answer.data)).toEqual(expectedNodes(gate.city, dossiers, ids));

  // what is not, whose fault it is, when to try again
  const byPath = (a: { path?: unknown }, b: { path?: unknown }): number =>
    JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1;
  const errors = [...(answer.errors ?? [])].sort(byPath);
  const expected = expectedPaths(dossiers, ids).sort(byPath);
  expect(errors.map(({ path }) => path)).toEqual(expected.map(({ path }) => path));
  errors.forEach((error, i) => {
    const { retryAfterMs, http: _declared, ...extensions } = error.extensions;
    expect(extensions).toEqual({
      code,
      connector: expected[i]?.connector,
      operation: expected[i]?.operation,
      fault: 'PROVIDER',
      retryable: true,
      breaker,
      requestId,
    });
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(Number.isInteger(retryAfterMs)).toBe(true);
  });

  // each source
  const calls = expectedCalls(dossiers);
  expect(answer.extensions?.sources).toHaveLength(CONNECTORS.length);
  for (const row of answer.extensions?.sources ?? []) {
    const id = row.connector as ConnectorId;
    if (ids.includes(id)) {
      const { durationMs: _durationMs, retryAfterMs, coalesced: _coalesced, ...rest } = row;
      const made = ill.calls ?? calls[id];
      expect(rest).toEqual({ connector: id, status: 'UNAVAILABLE', breaker, calls: made, cacheHits: 0, ageMs: null });
      expect(retryAfterMs).toBeGreaterThan(0);
    } else {
      expect(row).toMatchObject({ status: 'OK', breaker: 'CLOSED', calls: calls[id], ageMs: 0, retryAfterMs: null });
    }
  }

  // what stays in the house
  const log = gate.log.join('');
  expect(log).toContain(requestId);
  expect(leaksIn(answer.text, gate)).toEqual([]);
  expect(leaksIn(log, gate)).toEqual([]);
  expect(peopleIn(log, dossiers)).toEqual([]);
};

const WHO: readonly (readonly [string, readonly ConnectorId[]])[] = [
  ...CONNECTORS.map((id) => [id, [id]] as const),
  ['all four', CONNECTORS],
];

describe('ill, and quick to say so', () => {
  const FAULTS: readonly (readonly [string, FaultSettings, string])[] = [
    ['answers 503', { status: 503 }, 'UPSTREAM_FAULT'],
    ['is reset mid-body', { reset: true }, 'UPSTREAM_UNREACHABLE'],
    ['answers garbage with 200', { garbage: true }, 'UPSTREAM_INVALID'],
  ];
  const cases = WHO.flatMap(([who, ids]) => FAULTS.map((fault) => [who, ...fault, ids] as const));

  it.each(cases)('%s %s · page asked · then the rest is whole', async (who, what, settings, code, ids) => {
    for (const id of ids) gate.simulator(id).faults(settings);
    const requestId = `${who}-${what}`.replaceAll(' ', '-');
    expectContract(await askPage(requestId), ids, { requestId, code });
  });

  it.each(WHO)('%s refuses the connection · page asked · then the rest is whole', async (who, ids) => {
    await Promise.all(ids.map((id) => gate.kill(id)));
    try {
      const requestId = `${who}-refused`.replaceAll(' ', '-');
      expectContract(await askPage(requestId), ids, { requestId, code: 'UPSTREAM_UNREACHABLE' });
    } finally {
      await Promise.all(ids.map((id) => gate.revive(id)));
    }
  });

  it('all were ill and are well · page asked · then whole again', async () => {
    const { data, errors } = await gate.page();
    expect(errors).toBeUndefined();
    expect(nodesOf(data)).toEqual(expectedNodes(gate.city, dossiers));
  });
});

describe.each(WHO)('%s, ill and silent', (who, ids) => {
  beforeAll(async () => {
    // Tokens first: they are not what is slow here.
    for (const id of ids) await folder.set({ attemptTimeoutMs: 20_000 }, id);
    await gate.gateway.reload();
    await gate.page();
    for (const id of ids) await folder.set({ attemptTimeoutMs: SHORT_MS }, id);
    await gate.gateway.reload();
  });
  afterAll(async () => {
    for (const id of ids) await folder.restore(id);
    await gate.gateway.reload();
  });

  it.each<readonly [string, FaultSettings]>([
    ['hangs', { hang: true }],
    ['is slow beyond its limit', { latencyMs: 120_000 }],
  ])('%s · page asked · then the rest is whole', async (what, settings) => {
    for (const id of ids) gate.simulator(id).faults(settings);
    const requestId = `${who}-${what}`.replaceAll(' ', '-');
    expectContract(await askPage(requestId), ids, { requestId, code: 'UPSTREAM_TIMEOUT' });
  });
});
