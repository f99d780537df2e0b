// Validates the options of `connector run` against what the operation needs. Each problem is reported with a remedy before
// anything is sent.

import { clientHeaderLists } from '../../connect/request/headers.ts';
import type { Operation } from '../../connect/request/operation.ts';
import type { ConnectorFolder } from '../../manifest/read-folder.ts';
import {
  type ReferenceSources,
  resolveReferences,
  SecretReferenceError,
  shownSetting,
} from '../../references.ts';
import { missingSecrets } from '../../registry/upstream-spec.ts';
import { parseJsonOption, suggestion, UsageError } from '../usage-error.ts';
import type { CallInput } from './call-once.ts';

export interface RunOptions {
  readonly connector: string;
  readonly this?: string;
  readonly args?: string;
  readonly batch?: string;
  readonly context?: string;
  /** Headers of the client's request, which mappings read as `$request.headers`. */
  readonly headers?: string;
  readonly url?: string;
  readonly simulator?: true;
  readonly showPersonal?: true;
}

export function refuseContradictions({ url, simulator, showPersonal }: RunOptions): void {
  if (url !== undefined && simulator === true) {
    throw new UsageError(
      '--url and --simulator: found both, expected one. The simulator has its own URL; leave --url out.',
    );
  }
  if (showPersonal === true && simulator !== true) {
    throw new UsageError(
      '--show-personal: found it without --simulator, expected both. Personal data of a live system is never shown; use the simulator.',
    );
  }
  if (url !== undefined && !isHttpUrl(url)) {
    throw new UsageError(
      `--url: found ${JSON.stringify(url)}, expected an http or https URL such as http://127.0.0.1:4001.`,
    );
  }
}

const isHttpUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

export function readInputs(options: RunOptions): CallInput {
  const json = (name: 'this' | 'args' | 'batch' | 'context', kind: 'object' | 'list') => {
    const text = options[name];
    return text === undefined ? undefined : parseJsonOption(`--${name}`, text, kind);
  };
  return {
    this: json('this', 'object'),
    args: json('args', 'object'),
    batch: json('batch', 'list'),
    context: json('context', 'object'),
    request: { headers: clientHeaderLists(readHeaders(options.headers)) },
  };
}

/** Lower-case names, each with a text or a list of texts. @throws UsageError */
function readHeaders(text: string | undefined): Record<string, string | string[]> {
  if (text === undefined) return {};
  const given = parseJsonOption('--headers', text, 'object') as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const isText = typeof value === 'string';
      if (isText || (Array.isArray(value) && value.every((item) => typeof item === 'string')))
        return [name.toLowerCase(), value as string | string[]];
      throw new UsageError(
        `--headers: found another value than a text in "${name}", expected a text or a list of texts: --headers '{"accept-language":"vi"}'.`,
      );
    }),
  );
}

export function findOperation(name: string, operations: readonly Operation[], connector: string): Operation {
  const named = operations.find((operation) => operation.name === name);
  if (named !== undefined) return named;
  const at = operations.filter(({ coordinate }) => coordinate === name);
  const [only] = at;
  if (only !== undefined && at.length === 1) return only;
  if (at.length > 1) {
    throw new UsageError(
      `${name}: found ${at.length} connectors there, expected the id of one: ${at.map((o) => o.name).join(', ')}.`,
    );
  }
  const known = operations.map((operation) => operation.name);
  throw new UsageError(
    `"${name}" is not an operation of "${connector}". ${suggestion(name, known, 'operation')}`,
  );
}

/** Requires every variable that the request reads. */
export function assertInputs(operation: Operation, input: CallInput, { manifest }: ConnectorFolder): void {
  for (const variable of ['this', 'args', 'batch'] as const) {
    const read = operation.uses.filter((use) => use.variable === `$${variable}`);
    if (read.length === 0 || input[variable] !== undefined) continue;
    const keys = [...new Set(read.map(({ path }) => path[0] ?? ''))].filter((key) => key !== '');
    const example = keys.map((key) => `${JSON.stringify(key)}:…`).join(',');
    const shape = variable === 'batch' ? `[{${example}}]` : `{${example}}`;
    throw new UsageError(
      `--${variable}: found none, expected a value, because ${operation.name} reads $${variable}. Write --${variable} '${shape}'.`,
    );
  }
  assertBatchSize(operation, input.batch);
  const purpose = (input.context as { purpose?: unknown } | undefined)?.purpose;
  if (manifest.data.purpose === 'required' && purpose === undefined) {
    throw new UsageError(
      `--context: found no purpose, expected one, because "${manifest.id}" accepts requests for a dossier only. Write --context '{"purpose":{"dossier":"000.00.01.H26-261120-0001","procedure":"1.005129"}}'.`,
    );
  }
}

/** The gateway makes further calls for further keys; this command makes one. */
function assertBatchSize({ name, batchSize }: Operation, batch: unknown): void {
  if (batchSize === undefined || !Array.isArray(batch) || batch.length <= batchSize) return;
  throw new UsageError(
    `--batch: found ${batch.length} keys, expected at most ${batchSize}, because ${name} has batch.maxSize ${batchSize}: the gateway makes a call for each ${batchSize} keys. Give fewer keys.`,
  );
}

// —— target ——

export function baseUrlOf(
  { manifest }: ConnectorFolder,
  url: string | undefined,
  readEnv: ReferenceSources['readEnv'],
): string {
  if (url !== undefined) return url.replace(/(?<!\/)\/+$/, '');
  const declared = manifest.source.baseUrl;
  try {
    const text = resolveReferences(declared, { readEnv });
    if (isHttpUrl(text)) return text;
    throw new UsageError(
      `source.baseUrl of "${manifest.id}": found no http or https URL behind ${shownSetting(declared)}. Correct it, or give --url or --simulator.`,
    );
  } catch (error) {
    if (!(error instanceof SecretReferenceError)) throw error;
    throw new UsageError(
      `source.baseUrl of "${manifest.id}": ${error.message}. Set it, or give --url or --simulator.`,
    );
  }
}

export function assertSecrets({ manifest }: ConnectorFolder, references: ReferenceSources): void {
  const missing = missingSecrets(manifest, references);
  if (missing.length === 0) return;
  throw new UsageError(
    `The credentials of "${manifest.id}" are not complete: ${missing.join('; ')}. Set them, or give --simulator.`,
  );
}
