// What every command is given of the process, and what it leaves. Made by `main.ts`, or by a test.

import type { Terminal } from './terminal.ts';

/** What the commands need of the process. */
export interface CommandWorld {
  readonly terminal: Terminal;
  /** Where connectors are when no path is given. */
  readonly connectorsDir: string;
  /** Default of `$context.actor`. */
  readonly actor: { readonly officer: string; readonly agency: string };
  readonly readEnv: (name: string) => string | undefined;
}

/** 0: right. 1: findings, failed cases or a failed call. 2: wrong use. */
export type ExitCode = 0 | 1 | 2;
