// A whole gateway on real sockets: its own store in a temporary folder, free ports, a captured log. Used by every test of
// this folder, mostly once per file, since a start costs seconds.

import { rm } from 'node:fs/promises';
import { createCity } from '../../src/city/city.ts';
import type { City } from '../../src/city/contract.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { DevelopmentIssuer } from '../../src/development/issuer.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import type { StartReport } from '../../src/gateway-reports.ts';
import { pageQuery } from '../../src/http/page-query.ts';
import { createLog } from '../../src/observe/log.ts';
import type { SourceRow } from '../../src/request/tally.ts';
import { type RunningSimulator, type SimulatorDefinition, startSimulator } from '../../src/simulator/kit.ts';
import { aDataFolder, dayInVietnam } from './a-data-folder.ts';
import { anAccessFile } from './an-access-file.ts';
import { AUDIT_KEY } from './an-environment.ts';

export interface PublicError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The answer as it came, before parsing. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what each test asserts.
  readonly data: any;
  readonly errors: readonly PublicError[] | undefined;
  readonly extensions: { readonly sources?: readonly SourceRow[] } | undefined;
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly report: StartReport;
  readonly config: Config;
  /** What the store was seeded with, and what the simulators answer for. */
  readonly city: City;
  /** Lines of the log so far, as they were written. */
  readonly log: string[];
  /**
   * Asks as an officer of the city who handles dossiers.
   * @param headers `as` names another person of the development issuer, or `nobody`; `authorization` replaces the token
   */
  ask(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string> & { as?: string },
  ): Promise<Answer>;
  /** The `authorization` header of a person of the development issuer; by default the officer. */
  authorization(person?: string): Promise<string>;
  /** The page query of the start report. */
  page(variables?: Record<string, unknown>): Promise<Answer>;
  simulator(id: string): RunningSimulator;
  /** Closes the socket of a simulator: who calls it is refused. */
  kill(id: string): Promise<void>;
  /** Starts it again on the same port; it has forgotten its tokens. */
  revive(id: string): Promise<void>;
  /** Calls that reached the simulators since the last reset, without those for tokens. */
  dataCalls(id?: string): number;
  resetCalls(): void;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly connectorsDir?: string;
  /** Life of the tokens of the development issuer's code flow. */
  readonly tokenSeconds?: number;
  /** Who asks where the simulators, and with them the development issuer, are off. Default: CB0001 of the city. */
  readonly officer?: { readonly code: string; readonly agency: string };
}

/** No load balancer has to notice the end. */
const QUICK = ['--port', '0', '--close-delay-ms', '0'];

const SIGN_IN = new Set(['POST /token', 'POST /GetAccessToken']);

export async function aGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDir = await aDataFolder();
  const connectors = options.connectorsDir ?? new URL('../../connectors', import.meta.url).pathname;
  const access = options.args?.includes('--no-simulators') ? await anAccessFile(options.officer) : undefined;
  const config = loadConfig(
    [...QUICK, '--data-dir', dataDir, '--connectors-dir', connectors, ...(options.args ?? [])],
    // The object itself: a test may change its variables while the gateway runs.
    Object.assign(options.env ?? {}, { AUDIT_KEY, ...access?.env, ...options.env }),
  );
  const log: string[] = [];
  const gateway = await createGateway(config, {
    log: createLog({ level: 'debug', write: (line) => void log.push(line) }),
    tokenSeconds: options.tokenSeconds,
  });
  const report = await gateway.listen();
  const tokens = new Map([['officer', Promise.resolve(report.development?.token ?? '')]]);
  const authorization = async (person = 'officer'): Promise<string> => {
    if (access !== undefined) return person === 'operator' ? access.operator : access.officer;
    const token = tokens.get(person) ?? (gateway.development as DevelopmentIssuer).token({ person });
    tokens.set(person, token);
    return `Bearer ${await token}`;
  };
  const ask: TestGateway['ask'] = async (query, variables, { as, ...headers } = {}) => {
    const isSigned = as !== 'nobody' && headers.authorization === undefined;
    const response = await fetch(report.graphqlUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': 'en',
        ...(isSigned && { authorization: await authorization(as) }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, ...JSON.parse(text) };
  };
  const city = await cityOf(ask);
  const running = new Map(gateway.simulators);
  const simulator = (id: string): RunningSimulator => {
    const found = running.get(id);
    if (found === undefined) throw new Error(`No simulator "${id}" runs.`);
    return found;
  };
  return {
    gateway,
    report,
    config,
    city,
    log,
    ask,
    authorization,
    page: (variables) => ask(pageQuery, variables),
    simulator,
    kill: (id) => simulator(id).close(),
    revive: async (id) => {
      const { port, secrets } = simulator(id);
      const module: { simulator: SimulatorDefinition } = await import(`../../connectors/${id}/simulator.ts`);
      running.set(id, await startSimulator(module.simulator, { port, city, secrets }));
    },
    dataCalls: (id) =>
      [...running.values()]
        .filter((each) => id === undefined || each.id === id)
        .flatMap((each) => Object.entries(each.calls().counts))
        .reduce((sum, [name, count]) => (SIGN_IN.has(name) ? sum : sum + count), 0),
    resetCalls: () => {
      for (const each of running.values()) each.resetCalls();
    },
    close: async () => {
      await gateway.close();
      await access?.close();
      await Promise.all([...running.values()].map((each) => each.close()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The store was seeded today, or yesterday where midnight in Vietnam has passed since. */
async function cityOf(ask: TestGateway['ask']): Promise<City> {
  const { data } = await ask('{ dossiers(first: 1) { edges { node { code } } } }');
  for (const daysAgo of [0, 1]) {
    const city = createCity({ anchor: dayInVietnam(daysAgo) });
    if (city.dossiers[0]?.code === data.dossiers.edges[0].node.code) return city;
  }
  throw new Error('The store holds another city than the generator makes.');
}
