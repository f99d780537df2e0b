// One deadline per request: what is late is null with an error of its own, and the rest is answered in time.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { wholeErrors } from '../whole-errors.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';
import { eventually } from './eventually.ts';
import { CONNECTORS, type ConnectorId, expectedNodes, expectedPaths, nodesOf } from './expected-page.ts';

const DEADLINE_MS = 2500;

let folder: ConnectorsFolder;
let gate: TestGateway;

beforeAll(async () => {
  folder = await aConnectorsFolder({ attemptTimeoutMs: 60_000, maxWaitMs: 60_000, minimumCalls: 1_000_000 });
  gate = await aGateway({
    connectorsDir: folder.path,
    args: ['--request-deadline-ms', String(DEADLINE_MS)],
  });
  await gate.page();
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

it.each<readonly [string, readonly ConnectorId[]]>([
  ['population', ['population']],
  ['all four', CONNECTORS],
])(
  '%s hangs longer than the deadline · page requested · then the rest is answered in time',
  async (_who, ids) => {
    const dossiers = gate.city.dossiers.slice(0, 5);
    for (const id of ids) gate.simulator(id).faults({ hang: true });
    const { data, errors = [], extensions } = await gate.page({ first: dossiers.length });
    // The answer came although the calls still hang: it was the deadline that ended the wait.
    for (const id of ids) {
      const { last } = gate.simulator(id).calls();
      expect(last.some(({ fault, status }) => fault === 'hang' && status === null)).toBe(true);
      gate.simulator(id).faults({});
    }
    expect(nodesOf(data)).toEqual(expectedNodes(gate.city, dossiers, ids));
    expect(errors).toHaveLength(expectedPaths(dossiers, ids).length);
    for (const error of wholeErrors(errors)) {
      expect(error.extensions).toMatchObject({
        code: 'DEADLINE_EXCEEDED',
        fault: 'PROVIDER',
        retryable: true,
      });
      expect(error.extensions.retryAfterMs).toBeGreaterThan(0);
    }
    for (const row of extensions?.sources ?? []) {
      expect(row.status).toBe(ids.includes(row.connector as ConnectorId) ? 'UNAVAILABLE' : 'OK');
    }
  },
);

it('the client disconnects · while a system hangs · then the calls under way are aborted', async () => {
  gate.simulator('payment').faults({ hang: true });
  gate.resetCalls();
  const client = new AbortController();
  const answer = fetch(gate.report.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await gate.authorization() },
    body: JSON.stringify({ query: '{ dossiers(first: 5) { edges { node { payments { status } } } } }' }),
    signal: client.signal,
  });
  await eventually(() => gate.dataCalls('payment') === 3, 'three calls that hang');
  client.abort();
  await expect(answer).rejects.toThrow();
  await eventually(
    () => gate.log.some((line) => line.includes('"CANCELLED"')),
    'the line of the request',
    3000,
  );
  gate.simulator('payment').faults({});
});
