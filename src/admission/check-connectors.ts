// All checks of connectors before they go live: manifest, schema, static rules, and composition with the gateway's own schema and
// with each other. Writes nothing and calls no source.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { checkConnector } from '../connect/check/check-connector.ts';
import { checkComposedCalls } from '../connect/check/composed-calls.ts';
import { checkAgainstManifest } from '../connect/check/manifest.ts';
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
import { readConnectorFolder } from '../manifest/read-folder.ts';
import { resolveReferences, SecretReferenceError } from '../references.ts';
import { ownMethods } from './own-methods.ts';

/** What is checked: a connector folder, or a schema without a manifest beside it. */
export interface CheckTarget {
  readonly kind: 'folder' | 'schema';
  readonly path: string;
}

export interface CheckedConnector {
  readonly id: string;
  /** The folder, or the schema without a manifest. */
  readonly path: string;
  readonly errors: number;
  readonly warnings: number;
  /** Names of its operations, if it compiles. */
  readonly operations: readonly string[];
  /** Whether any runtime of the connect spec can run it; null if that cannot be determined yet. */
  readonly portable: boolean | null;
  /** Methods of our mapping extension that it uses. */
  readonly ownMethods: readonly string[];
}

export interface CheckReport {
  readonly connectors: readonly CheckedConnector[];
  /** In the order of the connectors; those of composition last. */
  readonly findings: readonly Diagnostic[];
  /** False when no connector could be composed with the gateway's schema. */
  readonly composed: boolean;
}

/** @param readEnv for base URLs; an unset variable is not a finding, since it depends on where the gateway runs */
export async function checkConnectors(
  targets: readonly CheckTarget[],
  core: readonly SchemaFile[],
  readEnv: (name: string) => string | undefined,
): Promise<CheckReport> {
  const checked = await Promise.all(targets.map((target) => checkOne(target, readEnv)));
  const sound = checked.flatMap(({ connector, diagnostics }) =>
    connector === undefined || diagnostics.some(isError) ? [] : [connector],
  );
  // A schema without a manifest is composed with the gateway's schema only.
  const alone = new Set(targets.flatMap((target) => (target.kind === 'schema' ? [shown(target.path)] : [])));
  const groups = [
    sound.filter(({ schema }) => !alone.has(schema.file)),
    ...sound.filter(({ schema }) => alone.has(schema.file)).map((one) => [one]),
  ];
  const composition = groups.flatMap((group) => compositionFindings(core, group));
  // A finding of composition is more precise than the same finding on one schema.
  const told = new Set(composition.map(identity));
  const findings = [
    ...checked.flatMap(({ diagnostics }) => diagnostics.filter((row) => !told.has(identity(row)))),
    ...composition,
  ];
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
  return { connectors, findings, composed: sound.length > 0 };
}

const identity = ({ code, file, line, column }: Diagnostic): string => `${code} ${file}:${line}:${column}`;

interface Checked {
  readonly id: string;
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly connector: CompiledConnector | undefined;
}

async function checkOne(
  target: CheckTarget,
  readEnv: (name: string) => string | undefined,
): Promise<Checked> {
  const path = shown(target.path);
  const name = basename(resolve(path)).replace(/\.\w+$/, '');
  if (target.kind === 'schema') {
    const read = attempt(() => readConnectorSchema(readFileSync(path, 'utf8'), shown(path)));
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
    const { manifest, schema } = await readConnectorFolder(path);
    return { id: manifest.id, path, ...checkFolder(manifest, schema, readEnv) };
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const further = checkSchemaAlone(join(path, 'schema.graphql'), error.diagnostics);
    return { id: name, path, diagnostics: [...error.diagnostics, ...further], connector: undefined };
  }
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
  const baseUrl = baseUrlOf(manifest, readEnv);
  const config = { ...manifest.config, baseUrl };
  const env = Object.fromEntries(manifest.env.map((name) => [name, '']));
  const { value: connector, diagnostics } = compile(schema, { id: manifest.id, config, env });
  const { source, data } = manifest;
  const facts = { hosts: source.hosts, baseUrl, ...dataFacts(data) };
  return { connector, diagnostics: [...diagnostics, ...checkAgainstManifest({ schema }, facts)] };
}

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
function checkSchemaAlone(path: string, known: readonly Diagnostic[]): readonly Diagnostic[] {
  const file = shown(path);
  if (!existsSync(path) || known.some((row) => row.file === file)) return [];
  const { value: schema } = attempt(() => readConnectorSchema(readFileSync(path, 'utf8'), file));
  return schema === undefined ? [] : inOrder(checkConnector(parseTexts(schema)));
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
function compositionFindings(
  core: readonly SchemaFile[],
  connectors: readonly CompiledConnector[],
): readonly Diagnostic[] {
  if (connectors.length === 0) return [];
  const { value, diagnostics } = attempt(() => composeSchema(core, connectors));
  return value === undefined ? diagnostics : checkComposedCalls(value.schema, connectors);
}

/** Relative to the working directory, as in findings. */
export const shown = (path: string): string => relative(process.cwd(), resolve(path)) || '.';
