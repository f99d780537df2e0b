// The process as a person starts it: plain `node src/main.ts`, which accepts less than vitest does.

import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aDataFolder } from './gateway/a-data-folder.ts';
import { freePorts } from './gateway/free-ports.ts';

const root = new URL('..', import.meta.url).pathname;
const children: ChildProcess[] = [];
let folder: string;

beforeAll(async () => {
  folder = await aDataFolder();
}, 120_000);
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const run = (args: string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: '', ...env },
  });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += chunk));
  child.stderr.on('data', (chunk) => (output.err += chunk));
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const says = async (text: string | RegExp) => {
    const heard = () => new RegExp(text).test(output.out);
    await vi.waitUntil(() => heard() || child.exitCode !== null, { timeout: 60_000, interval: 50 });
    if (!heard()) throw new Error(`It ended with ${child.exitCode}: ${output.err}`);
  };
  return { child, output, exit, says };
};

/** Arguments for a start on the seeded folder, on ports that are free. */
const somePorts = async () => {
  const [port, ...ports] = await freePorts(6);
  const ids = ['population', 'business-registry', 'payment', 'postal', 'issuer'];
  const pairs = ids.map((id, index) => `${id}=${ports[index]}`).join();
  return { port, args: ['--port', String(port), '--data-dir', folder, '--simulator-ports', pairs] };
};

const noStack = /^\s+at /m;

describe('a start that fails', () => {
  it('--help · run · then the settings, exit code 0', async () => {
    const { output, exit } = run(['--help']);
    expect(await exit).toBe(0);
    expect(output.out).toContain('--request-deadline-ms (REQUEST_DEADLINE_MS)');
  });

  it('wrong settings · several at once · then one sentence each, exit code 2', async () => {
    const { output, exit } = run(['--prot', '1'], { LOG_LEVEL: 'loud' });
    expect(await exit).toBe(2);
    expect(output.err.trim().split('\n')).toEqual([
      'The settings are not right:',
      '  --prot is not an option. Did you mean --port? --help lists all.',
      '  LOG_LEVEL: found "loud", expected debug, info, warn, error or silent.',
    ]);
  });

  it('an unreachable database · then one sentence without the password, exit code 1', async () => {
    const { output, exit } = run([], { DATABASE_URL: 'postgres://city:hunter2@127.0.0.1:1/city' });
    expect(await exit).toBe(1);
    expect(output.err).toContain('cannot be reached');
    expect(output.err).not.toMatch(/hunter2/);
    expect(output.err).not.toMatch(noStack);
  });
});

describe('a start', () => {
  it('an empty folder · started, reloaded, started twice, stopped · then ready, rebuilt, refused, closed', {
    timeout: 60_000,
  }, async () => {
    const { port, args } = await somePorts();
    const first = run(args);
    await first.says('Ctrl-C stops everything');
    expect(first.output.out).toContain(`http://127.0.0.1:${port}/graphql`);
    expect(first.output.out).toContain('query Page($first:Int=20$after:String)');
    expect(first.output.out).toMatch(/population +OK +http:/);

    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: /authorization: (Bearer [\w.-]+)'/.exec(first.output.out)?.[1] ?? '',
      },
      body: '{"query":"{ dossiers(first: 1) { edges { node { code applicant { fullName } } } } }"}',
    });
    const answer = (await response.json()) as { data: { dossiers: { edges: unknown[] } }; errors?: unknown };
    expect(answer.data.dossiers.edges).toHaveLength(1);

    first.child.kill('SIGHUP');
    await first.says(/Reloaded \d+ connectors/);

    const second = run(args);
    expect(await second.exit).toBe(1);
    expect(second.output.err).toContain(`in use by process ${first.child.pid}`);
    expect(second.output.err).not.toMatch(noStack);

    // npm passes Ctrl-C on to a process that the terminal has told already.
    first.child.kill('SIGINT');
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
  });

  it('on a port in use · then one sentence with the way out, exit code 1', { timeout: 120_000 }, async () => {
    const { port, args } = await somePorts();
    const other = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { output, exit } = run(args);
    expect(await exit).toBe(1);
    expect(output.err).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use by another process\..*\n$/);
    other.close();
  });
});
