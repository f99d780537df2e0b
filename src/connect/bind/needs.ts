// What a document needs of the object at a field: the names selected there under the values of this run's variables. A
// field that `@skip` or `@include` leaves out is not needed, so that it never causes a call.

import {
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';

export interface Needs {
  readonly names: ReadonlySet<string>;
}

/** The part of a resolver's `info` that is read here. */
export type NeedsInfo = Pick<
  GraphQLResolveInfo,
  'fieldNodes' | 'fragments' | 'schema' | 'returnType' | 'variableValues'
> & {
  /** From the gateway's executor, which computes the needs once per place of a document; absent under graphql-js. */
  readonly needsOf?: (typeName: string) => Needs;
};

/**
 * The needs at a resolver's place.
 * @param typeName of the value, where the field's own type is an interface or union
 */
export const needsOf = (info: NeedsInfo, typeName = ''): Needs =>
  info.needsOf?.(typeName) ?? computeNeeds(info, typeName);

export function computeNeeds(info: NeedsInfo, typeName = ''): Needs {
  const { schema, fragments, fieldNodes, variableValues } = info;
  const names = new Set<string>();
  const type = schema.getType(typeName) ?? getNamedType(info.returnType);
  for (const objectType of objectTypesOf(schema, type)) {
    try {
      const fields = collectSubfields(schema, fragments, variableValues, objectType, fieldNodes);
      for (const [node] of fields.values()) if (node !== undefined) names.add(node.name.value);
    } catch (error) {
      // A condition without a value: no field below is answered, so that none is needed.
      if (!(error instanceof GraphQLError)) throw error;
    }
  }
  return { names };
}

function objectTypesOf(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}
