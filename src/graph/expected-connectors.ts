// Which connectors an operation may call, known before it runs: its conditions count as met. The work is linear in the
// document, since each selection set is visited once per type, however often its fragment is spread.

import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import type { SelectedOperation } from './execute/operation.ts';

interface Step {
  readonly set: SelectionSetNode;
  readonly type: GraphQLNamedType;
  /** Index of the selection to visit next. */
  next: number;
}

/** Connector ids, in the order in which the operation selects their fields. */
export function expectedConnectors(
  operation: SelectedOperation,
  connectorsAt: ConnectorsAt,
): readonly string[] {
  const { schema, definition, fragments } = operation;
  const connectors = new Set<string>();
  const namesIn = createNamesIn(operation);
  const visited = new Map<SelectionSetNode, Set<GraphQLNamedType>>();
  const steps: Step[] = [];

  const enter = (set: SelectionSetNode | undefined, type: GraphQLNamedType | null | undefined): void => {
    if (set === undefined || !type) return;
    const types = visited.get(set) ?? new Set();
    if (types.has(type)) return;
    visited.set(set, types.add(type));
    steps.push({ set, type, next: 0 });
  };

  enter(definition.selectionSet, schema.getRootType(definition.operation));
  for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
    const { set, type } = step;
    const selection = set.selections[step.next];
    step.next += 1;
    if (selection === undefined) steps.pop();
    else if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      const { selectionSet } = selection;
      for (const parent of objectTypesOf(schema, type)) {
        const field = parent.getFields()[name];
        if (field === undefined) continue;
        const returned = getNamedType(field.type);
        const names = selectionSet === undefined ? NO_NAMES : namesIn(selectionSet, returned);
        for (const { connector } of connectorsAt(parent.name, name, returned.name, { names }))
          connectors.add(connector);
        enter(selectionSet, returned);
      }
    } else {
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      const condition = fragment?.typeCondition?.name.value;
      enter(fragment?.selectionSet, condition === undefined ? type : schema.getType(condition));
    }
  }
  return [...connectors];
}

const NO_NAMES: ReadonlySet<string> = new Set();

function objectTypesOf(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}

/** Names of the fields that a selection set selects on a type, through fragments. */
function createNamesIn({ schema, fragments }: SelectedOperation) {
  const known = new Map<SelectionSetNode, Map<GraphQLNamedType, ReadonlySet<string>>>();

  const namesIn = (set: SelectionSetNode, type: GraphQLNamedType): ReadonlySet<string> => {
    const byType = known.get(set) ?? new Map<GraphQLNamedType, ReadonlySet<string>>();
    known.set(set, byType);
    const found = byType.get(type);
    if (found !== undefined) return found;
    const names = new Set<string>();
    // Kept before it is filled: a fragment that spreads itself, which validation refuses, must not recurse for ever.
    byType.set(type, names);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        names.add(selection.name.value);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      if (fragment !== undefined && canMeet(schema, type, fragment.typeCondition?.name.value)) {
        for (const name of namesIn(fragment.selectionSet, type)) names.add(name);
      }
    }
    return names;
  };
  return namesIn;
}

/** Whether an object of `type` can meet a condition on `condition`. */
function canMeet(schema: GraphQLSchema, type: GraphQLNamedType, condition: string | undefined): boolean {
  return (
    condition === undefined ||
    condition === type.name ||
    isAbstractType(type) ||
    isAbstractType(schema.getType(condition))
  );
}
