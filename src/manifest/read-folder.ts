// One connector folder, read: manifest, schema, and whether a simulator stands beside them. Called by `registry.ts`
// for every folder of `connectors/`; finds every mistake of a folder before it gives up on it.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { ConnectorSchema } from '../connect/read/model.ts';
import { readConnectorSchema } from '../connect/read/read-schema.ts';
import { type Diagnostic, DiagnosticsError } from '../diagnostic.ts';
import { type Manifest, readManifest } from './manifest.ts';

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
 * The folders below `connectorsDir` that hold a manifest, sorted by name.
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
    .filter((entry) => entry.isDirectory() && existsSync(join(connectorsDir, entry.name, 'connector.yaml')))
    .map(({ name }) => join(connectorsDir, name))
    .sort();
}

/** @throws DiagnosticsError with the mistakes of manifest and schema together */
export async function readConnectorFolder(path: string): Promise<ConnectorFolder> {
  const diagnostics: Diagnostic[] = [];
  const shown = (file: string) => relative(process.cwd(), file) || file;
  const read = async <T>(
    name: string,
    parse: (body: string, file: string) => T,
  ): Promise<[T, string] | undefined> => {
    const file = join(path, name);
    let body: string;
    try {
      body = await readFile(file, 'utf8');
    } catch {
      diagnostics.push({
        code: 'MissingFile',
        message: `The connector has no ${name}.`,
        file: shown(file),
        wayOut: 'A connector folder holds connector.yaml and schema.graphql.',
      });
      return undefined;
    }
    try {
      return [parse(body, shown(file)), body];
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      diagnostics.push(...error.diagnostics);
      return undefined;
    }
  };

  const manifest = await read('connector.yaml', readManifest);
  const schema = await read('schema.graphql', readConnectorSchema);
  if (manifest !== undefined && manifest[0].id !== basename(path)) {
    diagnostics.push({
      code: 'ManifestInvalid',
      message: 'The id of a connector is the name of its folder.',
      file: shown(join(path, 'connector.yaml')),
      coordinate: 'id',
      found: manifest[0].id,
      expected: basename(path),
      wayOut: 'Rename the folder or change the id.',
    });
  }
  if (manifest === undefined || schema === undefined || diagnostics.length > 0)
    throw new DiagnosticsError(diagnostics);
  const simulator = join(path, 'simulator.ts');
  return {
    path,
    manifest: manifest[0],
    schema: schema[0],
    simulator: existsSync(simulator) ? simulator : undefined,
    digest: createHash('sha256').update(manifest[1]).update('\0').update(schema[1]).digest('hex'),
  };
}
