// Starting and stopping as a person or a supervisor does it, in processes of their own. What is wrong with settings, a
// database or the gateway's own port is in `test/main.test.ts`.

import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageQuery } from '../../src/http/page-query.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aDataFolder, anEmptyFolder } from './a-data-folder.ts';
import { aProcess, type GatewayProcess } from './a-process.ts';
import { eventually } from './eventually.ts';
import { freeRow } from './free-ports.ts';

const STACK = /^\s+at /m;
const IN_ORDER = ['population', 'business-registry', 'payment', 'postal'];

let port: number;
let dataDir: string;
let folder: ConnectorsFolder;
let first: GatewayProcess;

beforeAll(async () => {
  port = await freeRow(2 + IN_ORDER.length);
  dataDir = await aDataFolder();
  folder = await aConnectorsFolder({ attemptTimeoutMs: 30_000, maxWaitMs: 30_000 });
  first = aProcess([], {
    PORT: String(port),
    DATA_DIR: dataDir,
    CONNECTORS_DIR: folder.path,
    REQUEST_DEADLINE_MS: '60000',
    CLOSE_GRACE_MS: '30000',
  });
  await first.ready();
}, 120_000);

afterAll(async () => {
  first?.kill('SIGKILL');
  await folder?.remove();
  await rm(dataDir, { recursive: true, force: true });
});

/** @param gateway which runs on `at`; without simulators it answers whoever asks about what is not personal */
async function ask(
  query: string,
  at = port,
  gateway: GatewayProcess = first,
): Promise<{ data: never; errors?: unknown }> {
  const response = await fetch(`http://127.0.0.1:${at}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(gateway.authorization() !== '' && { authorization: gateway.authorization() }),
    },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: never; errors?: unknown };
}

const isOpen = (at: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

async function openPorts(from = port): Promise<number[]> {
  const ports = [from, ...IN_ORDER.map((_, i) => from + 1 + i), from + 1 + IN_ORDER.length];
  const open = await Promise.all(ports.map(isOpen));
  return ports.filter((_, i) => open[i]);
}

it('started · then the report names both URLs, the store, each connector with the next port, the issuer with the one after, and a command that works', async () => {
  const said = first.out();
  expect(said).toContain(`http://127.0.0.1:${port}/graphql`);
  expect(said).toContain(dataDir);
  IN_ORDER.forEach((id, i) => {
    expect(said).toMatch(new RegExp(`${id} +OK +http://127\\.0\\.0\\.1:${port + 1 + i} \\(simulator\\)`));
  });
  expect(said).toContain(`Sign-in   http://127.0.0.1:${port + 1 + IN_ORDER.length} (development issuer`);
  // Pasted into a shell.
  const command = /^curl .*$/m.exec(said)?.[0] ?? '';
  const { stdout } = await promisify(execFile)('sh', ['-c', command]);
  const { data, errors } = JSON.parse(stdout) as { data: unknown; errors?: unknown };
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain('"freshness":"LIVE"');
  const explorer = /http:\/\/\S+explorer\S*/.exec(said)?.[0] ?? '';
  expect((await fetch(explorer)).status).toBe(200);
});

it('a second start whose simulator ports are in use · then one sentence, exit code 1, and its folder is released', {
  timeout: 90_000,
}, async () => {
  const other = await aDataFolder();
  try {
    const second = aProcess(['--port', String(port), '--data-dir', other]);
    expect(await second.exit).toBe(1);
    expect(second.err()).toMatch(
      /^The simulator "[a-z-]+" cannot listen on 127\.0\.0\.1:\d+: the port is in use\..*\n$/,
    );
    expect(second.out()).toBe('');
    expect(await readdir(other)).not.toContain('gateway.lock');
    // The first one has not noticed.
    expect((await ask('{ connectors { id } }')).errors).toBeUndefined();
  } finally {
    await rm(other, { recursive: true, force: true });
  }
});

it('a connector broken, then corrected · SIGHUP each time · then refused with its line, then accepted, without an interruption', async () => {
  await folder.edit('postal', 'connector.yaml', (text) =>
    text.replace('lifecycle: stable', 'lifecycle: old'),
  );
  first.kill('SIGHUP');
  await eventually(() => first.err().includes('were not reloaded'), 'the refusal');
  expect(first.err()).toMatch(/postal\/connector\.yaml:\d+:\d+ .*lifecycle/);
  expect(first.err()).not.toMatch(STACK);
  expect((await ask(pageQuery)).errors).toBeUndefined();

  await folder.edit('postal', 'connector.yaml', (text) =>
    text.replace('lifecycle: old', 'lifecycle: deprecated'),
  );
  first.kill('SIGHUP');
  await eventually(() => first.out().includes('Reloaded 4 connectors; built anew: postal.'), 'the reload');
  expect((await ask(pageQuery)).errors).toBeUndefined();
});

it('a hostile connector beside the others · SIGHUP · requests are answered meanwhile, the finding is printed, the others stay', async () => {
  const hostile = join(folder.path, 'hostile');
  const refusals = () => first.err().split('were not reloaded').length;
  const before = refusals();
  await mkdir(hostile);
  const { manifest, schema } = largeConnector();
  await writeFile(join(hostile, 'connector.yaml'), manifest);
  await writeFile(join(hostile, 'schema.graphql'), schema);
  first.kill('SIGHUP');
  let answers = 0;
  await eventually(async () => {
    expect(await ask('{ connectors { id } }')).toMatchObject({ data: { connectors: { length: 4 } } });
    answers++;
    return refusals() > before;
  }, 'the refusal');
  expect(answers).toBeGreaterThan(3);
  expect(first.err()).toMatch(/hostile\/connector\.yaml FileTooLarge[\s\S]*expected: at most 131,072 bytes/);
  expect(first.err()).toMatch(/hostile\/schema\.graphql:\d+:\d+ MissingSchemaType/);
  await rm(hostile, { recursive: true });
  expect((await ask(pageQuery)).errors).toBeUndefined();
});

/** A manifest of 20,000 keys, and a schema with 3,000 types that do not exist. */
function largeConnector(): { readonly manifest: string; readonly schema: string } {
  const keys = Array.from({ length: 20_000 }, (_, i) => `key${i}: ${i}`);
  const fields = Array.from({ length: 3000 }, (_, i) => `  f${i}: Unknown${i}`);
  return {
    manifest: `id: hostile\n${keys.join('\n')}\n`,
    schema: `extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])\ntype Extra {\n${fields.join('\n')}\n}\n`,
  };
}

it('SIGTERM while a request waits for a source · then it is answered, exit code 0, ports and folder are released', async () => {
  const post = (path: string, body: unknown) =>
    fetch(`http://127.0.0.1:${port + 1}${path}`, { method: 'POST', body: JSON.stringify(body) });
  await fetch(`http://127.0.0.1:${port + 1}/__calls`, { method: 'DELETE' });
  expect((await post('/__faults', { latencyMs: 800 })).status).toBe(200);
  const waiting = ask('{ dossiers(first: 3) { edges { node { applicant { fullName } } } } }');
  await eventually(async () => {
    const response = await fetch(`http://127.0.0.1:${port + 1}/__calls`);
    return ((await response.json()) as { total: number }).total > 0;
  }, 'a call to the population database');

  first.kill('SIGTERM');
  const { data, errors } = await waiting;
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).not.toContain('"fullName":null');
  expect(await first.exit).toBe(0);
  expect(await openPorts()).toEqual([]);
  expect(await readdir(dataDir)).not.toContain('gateway.lock');
});

it('first start in a missing folder, without simulators · then an empty store and no explorer, as the report states; with them · then filled', {
  timeout: 240_000,
}, async () => {
  const parent = await anEmptyFolder();
  const own = await freeRow(2 + IN_ORDER.length);
  const args = ['--port', String(own), '--data-dir', join(parent, 'lienthong', 'data')];
  try {
    const alone = aProcess(['--no-simulators', ...args]);
    await alone.ready();
    expect(alone.out()).toMatch(/^ {2}Explorer {2}off without simulators; EXPLORER=on serves it$/m);
    expect(alone.out()).toMatch(/^ {2}Store .+, without synthetic data, because the simulators are off$/m);
    expect(alone.out()).not.toContain('(simulator)');
    expect(alone.out()).not.toMatch(/development issuer|curl|Bearer/);
    for (const id of IN_ORDER) expect(alone.out()).toMatch(new RegExp(`${id} +UNAVAILABLE`));
    expect(await openPorts(own)).toEqual([own]);
    // Nobody can sign in yet; what is public is there.
    expect(await ask('{ agencies { code } connectors { id } }', own, alone)).toMatchObject({
      data: { agencies: [], connectors: { length: 4 } },
    });
    expect(await ask('{ dossiers { edges { node { code } } } }', own, alone)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    for (const path of ['/', '/explorer']) {
      expect((await fetch(`http://127.0.0.1:${own}${path}`)).status).toBe(404);
    }
    alone.kill('SIGINT');
    expect(await alone.exit).toBe(0);
    expect(await openPorts(own)).toEqual([]);
    expect(alone.err()).not.toMatch(STACK);

    const seeding = aProcess(args);
    await seeding.ready();
    expect(seeding.out()).toContain(', filled with the synthetic city\n');
    const page = await ask(
      '{ dossiers(first: 1) { edges { node { code applicant { personalId } } } } }',
      own,
      seeding,
    );
    expect(page.errors).toBeUndefined();
    expect(JSON.stringify(page.data)).toContain('"personalId":"');
    seeding.kill('SIGINT');
    expect(await seeding.exit).toBe(0);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
