// The process: settings → gateway → listen → signals. Started by `npm start`. Guarantees one clear sentence and an exit
// code other than 0 for what can go wrong at start, and a clean close on SIGINT and SIGTERM. The only `process.exit`.

import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, HelpRequested, loadConfig } from './config.ts';
import type { Gateway } from './gateway.ts';
import { createLog, type Log } from './observe/log.ts';
import { startReport } from './start-report.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** Errors whose message was written for the person who starts the gateway. */
const START_ERROR = /^(StoreStart|Listen|SimulatorStart|Diagnostics|SecretReference|Gateway)Error$/;

function readSettings(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof HelpRequested) {
      say(error.message);
      process.exit(0);
    }
    if (!(error instanceof ConfigError)) throw error;
    complain(`The settings are not right:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`);
    process.exit(2);
  }
}

async function start(config: Config, log: Log): Promise<Gateway> {
  // Loaded late: wrong settings are answered at once, and a signal meanwhile finds its handler.
  const { createGateway } = await import('./gateway.ts');
  const gateway = await createGateway(config, { log });
  try {
    say(startReport(await gateway.listen()));
    return gateway;
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

async function reload(gateway: Gateway): Promise<void> {
  try {
    const { connectors, rebuilt } = await gateway.reload();
    say(`Reloaded ${connectors.length} connectors; built anew: ${rebuilt.join(', ') || 'none'}.`);
  } catch (error) {
    complain(`The connectors were not reloaded; the old ones serve on. ${(error as Error).message}`);
  }
}

const config = readSettings();
const log = createLog({ level: config.logLevel });
const starting = start(config, log);

const closing = closeWithGrace(
  {
    // A little more than requests under way may take: the store and the pools close after them.
    delay: config.closeGraceMs + 5000,
    logger: { error: (error: unknown) => log.error({ err: error }, 'closing failed') },
    // SIGINT and SIGTERM are ours, below; after SIGSEGV and its like no JavaScript should run.
    skip: ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGILL', 'SIGTRAP', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'beforeExit'],
  },
  async ({ err }) => {
    if (err) log.error({ err }, 'an error that nobody caught');
    // A start that failed has closed what it opened, and said so.
    const gateway = await starting.catch(() => undefined);
    await gateway?.close();
  },
);

// npm passes Ctrl-C on to a process that the terminal has told already: a second signal at once is the same one.
const SAME_SIGNAL_MS = 1000;
let signalledAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (signalledAt === undefined) {
      signalledAt = Date.now();
      void closing.close();
    } else if (Date.now() - signalledAt > SAME_SIGNAL_MS) process.exit(1);
  });
}

// One after the other: a reload that is asked for during another sees what that one made.
let reloading: Promise<void> = Promise.resolve();
process.on('SIGHUP', () => {
  reloading = reloading.then(() => starting).then(reload, () => {});
});

starting.catch((error: Error) => {
  log.debug({ err: error }, 'the start failed');
  const written = START_ERROR.test(error.name);
  complain(written ? error.message : `The gateway could not start: ${error.message}`);
  process.exit(1);
});
