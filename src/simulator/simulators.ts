// Starts the simulators of a set of connectors: HTTP servers on loopback with the real wire formats, which answer for the
// synthetic city. A gateway without simulators does not import msw.

import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { City } from '../city/contract.ts';
import type { ConnectorFolder } from '../manifest/read-folder.ts';
import type { RunningSimulator, SimulatorDefinition } from './kit.ts';
import { importFromThisPackage } from './own-imports.ts';

export interface SimulatorsOptions {
  readonly folders: readonly ConnectorFolder[];
  readonly city: City;
  readonly host: string;
  /** The port of the gateway; a simulator listens on this port plus its offset. 0: any free port. */
  readonly basePort: number;
  /** Ports of individual simulators, by connector id. */
  readonly ports: Readonly<Record<string, number>>;
  readonly readEnv: (name: string) => string | undefined;
}

export interface Simulators {
  readonly running: ReadonlyMap<string, RunningSimulator>;
  readonly close: () => Promise<void>;
}

/** The port after those of the simulators: that of the development issuer. 0: any free port. */
export const issuerPortOf = (basePort: number, folders: readonly ConnectorFolder[]): number =>
  basePort === 0
    ? 0
    : basePort + 1 + Math.max(0, ...folders.map(({ manifest }) => manifest.simulator?.portOffset ?? 0));

export const NO_SIMULATORS: Simulators = { running: new Map(), close: async () => {} };

/** The secrets that running simulators define for their connectors, by the name of the variable. */
export const secretsOf = ({ running }: Simulators): ReadonlyMap<string, string> =>
  new Map([...running.values()].flatMap(({ secrets }) => Object.entries(secrets)));

/** @throws SimulatorStartError when `ports` names an unknown connector or a port is taken; nothing runs then */
export async function startSimulators(options: SimulatorsOptions): Promise<Simulators> {
  const { folders, city, host, basePort, ports, readEnv } = options;
  const { SimulatorStartError, startSimulator } = await import('./kit.ts');
  const problem = problemOfPorts(ports, folders);
  if (problem !== undefined) throw new SimulatorStartError(problem);
  const running = new Map<string, RunningSimulator>();
  const close = async () => {
    await Promise.all([...running.values()].map((simulator) => simulator.close()));
  };
  try {
    for (const { simulator, manifest } of folders) {
      if (simulator === undefined) continue;
      const definition = await definitionIn(simulator, manifest.id);
      const offset = manifest.simulator?.portOffset;
      const port = ports[manifest.id] ?? (basePort === 0 || offset === undefined ? 0 : basePort + offset);
      const secrets = Object.fromEntries(
        Object.keys(definition.secrets).map((name) => [name, readEnv(name)]),
      );
      running.set(manifest.id, await startSimulator(definition, { port, host, city, secrets }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { running, close };
}

/** @throws SimulatorStartError when the file cannot be loaded or exports no simulator; without the text of what it throws */
async function definitionIn(path: string, id: string): Promise<SimulatorDefinition> {
  const { SimulatorStartError } = await import('./kit.ts');
  const refuse = (why: string, cause?: unknown) =>
    new SimulatorStartError(`The simulator of "${id}" cannot start: ${path} ${why}.`, { cause });
  let module: { simulator?: SimulatorDefinition };
  try {
    // Without symbolic links, as Node names the files that import others.
    const { href } = pathToFileURL(realpathSync(resolve(path)));
    importFromThisPackage(new URL('.', href).href);
    module = await import(href);
  } catch (error) {
    const kind = error instanceof SyntaxError ? 'is not valid TypeScript' : 'fails while it is loaded';
    throw refuse(`${kind}. Correct it, or remove the file: a connector needs no simulator`, error);
  }
  const { simulator } = module;
  if (typeof simulator?.create === 'function' && typeof simulator.secrets === 'object') return simulator;
  throw refuse('exports no simulator. Write: export const simulator = defineSimulator({ … })');
}

function problemOfPorts(
  ports: SimulatorsOptions['ports'],
  folders: readonly ConnectorFolder[],
): string | undefined {
  const known = folders.flatMap(({ simulator, manifest }) => (simulator === undefined ? [] : manifest.id));
  const unknown = Object.keys(ports).filter((id) => id !== 'issuer' && !known.includes(id));
  if (unknown.length === 0) return undefined;
  const expected = known.length === 0 ? 'none: no connector has a simulator' : known.join(', ');
  return `SIMULATOR_PORTS: found ${unknown.map((id) => `"${id}"`).join(', ')}, expected "issuer", or ids of connectors with a simulator (${expected}).`;
}
