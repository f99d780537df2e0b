// `lienthong connector run`: makes one call of one operation against the live source, another base URL or the simulator, and
// prints every step from the request to the mapped value.

import { parseSelection } from '../../connect/mapping/index.ts';
import type { ConnectDirective } from '../../connect/read/model.ts';
import type { Operation } from '../../connect/request/operation.ts';
import { type PersonalFields, readPersonalFields } from '../../manifest/personal-fields.ts';
import { type ConnectorFolder, readConnectorFolder } from '../../manifest/read-folder.ts';
import type { ReferenceSources } from '../../references.ts';
import type { CommandContext, ExitCode } from '../command-context.ts';
import { findConnector } from '../find-connectors.ts';
import { createCallMask } from './call-mask.ts';
import { type Call, type CallInput, callOnce, compileFor, defaultContext } from './call-once.ts';
import { mappingSteps } from './mapping-steps.ts';
import { completeArguments } from './run-arguments.ts';
import {
  assertInputs,
  assertSecrets,
  baseUrlOf,
  findOperation,
  type RunOptions,
  readInputs,
  refuseContradictions,
} from './run-inputs.ts';
import { runReport } from './run-report.ts';
import { startOneSimulator } from './start-one-simulator.ts';

/**
 * @param coordinate `Type`, `Type.field` or the id of a `@connect`
 * @throws UsageError, DiagnosticsError
 */
export async function runCommand(
  coordinate: string,
  options: RunOptions,
  { terminal, connectorsDir, actor, readEnv }: CommandContext,
): Promise<ExitCode> {
  refuseContradictions(options);
  const given = readInputs(options);
  const folder = await readConnectorFolder(findConnector(options.connector, connectorsDir));
  const baseUrl = options.simulator === true ? SIMULATOR_URL : baseUrlOf(folder, options.url, readEnv);
  const { operations } = compileFor(folder, baseUrl, readEnv);
  const operation = findOperation(coordinate, operations, folder.manifest.id);
  const args = completeArguments(operation, given.args as Record<string, unknown> | undefined, folder);
  const input: CallInput = {
    ...given,
    args,
    context: { ...defaultContext(actor), ...(given.context as object) },
  };
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
      isSimulated: simulator !== undefined,
      references,
    });
    terminal.print(show(call, folder, options, references, terminal.style));
    return call.outcome.kind === 'failed' ? 1 : 0;
  } finally {
    await simulator?.close();
  }
}

/** Placeholder for the URL of the simulator until it listens. */
const SIMULATOR_URL = 'http://127.0.0.1';

function show(
  call: Call,
  folder: ConnectorFolder,
  { simulator, showPersonal }: RunOptions,
  references: ReferenceSources,
  style: CommandContext['terminal']['style'],
): string {
  const { manifest, schema } = folder;
  const { operation, outcome } = call;
  const directive = schema.connects.find((connect) => nameOf(connect) === operation.name) as ConnectDirective;
  const { version, extensions } = schema.links;
  const mapping = parseSelection(directive.selection.value, { version, extensions });
  const fields = readPersonalFields(manifest, schema);
  const { typeName, isPersonal } = resultTypeOf(operation, fields);
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

function resultTypeOf({ typeName, fieldName }: Operation, fields: PersonalFields) {
  if (fieldName === undefined) return { typeName, isPersonal: false };
  return { typeName: fields.typeOf(typeName, fieldName), isPersonal: fields.isPersonal(typeName, fieldName) };
}
