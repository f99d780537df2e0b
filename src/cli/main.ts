// The process of the command line. Reads the settings that the commands share with the gateway, runs one command and sets
// the exit code: 0 success, 1 findings, 2 usage error.

import { ConfigError, loadConfig } from '../config.ts';
import { printableLine } from '../printable.ts';
import { runCommandLine } from './program.ts';
import { createTerminal } from './terminal.ts';

// The reader of the output may close it early, as `head` does; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** Default of `$context.actor` in `connector run`: the first person of the development issuer. */
const ACTOR = { officer: 'CB0001', agency: 'H26' } as const;

try {
  const config = loadConfig([]);
  const { connectorsDir, port, simulatorPorts, databaseUrl, dataDir, auditKey, auditSigningKey, readEnv } =
    config;
  const terminal = createTerminal(process, readEnv('NO_COLOR'));
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    connectorsDir,
    actor: ACTOR,
    store: { databaseUrl, dataDir },
    issuer: { connectorsDir, port, simulatorPorts },
    audit: { auditKey, auditSigningKey },
    requestDeadlineMs: config.requestDeadlineMs,
    readEnv,
    terminal,
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(
    `The settings are not right:\n${error.problems.map((row) => `  ${printableLine(row)}`).join('\n')}\n`,
  );
  process.exitCode = 2;
}
