// docs/cli.md lists every option, and no others; the output that it shows is that of the commands.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { type AFolder, aFolder, commandLine } from './a-connector-folder.ts';

const doc = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** What `lienthong … --help` prints. */
async function helpOf(...command: string[]): Promise<string> {
  let out = '';
  const streams = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => {} } };
  const world = {
    connectorsDir: '.',
    actor: { officer: '', agency: '' },
    store: { dataDir: '/nonexistent' },
    issuer: { connectorsDir: 'connectors', port: 4000, simulatorPorts: {} },
    readEnv: () => undefined,
  };
  await runCommandLine([...command, '--help'], {
    ...world,
    terminal: createTerminal(streams, undefined),
  });
  return out;
}

async function optionsOf(...command: string[]): Promise<string[]> {
  const out = await helpOf(...command);
  return [...out.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)]
    .map(([, name]) => String(name))
    .filter((name) => name !== '--help');
}

describe('docs/cli.md', () => {
  it('the commands · of --help · then each has a row', async () => {
    const [, list = ''] = (await helpOf()).split('Commands:\n');
    const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    expect(names).toContain('token');
    const rows = [...doc.matchAll(/^\| \[`([a-z]+)/gm)].map(([, name]) => name);
    expect([...new Set(rows)].toSorted()).toEqual(names.filter((name) => name !== 'help').toSorted());
  });

  it.each([
    'connector new',
    'connector check',
    'connector test',
    'connector run',
    'connector explain',
    'token',
  ])('%s · its options · then each is a row, and no row is invented', async (command) => {
    const [, section = ''] = doc.split(new RegExp(`^## ${command}$`, 'm'));
    const [own = ''] = section.split(/^## /m);
    const rows = [...own.matchAll(/^\| `(--[\w-]+)/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual((await optionsOf(...command.split(' '))).toSorted());
  });
});

describe('the output in docs/cli.md', () => {
  let folder: AFolder;
  beforeAll(async () => {
    folder = await aFolder();
    await folder.copy('postal');
  });
  afterAll(() => folder.remove());

  /** The block that shows a command, without its prompt. */
  const shown = (command: string): string => {
    const start = `\n\`\`\`\n$ lienthong ${command}\n`;
    const from = doc.indexOf(start) + start.length;
    return doc.slice(from, doc.indexOf('\n```', from));
  };
  const change = async (from: string, to: string): Promise<() => Promise<void>> => {
    const file = 'connectors/postal/schema.graphql';
    const text = await folder.read(file);
    expect(text).toContain(from);
    await folder.write(file, text.replace(from, to));
    return () => folder.write(file, text);
  };

  it('connector check · a misspelled variable · then as shown', async () => {
    const undo = await change('statusText: statusName', 'statusText: $tihs.statusName');
    const { out, code } = await commandLine(['connector', 'check', 'postal'], { cwd: folder.path });
    await undo();
    expect(out.trimEnd()).toBe(shown('connector check postal'));
    expect(code).toBe(1);
  });

  it('connector check · without errors · then the last lines as shown', async () => {
    const { out } = await commandLine(['connector', 'check', 'postal'], { cwd: folder.path });
    expect(doc).toContain(`\n\`\`\`\n${out.trimEnd().split('\n').slice(-2).join('\n')}\n\`\`\``);
  });

  it('connector test · a misspelled key · then as shown', async () => {
    const undo = await change('statusText: statusName', 'statusText: statusname');
    const { out, code } = await commandLine(['connector', 'test', 'postal'], { cwd: folder.path });
    await undo();
    expect(out.trimEnd()).toBe(shown('connector test postal'));
    expect(code).toBe(1);
  });

  it('connector explain · a page with two systems · then as shown', async () => {
    const [, query = ''] = /^\$ lienthong connector explain '(.+)'$/m.exec(doc) ?? [];
    const { out, code } = await commandLine(['connector', 'explain', query], {
      cwd: new URL('../..', import.meta.url).pathname,
    });
    expect(out.trimEnd()).toBe(shown(`connector explain '${query}'`));
    expect(code).toBe(0);
  });

  it('a misspelled command · then as shown', async () => {
    const { err, code } = await commandLine(['connector', 'chekc'], { cwd: folder.path });
    expect(err.trimEnd()).toBe(shown('connector chekc'));
    expect(code).toBe(2);
  });
});
