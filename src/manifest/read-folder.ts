// Reads a connector folder: manifest, schema, and whether it has a simulator. All mistakes of a folder are reported together.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { ConnectorSchema } from '../connect/read/model.ts';
import { readConnectorSchema } from '../connect/read/read-schema.ts';
import { type Diagnostic, DiagnosticsError, MAX_FINDINGS } from '../diagnostic.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { readTextFile, symbolicLink, TEXT_FILES } from './read-text.ts';
import { withPlaces } from './yaml-places.ts';

export interface ConnectorFolder {
  readonly path: string;
  readonly manifest: Manifest;
  readonly schema: ConnectorSchema;
  /** Path of `simulator.ts`, where there is one. */
  readonly simulator: string | undefined;
  /** Changes when manifest or schema change: an unchanged connector keeps its breakers, pools and tokens. */
  readonly digest: string;
}

/**
 * The folders below `connectorsDir` that hold a manifest or a schema, and links to such folders, which are refused when they are
 * read; sorted by name. One without its manifest is listed too: a
 * connector whose manifest was renamed must not disappear without a word.
 * @throws DiagnosticsError when there is no such folder, or when it is itself a connector
 */
export async function listConnectorFolders(connectorsDir: string): Promise<string[]> {
  const entries = await readdir(connectorsDir, { withFileTypes: true }).catch(() => undefined);
  const refuse = (message: string, found: string, wayOut: string) =>
    new DiagnosticsError([
      {
        code: 'ConnectorsFolder',
        message,
        file: connectorsDir,
        found,
        expected: 'a folder with one folder per connector',
        wayOut,
      },
    ]);
  if (entries === undefined) {
    const found = existsSync(connectorsDir) ? 'something else than a readable folder' : 'nothing';
    throw refuse('The folder of connectors cannot be read.', found, 'Set CONNECTORS_DIR to it.');
  }
  if (entries.some(({ name }) => name === 'connector.yaml')) {
    const parent = dirname(resolve(connectorsDir));
    throw refuse(
      'CONNECTORS_DIR names a single connector.',
      'a connector.yaml in the folder itself',
      `Set CONNECTORS_DIR to the folder above: ${parent}.`,
    );
  }
  return entries
    .filter(
      (entry) =>
        (entry.isDirectory() || entry.isSymbolicLink()) && isConnector(join(connectorsDir, entry.name)),
    )
    .map(({ name }) => join(connectorsDir, name))
    .sort();
}

const isConnector = (path: string): boolean =>
  ['connector.yaml', 'connector.yml', 'schema.graphql'].some((name) => existsSync(join(path, name)));

/** The texts of a connector folder, not parsed yet. Plain data, which a worker can receive. */
export interface ConnectorTexts {
  readonly path: string;
  /** `undefined` when the file is missing or refused; `findings` says why. */
  readonly manifest: string | undefined;
  readonly schema: string | undefined;
  readonly findings: readonly Diagnostic[];
  readonly simulator: string | undefined;
  readonly digest: string;
}

/** Reads the files of a connector folder within the limits of their sizes. */
export async function readConnectorTexts(path: string): Promise<ConnectorTexts> {
  const findings: Diagnostic[] = await linksIn(path);
  const isLink = findings.some(({ file }) => file === shown(path));
  const read = async (name: string, kind: keyof typeof TEXT_FILES): Promise<string | undefined> => {
    const file = join(path, name);
    if (isLink || findings.some((finding) => finding.file === shown(file))) return undefined;
    try {
      return await readTextFile(file, shown(file), TEXT_FILES[kind]);
    } catch (error) {
      findings.push(...(error instanceof DiagnosticsError ? error.diagnostics : [missing(name, file)]));
      return undefined;
    }
  };
  const manifest = await read('connector.yaml', 'manifest');
  const schema = await read('schema.graphql', 'schema');
  const simulator = join(path, 'simulator.ts');
  return {
    path,
    manifest,
    schema,
    findings,
    simulator: !isLink && existsSync(simulator) ? simulator : undefined,
    digest: createHash('sha256')
      .update(manifest ?? '')
      .update('\0')
      .update(schema ?? '')
      .digest('hex'),
  };
}

/** Files and folders of a connector that are looked at: more are no part of one. */
const MAX_ENTRIES = 10_000;

/** A finding for each symbolic link: the folder itself, and whatever is below it. Links are not followed. */
async function linksIn(path: string): Promise<Diagnostic[]> {
  // With a slash at its end, a path would stand for what the link points to.
  const own = await lstat(resolve(path)).catch(() => undefined);
  if (own?.isSymbolicLink() === true) return [symbolicLink(shown(path))];
  const found: Diagnostic[] = [];
  const open = [path];
  let seen = 0;
  for (let folder = open.pop(); folder !== undefined && seen < MAX_ENTRIES; folder = open.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      seen += 1;
      const inner = join(folder, entry.name);
      if (entry.isSymbolicLink()) found.push(symbolicLink(shown(inner)));
      else if (entry.isDirectory()) open.push(inner);
    }
  }
  return found.slice(0, MAX_FINDINGS);
}

const missing = (name: string, file: string): Diagnostic => ({
  code: 'MissingFile',
  message: `The connector has no ${name}.`,
  file: shown(file),
  found: existsSync(file.replace(/\.yaml$/, '.yml')) ? 'connector.yml' : 'no such file',
  expected: name,
  wayOut:
    'Add the file, or rename the one that is meant: a connector folder holds connector.yaml and schema.graphql.',
});

/** @throws DiagnosticsError with the mistakes of manifest and schema together */
export const readConnectorFolder = async (path: string): Promise<ConnectorFolder> =>
  parseConnectorFolder(await readConnectorTexts(path));

/**
 * @param known the manifest of these texts, when it has been parsed already
 * @throws DiagnosticsError with the mistakes of manifest and schema together
 */
export function parseConnectorFolder(texts: ConnectorTexts, known?: Manifest): ConnectorFolder {
  const { path, simulator, digest } = texts;
  const diagnostics = [...texts.findings];
  const parse = <T>(text: string | undefined, name: string, read: (text: string, file: string) => T) => {
    if (text === undefined) return undefined;
    try {
      return read(text, shown(join(path, name)));
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      diagnostics.push(...error.diagnostics);
      return undefined;
    }
  };
  const manifest = known ?? parse(texts.manifest, 'connector.yaml', readManifest);
  const schema = parse(texts.schema, 'schema.graphql', readConnectorSchema);
  if (manifest !== undefined && manifest.id !== basename(path)) {
    const file = shown(join(path, 'connector.yaml'));
    const mistake: Diagnostic = {
      code: 'ManifestInvalid',
      message: 'The id of a connector is the name of its folder.',
      file,
      coordinate: 'id',
      found: manifest.id,
      expected: basename(path),
      wayOut: 'Rename the folder or change the id.',
    };
    diagnostics.push(...withPlaces([mistake], file, texts.manifest));
  }
  if (manifest === undefined || schema === undefined || diagnostics.length > 0)
    throw new DiagnosticsError(diagnostics);
  return { path, manifest, schema, simulator, digest };
}

const shown = (file: string): string => relative(process.cwd(), file) || file;
