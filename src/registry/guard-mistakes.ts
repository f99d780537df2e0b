// Mistakes in the settings of operations, which only manifest and schema together show: found by `connector check`, and again
// when a connector is built.
import type { CompiledConnector } from '../connect/compile-connector.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { isPersonalClass } from '../manifest/data-keys.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { argumentMistake } from './argument-mistakes.ts';
import { pagingMistake } from './paging-mistakes.ts';

/** The manifest beside a schema. */
export const manifestFileOf = ({ file }: { readonly file: string }): string =>
  file.replace(/schema\.graphql$/, 'connector.yaml');

/** What the manifest says of operations that they do not have, or cannot have. */
export function guardMistakes(
  manifest: Manifest,
  { operations: known, schema }: Pick<CompiledConnector, 'operations' | 'schema'>,
  file: string,
): Diagnostic[] {
  const byName = new Map(known.map((operation) => [operation.name, operation]));
  const isPersonal = isPersonalClass(manifest.data.classification);
  const found: Diagnostic[] = [];
  const mistake = (
    name: string,
    key: string,
    says: Pick<Diagnostic, 'message' | 'wayOut' | 'found' | 'expected'>,
    more = {},
  ): void => {
    found.push({ code: 'ManifestInvalid', file, coordinate: `operations.${name}${key}`, ...says, ...more });
  };
  if (manifest.protocol === 'fixed-width' && manifest.fixedWidth === undefined) {
    found.push({ code: 'ManifestInvalid', file, coordinate: 'fixedWidth', ...NO_COLUMNS });
  }
  for (const [name, { cache, coalesce, arguments: bounded, paging }] of Object.entries(manifest.operations)) {
    const operation = byName.get(name);
    if (operation === undefined) {
      mistake(name, '', STRANGER, { found: name, expected: `one of ${[...byName.keys()].join(', ')}` });
    } else if (operation.typeName === 'Mutation' && (cache !== undefined || coalesce === true)) {
      mistake(name, cache === undefined ? '.coalesce' : '.cache', SHARED_MUTATION);
    } else if (isPersonal && cache !== undefined && cache.maxAgeMs === undefined) {
      mistake(name, '.cache.maxAgeMs', UNBOUNDED);
    }
    if (operation === undefined) continue;
    const unpaged = paging && pagingMistake(operation, schema.types);
    if (unpaged !== undefined) mistake(name, '.paging', unpaged);
    for (const [path, bounds] of Object.entries(bounded)) {
      const wrong = argumentMistake(path, bounds, operation, schema.types);
      if (wrong !== undefined) mistake(name, `.arguments.${path}`, wrong);
    }
  }
  return found;
}

const NO_COLUMNS = {
  message: 'The manifest does not describe the lines of its source.',
  found: 'protocol: fixed-width without fixedWidth',
  expected: 'fixedWidth with the columns',
  wayOut: 'Add fixedWidth: { columns: [{ name: …, length: … }] }.',
};
const STRANGER = {
  message: 'The manifest speaks of an operation that the schema does not have.',
  wayOut: 'Name it by the id of its @connect, else by its coordinate.',
};
const SHARED_MUTATION = {
  message: 'A mutation is made for each caller; its answer cannot be kept or shared.',
  wayOut: 'Take cache and coalesce away.',
};
const UNBOUNDED = {
  message: 'Personal data is kept without a bound.',
  wayOut: 'Say with maxAgeMs how old an answer may legally be.',
};
