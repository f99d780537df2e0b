// The gateway on a disk that another program fills to the last byte. Needs the right to mount a small file system; without it
// the test of the free-space floor in test/store remains.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { AUDIT_KEY } from './an-environment.ts';
import { eventually } from './eventually.ts';
import { freeRow } from './free-ports.ts';

const mount = mkdtempSync(join(tmpdir(), 'lienthong-disk-'));
const OPERATOR_TOKEN = 'operators-of-this-test';

function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'lienthong-test', mount], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const mounted = canMount();
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', mount], { stdio: 'ignore' });
  rmSync(mount, { recursive: true, force: true });
});

const fill = (): void => {
  // Until the disk refuses.
  const block = Buffer.alloc(1 << 20);
  try {
    for (let i = 0; ; i++) writeFileSync(join(mount, `fill-${i}`), block);
  } catch {}
};
const free = (): void => void execFileSync('sh', ['-c', `rm -f ${mount}/fill-*`]);

async function start(port: number): Promise<GatewayProcess> {
  const gateway = aProcess(['--port', String(port)], {
    DATA_DIR: join(mount, 'data'),
    AUDIT_KEY,
    OPERATOR_TOKEN,
    DATABASE_URL: '',
  });
  await gateway.ready();
  return gateway;
}

describe.skipIf(!mounted)('a disk that is full to the last byte', () => {
  it('ends nothing: what needs no write is answered, the rest is refused and works again when there is space; SIGTERM ends the process', async () => {
    const port = await freeRow(8);
    const gateway = await start(port);
    const origin = `http://127.0.0.1:${port}`;
    const ask = async (query: string, authorization: string) => {
      const from = performance.now();
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query }),
      });
      const { data, errors = [] } = (await response.json()) as {
        data: Record<string, unknown> | null;
        errors?: { extensions: { code?: string } }[];
      };
      // An error that repeats another refers to it.
      const codes = errors.map(({ extensions }) => extensions.code).filter((code) => code !== undefined);
      return { data, codes, tookMs: performance.now() - from };
    };
    const page = () =>
      ask(
        '{ dossiers(first: 2) { edges { node { code applicant { fullName } } } } }',
        gateway.authorization(),
      );
    const setGate = (gate: string) =>
      ask(
        `mutation { setConnectorGate(input: { connector: "postal", gate: ${gate}, reason: "a trial" }) { id } }`,
        `Bearer ${OPERATOR_TOKEN}`,
      );
    const livez = async (): Promise<number> => (await fetch(`${origin}/livez`)).status;

    expect((await page()).codes).toEqual([]);
    expect((await setGate('CLOSED')).codes).toEqual([]);
    fill();
    for (let i = 0; i < 3; i++) {
      expect(await livez()).toBe(200);
      const personal = await page();
      expect(personal.codes.length).toBeGreaterThan(0);
      expect(new Set(personal.codes)).toEqual(new Set(['AUDIT_UNAVAILABLE']));
      expect(JSON.stringify(personal.data)).not.toMatch(/fullName":"/);
      const changed = await setGate('OPEN');
      expect(['AUDIT_UNAVAILABLE', 'STORE_UNAVAILABLE']).toContain(changed.codes[0]);
      expect(changed.tookMs).toBeLessThan(5_000);
      // Nothing personal, and nothing to write.
      expect((await ask('{ __typename }', gateway.authorization())).data).toEqual({ __typename: 'Query' });
    }
    free();
    await eventually(
      async () => (await page()).codes.length === 0,
      'the page after the disk has space',
      10_000,
    );
    await eventually(async () => (await setGate('AUTOMATIC')).codes.length === 0, 'a change, too', 10_000);

    fill();
    gateway.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    const refused = aProcess(['--port', String(port)], {
      DATA_DIR: join(mount, 'data'),
      AUDIT_KEY,
      DATABASE_URL: '',
    });
    expect(await refused.exit).not.toBe(0);
    expect(refused.err() + refused.out()).toContain('its disk is full. Free at least 64 MB');
    free();
    const again = await start(port);
    again.kill('SIGTERM');
    expect(await again.exit).toBe(0);
  }, 240_000);
});
