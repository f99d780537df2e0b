// `lienthong connector run`: one call of one operation against its live source, another base URL, or its simulator, shown
// from the request to the mapped value. For the person who writes or mends a connector.

import { parseSelection } from '../connect/mapping/index.ts';
import type { ConnectDirective } from '../connect/read/model.ts';
import type { Operation } from '../connect/request/operation.ts';
import { type ConnectorFolder, readConnectorFolder } from '../registry/read-folder.ts';
import { type ReferenceSources, resolveReferences, SecretReferenceError } from '../registry/secrets.ts';
import { missingSecrets } from '../registry/upstream-spec.ts';
import { createCallMask } from './call-mask.ts';
import { type Call, type CallInput, callOnce, compileFor, defaultContext } from './call-once.ts';
import { findConnector } from './find-connectors.ts';
import { mappingSteps } from './mapping-steps.ts';
import { type PersonalFields, readPersonalFields } from './personal-fields.ts';
import type { CommandWorld, ExitCode } from './program.ts';
import { runReport } from './run-report.ts';
import { startOneSimulator } from './start-one-simulator.ts';
import { parseJsonOption, suggestion, WrongUse } from './wrong-use.ts';

export interface RunOptions {
  readonly connector: string;
  readonly this?: string;
  readonly args?: string;
  readonly batch?: string;
  readonly context?: string;
  readonly url?: string;
  readonly simulator?: true;
  readonly showPersonal?: true;
}

/**
 * @param coordinate `Type`, `Type.field` or the id of a `@connect`
 * @throws WrongUse, DiagnosticsError
 */
export async function runCommand(
  coordinate: string,
  options: RunOptions,
  { terminal, connectorsDir, actor, readEnv }: CommandWorld,
): Promise<ExitCode> {
  refuseContradictions(options);
  const given = readInputs(options);
  const folder = await readConnectorFolder(findConnector(options.connector, connectorsDir));
  const baseUrl = options.simulator === true ? SIMULATOR_URL : baseUrlOf(folder, options.url, readEnv);
  const { operations } = compileFor(folder, baseUrl, readEnv);
  const operation = findOperation(coordinate, operations, folder.manifest.id);
  const input: CallInput = { ...given, context: { ...defaultContext(actor), ...(given.context as object) } };
  assertInputs(operation, input, folder);

  const simulator = options.simulator === true ? await startOneSimulator(folder, readEnv) : undefined;
  try {
    const references: ReferenceSources = { readEnv: (name) => simulator?.secrets[name] ?? readEnv(name) };
    assertSecrets(folder, references);
    const call = await callOnce({
      folder,
      operation: operation.name,
      input,
      baseUrl: simulator?.url ?? baseUrl,
      references,
    });
    terminal.print(show(call, folder, options, references, terminal.style));
    return call.outcome.kind === 'failed' ? 1 : 0;
  } finally {
    await simulator?.close();
  }
}

/** Stands for the simulator's URL until it listens. */
const SIMULATOR_URL = 'http://127.0.0.1';

function show(
  call: Call,
  folder: ConnectorFolder,
  { simulator, showPersonal }: RunOptions,
  references: ReferenceSources,
  style: CommandWorld['terminal']['style'],
): string {
  const { manifest, schema } = folder;
  const { operation, outcome } = call;
  const directive = schema.connects.find((one) => nameOf(one) === operation.name) as ConnectDirective;
  const { version, extensions } = schema.links;
  const mapping = parseSelection(directive.selection.value, { version, extensions });
  const fields = readPersonalFields(manifest, schema);
  const { typeName, isPersonal } = yieldOf(operation, fields);
  const steps =
    outcome.kind === 'mapped'
      ? mappingSteps({ mapping, text: directive.selection.value, ...outcome, typeName, fields, isPersonal })
      : [];
  const mask = createCallMask({
    folder,
    call,
    mapping,
    typeName,
    fields,
    references,
    showPersonal: showPersonal === true,
  });
  return runReport(
    {
      call,
      manifest,
      simulated: simulator === true,
      file: schema.file,
      selection: directive.selection,
      steps,
      mask,
      typeIsPersonal: isPersonal,
    },
    style,
  );
}

const nameOf = ({ id, coordinate }: ConnectDirective): string => id ?? coordinate;

function yieldOf({ typeName, fieldName }: Operation, fields: PersonalFields) {
  if (fieldName === undefined) return { typeName, isPersonal: false };
  return { typeName: fields.typeOf(typeName, fieldName), isPersonal: fields.isPersonal(typeName, fieldName) };
}

// —— what was given ——

function refuseContradictions({ url, simulator, showPersonal }: RunOptions): void {
  if (url !== undefined && simulator === true) {
    throw new WrongUse(
      '--url and --simulator: found both, expected one. The simulator has its own URL; leave --url out.',
    );
  }
  if (showPersonal === true && simulator !== true) {
    throw new WrongUse(
      '--show-personal: found it without --simulator, expected both. Personal data of a live system is never shown; call the simulator.',
    );
  }
  if (url !== undefined && !isHttpUrl(url)) {
    throw new WrongUse(
      `--url: found ${JSON.stringify(url)}, expected an http or https URL such as http://127.0.0.1:4001.`,
    );
  }
}

const isHttpUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

function readInputs(options: RunOptions): CallInput {
  const json = (name: 'this' | 'args' | 'batch' | 'context', kind: 'object' | 'list') => {
    const text = options[name];
    return text === undefined ? undefined : parseJsonOption(`--${name}`, text, kind);
  };
  return {
    this: json('this', 'object'),
    args: json('args', 'object'),
    batch: json('batch', 'list'),
    context: json('context', 'object'),
  };
}

function findOperation(name: string, operations: readonly Operation[], connector: string): Operation {
  const named = operations.find((operation) => operation.name === name);
  if (named !== undefined) return named;
  const at = operations.filter(({ coordinate }) => coordinate === name);
  const [only] = at;
  if (only !== undefined && at.length === 1) return only;
  if (at.length > 1) {
    throw new WrongUse(
      `${name}: found ${at.length} connectors there, expected the id of one: ${at.map((o) => o.name).join(', ')}.`,
    );
  }
  const known = operations.map((operation) => operation.name);
  throw new WrongUse(
    `"${name}" is not an operation of "${connector}". ${suggestion(name, known, 'operation')}`,
  );
}

/** What the request reads must be given: a request with holes teaches nothing. */
function assertInputs(operation: Operation, input: CallInput, { manifest }: ConnectorFolder): void {
  for (const variable of ['this', 'args', 'batch'] as const) {
    const read = operation.uses.filter((use) => use.variable === `$${variable}`);
    if (read.length === 0 || input[variable] !== undefined) continue;
    const keys = [...new Set(read.map(({ path }) => path[0] ?? ''))].filter((key) => key !== '');
    const example = keys.map((key) => `${JSON.stringify(key)}:…`).join(',');
    const shape = variable === 'batch' ? `[{${example}}]` : `{${example}}`;
    throw new WrongUse(
      `--${variable}: found none, expected a value, since ${operation.name} reads $${variable}. Write --${variable} '${shape}'.`,
    );
  }
  const purpose = (input.context as { purpose?: unknown } | undefined)?.purpose;
  if (manifest.data.purpose === 'required' && purpose === undefined) {
    throw new WrongUse(
      `--context: found no purpose, expected one, since "${manifest.id}" is asked for a dossier only. Write --context '{"purpose":{"dossier":"000.00.01.H26-261120-0001","procedure":"1.005129"}}'.`,
    );
  }
}

// —— where to ——

function baseUrlOf(
  { manifest }: ConnectorFolder,
  url: string | undefined,
  readEnv: ReferenceSources['readEnv'],
): string {
  if (url !== undefined) return url.replace(/\/+$/, '');
  const declared = manifest.source.baseUrl;
  try {
    const text = resolveReferences(declared, { readEnv });
    if (isHttpUrl(text)) return text;
    throw new WrongUse(
      `source.baseUrl of "${manifest.id}": found no http or https URL behind ${declared}. Correct it, or give --url or --simulator.`,
    );
  } catch (error) {
    if (!(error instanceof SecretReferenceError)) throw error;
    throw new WrongUse(
      `source.baseUrl of "${manifest.id}": ${error.message}. Set it, or give --url or --simulator.`,
    );
  }
}

function assertSecrets({ manifest }: ConnectorFolder, references: ReferenceSources): void {
  const missing = missingSecrets(manifest, references);
  if (missing.length === 0) return;
  throw new WrongUse(
    `The credentials of "${manifest.id}" are not complete: ${missing.join('; ')}. Set them, or give --simulator.`,
  );
}
