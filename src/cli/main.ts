// The command line, `lienthong …`: the process. Started by `launch.mjs` or `npm run lienthong`. Reads the settings that the
// commands share with the gateway, runs one command and leaves its exit code: 0 right, 1 findings, 2 wrong use.

import { ConfigError, loadConfig } from '../config.ts';
import { printableLine } from '../printable.ts';
import { runCommandLine } from './program.ts';
import { createTerminal } from './terminal.ts';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const { connectorsDir, devOfficer, devAgency, readEnv } = loadConfig([]);
  const terminal = createTerminal(process, readEnv('NO_COLOR'));
  const actor = { officer: devOfficer, agency: devAgency };
  process.exitCode = await runCommandLine(process.argv.slice(2), { connectorsDir, actor, readEnv, terminal });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(
    `The settings are not right:\n${error.problems.map((row) => `  ${printableLine(row)}`).join('\n')}\n`,
  );
  process.exitCode = 2;
}
