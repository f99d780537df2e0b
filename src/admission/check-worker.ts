// Inside the worker: checks connectors as `checkConnectors` does and sends the report, announcing each connector before it.

import { parentPort, workerData } from 'node:worker_threads';
import type { SchemaFile } from '../graph/compose.ts';
import { checkConnectors } from './check-connectors.ts';
import type { CheckReport, CheckTarget } from './check-report.ts';

export interface CheckTask {
  readonly targets: readonly CheckTarget[];
  readonly core: readonly SchemaFile[];
  /** Values of the environment that the base URLs refer to. */
  readonly env: Readonly<Record<string, string>>;
}

/** `checking` is the connector that is checked next, or `composition`. */
export type CheckMessage =
  | { readonly checking: string; readonly report?: undefined }
  | { readonly report: CheckReport };

export async function runCheckWorker(): Promise<void> {
  const { targets, core, env } = workerData as CheckTask;
  const send = (message: CheckMessage): void => parentPort?.postMessage(message);
  const report = await checkConnectors(targets, core, {
    readEnv: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
    onStart: (checking) => send({ checking }),
  });
  send({ report });
}
