// The simulators of a set of connectors, started together.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import { readConnectorFolders } from '../../src/registry/registry.ts';
import { type Simulators, startSimulators } from '../../src/simulator/simulators.ts';

const connectors = new URL('../../connectors', import.meta.url).pathname;
const city = createCity({ anchor: '2026-11-20' });

let started: Simulators | undefined;
afterEach(() => started?.close());

async function start(ports: Record<string, number>): Promise<Simulators> {
  const folders = await readConnectorFolders(connectors);
  started = await startSimulators({
    folders,
    city,
    host: '127.0.0.1',
    basePort: 0,
    ports,
    readEnv: () => undefined,
  });
  return started;
}

describe('the simulators', () => {
  it('of all connectors · started · then each runs under the id of its connector', async () => {
    const { running } = await start({ postal: 0 });
    expect([...running.keys()]).toEqual(['business-registry', 'payment', 'population', 'postal']);
  });

  it('a port for an unknown connector · then refused with the known ids', async () => {
    await expect(start({ popluation: 5001, postal: 0, post: 5002 })).rejects.toThrow(
      'SIMULATOR_PORTS: found "popluation", "post", expected "issuer", or ids of connectors with a simulator (business-registry, payment, population, postal).',
    );
  });

  it.each([
    [
      'fails while loading',
      'throw new Error("password hunter2")',
      /^The simulator of "postal" cannot start: .*simulator\.mjs fails while it is loaded\./,
    ],
    [
      'exports nothing',
      'export const simulater = {}',
      /exports no simulator\. Write: export const simulator = defineSimulator/,
    ],
  ])(
    'one that %s · started · then refused in own words, without the text of the error',
    async (_what, code, expected) => {
      const folder = await mkdtemp(join(tmpdir(), 'lienthong-simulator-'));
      const simulator = join(folder, 'simulator.mjs');
      await writeFile(simulator, code);
      const [postal] = (await readConnectorFolders(connectors)).filter(
        ({ manifest }) => manifest.id === 'postal',
      );
      const folders = [{ ...(postal as NonNullable<typeof postal>), simulator }];
      const failure: Error = await startSimulators({
        folders,
        city,
        host: '127.0.0.1',
        basePort: 0,
        ports: {},
        readEnv: () => undefined,
      }).then(
        () => expect.fail('started'),
        (error) => error,
      );
      await rm(folder, { recursive: true });
      expect(failure.name).toBe('SimulatorStartError');
      expect(failure.message).toMatch(expected);
      expect(failure.message).not.toContain('hunter2');
    },
  );
});
