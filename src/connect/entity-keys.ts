// The keys an operation resolves an entity by: inferred from the variables its request reads, as the connect spec
// says. Used to complete a subgraph's `@key`s before composition.

import type { Operation } from './request/operation.ts';

interface KeyTree {
  [field: string]: KeyTree;
}

/** `personalId declared { fullName }`, or undefined where the request reads no key. */
export function inferKey(operation: Operation): string | undefined {
  const variables = operation.fieldName === undefined ? ['$this', '$batch'] : ['$args'];
  const tree: KeyTree = {};
  for (const { variable, path } of operation.uses) {
    if (!variables.includes(variable) || path.length === 0) continue;
    let at = tree;
    for (const step of path) {
      at[step] ??= {};
      at = at[step];
    }
  }
  const text = printKey(tree);
  return text === '' ? undefined : text;
}

const printKey = (tree: KeyTree): string =>
  Object.entries(tree)
    .map(([field, below]) => (Object.keys(below).length === 0 ? field : `${field} { ${printKey(below)} }`))
    .join(' ');
