// Two gateways on one PostgreSQL, each a process of its own, whose machines disagree about the time by five minutes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import { type RunningSimulator, startSimulator } from '../../src/simulator/kit.ts';
import { openStore } from '../../src/store/database.ts';
import { postgres, type StorePlace } from '../store/each-store.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { dayInVietnam } from './a-data-folder.ts';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { anAccessFile, isForOperators, type TestAccessFile } from './an-access-file.ts';
import { anEnvironment, definitionOf } from './an-environment.ts';
import { eventually } from './eventually.ts';
import { CONNECTORS, type ConnectorId } from './expected-page.ts';
import { freePorts } from './free-ports.ts';

const PER_SECOND = 5;
/** After a refusal that names no time. */
const HOLD_MS = 4_000;
const PARCELS = '{ dossiers(first: 60) { edges { node { deliveries { statusText } } } } }';
const PAYMENTS = '{ dossiers(first: 20) { edges { node { payments { status } } } } }';
const ENTERPRISES = '{ dossiers(first: 40) { edges { node { business { name } } } } }';

interface Gate {
  readonly process: GatewayProcess;
  readonly url: string;
  readonly operatorsUrl: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
  ask(query: string): Promise<any>;
}

describe.skipIf(postgres === null)('two gateways with clocks five minutes apart', () => {
  const simulators = {} as Record<ConnectorId, RunningSimulator>;
  let access: TestAccessFile;
  let place: StorePlace;
  let folder: ConnectorsFolder;
  let early: Gate;
  let right: Gate;

  beforeAll(async () => {
    access = await anAccessFile();
    place = await (postgres as NonNullable<typeof postgres>).place();
    const store = await openStore(place.options);
    const city = createCity({ anchor: dayInVietnam() });
    await seedIfEmpty(store, city);
    await store.close();
    for (const id of CONNECTORS)
      simulators[id] = await startSimulator(await definitionOf(id), { port: 0, city });
    const urls = Object.fromEntries(CONNECTORS.map((id) => [id, simulators[id].url]));
    folder = await aConnectorsFolder({ openMs: 60_000 });
    await folder.edit('postal', 'connector.yaml', (text) => `${text}\nquota:\n  perSecond: ${PER_SECOND}\n`);
    await folder.edit(
      'payment',
      'connector.yaml',
      (text) => `${text}\nthrottle:\n  defaultHoldMs: ${HOLD_MS}\n`,
    );
    const env = {
      ...(await anEnvironment(urls as Record<ConnectorId, string>)),
      DATABASE_URL: place.options.databaseUrl ?? '',
      CONNECTORS_DIR: folder.path,
      ...access.env,
    };
    const wrongClock = new URL('a-wrong-clock.mjs', import.meta.url).href;
    const [first, second, ...forOperators] = await freePorts(4);
    const aGate = async (port: number | undefined, more: Record<string, string>): Promise<Gate> => {
      const operatorsPort = forOperators.pop();
      const args = ['--no-simulators', '--port', String(port), '--operators-port', String(operatorsPort)];
      const process = aProcess(args, { ...env, ...more });
      await process.ready();
      const operatorsUrl = `http://127.0.0.1:${operatorsPort}/`;
      const url = `http://127.0.0.1:${port}/`;
      const ask = async (query: string) => {
        const body = JSON.stringify({ query });
        const authorization = isForOperators(query) ? access.operator : access.officer;
        const headers = { 'content-type': 'application/json', authorization };
        return (await fetch(`${url}graphql`, { method: 'POST', headers, body })).json();
      };
      return { process, url, operatorsUrl, ask };
    };
    early = await aGate(first, { NODE_OPTIONS: `--import=${wrongClock}`, WRONG_CLOCK_MS: '300000' });
    right = await aGate(second, {});
  }, 120_000);

  afterAll(async () => {
    for (const { process } of [early, right].filter(Boolean)) {
      process.kill('SIGTERM');
      await process.exit;
    }
    await Promise.all(Object.values(simulators).map((each) => each.close()));
    await folder?.remove();
    await place?.drop();
    await access?.close();
  }, 60_000);

  // biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
  const codesOf = ({ errors = [] }: any): string[] =>
    errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);

  it('a quota of 5 a second · called through both · then the source sees 5 a second, and both get some', async () => {
    await Promise.all([early, right].map(({ ask }) => ask(PARCELS)));
    simulators.postal.resetCalls();
    const startedAt = Date.now();
    const used = [0, 0];
    await Promise.all(
      [early, right].map(async ({ ask }, i) => {
        while (Math.min(...used) === 0 || Date.now() < startedAt + 2_000) {
          const { data } = await ask('{ connectorHealth(connector: "postal") { operations { calls } } }');
          const [{ calls }] = data.connectorHealth[0].operations;
          await ask(PARCELS);
          const after = (await ask('{ connectorHealth(connector: "postal") { operations { calls } } }')).data;
          if (after.connectorHealth[0].operations[0].calls > calls) used[i] = (used[i] ?? 0) + 1;
          if (Date.now() > startedAt + 15_000) break;
        }
      }),
    );
    const seconds = Math.floor(Date.now() / 1_000) - Math.floor(startedAt / 1_000) + 1;
    const { total, counts } = simulators.postal.calls();
    expect(total - (counts['POST /GetAccessToken'] ?? 0)).toBeLessThanOrEqual(PER_SECOND * seconds);
    expect(Math.min(...used)).toBeGreaterThan(0);
  }, 30_000);

  it('a source that asks one gateway for fewer calls · is not called by the other, until the same time', async () => {
    for (const { ask } of [early, right]) expect(codesOf(await ask(PAYMENTS))).toEqual([]);
    simulators.payment.faults({ status: 429 });
    expect(codesOf(await early.ask(PAYMENTS))).toContain('UPSTREAM_THROTTLED');
    const heldAt = performance.now();
    simulators.payment.faults({});
    simulators.payment.resetCalls();
    const causes = async ({ ask }: Gate): Promise<string[]> => {
      const { data } = await ask('{ connectorHealth(connector: "payment") { causes { cause } } }');
      return data.connectorHealth[0].causes.map(({ cause }: { cause: string }) => cause);
    };
    await eventually(async () => (await causes(right)).includes('THROTTLED'), 'the hold', 2_000);
    expect(codesOf(await right.ask(PAYMENTS))).toContain('UPSTREAM_THROTTLED');
    expect(simulators.payment.calls().total).toBe(0);
    for (const { ask } of [right, early])
      await eventually(async () => codesOf(await ask(PAYMENTS)).length === 0, 'the end of the hold');
    expect(performance.now() - heldAt).toBeGreaterThan(HOLD_MS - 500);
    expect(performance.now() - heldAt).toBeLessThan(HOLD_MS + 5_000);
  }, 30_000);

  it('a gate closed until a time · then closed on both, and open on both at that time', async () => {
    const until = Date.now() + 2_000;
    const set = `mutation { setConnectorGate(input: { connector: "business-registry", gate: CLOSED, reason: "a test",
      until: "${new Date(until).toISOString()}" }) { gate { passes } } }`;
    // The gateway whose own clock shows that this time has passed.
    const { data, errors } = await early.ask(set);
    expect(errors).toBeUndefined();
    expect(data.setConnectorGate.gate.passes).toBe(false);
    for (const { ask } of [early, right])
      await eventually(async () => codesOf(await ask(ENTERPRISES)).includes('MAINTENANCE'), 'closed', 2_000);
    for (const { ask } of [early, right])
      await eventually(async () => codesOf(await ask(ENTERPRISES)).length === 0, 'open', 4_000);
    expect(Date.now()).toBeGreaterThanOrEqual(until - 20);
  });

  it('the skew · then both gateways show it, and the one whose clock is wrong warns of it', async () => {
    for (const { ask } of [early, right]) {
      const query = '{ connectorHealth(connector: "postal") { replicas { isThis clockSkewMs } } }';
      const { data } = await ask(query);
      const skews = data.connectorHealth[0].replicas.map(({ clockSkewMs }: { clockSkewMs: number }) =>
        Math.round(clockSkewMs / 1_000),
      );
      expect(skews.map(Math.abs).sort()).toEqual([0, 300]);
    }
    const status = async ({ url }: Gate) =>
      ((await (await fetch(`${url}status`)).json()) as { checks: Record<string, unknown[]> }).checks;
    expect((await status(early))['clock:skew']?.[0]).toMatchObject({ componentId: 'clock', status: 'warn' });
    expect((await status(right))['clock:skew']?.[0]).toMatchObject({ componentId: 'clock', status: 'pass' });
    const metric = async ({ operatorsUrl }: Gate): Promise<number> => {
      const text = await (await fetch(`${operatorsUrl}metrics`)).text();
      return Number(/^lienthong_clock_skew_seconds\{clock="store"\} (\S+)$/m.exec(text)?.[1]);
    };
    expect(await metric(early)).toBeCloseTo(300, 0);
    expect(await metric(right)).toBeCloseTo(0, 0);
    expect(early.process.err()).toContain('synchronise the clocks (NTP)');
    expect(right.process.err()).not.toContain('synchronise the clocks');
  });
});
