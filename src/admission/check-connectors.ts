// All checks of connectors before they go live: manifest, schema, static rules, and composition with the gateway's own schema and
// with each other. Writes nothing and calls no source.

import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { checkConnector } from '../connect/check/check-connector.ts';
import { checkComposedCalls } from '../connect/check/composed-calls.ts';
import { checkAgainstManifest } from '../connect/check/manifest.ts';
import { checkPrefixedKeys } from '../connect/check/prefixed-keys.ts';
import {
  type CompiledConnector,
  type ConnectorSettings,
  compileConnector,
} from '../connect/compile-connector.ts';
import { usesOf } from '../connect/mapping/index.ts';
import type { ConnectorSchema } from '../connect/read/model.ts';
import { mappingsOf, parseTexts } from '../connect/read/parse-texts.ts';
import { readConnectorSchema } from '../connect/read/read-schema.ts';
import { type Diagnostic, DiagnosticsError, inOrder, isError } from '../diagnostic.ts';
import { composeSchema, type SchemaFile } from '../graph/compose.ts';
import { dataFacts } from '../manifest/data-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isBaseUrl, NO_BASE_URL } from '../manifest/manifest-faults.ts';
import { operationRulesOf } from '../manifest/operation-rules.ts';
import { parseConnectorFolder, readConnectorTexts } from '../manifest/read-folder.ts';
import { readTextFile, TEXT_FILES } from '../manifest/read-text.ts';
import { withPlaces } from '../manifest/yaml-places.ts';
import { resolveReferences, SecretReferenceError } from '../references.ts';
import { guardMistakes, manifestFileOf } from '../registry/guard-mistakes.ts';
import { signingMistakes } from '../registry/signing-mistakes.ts';
import { listCaseFiles } from './cases.ts';
import { type CheckedConnector, type CheckReport, type CheckTarget, shownPath } from './check-report.ts';
import { clearTextSecrets } from './clear-text.ts';
import { manifestMistakes } from './manifest-mistakes.ts';
import { ownMethods } from './own-methods.ts';
import { usedTwice } from './used-twice.ts';

export interface CheckOptions {
  /** For base URLs; an unset variable is not a finding, since it depends on where the gateway runs. */
  readonly readEnv: (name: string) => string | undefined;
  /** Called with the path of each connector, then with `composition`, before it is checked. */
  readonly onStart?: (checking: string) => void;
}

export async function checkConnectors(
  targets: readonly CheckTarget[],
  core: readonly SchemaFile[],
  { readEnv, onStart = () => {} }: CheckOptions,
): Promise<CheckReport> {
  const checked: Checked[] = [];
  for (const target of targets) {
    onStart(shownPath(target.path));
    checked.push(await checkOne(target, readEnv));
  }
  onStart('composition');
  const sound = checked.flatMap(({ connector, diagnostics }) =>
    connector === undefined || diagnostics.some(isError) ? [] : [connector],
  );
  // A schema without a manifest is composed with the gateway's schema only.
  const alone = new Set(
    targets.flatMap((target) => (target.kind === 'schema' ? [shownPath(target.path)] : [])),
  );
  const groups = [
    sound.filter(({ schema }) => !alone.has(schema.file)),
    ...sound.filter(({ schema }) => alone.has(schema.file)).map((one) => [one]),
  ];
  const composed = groups.map((group) => compose(core, group));
  const composition = [...usedTwice(checked), ...composed.flatMap(({ findings }) => findings)];
  // A finding of composition is more precise than the same finding on one schema.
  const told = new Set(composition.map(identity));
  const found = [
    ...checked.flatMap(({ diagnostics }) => diagnostics.filter((row) => !told.has(identity(row)))),
    ...composition,
  ];
  // The next step of a connector that is right so far.
  const isRight = !found.some(isError);
  const cases = isRight ? await Promise.all(targets.map(caseFindings)) : [];
  const findings = [...found, ...cases.flat()];
  const connectors = checked.map(({ id, path, connector }): CheckedConnector => {
    const own = findings.filter(({ file }) => file === path || dirname(file) === path);
    const errors = own.filter(isError).length;
    return {
      id,
      path,
      errors,
      warnings: own.length - errors,
      operations: connector?.operations.map(({ name }) => name) ?? [],
      portable: connector?.portable ?? null,
      ownMethods: connector === undefined ? [] : ownMethods(connector.schema),
    };
  });
  const isSound = sound.length === checked.length && !composition.some(isError);
  return {
    connectors,
    findings,
    composed: sound.length > 0,
    manifests: new Map(
      checked.flatMap(({ path, manifest }) => (manifest === undefined ? [] : [[path, manifest]])),
    ),
    sdl: isSound ? composed[0]?.sdl : undefined,
  };
}

const identity = ({ code, file, line, column }: Diagnostic): string => `${code} ${file}:${line}:${column}`;

interface Checked {
  readonly id: string;
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly connector: CompiledConnector | undefined;
  readonly manifest?: Manifest;
}

async function checkOne(
  target: CheckTarget,
  readEnv: (name: string) => string | undefined,
): Promise<Checked> {
  const path = shownPath(target.path);
  const name = basename(resolve(path)).replace(/\.\w+$/, '');
  if (target.kind === 'schema') {
    const read = await readSchema(target.path, path);
    const compiled =
      read.value && compile(read.value, { id: name, config: settingsReadBy(read.value), env: {} });
    return {
      id: name,
      path,
      connector: compiled?.value,
      diagnostics: compiled?.diagnostics ?? read.diagnostics,
    };
  }
  try {
    const before = process.threadCpuUsage();
    const texts = target.texts ?? (await readConnectorTexts(target.path));
    const { manifest, schema } = parseConnectorFolder(texts);
    const checked = checkFolder(manifest, schema, readEnv);
    const costs = costFindings(process.threadCpuUsage(before), schema.file);
    const placed = withPlaces([...checked.diagnostics, ...costs], manifestFileOf(schema), texts.manifest);
    return { id: manifest.id, path, manifest, connector: checked.connector, diagnostics: placed };
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const further = await checkSchemaAlone(join(target.path, 'schema.graphql'), error.diagnostics);
    return { id: name, path, diagnostics: [...error.diagnostics, ...further], connector: undefined };
  }
}

/** Without a case nothing shows what the connector makes of an answer. */
async function caseFindings({ kind, path }: CheckTarget): Promise<readonly Diagnostic[]> {
  if (kind === 'schema' || (await listCaseFiles(path)).length > 0) return [];
  return [
    {
      code: 'NoCases',
      severity: 'warning',
      message: 'The connector has no recorded case, so that `connector test` proves nothing.',
      file: shownPath(path),
      found: 'no cases/*.yaml',
      expected: 'a case per operation',
      wayOut: 'Record one: `lienthong connector test --help`, docs/cli.md.',
    },
  ];
}

/** Without a manifest the settings are unknown: every setting that is read counts as present. */
function settingsReadBy(schema: ConnectorSchema): Record<string, string> {
  const { sources, connects } = parseTexts(schema);
  const uses = [...sources, ...connects].flatMap((part) =>
    [...mappingsOf(part)].flatMap(({ tree }) => usesOf(tree)),
  );
  const keys = uses.flatMap(({ variable, path }) => (variable === '$config' ? path.slice(0, 1) : []));
  return Object.fromEntries(keys.map((key) => [key, PLACEHOLDER]));
}

function checkFolder(
  manifest: Manifest,
  schema: ConnectorSchema,
  readEnv: (name: string) => string | undefined,
): Omit<Checked, 'id' | 'path'> {
  const resolved = baseUrlOf(manifest, readEnv);
  const isUsable = isBaseUrl(resolved);
  const baseUrl = isUsable ? resolved : PLACEHOLDER;
  const config = { ...manifest.config, baseUrl };
  const env = Object.fromEntries(manifest.env.map((name) => [name, '']));
  const { value: connector, diagnostics } = compile(schema, {
    id: manifest.id,
    config,
    env,
    requiresPurpose: manifest.data.purpose === 'required',
    ...operationRulesOf(manifest),
    shares: manifest.shares,
  });
  const { source, data } = manifest;
  const facts = { hosts: source.hosts, baseUrl, ...dataFacts(data) };
  const mistakes = connector === undefined ? [] : guardMistakes(manifest, connector, manifestFileOf(schema));
  const isXml = ['xml', 'soap11', 'soap12'].includes(manifest.protocol);
  return {
    connector,
    diagnostics: [
      ...(isUsable ? [] : [unusableBaseUrl(source.baseUrl, manifestFileOf(schema))]),
      ...diagnostics,
      ...(isXml ? checkPrefixedKeys(parseTexts(schema)) : []),
      ...checkAgainstManifest({ schema }, facts),
      ...mistakes,
      ...manifestMistakes(manifest, schema, manifestFileOf(schema), connector !== undefined),
      ...clearTextSecrets(manifest, schema, manifestFileOf(schema)),
      ...signingMistakes(manifest, schema, manifestFileOf(schema), { readEnv }),
    ],
  };
}

/** What a reference stands for may be a secret that was put into the wrong variable: the reference is shown. */
const unusableBaseUrl = (declared: string, file: string): Diagnostic => ({
  code: 'ManifestInvalid',
  file,
  coordinate: 'source.baseUrl',
  message: NO_BASE_URL.message,
  found: `another value behind ${declared}`,
  expected: NO_BASE_URL.expected,
  wayOut: 'Set the variable, or the file, to the base URL of the source.',
});

interface Attempt<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

function attempt<T>(make: () => T): Attempt<T> {
  try {
    return { value: make(), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return { value: undefined, diagnostics: error.diagnostics };
  }
}

/** A connector with its warnings, or its errors and its warnings. */
function compile(schema: ConnectorSchema, settings: ConnectorSettings): Attempt<CompiledConnector> {
  const { value, diagnostics } = attempt(() => compileConnector(schema, settings));
  if (value !== undefined) return { value, diagnostics: value.warnings };
  const warnings = checkConnector(parseTexts(schema)).filter((row) => !isError(row));
  return { value, diagnostics: inOrder([...diagnostics, ...warnings]) };
}

/** Checks the schema even if its manifest is wrong, so that all findings come at once. */
async function checkSchemaAlone(path: string, known: readonly Diagnostic[]): Promise<readonly Diagnostic[]> {
  const file = shownPath(path);
  if (!existsSync(path) || known.some((row) => row.file === file || row.code === 'SymbolicLink')) return [];
  const { value: schema } = await readSchema(path, file);
  return schema === undefined ? [] : inOrder(checkConnector(parseTexts(schema)));
}

async function readSchema(path: string, file: string): Promise<Attempt<ConnectorSchema>> {
  try {
    const text = await readTextFile(path, file, TEXT_FILES.schema);
    return attempt(() => readConnectorSchema(text, file));
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return { value: undefined, diagnostics: error.diagnostics };
  }
}

/** CPU time of reading and compiling a connector, which a gateway repeats beside its requests. 500 fields take 10 ms. */
const MAX_CPU_MS = 2000;

function costFindings({ user, system }: NodeJS.CpuUsage, file: string): readonly Diagnostic[] {
  const ms = Math.round((user + system) / 1000);
  if (ms <= MAX_CPU_MS) return [];
  return [
    {
      code: 'ConnectorTooCostly',
      message: 'Reading and compiling the connector takes too long.',
      file,
      found: `${ms} ms of CPU time`,
      expected: `at most ${MAX_CPU_MS} ms`,
      wayOut: 'Split the connector into several, or write shorter mappings.',
    },
  ];
}

/** Replaces a base URL that is only known where the gateway runs. */
const PLACEHOLDER = 'http://source.test';

function baseUrlOf({ source }: Manifest, readEnv: (name: string) => string | undefined): string {
  try {
    return resolveReferences(source.baseUrl, { readEnv });
  } catch (error) {
    if (error instanceof SecretReferenceError) return PLACEHOLDER;
    throw error;
  }
}

/** Composition with the gateway's schema and, if it succeeds, the cost of queries. */
function compose(
  core: readonly SchemaFile[],
  connectors: readonly CompiledConnector[],
): { readonly findings: readonly Diagnostic[]; readonly sdl: string | undefined } {
  if (connectors.length === 0) return { findings: [], sdl: undefined };
  const { value, diagnostics } = attempt(() => composeSchema(core, connectors));
  return value === undefined
    ? { findings: diagnostics, sdl: undefined }
    : { findings: [...value.warnings, ...checkComposedCalls(value.schema, connectors)], sdl: value.sdl };
}
