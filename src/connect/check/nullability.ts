// A rule of this gateway beyond the spec: a field that a connector supplies must be nullable, because a null for a
// non-null field would remove the object around it when a source fails. Keys are known before any call and may be non-null.

import { Kind } from 'graphql';
import type { Report } from '../read/report.ts';
import { type FieldInfo, printType, type TypeInfo } from '../read/types.ts';
import type { View } from './view.ts';

export function checkNonNullFields(view: View, report: Report): void {
  const { all } = view.types;
  const refuse = (type: TypeInfo, field: FieldInfo) => {
    if (field.type.kind !== Kind.NON_NULL_TYPE) return;
    report({
      code: 'ConnectorFieldNonNull',
      at: field.node,
      coordinate: `${type.name}.${field.name}`,
      message: 'A field that a connector supplies is non-null.',
      found: printType(field.type),
      expected: printType(field.type.type),
      wayOut:
        'Make the field nullable, so that a failure of the source does not remove the object around it.',
    });
  };

  // The types of key fields are known before any call.
  const seen = new Set<string>();
  const reachable = (typeName: string) => {
    const type = all.get(typeName);
    if (type?.kind !== 'object' || seen.has(typeName)) return;
    seen.add(typeName);
    for (const field of type.fields.values()) reachable(field.typeName);
  };
  const entities = [...all.keys()].filter((name) => view.entityConnects(name).length > 0);
  for (const name of entities) {
    for (const key of view.keyNames(name)) reachable(all.get(name)?.fields.get(key)?.typeName ?? '');
  }

  const walk = (typeName: string) => {
    const type = all.get(typeName);
    if (type === undefined || type.kind === 'input' || seen.has(typeName)) return;
    seen.add(typeName);
    const keys = view.keyNames(typeName);
    const { external } = view.schema.federation;
    for (const field of type.fields.values()) {
      if (keys.has(field.name) || field.directives.some((directive) => directive.name.value === external))
        continue;
      refuse(type, field);
      walk(field.typeName);
    }
    for (const name of type.possible) walk(name);
  };
  for (const name of entities) walk(name);
  for (const connect of view.parsed.connects) {
    const type = all.get(connect.directive.typeName);
    const field = view.fieldOf(connect);
    if (type === undefined || field === undefined) continue;
    // `checkEntityFields` refuses a non-null `entity: true` field.
    if (!seen.has(type.name) && !connect.directive.entity) refuse(type, field);
    walk(field.typeName);
  }
}
