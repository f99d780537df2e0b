// Whose value is at a path of an answer: which connector's, by which operation. For errors about a value that does not fit
// the type of its field, to name the system that supplied it.

import {
  type FieldNode,
  type GraphQLCompositeType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';
import type { SelectedOperation } from './execute/operation.ts';

export interface Owner {
  /** More than one where each of them supplies the field. */
  readonly connectors: readonly string[];
  /** As errors name it; where several supply the field, the entity or the field itself. */
  readonly operation: string;
}

interface Field {
  readonly parent: GraphQLCompositeType;
  readonly node: FieldNode;
}

/** Undefined where the value is the store's own. */
export function ownerAt(
  path: readonly (string | number)[],
  operation: SelectedOperation,
  connectorsAt: ConnectorsAt,
): Owner | undefined {
  const steps = fieldsAlong(path, operation);
  // The nearest field that calls a connector for what is below it.
  for (let i = steps.length - 1; i >= 0; i--) {
    const [field] = steps[i] as readonly Field[];
    const type = field && definitionOf(field)?.type;
    if (field === undefined || type === undefined) return undefined;
    const { parent, node } = field;
    const returned = getNamedType(type).name;
    const calledFor = (names: readonly string[]) =>
      connectorsAt(parent.name, node.name.value, returned, { names: new Set(names) });
    // With nothing selected, only a `@connect` of the field itself calls.
    const own = calledFor([]);
    const called =
      own.length > 0 ? own : calledFor((steps[i + 1] ?? []).map((child) => child.node.name.value));
    if (called.length > 0) {
      const operations = new Set(called.map((each) => each.operation));
      const [only = ''] = operations;
      const place = own.length > 0 ? `${parent.name}.${node.name.value}` : returned;
      return {
        connectors: [...new Set(called.map(({ connector }) => connector))],
        operation: operations.size === 1 ? only : place,
      };
    }
  }
  return undefined;
}

/** For each response key of the path the fields that are answered under it; empty where the document has none. */
function fieldsAlong(path: readonly (string | number)[], operation: SelectedOperation): Field[][] {
  const { schema, definition } = operation;
  const steps: Field[][] = [];
  let sets: [GraphQLCompositeType | null | undefined, SelectionSetNode | undefined][] = [
    [schema.getRootType(definition.operation), definition.selectionSet],
  ];
  for (const key of path) {
    if (typeof key === 'number') continue;
    const fields: Field[] = [];
    const visited = new Set<SelectionSetNode>();
    for (const [type, set] of sets) collect(type, set, key, operation, fields, visited);
    if (fields.length === 0) return [];
    steps.push(fields);
    sets = fields.map((field) => [typeUnder(field), field.node.selectionSet]);
  }
  return steps;
}

const definitionOf = ({ parent, node }: Field) =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;

function typeUnder(field: Field): GraphQLCompositeType | undefined {
  const definition = definitionOf(field);
  const type = definition && getNamedType(definition.type);
  return isCompositeType(type) ? type : undefined;
}

/** Adds the fields that are answered under `key`, through fragments, each once. */
function collect(
  type: GraphQLCompositeType | null | undefined,
  set: SelectionSetNode | undefined,
  key: string,
  operation: SelectedOperation,
  into: Field[],
  visited: Set<SelectionSetNode>,
): void {
  if (!type || set === undefined || visited.has(set)) return;
  visited.add(set);
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      if ((selection.alias ?? selection.name).value === key) into.push({ parent: type, node: selection });
      continue;
    }
    const { schema, fragments } = operation;
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
    const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
    const narrowed = isCompositeType(condition) ? condition : type;
    collect(narrowed, fragment?.selectionSet, key, operation, into, visited);
  }
}
