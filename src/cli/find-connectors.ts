// Resolves the paths and ids of the command line to connector folders and single schemas. The error for a path that
// cannot be resolved lists the alternatives.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize, relative, resolve } from 'node:path';
import { suggestion, UsageError } from './usage-error.ts';

/** What a path refers to. `cases`: only these case files; undefined: all. */
export type Target =
  | { readonly kind: 'folder'; readonly path: string; readonly cases: ReadonlySet<string> | undefined }
  /** A schema without a manifest beside it. */
  | { readonly kind: 'schema'; readonly path: string };

/**
 * Accepts a connector folder, a folder of connector folders, a file of a connector, a case, the id of a connector, or a
 * schema without a manifest. Each folder appears once, in the order of the arguments.
 * @param connectorsDir searched for ids, and used when there are no paths
 * @throws UsageError
 */
export function findTargets(paths: readonly string[], connectorsDir: string): Target[] {
  const targets = new Map<string, Target>();
  const add = (path: string, file?: string) => {
    const key = resolve(path);
    const known = targets.get(key);
    if (known?.kind === 'folder' && known.cases === undefined) return;
    const cases = file === undefined ? undefined : new Set([...casesOf(known), resolve(file)]);
    targets.set(key, { kind: 'folder', path, cases });
  };
  for (const path of paths.length === 0 ? [connectorsDir] : paths) {
    const found = existsSync(path) ? path : byId(path, connectorsDir);
    if (statSync(found).isDirectory()) {
      const folders = foldersAt(found);
      for (const folder of folders) add(folder);
      if (folders.length === 0) addSchemas(found, path, targets);
    } else addFile(found, add, targets);
  }
  return [...targets.values()];
}

const casesOf = (target: Target | undefined): ReadonlySet<string> =>
  target?.kind === 'folder' && target.cases !== undefined ? target.cases : new Set();

function addFile(
  file: string,
  add: (path: string, file?: string) => void,
  targets: Map<string, Target>,
): void {
  const folder = dirname(file);
  const isYaml = /\.ya?ml$/.test(file);
  const isSchema = SCHEMA.test(file);
  if (isYaml && basename(folder) === 'cases' && isConnector(dirname(folder))) add(dirname(folder), file);
  else if (basename(file) === 'connector.yaml') add(folder);
  else if (basename(file) === 'schema.graphql' && existsSync(join(folder, 'connector.yaml'))) add(folder);
  else if (isSchema) targets.set(resolve(file), { kind: 'schema', path: file });
  else {
    throw new UsageError(
      `${file}: found a file that does not belong to a connector; expected a connector folder, its schema.graphql, connector.yaml or a case in cases/.`,
    );
  }
}

/** One connector by id or path. @throws UsageError */
export function findConnector(idOrPath: string, connectorsDir: string): string {
  const path =
    existsSync(join(connectorsDir, idOrPath)) && !idOrPath.includes('/')
      ? join(connectorsDir, idOrPath)
      : idOrPath;
  const [target, ...more] = findTargets([path], connectorsDir);
  if (target?.kind === 'folder' && more.length === 0) return target.path;
  throw new UsageError(
    `--connector: found ${target?.kind === 'schema' ? 'a schema without a manifest' : 'a folder of several connectors'} at ${idOrPath}, expected the id or the folder of one connector.`,
  );
}

const isConnector = (folder: string): boolean =>
  existsSync(join(folder, 'connector.yaml')) || existsSync(join(folder, 'schema.graphql'));

/** The folder itself if it is a connector, the connector whose `cases/` it is, or the connectors in it. */
function foldersAt(folder: string): string[] {
  if (isConnector(folder)) return [folder];
  const holder = dirname(resolve(folder));
  if (basename(resolve(folder)) === 'cases' && isConnector(holder)) return [shortest(holder)];
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter(isConnector);
}

function addSchemas(folder: string, asGiven: string, targets: Map<string, Target>): void {
  const names = readdirSync(folder).filter((name) => SCHEMA.test(name));
  for (const name of names.sort()) {
    const path = join(folder, name);
    targets.set(resolve(path), { kind: 'schema', path });
  }
  if (names.length > 0) return;
  throw new UsageError(
    `${asGiven}: found no connector there; expected a folder with connector.yaml and schema.graphql, or a folder that contains such folders. Give another path.`,
  );
}

const SCHEMA = /\.(graphqls?|gql)$/;

const shortest = (path: string): string => relative(process.cwd(), path) || '.';

function byId(path: string, connectorsDir: string): string {
  const isName = /^[\w-]+$/.test(path);
  const known = existsSync(connectorsDir)
    ? namesIn(connectorsDir).filter((name) => isConnector(join(connectorsDir, name)))
    : [];
  if (isName && known.includes(path)) return join(connectorsDir, path);
  if (isName && known.length > 0) {
    throw new UsageError(
      `"${path}" is neither a path nor a connector of ${normalize(connectorsDir)}. ${suggestion(path, known, 'connector')}`,
    );
  }
  const hint = path === connectorsDir ? ' Give a path, or set CONNECTORS_DIR.' : ' Give a path that exists.';
  throw new UsageError(
    `${path}: found nothing there; expected a connector folder or a folder of connectors.${hint}`,
  );
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
