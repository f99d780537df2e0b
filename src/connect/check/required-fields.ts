// Fields that a connector reads from its parent and that another subgraph supplies: `@external` fields that `@requires` names.
// They are fetched before the connector is called, and are no part of the key.

import type { ParsedConnect } from '../read/parse-texts.ts';
import type { FieldInfo } from '../read/types.ts';
import { readConst } from '../read/values.ts';
import { readFieldSet } from './key-fields.ts';
import type { View } from './view.ts';

/** Names of fields of the type that the connector is on, or whose field it is on. */
export function requiredFields({ directive }: ParsedConnect, view: View): ReadonlySet<string> {
  const { typeName, fieldName } = directive;
  const type = view.types.all.get(typeName);
  const required = new Set<string>();
  if (type === undefined || view.types.isRoot(typeName)) return required;
  const declared = new Set(view.keys(typeName).flatMap(({ tree }) => [...(tree?.keys() ?? [])]));
  const requiring = fieldName === undefined ? [...type.fields.values()] : [type.fields.get(fieldName)];
  for (const field of requiring) {
    for (const name of field === undefined ? [] : namesRequiredBy(field, view)) {
      if (!declared.has(name)) required.add(name);
    }
  }
  return required;
}

function* namesRequiredBy({ directives }: FieldInfo, { schema }: View): Generator<string> {
  for (const { name, arguments: args } of directives) {
    if (name.value !== schema.federation.requires) continue;
    for (const arg of args ?? []) {
      const fields = arg.name.value === 'fields' ? readConst(arg.value) : undefined;
      if (typeof fields === 'string') yield* readFieldSet(fields)?.keys() ?? [];
    }
  }
}
