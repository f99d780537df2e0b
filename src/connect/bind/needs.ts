// What a document needs of the object at a field: the names selected there, through fragments, conservatively where
// @skip or @include decide. Computed once per place in a document; at run time it is a look-up.

import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

export interface Needs {
  readonly names: ReadonlySet<string>;
}

export type NeedsInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'schema' | 'returnType'> & {
  /** Put there at compile time by the executor; absent under plain graphql-js. */
  readonly needs?: Needs;
};

const byNode = new WeakMap<FieldNode, Map<string, Needs>>();

/**
 * The needs at a resolver's place.
 * @param typeName of the value, where the field's own type is an interface or union
 */
export function needsOf(info: NeedsInfo, typeName = ''): Needs {
  if (info.needs !== undefined && typeName === '') return info.needs;
  const only = info.fieldNodes.length === 1 ? info.fieldNodes[0] : undefined;
  if (only === undefined) return computeNeeds(info, typeName);
  let known = byNode.get(only);
  if (known === undefined) {
    known = new Map();
    byNode.set(only, known);
  }
  let needs = known.get(typeName);
  if (needs === undefined) {
    needs = computeNeeds(info, typeName);
    known.set(typeName, needs);
  }
  return needs;
}

export function computeNeeds(info: Omit<NeedsInfo, 'needs'>, typeName = ''): Needs {
  const names = new Set<string>();
  const type = info.schema.getType(typeName) ?? getNamedType(info.returnType);
  for (const node of info.fieldNodes) {
    if (node.selectionSet !== undefined) collect(node.selectionSet, type, info, names, new Set());
  }
  return { names };
}

function collect(
  set: SelectionSetNode,
  type: GraphQLNamedType,
  info: Pick<NeedsInfo, 'fragments' | 'schema'>,
  names: Set<string>,
  seen: Set<string>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      if (fits(info.schema, type, selection.typeCondition?.name.value)) {
        collect(selection.selectionSet, type, info, names, seen);
      }
    } else {
      const fragment = info.fragments[selection.name.value];
      if (fragment === undefined || seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
      if (fits(info.schema, type, fragment.typeCondition.name.value)) {
        collect(fragment.selectionSet, type, info, names, seen);
      }
    }
  }
}

/** Can an object of `type` meet a condition on `condition`? Abstract types may, so their fields count. */
function fits(schema: GraphQLSchema, type: GraphQLNamedType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name || isAbstractType(type)) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional);
}
