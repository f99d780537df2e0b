// What every command receives from the process, and the exit code that it returns.

import type { StoreOptions } from '../store/database.ts';
import type { Terminal } from './terminal.ts';
import type { IssuerPlace } from './token/people.ts';

export interface CommandContext {
  readonly terminal: Terminal;
  /** The folder of connectors when no path is given. */
  readonly connectorsDir: string;
  /** Default of `$context.actor`. */
  readonly actor: { readonly officer: string; readonly agency: string };
  /** Which store `store backup` and `store restore` are about. */
  readonly store: StoreOptions;
  /** Where `token` finds the development issuer. */
  readonly issuer: IssuerPlace;
  /** The keys of the audit trail, as settings. */
  readonly audit?: { readonly auditKey?: string | undefined; readonly auditSigningKey?: string | undefined };
  /** Time limit of a request in the gateway, ms. Default 10,000. */
  readonly requestDeadlineMs?: number | undefined;
  readonly readEnv: (name: string) => string | undefined;
}

/** 0: success. 1: findings, failed cases or a failed call. 2: usage error. */
export type ExitCode = 0 | 1 | 2;
