// Checks connectors in a worker, so that a check neither blocks the event loop nor outlives its limits: a worker can be ended.
// What the check costs beyond what the sizes of the files bound, ends as a finding.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '../diagnostic.ts';
import type { SchemaFile } from '../graph/compose.ts';
import { readTextFile, TEXT_FILES } from '../manifest/read-text.ts';
import { referencedVariables } from '../references.ts';
import { type CheckReport, type CheckTarget, endedReport } from './check-report.ts';
import type { CheckMessage, CheckTask } from './check-worker.ts';

export interface CheckLimits {
  /** Time of the whole check. The shipped connectors take half a second, 50 connectors of 500 fields five. */
  readonly timeoutMs: number;
  /** Heap of the worker. */
  readonly heapMb: number;
}

const LIMITS: CheckLimits = { timeoutMs: 30_000, heapMb: 512 };

/** As `checkConnectors`. A check that exceeds its limits is reported as an error of the connector that was being checked. */
export async function checkInWorker(
  targets: readonly CheckTarget[],
  core: readonly SchemaFile[],
  readEnv: (name: string) => string | undefined,
  limits: CheckLimits = LIMITS,
): Promise<CheckReport> {
  const task: CheckTask = { targets, core, env: await environmentOf(targets, readEnv) };
  const worker = new Worker(new URL('./check-worker.mjs', import.meta.url), {
    workerData: task,
    // The flags of this process, such as those of a profiler or a test runner, are not meant for it.
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
  let checking = '(connectors)';
  try {
    return await new Promise<CheckReport>((resolve, reject) => {
      const end = (limit: string): void => resolve(endedReport(tooCostly(checking, limit)));
      const timer = setTimeout(() => end(`${limits.timeoutMs / 1000} s`), limits.timeoutMs);
      worker.on('message', (message: CheckMessage) => {
        if (message.report === undefined) checking = message.checking;
        else resolve(message.report);
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
        else end(`${limits.heapMb} MB of memory`);
      });
      worker.on('exit', () => {
        clearTimeout(timer);
        reject(new Error('the worker ended without a report'));
      });
    });
  } finally {
    await worker.terminate();
  }
}

const tooCostly = (file: string, limit: string): Diagnostic => ({
  code: 'ConnectorTooCostly',
  message: 'The check was ended.',
  file,
  found: `a check that needs more than ${limit}`,
  expected: `at most ${limit}`,
  wayOut:
    'Check the connectors one by one to find the costly one; split it into several, or write shorter mappings.',
});

/** The values of the variables that base URLs may refer to: all that the manifests name. */
async function environmentOf(
  targets: readonly CheckTarget[],
  readEnv: (name: string) => string | undefined,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const target of targets) {
    if (target.kind === 'schema') continue;
    for (const name of referencedVariables(await manifestText(target))) {
      const value = readEnv(name);
      if (value !== undefined) values[name] = value;
    }
  }
  return values;
}

/** Empty for a manifest that cannot be read, which the check reports. */
async function manifestText({ path, texts }: CheckTarget): Promise<string> {
  if (texts !== undefined) return texts.manifest ?? '';
  try {
    return await readTextFile(join(path, 'connector.yaml'), path, TEXT_FILES.manifest);
  } catch {
    return '';
  }
}
