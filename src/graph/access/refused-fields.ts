// The fields of an operation that a caller may not ask, found before it runs: for clients that want all of an answer or none of
// it. Conditions count as met. The work is linear in the document, since each selection set is visited once per type.

import {
  GraphQLError,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { SelectedOperation } from '../execute/operation.ts';
import type { AccessView } from './access.ts';

/** Fields that are reported. */
const MAX_REPORTED = 20;

/** One error per refused field of the schema, with its place in the document. */
export function refusedFields(
  { schema, definition, fragments }: SelectedOperation,
  view: AccessView,
): readonly GraphQLError[] {
  const refused = new Map<string, GraphQLError>();
  const visited = new Map<SelectionSetNode, Set<GraphQLNamedType>>();
  const open: { readonly set: SelectionSetNode; readonly type: GraphQLNamedType }[] = [];
  const enter = (set: SelectionSetNode | undefined, type: GraphQLNamedType | null | undefined): void => {
    if (set === undefined || !type) return;
    const types = visited.get(set) ?? new Set();
    if (types.has(type)) return;
    visited.set(set, types.add(type));
    open.push({ set, type });
  };

  enter(definition.selectionSet, schema.getRootType(definition.operation));
  for (let step = open.pop(); step !== undefined && refused.size < MAX_REPORTED; step = open.pop()) {
    for (const selection of step.set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
        const condition = fragment?.typeCondition?.name.value;
        enter(fragment?.selectionSet, condition === undefined ? step.type : schema.getType(condition));
        continue;
      }
      const types = isAbstractType(step.type) ? schema.getPossibleTypes(step.type) : [step.type];
      for (const type of types.filter(isObjectType)) {
        const field = type.getFields()[selection.name.value];
        if (field === undefined) continue;
        const access = view.at(type, field.name);
        if (access?.kind === 'refused') {
          const { error } = access;
          const coordinate = `${type.name}.${field.name}`;
          if (!refused.has(coordinate)) {
            refused.set(
              coordinate,
              new GraphQLError(error.message, { nodes: selection, originalError: error }),
            );
          }
        } else enter(selection.selectionSet, getNamedType(field.type));
      }
    }
  }
  return [...refused.values()];
}
