// The process: settings → gateway → listen → signals. Guarantees one clear sentence and an exit code other than 0 for a
// start that fails, and a clean close on SIGINT and SIGTERM. The only file that calls `process.exit`.

import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, HelpRequested, loadConfig } from './config.ts';
import type { Gateway } from './gateway.ts';
import { createLog, type Log } from './observe/log.ts';
import { redact } from './observe/redact.ts';
import { printableLine, printableText } from './printable.ts';
import { startReport } from './start-report.ts';

/** Errors whose message is addressed to the person who starts the gateway. */
const START_ERROR =
  /^(StoreStart|Listen|SimulatorStart|IssuerStart|Diagnostics|SecretReference|Gateway)Error$/;

/** npm forwards Ctrl-C to a process that the terminal has already signalled: signals this close count once. */
const SAME_SIGNAL_MS = 1000;

/** Runs the gateway in this process until a signal or a failed start ends the process. `args`: the command line. */
export function runGateway(args: string[]): void {
  const config = readSettings(args);
  const log = createLog({ level: config.logLevel });
  const starting = startGateway(config, log);
  closeOnSignals(starting, config, log);
  reloadOnHangup(starting);
  starting.catch((error: Error) => {
    log.debug({ err: error }, 'the start failed');
    const isForPerson = START_ERROR.test(error.name);
    printError(isForPerson ? error.message : `The gateway could not start: ${error.message}`);
    process.exit(1);
  });
}

function readSettings(args: string[]): Config {
  try {
    return loadConfig(args);
  } catch (error) {
    if (error instanceof HelpRequested) {
      print(error.message);
      process.exit(0);
    }
    if (!(error instanceof ConfigError)) throw error;
    printError(
      `The settings are not right:\n${error.problems.map((problem) => `  ${printableLine(problem)}`).join('\n')}`,
    );
    process.exit(2);
  }
}

async function startGateway(config: Config, log: Log): Promise<Gateway> {
  // Imported late, so that wrong settings are reported at once and signals during the start find their handlers.
  const { createGateway } = await import('./gateway.ts');
  const gateway = await createGateway(config, { log });
  try {
    print(startReport(await gateway.listen()));
    return gateway;
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

/** Closes the gateway on SIGINT, SIGTERM and uncaught errors; a second, later signal ends the process at once. */
function closeOnSignals(starting: Promise<Gateway>, config: Config, log: Log): void {
  const closing = closeWithGrace(
    {
      // Longer than requests in progress may take: the store and the pools close after them.
      delay: config.closeDelayMs + config.closeGraceMs + 5000,
      logger: { error: (error: unknown) => log.error({ err: error }, 'closing failed') },
      // SIGINT and SIGTERM are handled below; after SIGSEGV and similar signals no JavaScript should run.
      skip: ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGILL', 'SIGTRAP', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'beforeExit'],
    },
    async ({ err }) => {
      if (err) log.error({ err }, 'uncaught error');
      // A failed start has already closed what it opened and reported the error.
      const gateway = await starting.catch(() => undefined);
      await gateway?.close();
      log.info({}, 'stopped');
    },
  );
  let signalledAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (signalledAt === undefined) {
        signalledAt = Date.now();
        log.info({ signal }, 'stopping');
        void closing.close();
      } else if (Date.now() - signalledAt > SAME_SIGNAL_MS) process.exit(1);
    });
  }
}

/** Reloads the connectors on SIGHUP, one reload at a time. */
function reloadOnHangup(starting: Promise<Gateway>): void {
  let reloading: Promise<void> = Promise.resolve();
  process.on('SIGHUP', () => {
    reloading = reloading.then(() => starting).then(reload, () => {});
  });
}

async function reload(gateway: Gateway): Promise<void> {
  try {
    const { connectors, rebuilt, removed } = await gateway.reload();
    const gone = removed.length === 0 ? '' : `; removed: ${removed.join(', ')}`;
    print(`Reloaded ${connectors.length} connectors; built anew: ${rebuilt.join(', ') || 'none'}${gone}.`);
  } catch (error) {
    printError(
      `The connectors were not reloaded; the old ones remain in service. ${(error as Error).message}`,
    );
  }
}

const print = (text: string): void => void process.stdout.write(`${printableText(text)}\n`);
const printError = (text: string): void => void process.stderr.write(`${printableText(redact(text))}\n`);

if (import.meta.main) runGateway(process.argv.slice(2));
