// Fields that call their source whatever is selected below them: where a caller may not see anything of the answer, the call is
// not made.

import {
  type FieldNode,
  GraphQLError,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { CALLS_ALWAYS } from '../../connect/bind/field-call.ts';
import type { GatewayError } from '../../errors.ts';
import type { AccessView } from '../access/access.ts';
import type { FieldPlan, Values } from './model.ts';
import type { SelectedOperation } from './operation.ts';

/** The refusal of a field of which every selected leaf is refused; undefined for other fields. */
export function refusalBelow(
  { resolve, definition, nodes }: FieldPlan,
  operation: SelectedOperation,
  conditions: Values,
  access: AccessView,
): GatewayError | undefined {
  if (resolve === undefined || !(CALLS_ALWAYS in resolve)) return undefined;
  try {
    return refusalOfAll(definition, nodes, operation, conditions, access);
  } catch (error) {
    // A condition without a value: execution reports it at the object that it concerns.
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

function refusalOfAll(
  { type }: FieldPlan['definition'],
  nodes: readonly FieldNode[],
  operation: SelectedOperation,
  conditions: Values,
  access: AccessView,
): GatewayError | undefined {
  const { schema, fragments } = operation;
  let refusal: GatewayError | undefined;
  for (const objectType of objectTypesOf(getNamedType(type), operation)) {
    for (const [first, ...more] of collectSubfields(
      schema,
      fragments,
      conditions,
      objectType,
      nodes,
    ).values()) {
      const field = first && objectType.getFields()[first.name.value];
      // `__typename` reveals nothing that the type of the field does not, except among the members of an abstract type.
      if (first === undefined || field === undefined) continue;
      const own = access.at(objectType, field.name);
      const below =
        own?.kind === 'refused'
          ? own.error
          : refusalOfAll(field, [first, ...more], operation, conditions, access);
      if (below === undefined) return undefined;
      refusal ??= below;
    }
  }
  return refusal;
}

function objectTypesOf(
  type: ReturnType<typeof getNamedType>,
  { schema }: SelectedOperation,
): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}
