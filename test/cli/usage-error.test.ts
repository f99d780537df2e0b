// What if it is used wrongly: one sentence on stderr with what was found, what was expected and the way out; exit code 2.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { printableText } from '../../src/printable.ts';
import { anUnsafeText, UNSAFE } from '../an-unsafe-text.ts';
import { type AFolder, aFolder, lienthong, writeBooks } from './a-connector-folder.ts';

let folder: AFolder;
beforeAll(async () => {
  folder = await aFolder();
  await writeBooks(folder);
});
afterAll(() => folder.remove());

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const streams = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  };
  const code = await runCommandLine(args, {
    terminal: createTerminal(streams, undefined),
    connectorsDir: `${folder.path}/connectors`,
    actor: { officer: 'CB0001', agency: 'H26' },
    store: { dataDir: '/nonexistent' },
    issuer: { connectorsDir: 'connectors', port: 4000, simulatorPorts: {} },
    readEnv: () => undefined,
  });
  return { code, out, err: err.replaceAll(folder.path, '') };
}

const RUN = ['connector', 'run', 'Query.book', '--connector', 'books'];

describe('wrong use', () => {
  it.each([
    [
      [],
      'lienthong: found no command, expected start, connector, store, token, audit, documents. "lienthong --help" explains them.',
    ],
    [
      ['conector'],
      '"conector" is not a command of "lienthong". Did you mean "connector"? "lienthong --help" explains them.',
    ],
    [
      ['connector'],
      'lienthong connector: found no command, expected new, check, test, run, explain. "lienthong connector --help" explains them.',
    ],
    [
      ['connector', 'tset'],
      '"tset" is not a command of "lienthong connector". Did you mean "test"? "lienthong connector --help" explains them.',
    ],
    [
      ['connector', 'chekc', 'books', '--json'],
      '"chekc" is not a command of "lienthong connector". Did you mean "check"? "lienthong connector --help" explains them.',
    ],
    [
      ['connector', 'check', '--jsno'],
      '--jsno is not an option of "lienthong connector check". Did you mean "--json"? "lienthong connector check --help" lists all.',
    ],
    [
      ['connector', 'check', 'boks'],
      '"boks" is neither a path nor a connector of /connectors. Did you mean "books"?',
    ],
    [
      ['connector', 'check', 'no/such/path'],
      'no/such/path: found nothing there; expected a connector folder or a folder of connectors. Give a path that exists.',
    ],
    [
      ['connector', 'check', 'src'],
      'src: found no connector there; expected a folder with connector.yaml and schema.graphql, or a folder that contains such folders. Give another path.',
    ],
    [
      ['connector', 'check', 'package.json'],
      'package.json: found a file that does not belong to a connector; expected a connector folder, its schema.graphql, connector.yaml or a case in cases/.',
    ],
    [
      ['connector', 'run'],
      'lienthong connector run: found no --connector, expected --connector <id|path>. "lienthong connector run --help" lists all.',
    ],
    [
      ['connector', 'run', '--connector', 'books'],
      'lienthong connector run: found no coordinate, expected one. "lienthong connector run --help" lists all.',
    ],
    [
      ['--json', 'connector'],
      '"--json" is not an option of "lienthong". Give a command first: start, connector, store, token, audit, documents. "lienthong --help" explains them.',
    ],
    [
      ['connector', 'run', 'Book'],
      'lienthong connector run: found no --connector, expected --connector <id|path>. "lienthong connector run --help" lists all.',
    ],
    [[...RUN, '--args'], '--args: found no value, expected one. "lienthong connector run --help" lists all.'],
    [
      [...RUN, 'more'],
      'lienthong connector run: found more arguments than expected. Quote JSON for the shell; "lienthong connector run --help" lists all.',
    ],
    [
      [...RUN, '--args', '{isbn:1}'],
      `--args: found "{isbn:1}", which is not JSON; expected a JSON object, quoted for the shell: --args '{"code":"0100109106"}'.`,
    ],
    [
      ['connector', 'run', 'Query.book', '--connector', 'books', '--args', '{"isnb":"1"}'],
      '--args: "isnb" is not an argument of Query.book. Did you mean "isbn"?',
    ],
    [
      [...RUN, '--args', '[1]'],
      `--args: found a list, expected a JSON object: --args '{"code":"0100109106"}'.`,
    ],
    [RUN, `--args: found no "isbn", expected a value, because it is required. Write --args '{"isbn":…}'.`],
    [
      ['connector', 'run', 'Query.bok', '--connector', 'books'],
      '"Query.bok" is not an operation of "books". Did you mean "Query.book"?',
    ],
    [
      [...RUN, '--args', '{}', '--url', 'books.example'],
      '--url: found "books.example", expected an http or https URL such as http://127.0.0.1:4001.',
    ],
    [
      [...RUN, '--args', '{}', '--url', 'http://a', '--simulator'],
      '--url and --simulator: found both, expected one. The simulator has its own URL; leave --url out.',
    ],
    [
      [...RUN, '--args', '{}', '--show-personal'],
      '--show-personal: found it without --simulator, expected both. Personal data of a live system is never shown; use the simulator.',
    ],
    [
      [...RUN, '--args', '{"isbn":1}', '--simulator'],
      '--simulator: found no simulator.ts in the folder of "books", expected one. Give --url, or leave --simulator out for the live source.',
    ],
  ])('%j', async (args, sentence) => {
    expect(await run(...(args as string[]))).toEqual({ code: 2, out: '', err: `${sentence}\n` });
  });

  it('a personal input that is not JSON · refused · then its digits are not repeated', async () => {
    const { err } = await run(...RUN, '--args', '{id:001178946918}');
    expect(err).toContain('found "{id:…}"');
    expect(err).not.toContain('001178946918');
  });

  it('settings that are not right · at the start · then they are named, exit code 2', async () => {
    const { code, out, err } = await lienthong(['connector', 'check'], { env: { PORT: 'x' } });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('PORT: found "x", expected a whole number from 0 to 65535.');
  });

  it('--help · of each command · then its options on stdout, exit code 0', async () => {
    for (const args of [['--help'], ['connector', '--help'], ['connector', 'test', '-h']]) {
      const { code, out, err } = await run(...args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^Usage: lienthong/);
    }
  });
});

describe('colours', () => {
  let written = '';
  const write = (text: string) => {
    written = text;
  };
  const streams = { stdout: { isTTY: true, write }, stderr: { write } };
  it('a terminal · without and with NO_COLOR · then colours, and no colours', () => {
    const terminal = createTerminal(streams, undefined);
    terminal.print(`a ${terminal.style.bad('x')}`);
    expect(written).toBe('a \u001b[31mx\u001b[39m\n');
    expect(createTerminal(streams, '1').style.bad('x')).toBe('x');
  });
  it('any text · printed, styled or not · then without control characters but those of its styles', () => {
    const ESC = '\u001b';
    const sgr = new RegExp(`${ESC}\\[(?:1|2|22|3[1236]|39)m`, 'g');
    fc.assert(
      fc.property(anUnsafeText, anUnsafeText, fc.boolean(), (text, styled, isTTY) => {
        const { print, printError, style } = createTerminal(
          { stdout: { isTTY, write }, stderr: { write } },
          undefined,
        );
        for (const put of [print, printError])
          for (const paint of Object.values(style)) {
            put(text + paint(styled));
            const plain = isTTY ? written.replace(sgr, '') : written;
            expect(plain).toBe(`${printableText(text + styled)}\n`);
            expect(plain.replace(/[\n\t]/g, '')).not.toMatch(UNSAFE);
            if (isTTY) expect(written.match(sgr)).toHaveLength(2);
          }
      }),
    );
  });

  it('a pipe · always · then no colours', () => {
    expect(createTerminal({ ...streams, stdout: { write } }, undefined).style.bad('x')).toBe('x');
  });
});
