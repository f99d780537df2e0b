// Indexes the types of a connector schema, with definitions and extensions merged: fields by name, list depth, possible
// types of interfaces and unions. Linear in the size of the document.

import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type NamedTypeNode,
  type TypeNode,
} from 'graphql';

export type TypeKind = 'object' | 'interface' | 'union' | 'scalar' | 'enum' | 'input';

export interface FieldInfo {
  readonly name: string;
  readonly type: TypeNode;
  /** The named type inside lists and `!`. */
  readonly typeName: string;
  /** Number of lists around the named type. */
  readonly lists: number;
  readonly args: ReadonlyMap<string, FieldInfo>;
  readonly directives: readonly ConstDirectiveNode[];
  readonly node: FieldDefinitionNode | InputValueDefinitionNode;
}

export interface TypeInfo {
  readonly name: string;
  readonly kind: TypeKind;
  /** The definition, or the first extension of a type that another subgraph defines. */
  readonly node: ASTNode & { readonly name: { readonly value: string } };
  readonly fields: Map<string, FieldInfo>;
  /** Values of an enum. */
  readonly values: Set<string>;
  /** Members of a union; object types that implement an interface. */
  readonly possible: Set<string>;
  readonly directives: ConstDirectiveNode[];
}

export interface TypeIndex {
  readonly all: ReadonlyMap<string, TypeInfo>;
  /** Names of the root types. */
  readonly query: string;
  readonly mutation: string;
  readonly subscription: string;
  readonly isRoot: (typeName: string) => boolean;
  /** Second definitions of a type, or of a field of a type. */
  readonly duplicates: readonly { readonly coordinate: string; readonly node: ASTNode }[];
  /** References to types in fields, arguments, unions and `implements`, with their nodes. */
  readonly references: readonly { readonly coordinate: string; readonly node: NamedTypeNode }[];
}

export const BUILT_IN_SCALARS: ReadonlySet<string> = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);

/** Types that the gateway adds to a connector's subgraph when the schema does not define them. */
export const GATEWAY_TYPES: ReadonlySet<string> = new Set(['Provenance', 'Freshness', 'DateTime']);

/** The kind of type that a definition or an extension declares, by the `kind` of its node. */
export const KIND_OF_NODE: Readonly<Record<string, TypeKind>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.OBJECT_TYPE_EXTENSION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.UNION_TYPE_EXTENSION]: 'union',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.SCALAR_TYPE_EXTENSION]: 'scalar',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.ENUM_TYPE_EXTENSION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'input',
};

export function indexTypes(document: DocumentNode): TypeIndex {
  const all = new Map<string, TypeInfo>();
  const defined = new Set<string>();
  const duplicates: { coordinate: string; node: ASTNode }[] = [];
  const references: { coordinate: string; node: NamedTypeNode }[] = [];
  const implementers: [object: string, abstract: string][] = [];
  const roots = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };

  const fieldOf = (node: FieldDefinitionNode | InputValueDefinitionNode, coordinate: string): FieldInfo => {
    const named = namedNode(node.type);
    references.push({ coordinate, node: named });
    const args = new Map<string, FieldInfo>();
    for (const arg of ('arguments' in node ? node.arguments : undefined) ?? []) {
      args.set(arg.name.value, fieldOf(arg, `${coordinate}(${arg.name.value}:)`));
    }
    const name = node.name.value;
    const directives = node.directives ?? [];
    return {
      name,
      type: node.type,
      typeName: named.name.value,
      lists: listDepth(node.type),
      args,
      directives,
      node,
    };
  };

  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) {
      for (const { operation, type } of node.operationTypes ?? []) roots[operation] = type.name.value;
      continue;
    }
    const kind = KIND_OF_NODE[node.kind];
    if (kind === undefined || !('name' in node) || node.name === undefined) continue;
    const name = node.name.value;
    const isDefinition = node.kind.endsWith('Definition');
    if (isDefinition && defined.has(name)) {
      duplicates.push({ coordinate: name, node });
      continue;
    }
    if (isDefinition) defined.add(name);
    let info = all.get(name);
    if (info === undefined) {
      info = {
        name,
        kind,
        node: node as never,
        fields: new Map(),
        values: new Set(),
        possible: new Set(),
        directives: [],
      };
      all.set(name, info);
    }
    for (const directive of ('directives' in node ? node.directives : undefined) ?? []) {
      info.directives.push(directive as ConstDirectiveNode);
    }
    for (const field of ('fields' in node ? node.fields : undefined) ?? []) {
      const coordinate = `${name}.${field.name.value}`;
      if (info.fields.has(field.name.value)) duplicates.push({ coordinate, node: field });
      else info.fields.set(field.name.value, fieldOf(field, coordinate));
    }
    for (const value of ('values' in node ? node.values : undefined) ?? []) info.values.add(value.name.value);
    for (const type of ('types' in node ? node.types : undefined) ?? []) {
      references.push({ coordinate: name, node: type });
      info.possible.add(type.name.value);
    }
    for (const type of ('interfaces' in node ? node.interfaces : undefined) ?? []) {
      references.push({ coordinate: name, node: type });
      if (kind === 'object') implementers.push([name, type.name.value]);
    }
  }
  for (const [object, abstract] of implementers) all.get(abstract)?.possible.add(object);
  const rootNames = new Set(Object.values(roots));
  return { all, ...roots, isRoot: (typeName) => rootNames.has(typeName), duplicates, references };
}

function namedNode(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedNode(type.type);
}

function listDepth(type: TypeNode): number {
  if (type.kind === Kind.NAMED_TYPE) return 0;
  return listDepth(type.type) + (type.kind === Kind.LIST_TYPE ? 1 : 0);
}

/** Prints a type in GraphQL syntax: `[Post!]!`. */
export function printType(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${printType(type.type)}]` : `${printType(type.type)}!`;
}
