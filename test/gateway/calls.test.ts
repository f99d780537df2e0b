// What leaves the gateway, seen on the wire: it runs without simulators of its own, as in production, and a recording
// proxy stands before each system.

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { pageQuery } from '../../src/http/page-query.ts';
import { type RunningSimulator, startSimulator } from '../../src/simulator/kit.ts';
import { wholeErrors } from '../whole-errors.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';
import { aRecordingProxy, type Passed, type RecordingProxy } from './a-recording-proxy.ts';
import { anEnvironment, definitionOf } from './an-environment.ts';
import { CONNECTORS, type ConnectorId, expectedNodes, nodesOf } from './expected-page.ts';

const OFFICER = 'CB0777';
/** Its officers see every dossier of the city. */
const AGENCY = 'H26';

let folder: ConnectorsFolder;
let gate: TestGateway;
let env: Record<string, string> = {};
const proxies = {} as Record<ConnectorId, RecordingProxy>;
const simulators = {} as Record<ConnectorId, RunningSimulator>;

beforeAll(async () => {
  for (const id of CONNECTORS) proxies[id] = await aRecordingProxy();
  const urls = CONNECTORS.map((id) => [id, proxies[id].url]);
  env = await anEnvironment(Object.fromEntries(urls) as Record<ConnectorId, string>);
  folder = await aConnectorsFolder({ attemptTimeoutMs: 20_000, maxWaitMs: 20_000 });
  gate = await aGateway({
    connectorsDir: folder.path,
    args: ['--no-simulators'],
    officer: { code: OFFICER, agency: AGENCY },
    env,
  });
  for (const id of CONNECTORS) {
    simulators[id] = await startSimulator(await definitionOf(id), { port: 0, city: gate.city });
    proxies[id].to(simulators[id]);
  }
}, 120_000);

afterAll(async () => {
  await gate?.close();
  await folder?.remove();
  await Promise.all([...Object.values(proxies), ...Object.values(simulators)].map((each) => each.close()));
});

afterEach(() => {
  for (const id of CONNECTORS) {
    proxies[id].reset();
    proxies[id].to(simulators[id]);
  }
});

const element = (call: Passed, name: string): string | undefined =>
  new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`).exec(call.body)?.[1];

it('URLs and secrets of the environment · page requested · then complete, and tokens are fetched once', async () => {
  const { data, errors } = await gate.page();
  expect(errors).toBeUndefined();
  expect(nodesOf(data)).toEqual(expectedNodes(gate.city, gate.city.dossiers.slice(0, 20)));
  const signIns = (id: ConnectorId, path: string) =>
    proxies[id].passed.filter((call) => call.path === path).length;
  expect(signIns('business-registry', '/token')).toBe(1);
  expect(signIns('postal', '/GetAccessToken')).toBe(1);
});

it('population · page requested · then each look-up has officer, agency and procedure, and an id of its own', async () => {
  await gate.page();
  const { passed } = proxies.population;
  const dossiers = gate.city.dossiers.slice(0, 20);
  const procedureOf = (id: number) => gate.city.procedures.find((procedure) => procedure.id === id)?.code;
  expect(passed.map((call) => `${element(call, 'SoDinhDanh')} ${element(call, 'MaDVC')}`).sort()).toEqual(
    [
      ...new Set(dossiers.map((each) => `${each.applicant.personalId} ${procedureOf(each.procedureId)}`)),
    ].sort(),
  );
  for (const call of passed) {
    expect(element(call, 'MaCanBo')).toBe(OFFICER);
    expect(element(call, 'MaDonVi')).toBe(AGENCY);
  }
  expect(new Set(passed.map((call) => element(call, 'MaYeuCau'))).size).toBe(passed.length);
});

it('slow systems · page of 100 requested · then population receives 8 calls at a time, the others 16', async () => {
  for (const id of CONNECTORS) proxies[id].to({ port: simulators[id].port, holdMs: 25 });
  const { errors } = await gate.ask(pageQuery, { first: 100 });
  expect(errors).toBeUndefined();
  expect(proxies.population.mostAtOnce()).toBe(8);
  for (const id of ['business-registry', 'payment', 'postal'] as const) {
    expect(proxies[id].mostAtOnce()).toBeLessThanOrEqual(16);
    expect(proxies[id].mostAtOnce()).toBeGreaterThan(8);
  }
});

it('rejected tokens · page requested · then renewed once each, and the page is complete', async () => {
  await gate.page();
  for (const id of ['business-registry', 'postal'] as const) {
    await simulators[id].close();
    simulators[id] = await startSimulator(await definitionOf(id), { port: 0, city: gate.city });
    proxies[id].to(simulators[id]);
    proxies[id].reset();
  }
  const { errors } = await gate.page();
  expect(errors).toBeUndefined();
  const tokens = (id: ConnectorId) => proxies[id].passed.filter((call) => /token/i.test(call.path)).length;
  expect(tokens('business-registry')).toBe(1);
  expect(tokens('postal')).toBe(1);
});

it('credentials of a client · sent with a request · then they reach no system', async () => {
  const headers = {
    authorization: await gate.authorization(),
    cookie: 'session=of-the-client',
    'x-api-key': 'of-the-client',
  };
  const { errors } = await gate.ask(pageQuery, {}, headers);
  expect(errors).toBeUndefined();
  for (const id of CONNECTORS) {
    expect(proxies[id].passed.length).toBeGreaterThan(0);
    const passed = JSON.stringify(proxies[id].passed);
    expect(passed).not.toContain('of-the-client');
    expect(passed).not.toContain(headers.authorization.slice('Bearer '.length));
  }
});

it('a missing secret · page requested · then nothing is sent, and the connector states the reason without its name', async () => {
  const secret = env.PAYMENT_SECRET as string;
  delete env.PAYMENT_SECRET;
  try {
    const { data, errors = [] } = await gate.page();
    expect(nodesOf(data)).toEqual(expectedNodes(gate.city, gate.city.dossiers.slice(0, 20), ['payment']));
    // An error at each null field of each of the 12 payments.
    expect(new Set(errors.map(({ path }) => path?.slice(0, -1).join())).size).toBe(12);
    for (const error of wholeErrors(errors)) {
      expect(error.extensions).toMatchObject({
        code: 'UPSTREAM_UNAUTHORIZED',
        fault: 'GATEWAY',
        connector: 'payment',
      });
      expect(JSON.stringify(error)).not.toContain('PAYMENT_SECRET');
    }
    expect(proxies.payment.passed).toEqual([]);
    const { data: health } = await gate.ask('{ connectors { id status message } }');
    expect(health.connectors).toContainEqual({
      id: 'payment',
      status: 'UNAVAILABLE',
      message: 'Its credentials are not configured.',
    });
  } finally {
    env.PAYMENT_SECRET = secret;
  }
});
