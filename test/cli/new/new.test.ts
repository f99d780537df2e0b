// `connector new`: what it writes passes check, test and one call of its simulator, whatever was chosen; nothing is overwritten.

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIALS, DATA_CLASSES, PROTOCOLS } from '../../../src/cli/new/plan.ts';
import { runCommandLine } from '../../../src/cli/program.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import { type AFolder, aFolder, commandLine } from '../a-connector-folder.ts';

let folder: AFolder;
beforeAll(async () => {
  folder = await aFolder();
});
afterAll(() => folder.remove());

async function run(...args: string[]) {
  let out = '';
  const write = (text: string) => (out += text);
  const code = await runCommandLine(args, {
    terminal: createTerminal({ stdout: { write }, stderr: { write } }, undefined),
    connectorsDir: join(folder.path, 'connectors'),
    actor: { officer: 'CB0001', agency: 'H26' },
    store: { dataDir: '/nonexistent' },
    issuer: { connectorsDir: 'connectors', port: 4000, simulatorPorts: {} },
    readEnv: () => undefined,
  });
  return { code, out: out.replaceAll(folder.path, '') };
}

/** Each protocol and kind of credentials, with both shapes and all classes of data among them. */
const CHOICES = PROTOCOLS.flatMap((protocol, i) =>
  CREDENTIALS.map((credentials, j) => ({
    protocol,
    credentials,
    data: DATA_CLASSES[(i + j) % DATA_CLASSES.length] as string,
    shape: (i + j) % 2 === 0 ? '--entity' : '--list',
  })),
);

describe('a new connector', () => {
  it.each(CHOICES)(
    '$protocol, $credentials, $data, $shape · passes check and test, and its simulator answers',
    async ({ protocol, credentials, data, shape }) => {
      const id = `a-${protocol}-${credentials.toLowerCase()}`;
      const made = await run(
        ...['connector', 'new', id, shape, 'Licence', '--key', 'number', '--protocol', protocol],
        ...['--credentials', credentials, '--data', data],
        ...['--fields', 'holder, points: Int, share: Float, valid: Boolean'],
      );
      expect(made.code, made.out).toBe(0);
      expect(made.out).toContain('3 passed');
      expect(await readdir(join(folder.path, 'connectors', id))).toEqual([
        'README.md',
        'cases',
        'connector.yaml',
        'schema.graphql',
        'simulator.ts',
      ]);
      const key = data === 'personal' ? '001199000001' : 'A-1';
      const called = await run(
        ...[
          'connector',
          'run',
          shape === '--list' ? 'Query.licences' : 'Query.licence',
          '--connector',
          id,
          '--simulator',
        ],
        ...['--args', JSON.stringify({ number: key }), '--show-personal'],
        ...['--context', '{"purpose":{"dossier":"000.00.01.H26-261120-0001","procedure":"1.005129"}}'],
      );
      expect(called.code, called.out).toBe(0);
      for (const value of ['holder: Example holder', 'points: 42', 'share: 1.5', 'valid: true'])
        expect(called.out.replace(/"(\w+)":\s/g, '$1: ').replaceAll('"', '')).toContain(value);
    },
    30_000,
  );

  it('in a folder without a package · its simulator finds what it imports', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'lienthong-bare-'));
    const cwd = new URL('../../..', import.meta.url).pathname;
    try {
      expect((await run('connector', 'new', 'bare', '--into', bare, '--entity', 'Thing')).code).toBe(0);
      const { out, code } = await commandLine(
        [
          ...['connector', 'run', 'Query.thing', '--connector', join(bare, 'bare'), '--simulator'],
          ...['--args', '{"id":"A-1"}'],
        ],
        { cwd },
      );
      expect(code, out).toBe(0);
      expect(out).toContain('Example name');
    } finally {
      await rm(bare, { recursive: true, force: true });
    }
  });

  it('has a port of its own among the connectors of the folder', async () => {
    for (const id of ['first', 'second'])
      expect(
        (await run('connector', 'new', id, '--into', join(folder.path, 'ports'), '--entity', 'Thing')).code,
      ).toBe(0);
    expect(await folder.read('ports/first/connector.yaml')).toContain('portOffset: 1\n');
    expect(await folder.read('ports/second/connector.yaml')).toContain('portOffset: 2\n');
  });

  it.each([
    ['a quote and an apostrophe', `The "People's" book`],
    ['markup and YAML', '# <b>: - & * ! | > % @ `x` {a} [b], c: d'],
    ['Vietnamese', 'Giấy phép: lái xe – hạng A1'],
    ['a number', '42'],
    ['what YAML reads as a truth value', 'yes'],
  ])('a title with %s · stands in it as typed', async (name, title) => {
    const id = `t-${name.length}`;
    const made = await run(
      'connector',
      'new',
      id,
      '--title',
      title,
      '--title-vi',
      title,
      '--entity',
      'Thing',
    );
    expect(made.code, made.out).toBe(0);
    const shown = await run('connector', 'check', join(folder.path, 'connectors', id), '--json');
    expect(shown.code).toBe(0);
  });
});

describe('refused, and nothing is written', () => {
  it.each([
    ['an id that is no folder name', ['../x'], 'Found the id "../x"'],
    ['an id in capitals', ['Licences'], 'Found the id "Licences"'],
    [
      'an unknown protocol',
      ['a', '--protocol', 'rest'],
      '--protocol: found "rest", expected one of json, form',
    ],
    ['unknown credentials', ['a', '--credentials', 'oauth'], '--credentials: found "oauth"'],
    ['an unknown class', ['a', '--data', 'secret'], '--data: found "secret"'],
    ['a type that is no name', ['a', '--entity', 'driving licence'], '--entity: found "driving licence"'],
    [
      'a type of the gateway',
      ['a', '--entity', 'Dossier'],
      '--entity: found "Dossier", expected the name of a GraphQL type that the gateway does not have',
    ],
    ['a root field of the gateway', ['a', '--list', 'Connector'], '--list: found "Connector"'],
    ['a type of GraphQL', ['a', '--entity', 'String'], '--entity: found "String"'],
    ['both shapes', ['a', '--entity', 'A', '--list', 'B'], 'Found --entity and --list'],
    ['a key that is no name', ['a', '--key', 'số'], '--key: found "số"'],
    ['a field with an unknown type', ['a', '--fields', 'born: Date'], '--fields: found "born: Date"'],
    ['a field twice', ['a', '--fields', 'x, x'], '--fields: found "x, x"'],
    ['the key among the fields', ['a', '--fields', 'id'], '--fields: found "id"'],
    ['a field of the gateway', ['a', '--fields', 'provenance'], '--fields: found "provenance"'],
    ['no fields', ['a', '--fields', ','], '--fields: found ","'],
    ['a title with a reference', ['a', '--title', '${env:SECRET}'], '--title: found "${env:SECRET}"'],
    ['a title that ends a description', ['a', '--title', 'a""" b'], '--title: found'],
    ['a title of two lines', ['a', '--title', 'a\nb'], '--title: found'],
  ])('%s', async (_, args, expected) => {
    const before = await readdir(folder.path);
    const { code, out } = await run('connector', 'new', ...args, '--into', join(folder.path, 'refused'));
    expect(code).toBe(2);
    expect(out).toContain(expected);
    expect(await readdir(folder.path)).toEqual(before);
  });

  it('a folder that exists', async () => {
    await folder.write('connectors/mine/notes.txt', 'mine');
    const { code, out } = await run('connector', 'new', 'mine');
    expect(code).toBe(2);
    expect(out).toContain('/connectors/mine exists already, and nothing is overwritten.');
    expect(await readdir(join(folder.path, 'connectors', 'mine'))).toEqual(['notes.txt']);
  });
});
