// A rule of this gateway beyond the spec: a field that a connector supplies is published as nullable, because a null for
// a non-null field would remove the objects around it when a source fails. A warning states the type that clients see.
// Keys are known before any call, and fields of other subgraphs (@external) do not depend on the connector: both keep
// their types.

import { Kind, type NamedTypeNode, type NameNode } from 'graphql';
import type { Report } from '../read/report.ts';
import { type FieldInfo, printType, type TypeInfo } from '../read/types.ts';
import { type KeyTree, keyTreeOf } from './key-fields.ts';
import type { View } from './view.ts';

export function checkNonNullFields(view: View, report: Report): void {
  for (const [coordinate, field] of nonNullFields(view)) {
    if (field.type.kind !== Kind.NON_NULL_TYPE) continue;
    const published = printType(field.type.type);
    report({
      code: 'ConnectorFieldNonNull',
      at: field.node,
      coordinate,
      message: `A field that a connector supplies is non-null; the gateway publishes it as ${published}.`,
      found: printType(field.type),
      expected: published,
      wayOut:
        'Declare the field nullable, as clients see it: a failure of the source then leaves the object around it in place.',
    });
  }
}

/** By coordinate: the non-null fields that connectors supply, in the order in which they are found. */
export function nonNullFields(view: View): ReadonlyMap<string, FieldInfo> {
  const { all } = view.types;
  const { external } = view.schema.federation;
  const known = knownFields(view);
  const found = new Map<string, FieldInfo>();
  const add = (type: TypeInfo, field: FieldInfo) => {
    const isExternal = field.directives.some((directive) => directive.name.value === external);
    if (field.type.kind !== Kind.NON_NULL_TYPE || isExternal || known.get(type.name)?.has(field.name)) return;
    found.set(`${type.name}.${field.name}`, field);
  };

  const seen = new Set<string>();
  const walk = (typeName: string) => {
    const type = all.get(typeName);
    if (type === undefined || type.kind === 'input' || seen.has(typeName)) return;
    seen.add(typeName);
    for (const field of type.fields.values()) {
      add(type, field);
      walk(field.typeName);
    }
    for (const name of type.possible) walk(name);
  };
  for (const name of all.keys()) if (view.entityConnects(name).length > 0) walk(name);
  for (const connect of view.parsed.connects) {
    const type = all.get(connect.directive.typeName);
    const field = view.fieldOf(connect);
    if (type === undefined || field === undefined) continue;
    // `checkEntityFields` refuses a non-null `entity: true` field.
    if (!connect.directive.entity) add(type, field);
    walk(field.typeName);
  }
  addInterfaceFields(view, found);
  return found;
}

/**
 * By type: the fields that are known before any call, because every key of the entity holds them. With several keys an
 * object may be known by one of them only, so that a field of another key depends on a call.
 */
function knownFields(view: View): ReadonlyMap<string, ReadonlySet<string>> {
  const { all } = view.types;
  const known = new Map<string, Set<string>>();
  const add = (typeName: string, fieldName: string): boolean => {
    const fields = known.get(typeName) ?? new Set<string>();
    known.set(typeName, fields);
    const isNew = !fields.has(fieldName);
    fields.add(fieldName);
    return isNew;
  };
  /** A key may hold a whole object. */
  const addWhole = (typeName: string) => {
    const type = all.get(typeName);
    if (type?.kind !== 'object') return;
    for (const field of type.fields.values()) if (add(typeName, field.name)) addWhole(field.typeName);
  };
  const addKey = (typeName: string, key: KeyTree) => {
    for (const [name, below] of key) {
      add(typeName, name);
      const inner = all.get(typeName)?.fields.get(name)?.typeName ?? '';
      if (below.size === 0) addWhole(inner);
      else addKey(inner, below);
    }
  };
  for (const typeName of all.keys()) {
    const keys = keyTrees(typeName, view);
    const [first, ...others] = keys;
    if (first !== undefined) addKey(typeName, others.reduce(common, first));
  }
  return known;
}

/** The declared keys of a type or, without any, those that its connectors read. */
function keyTrees(typeName: string, view: View): readonly KeyTree[] {
  const declared = view.keys(typeName).flatMap(({ tree }) => (tree === undefined ? [] : [tree]));
  if (declared.length > 0) return declared;
  return view.entityConnects(typeName).map((connect) => {
    const variables = connect.directive.fieldName === undefined ? ['$this', '$batch'] : ['$args'];
    return keyTreeOf(variables.flatMap((variable) => view.readsOf(connect, variable)));
  });
}

/** What two keys both hold. A whole object, a leaf of a tree, holds whatever the other key holds of it. */
function common(one: KeyTree, other: KeyTree): KeyTree {
  const both: KeyTree = new Map();
  for (const [name, below] of one) {
    const opposite = other.get(name);
    if (opposite === undefined) continue;
    if (below.size === 0 || opposite.size === 0) both.set(name, below.size === 0 ? opposite : below);
    else {
      const inner = common(below, opposite);
      if (inner.size > 0) both.set(name, inner);
    }
  }
  return both;
}

/** A nullable field cannot implement a non-null field: the field of the interface is published as nullable, too. */
function addInterfaceFields(view: View, found: Map<string, FieldInfo>): void {
  const { all } = view.types;
  const pending = [...found.keys()];
  const interfaces = interfacesOf(view);
  for (let coordinate = pending.pop(); coordinate !== undefined; coordinate = pending.pop()) {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    for (const name of interfaces.get(typeName) ?? []) {
      const field = all.get(name)?.fields.get(fieldName);
      const above = `${name}.${fieldName}`;
      if (field?.type.kind !== Kind.NON_NULL_TYPE || found.has(above)) continue;
      found.set(above, field);
      pending.push(above);
    }
  }
}

/** By type: the interfaces that it implements. */
function interfacesOf(view: View): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const definition of view.schema.document.definitions) {
    if (!('interfaces' in definition) || definition.interfaces === undefined) continue;
    const { value } = (definition as { readonly name: NameNode }).name;
    const names = (definition.interfaces as readonly NamedTypeNode[]).map(({ name }) => name.value);
    found.set(value, [...(found.get(value) ?? []), ...names]);
  }
  return found;
}
