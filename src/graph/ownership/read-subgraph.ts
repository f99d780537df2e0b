// One subgraph in the form that ownership is decided on: definitions and extensions of a type merged, root types under their usual
// names, and directives under the names of federation, whatever a `@link` calls them.

import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  type StringValueNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { KIND_OF_NODE } from '../../connect/read/types.ts';
import { isRecord, readConst } from '../../connect/read/values.ts';
import { FEDERATION_DIRECTIVES } from './federation-directives.ts';

/** A directive at some place. */
export interface UsedDirective {
  /** Name in federation, else the local name. Without `@`. */
  readonly name: string;
  readonly isFederation: boolean;
  readonly node: ConstDirectiveNode;
  /** Name and arguments, the arguments sorted by name. */
  readonly text: string;
}

/** Anything with an owner: a type, field, argument, input field or value of an enum. */
export interface Element {
  /** `Citizen`, `Citizen.fullName`, `Query.person(id:)`. */
  readonly coordinate: string;
  readonly node: ASTNode;
  readonly description: string | undefined;
  readonly directives: readonly UsedDirective[];
}

export interface Field extends Element {
  readonly name: string;
  /** As written: `[Child!]!`. */
  readonly type: string;
  readonly typeName: string;
  /** The default value as written; `undefined` without one. */
  readonly defaultValue: string | undefined;
  readonly args: ReadonlyMap<string, Field>;
}

export type SubgraphTypeKind = 'type' | 'interface' | 'union' | 'scalar' | 'enum' | 'input';

export interface SubgraphType extends Element {
  readonly kind: SubgraphTypeKind;
  readonly fields: ReadonlyMap<string, Field>;
  readonly values: ReadonlyMap<string, Element>;
  readonly members: ReadonlySet<string>;
  readonly interfaces: ReadonlySet<string>;
  /** The leaves of each key, as dotted paths. */
  readonly keys: readonly ReadonlySet<string>[];
  /** True when every key is `resolvable: false`: the subgraph refers to the type and does not resolve it. */
  readonly isReference: boolean;
}

export interface Subgraph {
  readonly types: ReadonlyMap<string, SubgraphType>;
  readonly roots: ReadonlySet<string>;
  /** Fields that are part of a key of this type or of a type above it, as `Type.field`. */
  readonly keyFields: ReadonlySet<string>;
  /** Directives on the schema itself. */
  readonly schemaDirectives: readonly UsedDirective[];
}

const ROOTS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
const ROOT_NAMES: ReadonlySet<string> = new Set(Object.values(ROOTS));

/** As messages name it: an object type is a `type`. */
function kindOf(node: ASTNode): SubgraphTypeKind | undefined {
  const kind = KIND_OF_NODE[node.kind];
  return kind === 'object' ? 'type' : kind;
}

interface MutableType {
  coordinate: string;
  node: ASTNode;
  description: string | undefined;
  directives: UsedDirective[];
  kind: SubgraphTypeKind;
  fields: Map<string, Field>;
  values: Map<string, Element>;
  members: Set<string>;
  interfaces: Set<string>;
}

export function readSubgraph(document: DocumentNode): Subgraph {
  const nameOf = createDirectiveNames(document);
  const used = (nodes: readonly ConstDirectiveNode[] | undefined): UsedDirective[] =>
    (nodes ?? []).map((node) => usedDirective(node, nameOf));
  const rootNames = new Map<string, string>();
  const schemaDirectives: UsedDirective[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    schemaDirectives.push(...used(definition.directives));
    for (const { operation, type } of definition.operationTypes ?? [])
      rootNames.set(type.name.value, ROOTS[operation]);
  }

  const fieldOf = (node: FieldDefinitionNode | InputValueDefinitionNode, coordinate: string): Field => {
    const isField = node.kind === Kind.FIELD_DEFINITION;
    const args = ((isField ? node.arguments : undefined) ?? []).map(
      (arg) => [arg.name.value, fieldOf(arg, `${coordinate}(${arg.name.value}:)`)] as const,
    );
    return {
      ...elementOf(node, coordinate, used(node.directives)),
      name: node.name.value,
      type: typeText(node.type),
      typeName: namedIn(node.type),
      defaultValue: isField || node.defaultValue === undefined ? undefined : print(node.defaultValue),
      args: new Map(args),
    };
  };

  const types = new Map<string, MutableType>();
  for (const node of document.definitions) {
    const kind = kindOf(node);
    if (kind === undefined) continue;
    const definition = node as TypeDefinitionNode | TypeExtensionNode;
    const name = rootNames.get(definition.name.value) ?? definition.name.value;
    let type = types.get(name);
    if (type === undefined) {
      type = {
        ...elementOf(definition, name, []),
        ...{ directives: [], kind, fields: new Map(), values: new Map() },
        ...{ members: new Set(), interfaces: new Set() },
      };
      types.set(name, type);
    }
    type.description ??= descriptionOf(definition);
    type.directives.push(...used(definition.directives));
    for (const field of ('fields' in definition ? definition.fields : undefined) ?? [])
      type.fields.set(field.name.value, fieldOf(field, `${name}.${field.name.value}`));
    for (const value of ('values' in definition ? definition.values : undefined) ?? [])
      type.values.set(
        value.name.value,
        elementOf(value, `${name}.${value.name.value}`, used(value.directives)),
      );
    for (const member of ('types' in definition ? definition.types : undefined) ?? [])
      type.members.add(member.name.value);
    for (const member of ('interfaces' in definition ? definition.interfaces : undefined) ?? [])
      type.interfaces.add(member.name.value);
  }
  return { ...withKeys(types), roots: ROOT_NAMES, schemaDirectives };
}

function elementOf(node: ASTNode, coordinate: string, directives: readonly UsedDirective[]): Element {
  return { coordinate, node, description: descriptionOf(node), directives };
}

const descriptionOf = (node: ASTNode): string | undefined =>
  (node as { readonly description?: StringValueNode | undefined }).description?.value;

function typeText(type: FieldDefinitionNode['type']): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : `${typeText(type.type)}!`;
}

function namedIn(type: FieldDefinitionNode['type']): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return inner.name.value;
}

// —— directives ——

function usedDirective(
  node: ConstDirectiveNode,
  nameOf: (local: string) => string | undefined,
): UsedDirective {
  const known = nameOf(node.name.value);
  const name = known ?? node.name.value;
  const args = (node.arguments ?? []).map((arg) => print(arg).replace(/\s+/g, ' ')).sort();
  return {
    name,
    isFederation: known !== undefined,
    node,
    text: args.length === 0 ? `@${name}` : `@${name}(${args.join(', ')})`,
  };
}

/**
 * The name in federation of a local name. A superset of what composition accepts: renamed imports of every link to a
 * specification of federation, names with any prefix (`fed__override`), and the plain names.
 */
function createDirectiveNames(document: DocumentNode): (local: string) => string | undefined {
  const renamed = new Map<string, string>();
  for (const { args } of linksOf(document)) {
    for (const item of Array.isArray(args.import) ? args.import : []) {
      const name = isRecord(item) ? item.name : item;
      const as = isRecord(item) ? (item.as ?? name) : name;
      if (
        typeof name === 'string' &&
        typeof as === 'string' &&
        name.startsWith('@') &&
        isKnown(name.slice(1))
      )
        renamed.set(as.replace(/^@/, ''), name.slice(1));
    }
  }
  return (local) => {
    const plain = local.slice(local.lastIndexOf('__') + (local.includes('__') ? 2 : 1));
    return renamed.get(local) ?? (isKnown(plain) ? plain : undefined);
  };
}

const isKnown = (name: string): boolean => Object.hasOwn(FEDERATION_DIRECTIVES, name);

export interface SchemaLink {
  readonly node: ConstDirectiveNode;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The `@link`s of a document, and `@core`, their older form. */
export function* linksOf(document: DocumentNode): Generator<SchemaLink> {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const node of definition.directives ?? []) {
      if (node.name.value !== 'link' && node.name.value !== 'core') continue;
      const args = Object.fromEntries(
        (node.arguments ?? []).map(({ name, value }) => [name.value, readConst(value)]),
      );
      yield { node, args: node.name.value === 'core' ? { url: args.feature } : args };
    }
  }
}

// —— keys ——

function withKeys(read: ReadonlyMap<string, MutableType>): Pick<Subgraph, 'types' | 'keyFields'> {
  const keyFields = new Set<string>();
  const types = new Map<string, SubgraphType>();
  for (const [name, type] of read) {
    const declared = type.directives.filter((directive) => directive.name === 'key');
    const keys = declared.flatMap(({ node }) => {
      const selection = fieldSetOf(node);
      return selection === undefined ? [] : [leavesOf(selection, type, read, keyFields)];
    });
    const isReference = declared.length > 0 && declared.every(({ node }) => isUnresolvable(node));
    types.set(name, { ...type, keys, isReference });
  }
  return { types, keyFields };
}

const isUnresolvable = ({ arguments: args = [] }: ConstDirectiveNode): boolean =>
  args.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value);

/** The selection of `fields:`; `undefined` when it cannot be read, which composition reports. */
export function fieldSetOf({ arguments: args = [] }: ConstDirectiveNode): SelectionSetNode | undefined {
  const value = args.find(({ name }) => name.value === 'fields')?.value;
  if (value?.kind !== Kind.STRING) return undefined;
  try {
    const [operation] = parse(`{ ${value.value} }`, { noLocation: true, maxTokens: 1000 }).definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : undefined;
  } catch {
    return undefined;
  }
}

/** Adds every field on the way to `keyFields`. */
function leavesOf(
  { selections }: SelectionSetNode,
  type: MutableType,
  types: ReadonlyMap<string, MutableType>,
  keyFields: Set<string>,
): Set<string> {
  const leaves = new Set<string>();
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) continue;
    const name = selection.name.value;
    keyFields.add(`${type.coordinate}.${name}`);
    const below = types.get(type.fields.get(name)?.typeName ?? '');
    if (selection.selectionSet === undefined || below === undefined) leaves.add(name);
    else
      for (const leaf of leavesOf(selection.selectionSet, below, types, keyFields))
        leaves.add(`${name}.${leaf}`);
  }
  return leaves;
}
