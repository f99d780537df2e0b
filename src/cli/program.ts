// The commands and their options, and what a wrong use is answered with. Called by `main.ts`, and by tests with a
// terminal of their own. Each command's code is loaded when it runs, so that help and mistakes are answered at once.

import { Command, CommanderError } from 'commander';
import { DiagnosticsError } from '../diagnostic.ts';
import { isGatewayError } from '../errors.ts';
import { createLinesOf } from './code-frame.ts';
import { diagnosticText } from './diagnostic-report.ts';
import type { RunOptions } from './run/run-inputs.ts';
import type { Terminal } from './terminal.ts';
import type { CommandWorld, ExitCode } from './world.ts';
import { suggestion, WrongUse } from './wrong-use.ts';

/** Runs one command line. Unexpected errors are thrown, everything else is printed. */
export async function runCommandLine(argv: readonly string[], world: CommandWorld): Promise<ExitCode> {
  const { terminal } = world;
  let exit: ExitCode = 0;
  const program = buildProgram(world, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.code === 'commander.helpDisplayed' ? 0 : 2;
    if (error instanceof WrongUse) {
      terminal.complain(error.message);
      return 2;
    }
    // A manifest that contradicts itself, e.g. soap11 without `soap`: its detail was written for its author.
    if (isGatewayError(error)) {
      terminal.complain(error.message);
      return 1;
    }
    if (!(error instanceof DiagnosticsError)) throw error;
    const linesOf = createLinesOf();
    for (const row of error.diagnostics) terminal.complain(diagnosticText(row, linesOf, terminal.style));
    return 1;
  }
}

function buildProgram(world: CommandWorld, leave: (code: ExitCode) => void): Command {
  const program = new Command('lienthong')
    .description(
      'Liên Thông: the tools of those who write connectors. A connector is a folder: connector.yaml,\nschema.graphql, cases/ and simulator.ts.',
    )
    .helpCommand(false);
  const start = program
    .command('start')
    .description('run the gateway; "lienthong start --help" lists its settings')
    .argument('[settings...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (settings: string[]) => {
      const { runGateway } = await import('../main.ts');
      runGateway(settings);
    });
  const connector = program
    .command('connector')
    .description('check, test and try out connectors')
    .helpCommand(false);

  connector
    .command('check')
    .description('find every mistake of manifest, schema and mappings, and of the unified schema')
    .argument(
      '[path...]',
      'connector folders, folders of them, ids, or schemas without a manifest; all when none is given',
    )
    .option('--json', 'print one JSON object')
    .option('--strict', 'warnings fail, too')
    .action(async (paths: string[], options: { json?: true; strict?: true }) => {
      const { checkCommand } = await import('./check/check-command.ts');
      leave(await checkCommand(paths, options, world));
    });

  connector
    .command('test')
    .description('run the recorded cases against the compiled connector, without gateway and network')
    .argument('[path...]', 'connector folders, folders of them, ids, or single cases; all when none is given')
    .option('--json', 'print one JSON object')
    .option('--update', 'write what came out into the cases that fail')
    .action(async (paths: string[], options: { json?: true; update?: true }) => {
      const { testCommand } = await import('./test/test-command.ts');
      leave(await testCommand(paths, options, world));
    });

  connector
    .command('run')
    .description('make one call and show request, answer, judgement and mapping; personal data is masked')
    .argument('<coordinate>', 'the operation: Type, Type.field, or the id of a @connect')
    .requiredOption('--connector <id|path>', 'the connector')
    .option('--this <json>', 'the key of an entity, or the parent of a field')
    .option('--args <json>', 'the arguments of a field')
    .option('--batch <json>', 'the keys of a batch, a list')
    .option('--context <json>', 'what $context holds besides its defaults: purpose, actor, request, call')
    .option('--url <base>', 'base URL in place of the manifest’s')
    .option('--simulator', 'start the connector’s simulator and call that')
    .option('--show-personal', 'show personal data; with --simulator only')
    .action(async (coordinate: string, options: Record<string, string | boolean>) => {
      const { runCommand } = await import('./run/run-command.ts');
      leave(await runCommand(coordinate, options as unknown as RunOptions, world));
    });

  for (const command of [program, start, connector, ...connector.commands]) setUp(command, world.terminal);
  return program;
}

/** Our own words for wrong use, and help where it belongs. */
function setUp(command: Command, terminal: Terminal): void {
  command.exitOverride((error) => {
    const sentence = sentenceOf(error, command);
    if (sentence === undefined) throw error;
    throw new WrongUse(sentence);
  });
  command.configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.complain(text.trimEnd()),
    outputError: () => {},
  });
  if (command.commands.length === 0) return;
  // A group has no options of its own: what follows a mistyped command belongs to that command.
  command.usage('<command>').argument('[command]').allowUnknownOption().allowExcessArguments();
  command.action((given: string | undefined) => {
    throw new WrongUse(noCommand(command, given));
  });
}

function noCommand(command: Command, given: string | undefined): string {
  const name = fullName(command);
  const known = command.commands.map((sub) => sub.name());
  const help = `"${name} --help" explains them.`;
  if (given === undefined) return `${name}: found no command, expected ${known.join(', ')}. ${help}`;
  if (given.startsWith('-'))
    return `"${given}" is not an option of "${name}". Give a command first: ${known.join(', ')}. ${help}`;
  return `"${given}" is not a command of "${name}". ${suggestion(given, known, 'command')} ${help}`;
}

const fullName = (command: Command): string =>
  command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;

/** `undefined` for help, which is no mistake. */
function sentenceOf(error: CommanderError, command: Command): string | undefined {
  const name = fullName(command);
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const help = `"${name} --help" lists all.`;
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.help':
      return undefined;
    case 'commander.unknownOption': {
      const known = [...command.options.flatMap(({ long }) => long ?? []), '--help'];
      return `${quoted} is not an option of "${name}". ${suggestion(quoted, known, 'option')} ${help}`;
    }
    case 'commander.optionMissingArgument':
      return `${quoted.split(' ')[0]}: found no value, expected one. ${help}`;
    case 'commander.missingMandatoryOptionValue':
      return `${name}: found no ${quoted.split(' ')[0]}, expected ${quoted}. ${help}`;
    case 'commander.missingArgument':
      return `${name}: found no ${quoted}, expected one. ${help}`;
    case 'commander.excessArguments':
      return `${name}: found more arguments than it takes. Quote JSON for the shell; ${help}`;
    default:
      return `${name}: ${error.message.replace(/^error: /, '')}. ${help}`;
  }
}
