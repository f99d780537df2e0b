// The cost of one operation with the variables of a request. What no variable sizes is summed once per document; a request
// costs a few additions for each list that a variable sizes.

import type { ConnectorsAt } from '../../connect/bind/bind-schema.ts';
import { isExactNumber } from '../../exact-number.ts';
import type { SelectedOperation } from '../execute/operation.ts';
import {
  type Amounts,
  add,
  BYTES,
  type CalledOperation,
  type Cost,
  costOf,
  FIRST_KEYS,
  noAmounts,
  OBJECTS,
  raise,
  STATEMENTS,
  VALUES,
} from './amounts.ts';
import { type CostNode, createCostTree, type Size } from './cost-tree.ts';
import type { FieldWeights } from './field-weights.ts';
import type { ListSizes } from './list-sizes.ts';

export type Variables = Readonly<Record<string, unknown>> | undefined;

/** A field on the way to the most expensive part of an operation. */
export interface HeavyField {
  /** Response keys from the root. */
  readonly path: readonly string[];
  readonly coordinate: string;
  /** Its share of the whole, 0 to 1. */
  readonly share: number;
}

export interface OperationCost {
  /** Whether it asks for the description of the schema; `__typename` alone does not. */
  readonly introspects: boolean;
  /** Whether no variable changes it. */
  readonly isConstant: boolean;
  readonly of: (variables: Variables) => Cost;
  /** Where most of `measure` arises; undefined for an operation without fields. Walks the operation: for refusals only. */
  readonly heaviest: (variables: Variables, measure: keyof Cost) => HeavyField | undefined;
}

export interface OperationCostOptions {
  readonly connectorsAt: ConnectorsAt;
  readonly listSizes: ListSizes;
  readonly fieldWeights: FieldWeights;
}

/** Undefined where the operation is too large to be measured. */
export function createOperationCost(
  operation: SelectedOperation,
  options: OperationCostOptions,
): OperationCost | undefined {
  const tree = createCostTree(operation, options);
  if (tree === undefined) return undefined;
  const { roots, operations } = tree;
  const defaults = defaultsOf(operation);
  const sums = createSums(operations, defaults);
  const constant = roots.every((node) => sums.isConstant(node))
    ? costOf(sums.all(roots, undefined), operations)
    : undefined;
  return {
    introspects: roots.some(({ isMeta }) => isMeta),
    isConstant: constant !== undefined,
    of: (variables) => constant ?? costOf(sums.all(roots, variables), operations),
    heaviest: (variables, measure) => findHeaviest(roots, operations, sums, variables, measure),
  };
}

/** Default values of variables that are numbers. */
export function defaultsOf({ definition }: SelectedOperation): ReadonlyMap<string, number> {
  const defaults = new Map<string, number>();
  for (const { variable, defaultValue } of definition.variableDefinitions ?? []) {
    if (defaultValue?.kind === 'IntValue') defaults.set(variable.name.value, Number(defaultValue.value));
  }
  return defaults;
}

interface Sums {
  readonly isConstant: (node: CostNode) => boolean;
  /** The sum of the fields of one object. */
  readonly all: (nodes: readonly CostNode[], variables: Variables) => Amounts;
  /** One field of one object. @param size elements of its list, where the parent sets it */
  readonly field: (node: CostNode, variables: Variables, size?: number) => Amounts;
  /** Elements of the field's own list: 1 without one. */
  readonly elements: (node: CostNode, variables: Variables) => number;
  /** What each element of a field holds: the sum of its children. */
  readonly element: (node: CostNode, variables: Variables) => Amounts;
  /** The size that a field sets for a child. */
  readonly sizeFor: (node: CostNode, child: CostNode, variables: Variables) => number | undefined;
}

export function createSums(
  operations: readonly CalledOperation[],
  defaults: ReadonlyMap<string, number>,
): Sums {
  const constants = new Map<CostNode, Amounts>();
  const constancy = new Map<CostNode, boolean>();

  const isConstant = (node: CostNode): boolean => {
    const known = constancy.get(node);
    if (known !== undefined) return known;
    const is =
      node.sizes.every(({ variable }) => variable === undefined) &&
      node.alternatives.every((children) => children.every(isConstant));
    constancy.set(node, is);
    return is;
  };

  const sizeOf = ({ variable, fallback }: Size, variables: Variables): number => {
    if (variable === undefined) return fallback;
    const given =
      variables !== undefined && Object.hasOwn(variables, variable) ? variables[variable] : undefined;
    const number = typeof given === 'number' ? given : isExactNumber(given) ? Number(given) : Number.NaN;
    if (Number.isNaN(number)) return given === null ? fallback : (defaults.get(variable) ?? fallback);
    return Math.max(0, number);
  };
  const largest = ({ sizes }: CostNode, variables: Variables): number =>
    sizes.reduce((size, each) => Math.max(size, sizeOf(each, variables)), 0);

  const sizeFor: Sums['sizeFor'] = (node, child, variables) =>
    node.sized.length > 0 && child.sizes.length > 0 && node.sized.includes(child.name)
      ? largest(node, variables)
      : undefined;

  const elements: Sums['elements'] = (node, variables) =>
    node.sizes.length === 0 || node.sized.length > 0 ? node.factor : node.factor * largest(node, variables);

  /** Nodes are shared: each is summed once per request. */
  const createElement = (variables: Variables) => {
    const made = new Map<CostNode, Amounts>();
    const element = (node: CostNode): Amounts => {
      const known = constants.get(node) ?? made.get(node);
      if (known !== undefined) return known;
      const sum = noAmounts(operations.length);
      for (const [index, children] of node.alternatives.entries()) {
        const own = index === 0 ? sum : noAmounts(operations.length);
        for (const child of children)
          addField(own, child, element, variables, sizeFor(node, child, variables));
        if (index > 0) raise(sum, own);
      }
      (isConstant(node) ? constants : made).set(node, sum);
      return sum;
    };
    return element;
  };

  const addField = (
    to: Amounts,
    node: CostNode,
    element: (node: CostNode) => Amounts,
    variables: Variables,
    size?: number,
  ): void => {
    const count = size === undefined ? elements(node, variables) : node.factor * size;
    if (node.isMeta) {
      bump(to, VALUES, META_VALUE * count);
      add(to, element(node), count);
      return;
    }
    bump(to, STATEMENTS, node.statements);
    bump(to, BYTES, node.keyBytes + (count === 1 ? 0 : 2));
    for (const index of node.parentCalls) {
      bump(to, FIRST_KEYS + 2 * index, 1);
      bump(to, FIRST_KEYS + 2 * index + 1, 1);
    }
    for (const index of node.elementCalls) {
      bump(to, FIRST_KEYS + 2 * index, count);
      bump(to, FIRST_KEYS + 2 * index + 1, 1);
    }
    if (node.valueBytes !== undefined) {
      bump(to, VALUES, count);
      bump(to, BYTES, count * node.valueBytes);
      return;
    }
    bump(to, OBJECTS, count);
    bump(to, BYTES, 3 * count);
    add(to, element(node), count);
  };

  return {
    isConstant,
    sizeFor,
    elements,
    element: (node, variables) => createElement(variables)(node),
    all: (nodes, variables) => {
      const element = createElement(variables);
      const sum = noAmounts(operations.length);
      for (const node of nodes) addField(sum, node, element, variables);
      return sum;
    },
    field: (node, variables, size) => {
      const sum = noAmounts(operations.length);
      addField(sum, node, createElement(variables), variables, size);
      return sum;
    },
  };
}

/** The description of the schema is read from memory: a part of it counts as this share of a value. */
const META_VALUE = 0.2;

const bump = (to: Amounts, index: number, by: number): void => {
  to[index] = (to[index] as number) + by;
};

/** Follows the most expensive child while it holds half of what its parent holds. */
function findHeaviest(
  roots: readonly CostNode[],
  operations: readonly CalledOperation[],
  sums: Sums,
  variables: Variables,
  measure: keyof Cost,
): HeavyField | undefined {
  const whole = costOf(sums.all(roots, variables), operations)[measure];
  const path: string[] = [];
  let found: HeavyField | undefined;
  let children = roots.map((node) => ({ node, size: undefined as number | undefined }));
  let times = 1;
  while (children.length > 0) {
    let most = -1;
    let heaviest: (typeof children)[number] | undefined;
    for (const child of children) {
      const scaled = noAmounts(operations.length);
      add(scaled, sums.field(child.node, variables, child.size), times);
      const amount = costOf(scaled, operations)[measure];
      if (amount > most) {
        most = amount;
        heaviest = child;
      }
    }
    if (heaviest === undefined || (found !== undefined && most < whole / 2)) break;
    const { node, size } = heaviest;
    path.push(node.key);
    found = {
      path: [...path],
      coordinate: node.coordinate,
      share: whole === 0 ? 0 : Math.min(1, most / whole),
    };
    times *= size === undefined ? sums.elements(node, variables) : node.factor * size;
    children = node.alternatives.flatMap((each) =>
      each.map((child) => ({ node: child, size: sums.sizeFor(node, child, variables) })),
    );
  }
  return found;
}
