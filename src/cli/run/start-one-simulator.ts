// The simulator of one connector on a free port, for `connector run --simulator`. It answers for the synthetic city that
// a gateway started today would have.

import { createCity } from '../../city/city.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import type { RunningSimulator } from '../../simulator/kit.ts';
import { startSimulators } from '../../simulator/simulators.ts';
import { WrongUse } from '../wrong-use.ts';

/** @throws WrongUse when the connector has none */
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
  throw new WrongUse(
    `--simulator: found no simulator.ts in the folder of "${id}", expected one. Give --url, or leave --simulator out for the live source.`,
  );
}

/** The day in Vietnam, `yyyy-MM-dd`. */
const today = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date());
