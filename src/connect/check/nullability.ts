// A house rule on top of the spec: what a connector supplies is nullable, because a system that is down must never
// take the object around it along. Keys are known beforehand and may be non-null.

import { type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode, parse, type TypeNode } from 'graphql';
import type { CompiledConnector } from '../compile-connector.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { inferKey } from '../entity-keys.ts';
import { placeOf, readConst } from '../read/values.ts';

export function checkNullability(connector: CompiledConnector): Diagnostic[] {
  const { schema, entityTypes, operations } = connector;
  const types = new Map(
    schema.document.definitions
      .filter((d) => d.kind === Kind.OBJECT_TYPE_DEFINITION)
      .map((type) => [type.name.value, type]),
  );
  const diagnostics: Diagnostic[] = [];
  const refuse = (type: string, field: FieldDefinitionNode) => {
    if (field.type.kind !== Kind.NON_NULL_TYPE) return;
    diagnostics.push({
      code: 'ConnectorFieldNonNull',
      message: 'A field that a connector supplies is non-null.',
      file: schema.file,
      ...placeOf(field as never),
      coordinate: `${type}.${field.name.value}`,
      found: printType(field.type),
      expected: printType(field.type.type),
      wayOut: 'Make it nullable, so that a failure of the source leaves the rest of the answer whole.',
    });
  };

  // Types that keys are made of are known before any call.
  const keyTypes = new Set<string>();
  for (const name of entityTypes) {
    const type = types.get(name);
    if (type === undefined) continue;
    const keys = keyFieldsOf(type, connector);
    for (const field of type.fields ?? []) {
      if (keys.has(field.name.value)) reachable(field.type, types, keyTypes);
    }
  }
  const seen = new Set(keyTypes);
  const walk = (typeName: string) => {
    const type = types.get(typeName);
    if (type === undefined || seen.has(typeName)) return;
    seen.add(typeName);
    const keys = entityTypes.has(typeName) ? keyFieldsOf(type, connector) : new Set<string>();
    for (const field of type.fields ?? []) {
      if (keys.has(field.name.value)) continue;
      refuse(typeName, field);
      walk(namedType(field.type));
    }
  };
  for (const name of entityTypes) walk(name);
  for (const operation of operations) {
    const field = types.get(operation.typeName)?.fields?.find((f) => f.name.value === operation.fieldName);
    if (field === undefined) continue;
    if (!seen.has(operation.typeName)) refuse(operation.typeName, field);
    walk(namedType(field.type));
  }
  return diagnostics;
}

function keyFieldsOf(type: ObjectTypeDefinitionNode, connector: CompiledConnector): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (fields: string) => {
    const query = parse(`{ ${fields} }`).definitions[0];
    if (query?.kind !== Kind.OPERATION_DEFINITION) return;
    for (const selection of query.selectionSet.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    }
  };
  for (const directive of type.directives ?? []) {
    const fields = directive.arguments?.find((a) => a.name.value === 'fields');
    const value = fields === undefined ? undefined : readConst(fields.value);
    if (typeof value === 'string') add(value);
  }
  for (const operation of connector.operations) {
    const inferred = operation.typeName === type.name.value ? inferKey(operation) : undefined;
    if (inferred !== undefined) add(inferred);
  }
  return names;
}

function reachable(type: TypeNode, types: ReadonlyMap<string, ObjectTypeDefinitionNode>, into: Set<string>): void {
  const name = namedType(type);
  if (into.has(name)) return;
  const definition = types.get(name);
  if (definition === undefined) return;
  into.add(name);
  for (const field of definition.fields ?? []) reachable(field.type, types, into);
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

function printType(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value;
  return type.kind === Kind.LIST_TYPE ? `[${printType(type.type)}]` : `${printType(type.type)}!`;
}
