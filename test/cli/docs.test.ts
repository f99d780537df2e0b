// docs/cli.md knows every command and option, and no others.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';

const doc = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

async function optionsOf(command: string): Promise<string[]> {
  let out = '';
  const streams = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => {} } };
  const world = { connectorsDir: '.', actor: { officer: '', agency: '' }, readEnv: () => undefined };
  await runCommandLine(['connector', command, '--help'], {
    ...world,
    terminal: createTerminal(streams, undefined),
  });
  return [...out.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)]
    .map(([, name]) => String(name))
    .filter((name) => name !== '--help');
}

describe('docs/cli.md', () => {
  it.each(['check', 'test', 'run'])(
    'connector %s · its options · then each is a row, and no row is invented',
    async (command) => {
      const [, section = ''] = doc.split(new RegExp(`^## connector ${command}$`, 'm'));
      const [own = ''] = section.split(/^## /m);
      const rows = [...own.matchAll(/^\| `(--[\w-]+)/gm)].map(([, name]) => name);
      expect(rows.toSorted()).toEqual((await optionsOf(command)).toSorted());
    },
  );
});
