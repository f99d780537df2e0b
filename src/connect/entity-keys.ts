// Infers the key by which an operation resolves an entity from the variables its request reads, as the connect spec
// defines. Completes the `@key`s of a subgraph before composition.

import type { Operation } from './request/operation.ts';

interface KeyTree {
  [field: string]: KeyTree;
}

/** The key as a field set (`personalId declared { fullName }`); `undefined` where the request reads no key. */
export function inferKey(operation: Operation): string | undefined {
  const variables = operation.fieldName === undefined ? ['$this', '$batch'] : ['$args'];
  const tree: KeyTree = {};
  for (const { variable, path } of operation.uses) {
    if (!variables.includes(variable) || path.length === 0 || operation.required.has(path[0] ?? '')) continue;
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
