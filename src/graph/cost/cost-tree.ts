// The cost of an operation as a graph: a node for each field that the answer can have, once per type and list of merged
// nodes. Conditions count as met. Made once per document, in time linear in its expanded selections.

import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { ConnectorsAt, OperationRef } from '../../connect/bind/bind-schema.ts';
import type { SelectedOperation } from '../execute/operation.ts';
import { type CalledOperation, WEIGHTS } from './amounts.ts';
import type { FieldWeights } from './field-weights.ts';
import { introspectionSizes } from './introspection-sizes.ts';
import { ASSUMED_SIZE, type ListSize, type ListSizes, listDepthOf, usualSize } from './list-sizes.ts';
import { valueBytesOf } from './value-bytes.ts';

/** A number of elements: known with the document, or by the value of a variable. */
export interface Size {
  readonly variable?: string;
  /** Where the variable has no value. */
  readonly fallback: number;
}

export interface CostNode {
  readonly key: string;
  /** `Query.dossiers` */
  readonly coordinate: string;
  /** Elements of the field's own list; several: their largest. Empty: no list. */
  readonly sizes: readonly Size[];
  /** Elements of inner lists, and of what no argument sizes. */
  readonly factor: number;
  /** Bytes of the key with its punctuation, once per field. */
  readonly keyBytes: number;
  /** Bytes of one value; undefined: an object. */
  readonly valueBytes: number | undefined;
  /** Of the store; a declared weight counts as so many of them. */
  readonly statements: number;
  /** Indexes of operations called once per parent, and once per element. */
  readonly parentCalls: readonly number[];
  readonly elementCalls: readonly number[];
  /** The children by possible type; empty for a leaf. */
  readonly alternatives: readonly (readonly CostNode[])[];
  /** Names of children whose lists have the size that this field's arguments set. */
  readonly sized: readonly string[];
  readonly name: string;
  /** A part of the description of the schema. */
  readonly isMeta: boolean;
}

export interface CostTree {
  readonly roots: readonly CostNode[];
  readonly operations: readonly CalledOperation[];
}

export interface CostTreeOptions {
  readonly connectorsAt: ConnectorsAt;
  readonly listSizes: ListSizes;
  readonly fieldWeights: FieldWeights;
}

/** Nodes of one document; a document of 5,000 selections has as many, unless many types meet in unions. */
const MAX_NODES = 50_000;

/** Undefined where the operation has too many nodes. */
export function createCostTree(
  operation: SelectedOperation,
  { connectorsAt, listSizes, fieldWeights }: CostTreeOptions,
): CostTree | undefined {
  const { schema, definition, fragments } = operation;
  const operations: CalledOperation[] = [];
  const indexes = new Map<string, number>();
  const known = new Map<GraphQLObjectType, Map<FieldNode | string, CostNode>>();
  const numbers = new Map<FieldNode, number>();
  let nodes = 0;
  let ofIntrospection: ListSizes | undefined;

  const indexOf = ({ connector, operation: name, batchSize }: OperationRef): number => {
    const key = `${connector}\u0000${name}`;
    let index = indexes.get(key);
    if (index === undefined) {
      index = operations.length;
      indexes.set(key, index);
      operations.push({ connector, operation: name, batchSize });
    }
    return index;
  };

  /** Fields by response key, as execution merges them, with every condition met. */
  const collect = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> => {
    const fields = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    const visit = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          const merged = fields.get(key);
          if (merged === undefined) fields.set(key, [selection]);
          else merged.push(selection);
          continue;
        }
        if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const name = selection.name.value;
          if (visited.has(name)) continue;
          visited.add(name);
        }
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
        const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
        if (fragment === undefined || !meets(type, condition)) continue;
        visit(fragment.selectionSet);
      }
    };
    for (const set of sets) visit(set);
    return fields;
  };

  const meets = (type: GraphQLObjectType, condition: GraphQLNamedType | null | undefined): boolean =>
    condition == null ||
    condition === type ||
    (isAbstractType(condition) && schema.isSubType(condition, type));

  const identityOf = (merged: readonly FieldNode[]): FieldNode | string => {
    if (merged.length === 1) return merged[0] as FieldNode;
    return merged
      .map((node) => {
        const number = numbers.get(node) ?? numbers.size;
        numbers.set(node, number);
        return number;
      })
      .join();
  };

  const childrenOf = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): CostNode[] => {
    const children: CostNode[] = [];
    let ofType = known.get(type);
    if (ofType === undefined) {
      ofType = new Map();
      known.set(type, ofType);
    }
    for (const [key, merged] of collect(type, sets)) {
      const identity = identityOf(merged);
      let node = ofType.get(identity);
      if (node === undefined) {
        if (nodes > MAX_NODES) break;
        nodes += 1;
        node = nodeOf(type, key, merged);
        if (node === undefined) continue;
        ofType.set(identity, node);
      }
      children.push(node);
    }
    return children;
  };

  const nodeOf = (
    parent: GraphQLObjectType,
    key: string,
    merged: readonly FieldNode[],
  ): CostNode | undefined => {
    const first = merged[0] as FieldNode;
    const name = first.name.value;
    const field = definitionOf(parent, name);
    if (field === undefined) return undefined;
    const coordinate = `${parent.name}.${name}`;
    const returned = getNamedType(field.type);
    const size = sizeOf(coordinate, field, parent);
    const depth = listDepthOf(field.type);
    const isPage = size !== undefined && size.sized.length > 0;
    const sets = merged.flatMap(({ selectionSet }) => selectionSet ?? []);
    const types = objectTypesOf(returned);
    const alternatives = isCompositeType(returned) ? types.map((type) => childrenOf(type, sets)) : [];
    const names = new Set(alternatives.flatMap((children) => children.map((child) => child.name)));
    const called = name.startsWith('__') ? [] : connectorsAt(parent.name, name, returned.name, { names });
    const isRoot = parent === schema.getQueryType() || parent === schema.getMutationType();
    const used = called.filter(({ isSpare }) => !isSpare);
    return {
      key,
      name,
      coordinate,
      sizes: size === undefined ? [] : sizesOf(size, field, first.arguments ?? []),
      factor: ASSUMED_SIZE ** Math.max(0, depth - (isPage ? 0 : 1)),
      keyBytes: key.length + 4,
      valueBytes: isCompositeType(returned) ? undefined : valueBytesOf(returned as GraphQLLeafType),
      statements:
        (isRoot && called.length === 0 && !name.startsWith('__') ? 1 : 0) +
        (fieldWeights.get(coordinate) ?? 0) / WEIGHTS.statement,
      parentCalls: used.filter(({ per }) => per === 'parent').map(indexOf),
      elementCalls: used.filter(({ per }) => per === 'element').map(indexOf),
      alternatives,
      sized: isPage ? size.sized : [],
      isMeta: name.startsWith('__') ? name !== TypeNameMetaFieldDef.name : parent.name.startsWith('__'),
    };
  };

  const objectTypesOf = (type: GraphQLNamedType): readonly GraphQLObjectType[] => {
    if (isAbstractType(type)) return schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  };

  const definitionOf = (
    parent: GraphQLObjectType,
    name: string,
  ): GraphQLField<unknown, unknown> | undefined => {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (parent === schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return parent.getFields()[name];
  };

  const sizeOf = (
    coordinate: string,
    field: GraphQLField<unknown, unknown>,
    parent: GraphQLObjectType,
  ): ListSize | undefined => {
    if (parent.name.startsWith('__')) {
      ofIntrospection ??= introspectionSizes(schema);
      return ofIntrospection.get(coordinate);
    }
    return listSizes.get(coordinate) ?? usualSize(field);
  };

  const root = schema.getRootType(definition.operation);
  const roots = root == null ? [] : childrenOf(root, [definition.selectionSet]);
  return nodes > MAX_NODES ? undefined : { roots, operations };
}

/** Elements of a list: the arguments that size it, each a literal or a variable. */
function sizesOf(
  { assumed, slicing }: ListSize,
  field: GraphQLField<unknown, unknown>,
  given: readonly ArgumentNode[],
): readonly Size[] {
  const sizes: Size[] = [];
  for (const name of slicing) {
    const definition = field.args.find((arg) => arg.name === name);
    if (definition === undefined) continue;
    const usual = typeof definition.defaultValue === 'number' ? definition.defaultValue : assumed;
    const value = given.find((arg) => arg.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) sizes.push({ variable: value.name.value, fallback: usual });
    else if (value?.kind === Kind.INT) sizes.push({ fallback: Math.max(0, Number(value.value)) });
    // An argument that is not given sizes the list by its default only.
    else if (value !== undefined || typeof definition.defaultValue === 'number')
      sizes.push({ fallback: usual });
  }
  return sizes.length > 0 ? sizes : [{ fallback: assumed }];
}
