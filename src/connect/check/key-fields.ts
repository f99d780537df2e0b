// Keys as trees of field names: parsed from `@key(fields: "id org { code }")`, or collected from the fields that a
// connector's variables read, so that the two can be compared.

import { type ConstDirectiveNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { ConnectorSchema } from '../read/model.ts';
import { readConst } from '../read/values.ts';
import type { VariableRead } from './variable-uses.ts';

export interface KeyTree extends Map<string, KeyTree> {}

export interface KeyDeclaration {
  readonly fields: string;
  /** `undefined` when the text cannot be parsed. */
  readonly tree: KeyTree | undefined;
  /** False for a reference: this schema refers to the entity and does not resolve it. */
  readonly resolvable: boolean;
  readonly node: ConstDirectiveNode;
}

export function keysOf(schema: ConnectorSchema, typeName: string): KeyDeclaration[] {
  const keys: KeyDeclaration[] = [];
  for (const node of schema.types.all.get(typeName)?.directives ?? []) {
    if (node.name.value !== schema.federation.key) continue;
    const args = Object.fromEntries(
      (node.arguments ?? []).map((arg) => [arg.name.value, readConst(arg.value)]),
    );
    const fields = args.fields;
    if (typeof fields !== 'string') continue;
    keys.push({ fields, tree: readFieldSet(fields), resolvable: args.resolvable !== false, node });
  }
  return keys;
}

/** Parses `id org { code }` into a tree; `undefined` when the text is not a field set. */
export function readFieldSet(fields: string): KeyTree | undefined {
  try {
    const definition = parse(`{ ${fields} }`, { noLocation: true }).definitions[0];
    return definition?.kind === Kind.OPERATION_DEFINITION ? treeOf(definition.selectionSet) : undefined;
  } catch {
    return undefined;
  }
}

function treeOf(set: SelectionSetNode): KeyTree {
  const tree: KeyTree = new Map();
  for (const selection of set.selections) {
    if (selection.kind !== Kind.FIELD) continue;
    tree.set(
      selection.name.value,
      selection.selectionSet === undefined ? new Map() : treeOf(selection.selectionSet),
    );
  }
  return tree;
}

/** Merges the paths of all reads into one tree. */
export function keyTreeOf(reads: readonly VariableRead[]): KeyTree {
  const tree: KeyTree = new Map();
  for (const { path } of reads) {
    let at = tree;
    for (const { name } of path) {
      let below = at.get(name);
      if (below === undefined) {
        below = new Map();
        at.set(name, below);
      }
      at = below;
    }
  }
  return tree;
}

/** True when the key contains every path that is read. Reading a whole object is satisfied by any part of it. */
export function supplies(key: KeyTree, read: KeyTree): boolean {
  for (const [name, below] of read) {
    const supplied = key.get(name);
    if (supplied === undefined) return false;
    if (supplied.size > 0 && below.size > 0 && !supplies(supplied, below)) return false;
  }
  return true;
}

/** Prints a tree as a field set: `id org { code }`. */
export const printKey = (tree: KeyTree): string =>
  [...tree].map(([name, below]) => (below.size === 0 ? name : `${name} { ${printKey(below)} }`)).join(' ');
