// Two gateways on one PostgreSQL, as an operator runs them: processes of their own, before the same systems. The test is a third
// replica: it says the operator's words, and sees what the two show.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import type { ConnectorView } from '../../src/operate/replica-view.ts';
import { createReplicas, type Replicas } from '../../src/replicas/replicas.ts';
import { type RunningSimulator, startSimulator } from '../../src/simulator/kit.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { postgres, type StorePlace } from '../store/each-store.ts';
import { wholeErrors } from '../whole-errors.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { dayInVietnam } from './a-data-folder.ts';
import type { PublicError } from './a-gateway.ts';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { anAccessFile, isForOperators, type TestAccessFile } from './an-access-file.ts';
import { anEnvironment, definitionOf } from './an-environment.ts';
import { eventually } from './eventually.ts';
import { CONNECTORS, type ConnectorId } from './expected-page.ts';
import { freePorts } from './free-ports.ts';

/** What operators are promised. */
const WITHIN_MS = 2_000;
const PER_DAY = 25;
const PER_SECOND = 5;

const PEOPLE = '{ dossiers(first: 2) { edges { node { applicant { fullName } } } } }';
const ENTERPRISES = '{ dossiers(first: 40) { edges { node { business { name } } } } }';
const PAYMENTS = '{ dossiers(first: 20) { edges { node { payments { status } } } } }';
const PARCELS = '{ dossiers(first: 60) { edges { node { deliveries { statusText } } } } }';

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
  readonly data?: any;
  readonly errors?: readonly PublicError[];
}
interface Gate {
  readonly process: GatewayProcess;
  ask(query: string): Promise<Answer>;
}

const codesOf = ({ errors = [] }: Answer): Set<unknown> =>
  new Set(wholeErrors(errors).map(({ extensions }) => extensions.code));

describe.skipIf(postgres === null)('two gateways on one PostgreSQL', () => {
  const simulators = {} as Record<ConnectorId, RunningSimulator>;
  let access: TestAccessFile;
  let place: StorePlace;
  let store: Store;
  let folder: ConnectorsFolder;
  let operator: Replicas;
  let gates: readonly [Gate, Gate];

  beforeAll(async () => {
    access = await anAccessFile();
    place = await (postgres as NonNullable<typeof postgres>).place();
    store = await openStore(place.options);
    const city = createCity({ anchor: dayInVietnam() });
    await seedIfEmpty(store, city);
    for (const id of CONNECTORS)
      simulators[id] = await startSimulator(await definitionOf(id), { port: 0, city });
    const urls = Object.fromEntries(CONNECTORS.map((id) => [id, simulators[id].url]));
    folder = await aConnectorsFolder({ openMs: 60_000 });
    const quota = (line: string) => (text: string) => `${text}\nquota:\n  ${line}\n`;
    await folder.edit('payment', 'connector.yaml', quota(`perDay: ${PER_DAY}`));
    await folder.edit('postal', 'connector.yaml', quota(`perSecond: ${PER_SECOND}`));
    await folder.edit(
      'population',
      'connector.yaml',
      (text) => `${text}\noperations:\n  Citizen: { cache: { ttlMs: 600000, maxAgeMs: 600000 } }\n`,
    );
    const env = {
      ...(await anEnvironment(urls as Record<ConnectorId, string>)),
      DATABASE_URL: place.options.databaseUrl ?? '',
      CONNECTORS_DIR: folder.path,
      ...access.env,
    };
    const ports = await freePorts(2);
    const aGate = async (port: number | undefined): Promise<Gate> => {
      const process = aProcess(['--no-simulators', '--port', String(port)], env);
      await process.ready();
      const ask = async (query: string): Promise<Answer> => {
        const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: isForOperators(query) ? access.operator : access.officer,
          },
          body: JSON.stringify({ query }),
        });
        return (await response.json()) as Answer;
      };
      return { process, ask };
    };
    operator = await createReplicas({ store });
    const first = await aGate(ports[0]);
    // Said before the second one starts.
    await operator.setGate('population', { gate: 'CLOSED' }, 'CB0001');
    gates = [first, await aGate(ports[1])];
  }, 120_000);

  afterAll(async () => {
    for (const { process } of gates ?? []) {
      process.kill('SIGTERM');
      await process.exit;
    }
    await operator?.close();
    await store?.close();
    await Promise.all(Object.values(simulators).map((each) => each.close()));
    await folder?.remove();
    await place?.drop();
    await access?.close();
  }, 60_000);

  const onBoth = async (query: string, holds: (codes: Set<unknown>) => boolean): Promise<boolean> => {
    const answers = await Promise.all(gates.map(({ ask }) => ask(query)));
    return answers.every((answer) => holds(codesOf(answer)));
  };
  const isShut = (codes: Set<unknown>): boolean => codes.has('MAINTENANCE');
  const isWhole = (codes: Set<unknown>): boolean => codes.size === 0;

  it('a gate closed before one replica started · is closed on both, and its system is not called', async () => {
    simulators.population.resetCalls();
    expect(await onBoth(PEOPLE, isShut)).toBe(true);
    expect(simulators.population.calls().total).toBe(0);
  });

  it('opened again · calls pass on both within two seconds', async () => {
    await operator.setGate('population', { gate: 'AUTOMATIC' }, 'CB0001');
    await eventually(() => onBoth(PEOPLE, isWhole), 'the open gate', WITHIN_MS);
  });

  it('closed until a time · takes effect on both within two seconds, with its text, and ends on both by itself', async () => {
    const text = { vi: 'Chuyển đổi hệ thống.', en: 'System cutover.' };
    const close = (until: number) =>
      operator.setGate('business-registry', { gate: 'CLOSED', until, text }, 'CB0001');
    const later = Date.now() + 3_600_000;
    await close(later);
    await eventually(() => onBoth(ENTERPRISES, isShut), 'the closed gate', WITHIN_MS);
    const { errors = [] } = await gates[1].ask(ENTERPRISES);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'MAINTENANCE',
      maintenance: { until: new Date(later).toISOString() },
    });
    const soon = Date.now() + 1_000;
    await close(soon);
    await eventually(() => onBoth(ENTERPRISES, isWhole), 'the end');
    expect(Date.now()).toBeGreaterThanOrEqual(soon);
  });

  it('closed by a mutation on one replica · takes effect on the other within two seconds, and a mutation there opens both', async () => {
    const word = (gate: string) =>
      `mutation { setConnectorGate(input: { connector: "business-registry", gate: ${gate}, reason: "a test" }) { gate { passes } } }`;
    const { data } = await gates[0].ask(word('CLOSED'));
    expect(data.setConnectorGate.gate).toEqual({ passes: false });
    expect(codesOf(await gates[0].ask(ENTERPRISES))).toEqual(new Set(['MAINTENANCE']));
    await eventually(() => onBoth(ENTERPRISES, isShut), 'the gate closed on both', WITHIN_MS);
    await gates[1].ask(word('AUTOMATIC'));
    await eventually(() => onBoth(ENTERPRISES, isWhole), 'the gate open on both', WITHIN_MS);
  });

  it('a cache dropped by a mutation on one replica · is dropped on the other within two seconds', async () => {
    const entries = async ({ ask }: Gate): Promise<number> => {
      const { data } = await ask('{ connectorHealth(connector: "population") { cache { entries } } }');
      return data.connectorHealth[0].cache.entries;
    };
    await onBoth(PEOPLE, isWhole);
    expect(await entries(gates[1])).toBeGreaterThan(0);
    const { data } = await gates[0].ask(
      'mutation { dropConnectorCache(connector: "population") { dropped } }',
    );
    expect(data.dropConnectorCache.dropped).toBeGreaterThan(0);
    await eventually(async () => (await entries(gates[1])) === 0, 'an empty cache', WITHIN_MS);
  });

  it('the calls of a day · are those of both replicas together, and no further call reaches the system', async () => {
    simulators.payment.resetCalls();
    const isUsed = (codes: Set<unknown>): boolean => codes.has('QUOTA_EXCEEDED');
    await eventually(() => onBoth(PAYMENTS, isUsed), 'the end of the quota');
    for (let i = 0; i < 3; i++) expect(await onBoth(PAYMENTS, isUsed)).toBe(true);
    expect(simulators.payment.calls().total).toBe(PER_DAY);
  });

  it('the calls of a second · are those of both replicas together', async () => {
    const dataCalls = (): number => {
      const { total, counts } = simulators.postal.calls();
      return total - (counts['POST /GetAccessToken'] ?? 0);
    };
    // Their tokens, so that no call of the second waits for one.
    await Promise.all(gates.map(({ ask }) => ask(PARCELS)));
    simulators.postal.resetCalls();
    const startedAt = Date.now();
    const refused = [0, 0];
    // Until both were refused and a third second was begun, whose quota is new.
    const isEnough = (): boolean => Math.min(...refused) > 0 && dataCalls() > 2 * PER_SECOND;
    const press = async ({ ask }: Gate, i: number): Promise<void> => {
      while (!isEnough())
        if (codesOf(await ask(PARCELS)).has('QUOTA_EXCEEDED')) refused[i] = (refused[i] ?? 0) + 1;
    };
    await Promise.all(gates.map(press));
    const seconds = Math.floor(Date.now() / 1_000) - Math.floor(startedAt / 1_000) + 1;
    expect(dataCalls()).toBeLessThanOrEqual(PER_SECOND * seconds);
    // All whole seconds were used, whoever used them.
    expect(dataCalls()).toBeGreaterThanOrEqual(PER_SECOND * (seconds - 2));
  });

  it('a reloaded connector · keeps its gate setting and its used quota', async () => {
    await operator.setGate('postal', { gate: 'CLOSED' }, 'CB0001');
    await eventually(() => onBoth(PARCELS, isShut), 'the closed gate', WITHIN_MS);
    for (const id of ['postal', 'payment'] as const)
      await folder.edit(id, 'connector.yaml', (text) =>
        text.replace(/^lifecycle: .*$/m, 'lifecycle: deprecated'),
      );
    const [{ process, ask }] = gates;
    process.kill('SIGHUP');
    await eventually(() => process.out().includes('built anew: payment, postal'), 'the reload');
    expect([...codesOf(await ask(PARCELS))]).toEqual(['MAINTENANCE']);
    expect([...codesOf(await ask(PAYMENTS))]).toEqual(['QUOTA_EXCEEDED']);
  });

  it('a breaker that opens on one replica · stays closed on the other, and the view shows each', async () => {
    const breakers = async (): Promise<unknown[]> => {
      const views = await operator.views();
      const shown = views.flatMap(({ isThis, view }) => (isThis ? [] : [view as readonly ConnectorView[]]));
      return shown
        .map((view) => view?.find(({ id }) => id === 'business-registry')?.breakers[0]?.state)
        .sort();
    };
    await eventually(async () => (await breakers()).length === 2, 'two replicas');
    simulators['business-registry'].faults({ status: 503 });
    await eventually(
      async () => codesOf(await gates[0].ask(ENTERPRISES)).has('CIRCUIT_OPEN'),
      'the open breaker',
    );
    simulators['business-registry'].faults({});
    await eventually(
      async () => JSON.stringify(await breakers()) === '["CLOSED","OPEN"]',
      'both in the view',
      WITHIN_MS,
    );
    expect(isWhole(codesOf(await gates[1].ask(ENTERPRISES)))).toBe(true);
    // As an operator sees it, whichever of the two is asked.
    for (const { ask } of gates) {
      const { data } = await ask(
        '{ connectorHealth(connector: "business-registry") { replicas { isThis breakers { state } } } }',
      );
      const { replicas } = data.connectorHealth[0];
      const shown = replicas.flatMap(({ breakers: own }: { breakers: { state: string }[] }) => own);
      expect(shown.map(({ state }: { state: string }) => state).sort()).toEqual(['CLOSED', 'OPEN']);
      expect(replicas.filter(({ isThis }: { isThis: boolean }) => isThis)).toHaveLength(1);
    }
  });

  it('a stopped replica · leaves the view at once', async () => {
    gates[0].process.kill('SIGTERM');
    expect(await gates[0].process.exit).toBe(0);
    expect(await operator.views()).toHaveLength(2);
  });
});
