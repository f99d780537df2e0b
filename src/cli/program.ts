// The commands, their options and the texts of usage errors. The code of a command is imported when the command runs, so
// that help and usage errors are printed without delay.

import { Command, CommanderError } from 'commander';
import { DiagnosticsError } from '../diagnostic.ts';
import { isGatewayError } from '../errors.ts';
import { StoreStartError } from '../store/start-error.ts';
import { addAuditCommands } from './audit/commands.ts';
import { createLinesOf } from './code-frame.ts';
import type { CommandContext, ExitCode } from './command-context.ts';
import { diagnosticText } from './diagnostic-report.ts';
import { addDocumentCommands } from './documents/commands.ts';
import type { ExplainOptions } from './explain/explain-command.ts';
import type { NewOptions } from './new/questions.ts';
import type { RunOptions } from './run/run-inputs.ts';
import type { Terminal } from './terminal.ts';
import { PEOPLE, type TokenOptions } from './token/people.ts';
import { suggestion, UsageError } from './usage-error.ts';

/** Runs one command line and prints its result and its usage errors. @throws unexpected errors */
export async function runCommandLine(argv: readonly string[], world: CommandContext): Promise<ExitCode> {
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
    if (error instanceof UsageError) {
      terminal.printError(error.message);
      return 2;
    }
    if (error instanceof StoreStartError) {
      terminal.printError(error.message);
      return 1;
    }
    // By its name: the kit of simulators is loaded by the command that needs it.
    if (error instanceof Error && error.name === 'SimulatorStartError') {
      terminal.printError(error.message);
      return 1;
    }
    // A manifest that contradicts itself, such as soap11 without `soap`: the message is addressed to its author.
    if (isGatewayError(error)) {
      terminal.printError(error.message);
      return 1;
    }
    if (!(error instanceof DiagnosticsError)) throw error;
    const linesOf = createLinesOf();
    for (const row of error.diagnostics) terminal.printError(diagnosticText(row, linesOf, terminal.style));
    return 1;
  }
}

function buildProgram(world: CommandContext, leave: (code: ExitCode) => void): Command {
  const program = new Command('lienthong')
    .description(
      'Liên Thông: the gateway, and tools for authors of connectors. A connector is a folder with connector.yaml, schema.graphql, cases/ and simulator.ts.',
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
    .description('write, check, test, run and explain connectors')
    .helpCommand(false);

  connector
    .command('new')
    .description('write a new connector that passes check and test; asks what the options leave open')
    .argument('<id>', 'the id of the connector, which is the name of its folder')
    .option('--into <folder>', 'the folder of the connectors; default: CONNECTORS_DIR')
    .option('--title <text>', 'name of the system in English')
    .option('--title-vi <text>', 'name of the system in Vietnamese')
    .option('--agency <text>', 'agency that owns the connector')
    .option('--contact <text>', 'e-mail address or telephone number of the agency')
    .option('--protocol <name>', 'json, form, xml, soap11 or soap12; default: json')
    .option(
      '--credentials <kind>',
      'none, basic, bearer, header, query or oauth2ClientCredentials; default: none',
    )
    .option('--data <class>', 'public, internal or personal; default: internal')
    .option('--entity <Type>', 'a type that is found by its key, e.g. Licence')
    .option('--list <Type>', 'a root field that returns a list of this type, in place of an entity')
    .option('--key <field>', 'the field by which records are found; default: id')
    .option('--fields <fields>', 'further fields, e.g. "name, amount: Int"')
    .action(async (id: string, options: NewOptions) => {
      const { newCommand } = await import('./new/new-command.ts');
      leave(await newCommand(id, options, world));
    });

  connector
    .command('check')
    .description('report every mistake in manifest, schema and mappings, and in the unified schema')
    .argument(
      '[path...]',
      'connector folders, folders that contain them, ids, or schemas without a manifest; default: all connectors',
    )
    .option('--json', 'print one JSON object')
    .option('--strict', 'fail on warnings, too')
    .action(async (paths: string[], options: { json?: true; strict?: true }) => {
      const { checkCommand } = await import('./check/check-command.ts');
      leave(await checkCommand(paths, options, world));
    });

  connector
    .command('test')
    .description(
      'run the recorded cases against the compiled connector, without a gateway and without network access',
    )
    .argument(
      '[path...]',
      'connector folders, folders that contain them, ids, or single cases; default: all connectors',
    )
    .option('--json', 'print one JSON object')
    .option('--update', 'write the actual result into the cases that fail')
    .action(async (paths: string[], options: { json?: true; update?: true }) => {
      const { testCommand } = await import('./test/test-command.ts');
      leave(await testCommand(paths, options, world));
    });

  connector
    .command('run')
    .description('make one call and print request, answer, judgement and mapping; personal data is masked')
    .argument('<coordinate>', 'the operation: Type, Type.field, or the id of a @connect')
    .requiredOption('--connector <id|path>', 'the connector')
    .option('--this <json>', 'the key of an entity, or the parent of a field')
    .option('--args <json>', 'the arguments of a field')
    .option('--batch <json>', 'the keys of a batch, a list')
    .option(
      '--context <json>',
      'values of $context in addition to the defaults: purpose, actor, request, call',
    )
    .option('--headers <json>', "headers of the client's request, which mappings read as $request.headers")
    .option('--url <base>', 'base URL in place of the one in the manifest')
    .option('--simulator', 'start the simulator of the connector and call it')
    .option('--show-personal', 'show personal data; only with --simulator')
    .action(async (coordinate: string, options: Record<string, string | boolean>) => {
      const { runCommand } = await import('./run/run-command.ts');
      leave(await runCommand(coordinate, options as unknown as RunOptions, world));
    });

  connector
    .command('explain')
    .description('print which calls a query makes: order, keys, batches, worst case and time; calls nothing')
    .argument('<query>', 'a query, or a file that ends with .graphql')
    .option('--variables <json>', 'its variables')
    .option('--operation <name>', 'the operation, where the document has several')
    .option('--json', 'print one JSON object')
    .action(async (query: string, options: ExplainOptions) => {
      const { explainCommand } = await import('./explain/explain-command.ts');
      leave(await explainCommand(query, options, world));
    });

  const store = program
    .command('store')
    .description('back up and restore the dossier store')
    .helpCommand(false);
  store
    .command('backup')
    .description(
      'write the content of the store into a file, also while the gateway runs; it contains personal data',
    )
    .argument('<file>', 'a new file')
    .action(async (file: string) => {
      const { backupCommand } = await import('./store/backup-command.ts');
      leave(await backupCommand(file, world.store, world.terminal));
    });
  store
    .command('restore')
    .description('read a backup into an empty store: a new DATA_DIR, or a new database in DATABASE_URL')
    .argument('<file>', 'a file that "store backup" wrote')
    .action(async (file: string) => {
      const { restoreCommand } = await import('./store/restore-command.ts');
      leave(await restoreCommand(file, world.store, world.terminal));
    });

  const token = program
    .command('token')
    .description(
      'print an access token of a person of the development issuer, which a gateway with simulators runs',
    )
    .argument('<person>', PEOPLE.join(', '))
    .option('--id <id>', 'officer code, personal id, enterprise code or name, in place of its own')
    .option('--agency <code>', 'agency of an officer, in place of its own')
    .option('--minutes <number>', 'life of the token, 1 to 1440; default: 60')
    .option('--scope <scopes>', 'scopes of the machine, separated by spaces; default: dossiers:read')
    .option('--issuer <url>', 'address of the issuer; default: the port after those of the simulators')
    .action(async (person: string, options: TokenOptions) => {
      const { tokenCommand } = await import('./token/token-command.ts');
      leave(await tokenCommand(person, options, world.issuer, world.terminal));
    });

  const audit = addAuditCommands(program, world, leave);
  const documents = addDocumentCommands(program, world, leave);

  for (const command of [
    program,
    start,
    token,
    store,
    ...store.commands,
    audit,
    ...audit.commands,
    documents,
    ...documents.commands,
    connector,
    ...connector.commands,
  ])
    setUp(command, world.terminal);
  return program;
}

/** Replaces the library's error texts with usage errors, and its output with the terminal. */
function setUp(command: Command, terminal: Terminal): void {
  command.exitOverride((error) => {
    const sentence = sentenceOf(error, command);
    if (sentence === undefined) throw error;
    throw new UsageError(sentence);
  });
  command.configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.printError(text.trimEnd()),
    outputError: () => {},
  });
  if (command.commands.length === 0) return;
  // A group has no options of its own: the arguments after a mistyped command belong to that command.
  command.usage('<command>').argument('[command]').allowUnknownOption().allowExcessArguments();
  command.action((given: string | undefined) => {
    throw new UsageError(noCommand(command, given));
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

/** The text of a usage error; `undefined` for help, which is not an error. */
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
      return `${name}: found more arguments than expected. Quote JSON for the shell; ${help}`;
    default:
      return `${name}: ${error.message.replace(/^error: /, '')}. ${help}`;
  }
}
