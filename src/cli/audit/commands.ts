// The commands of `lienthong audit` and their options.

import type { Command } from 'commander';
import type { CommandContext, ExitCode } from '../command-context.ts';
import type { ExportOptions } from './export-command.ts';
import type { PeriodOptions } from './period.ts';
import type { RetentionOptions } from './retention-command.ts';

export function addAuditCommands(
  program: Command,
  { store, audit: keys, readEnv, terminal }: CommandContext,
  leave: (code: ExitCode) => void,
): Command {
  const options = { ...keys, store, readEnv };
  const audit = program
    .command('audit')
    .description('verify, export and remove records of the audit trail, also while the gateway runs')
    .helpCommand(false);
  audit
    .command('verify')
    .description(
      'find every record that was changed, removed, exchanged or inserted, and every day that was replaced',
    )
    .option('--from <day>', 'first day, e.g. 2026-06-09; default: all')
    .option('--to <day>', 'last day')
    .action(async (given: PeriodOptions) => {
      const { verifyCommand } = await import('./verify-command.ts');
      leave(await verifyCommand(given, options, terminal));
    });
  audit
    .command('export')
    .description('write the records of a period as lines of JSON, with their digests and the signed roots')
    .argument('<file>', 'a new file')
    .option('--from <day>', 'first day, e.g. 2026-06-09; default: all')
    .option('--to <day>', 'last day')
    .option('--officer <code>', 'only the records of this officer, client or member of the staff')
    .option('--subject <digest>', 'only the records about this person, by keyed digest, or enterprise')
    .action(async (file: string, given: ExportOptions) => {
      const { exportCommand } = await import('./export-command.ts');
      leave(await exportCommand(file, given, options, terminal));
    });
  audit
    .command('retention')
    .description('remove whole days after their time, and leave a signed stub for each')
    .option('--keep <months>', 'months that records are kept, at least 24', '24')
    .option('--dry-run', 'only print what would be removed')
    .action(async (given: RetentionOptions) => {
      const { retentionCommand } = await import('./retention-command.ts');
      leave(await retentionCommand(given, options, terminal));
    });
  return audit;
}
