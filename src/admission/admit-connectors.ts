// Reads the connector folders again for a gateway that serves requests. Everything that costs more than the sizes of the files
// bound happens in a worker; the rest runs folder by folder, with a turn of the event loop between two of them.

import { setImmediate as turn } from 'node:timers/promises';
import { DiagnosticsError, isError } from '../diagnostic.ts';
import type { SchemaFile } from '../graph/compose.ts';
import {
  type ConnectorFolder,
  type ConnectorTexts,
  listConnectorFolders,
  parseConnectorFolder,
  readConnectorTexts,
} from '../manifest/read-folder.ts';
import { checkInWorker } from './check-in-worker.ts';
import { shownPath } from './check-report.ts';

export interface AdmitOptions {
  readonly core: readonly SchemaFile[];
  readonly readEnv: (name: string) => string | undefined;
  /** The folders in service: one that has not changed is not parsed again. */
  readonly known: readonly ConnectorFolder[];
  /** Called after each folder, in a turn of its own. */
  readonly prepare: (folder: ConnectorFolder) => void;
}

export interface AdmittedConnectors {
  readonly folders: readonly ConnectorFolder[];
  /** The unified schema of the folders and the gateway; `undefined` when there are none. */
  readonly sdl: string | undefined;
}

/** @throws DiagnosticsError with the errors of all folders and of their composition */
export async function admitConnectors(
  connectorsDir: string,
  { core, readEnv, known, prepare }: AdmitOptions,
): Promise<AdmittedConnectors> {
  const all: ConnectorTexts[] = [];
  for (const path of await listConnectorFolders(connectorsDir)) all.push(await readConnectorTexts(path));
  const targets = all.map((texts) => ({ kind: 'folder' as const, path: texts.path, texts }));
  const { findings, manifests, sdl } = await checkInWorker(targets, core, readEnv);
  const errors = findings.filter(isError);
  if (errors.length > 0) throw new DiagnosticsError(errors);
  const folders: ConnectorFolder[] = [];
  for (const texts of all) {
    const same = known.find(({ path, digest }) => path === texts.path && digest === texts.digest);
    await turn();
    const folder = same ?? parseConnectorFolder(texts, manifests.get(shownPath(texts.path)));
    folders.push(folder);
    await turn();
    prepare(folder);
  }
  await turn();
  return { folders, sdl };
}
