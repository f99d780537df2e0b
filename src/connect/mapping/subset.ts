// Reduces a mapping to the keys that a GraphQL operation selects.
// Returns a new tree, whose offsets still point into the original source.

import type { Entry, Expression, Mapping, NamedEntry, Path, Selection } from './ast.ts';

/** Output keys to keep: `true` keeps the whole value, an object keeps the listed keys of the value. */
export interface NeededKeys {
  readonly [key: string]: true | NeededKeys;
}

/**
 * The mapping with only the needed keys. Values without a selection, spreads and literals cannot be reduced and are
 * kept whole.
 */
export function subset(mapping: Mapping, needed: NeededKeys): Mapping {
  const { body } = mapping;
  return {
    ...mapping,
    body: body.kind === 'selection' ? subsetSelection(body, needed) : subsetExpression(body, needed),
  };
}

const subsetSelection = (selection: Selection, needed: NeededKeys): Selection => ({
  ...selection,
  entries: selection.entries.flatMap((entry): Entry[] => {
    if (entry.kind === 'named') return subsetNamed(entry, needed);
    if (entry.spread || entry.value.kind !== 'path') return [entry];
    const value = subsetPath(entry.value, needed);
    return value.selection?.entries.length === 0 ? [] : [{ ...entry, value }];
  }),
});

function subsetNamed(entry: NamedEntry, needed: NeededKeys): Entry[] {
  const inner = Object.hasOwn(needed, entry.key) ? needed[entry.key] : undefined;
  if (inner === undefined) return [];
  if (inner === true) return [entry];
  const { value } = entry;
  const reduced = value.kind === 'selection' ? subsetSelection(value, inner) : subsetExpression(value, inner);
  return [{ ...entry, value: reduced }];
}

const subsetExpression = (node: Expression, needed: NeededKeys): Expression =>
  node.kind === 'path' ? subsetPath(node, needed) : node;

const subsetPath = (path: Path, needed: NeededKeys): Path =>
  path.selection === null ? path : { ...path, selection: subsetSelection(path.selection, needed) };
