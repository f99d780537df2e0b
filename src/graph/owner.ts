// Whose value stands at a path of an answer: which connector's, by which operation. Asked by the executor only where
// graphql-js or jit could not complete a value, to name the system whose answer did not fit its field's type.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ConnectorsAt } from '../connect/bind/bind-schema.ts';

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
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
  connectorsAt: ConnectorsAt,
): Owner | undefined {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  // the fields on the way, each as often as the document selects it
  const steps: Field[][] = [];
  let sets: [GraphQLCompositeType | null | undefined, SelectionSetNode | undefined][] = [
    [schema.getRootType(operation.operation), operation.selectionSet],
  ];
  for (const key of path) {
    if (typeof key === 'number') continue;
    const fields: Field[] = [];
    for (const [type, set] of sets) collect(type, set, key, schema, fragments, fields);
    if (fields.length === 0) return undefined;
    steps.push(fields);
    sets = fields.map((field) => [typeUnder(field), field.node.selectionSet]);
  }
  // the nearest one that asks a connector for what stands on the way
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]?.[0];
    const type = step && fieldOf(step.parent, step.node)?.type;
    if (step === undefined || type === undefined) return undefined;
    const { parent, node } = step;
    const returned = getNamedType(type).name;
    const ask = (names: readonly string[]) =>
      connectorsAt(parent.name, node.name.value, returned, { names: new Set(names) });
    // With nothing selected only a `@connect` of the field's own asks.
    const own = ask([]);
    const asked = own.length > 0 ? own : ask((steps[i + 1] ?? []).map((child) => child.node.name.value));
    if (asked.length > 0) {
      const operations = new Set(asked.map((one) => one.operation));
      const [only = ''] = operations;
      const place = own.length > 0 ? `${parent.name}.${node.name.value}` : returned;
      return {
        connectors: [...new Set(asked.map(({ connector }) => connector))],
        operation: operations.size === 1 ? only : place,
      };
    }
  }
  return undefined;
}

const fieldOf = (parent: GraphQLCompositeType, node: FieldNode) =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;

function typeUnder({ parent, node }: Field): GraphQLCompositeType | undefined {
  const field = fieldOf(parent, node);
  const type = field && getNamedType(field.type);
  return isCompositeType(type) ? type : undefined;
}

/** Fields that answer under `key`, through fragments; validation promises that these end. */
function collect(
  type: GraphQLCompositeType | null | undefined,
  set: SelectionSetNode | undefined,
  key: string,
  schema: GraphQLSchema,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  into: Field[],
): void {
  if (!type || set === undefined) return;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      if ((selection.alias ?? selection.name).value === key) into.push({ parent: type, node: selection });
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
    const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
    collect(
      isCompositeType(condition) ? condition : type,
      fragment?.selectionSet,
      key,
      schema,
      fragments,
      into,
    );
  }
}
