// Starts the simulator of one connector on a free port, with the synthetic city of a gateway that is first started today.

import { createCity } from '../../city/city.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import type { RunningSimulator } from '../../simulator/kit.ts';
import { startSimulators } from '../../simulator/simulators.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError when the connector has no simulator */
export async function startOneSimulator(
  folder: ConnectorFolder,
  readEnv: (name: string) => string | undefined,
): Promise<RunningSimulator> {
  const { id } = folder.manifest;
  const city = createCity({ anchor: today() });
  const { running } = await startSimulators({
    folders: [folder],
    city,
    host: '127.0.0.1',
    basePort: 0,
    ports: {},
    readEnv,
  });
  const simulator = running.get(id);
  if (simulator !== undefined) return simulator;
  throw new UsageError(
    `--simulator: found no simulator.ts in the folder of "${id}", expected one. Give --url, or leave --simulator out for the live source.`,
  );
}

/** The current date in Vietnam, `yyyy-MM-dd`. */
const today = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
