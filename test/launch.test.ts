// The launcher as a user runs it: arguments, streams, exit codes and signals pass through, in the process itself and
// through the packaged Node.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

const launcher = new URL('../src/launch.mjs', import.meta.url).pathname;

/** Makes the process report the version of a Node that cannot run TypeScript, so that the launcher needs another. */
const AN_OLD_NODE = `data:text/javascript,${encodeURIComponent(
  "if (process.argv[2] !== undefined && !process.env.A_CHILD) { process.env.A_CHILD = '1'; Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } }); }",
)}`;

const WAYS: readonly (readonly [string, readonly string[]])[] = [
  ['this Node', []],
  ['an old Node', ['--import', AN_OLD_NODE]],
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function launch(nodeArgs: readonly string[], args: readonly string[], options: { cwd?: string } = {}) {
  const child = spawn(process.execPath, [...nodeArgs, launcher, ...args], {
    ...options,
    env: {
      ...process.env,
      POSTAL_USERNAME: 'a-user',
      POSTAL_PASSWORD: 'a-password',
      POSTAL_CUSTOMER_CODE: 'a-code',
    },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += chunk));
  child.stderr.on('data', (chunk) => (output.err += chunk));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, output, ended };
}

describe.each(WAYS)('launcher in %s', (_way, nodeArgs) => {
  it('exit codes · 0 and 2 · then passed through', async () => {
    const help = launch(nodeArgs, ['--help']);
    const wrong = launch(nodeArgs, ['connector', 'x']);
    expect([(await help.ended).code, (await wrong.ended).code]).toEqual([0, 2]);
    expect(help.output.out).toContain('lienthong');
    expect(help.output.err).toBe('');
    expect(wrong.output.err).toContain('"x" is not a command');
  });

  it('another working folder · then paths are relative to it', async () => {
    const { output, ended } = launch(nodeArgs, ['connector', 'check'], {
      cwd: new URL('./cli/', import.meta.url).pathname,
    });
    expect((await ended).code).toBe(2);
    expect(output.err).toContain('./connectors: found nothing there');
  });

  it('start · with a wrong setting · then the gateway’s own message and exit code', async () => {
    const { output, ended } = launch(nodeArgs, ['start', '--prot', '1']);
    expect((await ended).code).toBe(2);
    expect(output.err).toContain('--prot is not an option. Did you mean --port?');
  });

  it('start --help · run · then the settings of the gateway', async () => {
    const { output, ended } = launch(nodeArgs, ['start', '--help']);
    expect((await ended).code).toBe(0);
    expect(output.out).toContain('--request-deadline-ms (REQUEST_DEADLINE_MS)');
  });

  it('a signal · while a call hangs · then the program ends by that signal', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const called = new Promise((resolve) => server.once('request', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { child, ended } = launch(nodeArgs, [
      ...['connector', 'run', 'Delivery', '--connector', 'postal'],
      ...['--url', url, '--this', '{"trackingCode":"EH000000000VN"}'],
    ]);
    await Promise.race([called, ended]);
    child.kill('SIGTERM');
    const expected = nodeArgs.length === 0 ? { code: null, signal: 'SIGTERM' } : { code: 143, signal: null };
    expect(await ended).toEqual(expected);
  });
});
