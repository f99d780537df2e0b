// The process under load receives SIGTERM: what was sent on an accepted connection is answered.

import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLoad } from '../http/a-load.ts';
import { aDataFolder } from './a-data-folder.ts';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

const ROUNDS = Number(process.env.CLOSING_ROUNDS ?? 2);
const QUERY = '{ dossiers(first: 2) { edges { node { code applicant { fullName } } } } }';

let folder: string;
const running: GatewayProcess[] = [];
beforeAll(async () => {
  folder = await aDataFolder();
}, 120_000);
afterAll(async () => {
  for (const each of running) each.kill('SIGKILL');
  await Promise.all(running.map(({ exit }) => exit));
  await rm(folder, { recursive: true, force: true });
});

async function started(...more: string[]) {
  const [port, ...ports] = await freePorts(6);
  const ids = ['population', 'business-registry', 'payment', 'postal', 'issuer'];
  const pairs = ids.map((id, index) => `${id}=${ports[index]}`).join();
  const gateway = aProcess([
    '--port',
    String(port),
    '--data-dir',
    folder,
    '--simulator-ports',
    pairs,
    ...more,
  ]);
  running.push(gateway);
  await gateway.ready();
  return { gateway, origin: `http://127.0.0.1:${port}` };
}

describe('SIGTERM under load', () => {
  it.each([
    ['that reuse connections', true],
    ['that open a connection for each request', false],
  ])('clients %s · then no request is lost, exit code 0', { timeout: 600_000 }, async (_, keepAlive) => {
    for (let round = 0; round < ROUNDS; round++) {
      const { gateway, origin } = await started();
      const load = aLoad({
        url: `${origin}/graphql`,
        query: QUERY,
        clients: 16,
        keepAlive,
        authorization: gateway.authorization(),
      });
      await eventually(() => load.answered() > 160, 'a busy gateway');
      gateway.kill('SIGTERM');
      const { answered, lost } = await load.ended;
      expect(lost).toEqual([]);
      expect(Object.keys(answered)).toEqual(['200']);
      expect(await gateway.exit).toBe(0);
    }
  });

  it('a second signal a second later · then the process ends at once, exit code 1', {
    timeout: 120_000,
  }, async () => {
    const { gateway, origin } = await started('--close-delay-ms', '60000');
    gateway.kill('SIGTERM');
    await eventually(
      async () => (await fetch(`${origin}/readyz`)).status === 503,
      'the announcement of the end',
    );
    await pause(1_100);
    gateway.kill('SIGTERM');
    expect(await gateway.exit).toBe(1);
  });
});
