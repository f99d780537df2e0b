// The gateway as a person starts it: plain `node src/main.ts` in a process of its own.

import { spawn } from 'node:child_process';
import { AUDIT_KEY } from './an-environment.ts';
import { eventually } from './eventually.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** On a busy machine; a first start that seeds included. */
const START_MS = 90_000;

export interface GatewayProcess {
  readonly pid: number;
  out(): string;
  err(): string;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null where a signal ended it. */
  readonly exit: Promise<number | null>;
  /** `authorization` with the token in the report: an officer of the city who handles dossiers. Needs simulators. */
  authorization(): string;
  /** When the report is printed. @throws Error with what was said, when it ended before */
  ready(): Promise<void>;
}

/** Only what is given stands in its environment, besides the way to find programs and any free port for operators. */
export function aProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): GatewayProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH, HOME, AUDIT_KEY, OPERATORS_PORT: '0', ...env },
  });
  let out = '';
  let err = '';
  let ended = false;
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exit = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    kill: (signal) => void child.kill(signal),
    exit,
    authorization: () => /authorization: (Bearer [\w.-]+)'/.exec(out)?.[1] ?? '',
    ready: async () => {
      await eventually(
        () => ended || out.includes('Ctrl-C stops everything.'),
        'the report of the start',
        START_MS,
      );
      if (ended) throw new Error(`The process ended. It had said: ${out}${err}`);
    },
  };
}
