// The launcher, as a user's Node runs it: arguments, streams, exit codes and signals pass through.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { lienthong } from './a-connector-folder.ts';

const launcher = new URL('../../src/cli/launch.mjs', import.meta.url).pathname;

describe('launcher', () => {
  it('exit codes · 0 and 2 · then passed on', async () => {
    const codes = await Promise.all([lienthong(['--help']), lienthong(['connector', 'x'])]);
    expect(codes.map(({ code }) => code)).toEqual([0, 2]);
  });

  it('another folder · as the user’s · then paths are relative to it', async () => {
    const { code, err } = await lienthong(['connector', 'check'], {
      cwd: new URL('.', import.meta.url).pathname,
    });
    expect(code).toBe(2);
    expect(err).toContain('./connectors: found nothing there');
  });

  it('a signal · while a call hangs · then the child ends, too, with the signal’s exit code', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const asked = new Promise((resolve) => server.once('request', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(
      process.execPath,
      [
        ...[launcher, 'connector', 'run', 'Delivery', '--connector', 'postal'],
        ...['--url', url, '--this', '{"trackingCode":"EH000000000VN"}'],
      ],
      {
        env: {
          ...process.env,
          POSTAL_USERNAME: 'a-user',
          POSTAL_PASSWORD: 'a-password',
          POSTAL_CUSTOMER_CODE: 'a-code',
        },
      },
    );
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await Promise.race([asked, ended]);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    server.closeAllConnections();
    server.close();
  });
});
