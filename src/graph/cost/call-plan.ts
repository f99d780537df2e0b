// Which calls an operation makes in the worst case, field by field and in their order: what `connector explain` prints. Uses the same tree
// as the cost of an operation. Walks every field: for tools only.

import type { SelectedOperation } from '../execute/operation.ts';
import { type CostNode, type CostTreeOptions, createCostTree } from './cost-tree.ts';
import { createSums, defaultsOf, type Variables } from './operation-cost.ts';

/** One operation of a connector at one field. */
export interface PlannedCall {
  /** Response keys from the root. */
  readonly path: readonly string[];
  readonly coordinate: string;
  readonly connector: string;
  readonly operation: string;
  /** Keys of one call; undefined: one call for each key. */
  readonly batchSize: number | undefined;
  /** Keys in the worst case: objects that the field is read on, or that it returns. */
  readonly keys: number;
  readonly calls: number;
  /** 1: needs nothing from another call; else one more than the calls that it waits for. */
  readonly wave: number;
}

/** @returns undefined where the operation is too large to be measured */
export function planCalls(
  operation: SelectedOperation,
  options: CostTreeOptions,
  variables: Variables,
): readonly PlannedCall[] | undefined {
  const tree = createCostTree(operation, options);
  if (tree === undefined) return undefined;
  const sums = createSums(tree.operations, defaultsOf(operation));
  const planned: PlannedCall[] = [];

  /** @param objects on which the field is read @param wave of the calls that made them; 0: none */
  const visit = (
    node: CostNode,
    path: readonly string[],
    objects: number,
    wave: number,
    size?: number,
  ): void => {
    const own = [...path, node.key];
    const count = objects * (size === undefined ? sums.elements(node, variables) : node.factor * size);
    const hasCalls = node.parentCalls.length + node.elementCalls.length > 0;
    const next = hasCalls ? wave + 1 : wave;
    const add = (index: number, keys: number): void => {
      const {
        connector,
        operation: name,
        batchSize,
      } = tree.operations[index] as (typeof tree.operations)[number];
      const calls = batchSize === undefined ? keys : Math.ceil(keys / batchSize);
      planned.push({
        path: own,
        coordinate: node.coordinate,
        connector,
        operation: name,
        batchSize,
        keys,
        calls,
        wave: next,
      });
    };
    for (const index of node.parentCalls) add(index, objects);
    for (const index of node.elementCalls) add(index, count);
    for (const children of node.alternatives)
      for (const child of children) visit(child, own, count, next, sums.sizeFor(node, child, variables));
  };
  for (const root of tree.roots) visit(root, [], 1, 0);
  return planned;
}
