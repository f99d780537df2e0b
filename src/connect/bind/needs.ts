// The fields that a document selects on the object at a field, under the variable values of the request. A field that
// `@skip` or `@include` excludes is not selected and never causes a call.

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

/**
 * A property of the gateway executor's `info`: the needs, computed once per field of a document. Absent under graphql-js. A
 * symbol, so that the `info` otherwise shows exactly what graphql-js supplies.
 */
export const NEEDS_OF: unique symbol = Symbol('needsOf');

/** The part of a resolver's `info` that is used here. */
export type NeedsInfo = Pick<
  GraphQLResolveInfo,
  'fieldNodes' | 'fragments' | 'schema' | 'returnType' | 'variableValues'
> & { readonly [NEEDS_OF]?: (typeName: string) => Needs };

/** @param typeName the type of the value, where the field's type is an interface or union */
export const needsOf = (info: NeedsInfo, typeName = ''): Needs =>
  info[NEEDS_OF]?.(typeName) ?? computeNeeds(info, typeName);

/** @param isRefused fields that the caller may not ask: nothing is fetched for them */
export function computeNeeds(
  info: NeedsInfo,
  typeName = '',
  isRefused: (type: GraphQLObjectType, fieldName: string) => boolean = () => false,
): Needs {
  const { schema, fragments, fieldNodes, variableValues } = info;
  const names = new Set<string>();
  const type = schema.getType(typeName) ?? getNamedType(info.returnType);
  for (const objectType of objectTypesOf(schema, type)) {
    try {
      const fields = collectSubfields(schema, fragments, variableValues, objectType, fieldNodes);
      for (const [node] of fields.values()) {
        if (node !== undefined && !isRefused(objectType, node.name.value)) names.add(node.name.value);
      }
    } catch (error) {
      // A condition without a value is an error of the field: none of its subfields is executed.
      if (!(error instanceof GraphQLError)) throw error;
    }
  }
  return { names };
}

function objectTypesOf(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}

/** Needs without some names. Plans are kept per object of needs: equal needs without equal names are one object. */
export function rememberNeeds(): (needs: Needs, refused: readonly string[]) => Needs {
  const known = new WeakMap<Needs, Map<string, Needs>>();
  return (needs, refused) => {
    let byRefused = known.get(needs);
    if (byRefused === undefined) {
      byRefused = new Map();
      known.set(needs, byRefused);
    }
    const key = refused.join();
    let left = byRefused.get(key);
    if (left === undefined) {
      left = { names: new Set([...needs.names].filter((name) => !refused.includes(name))) };
      byRefused.set(key, left);
    }
    return left;
  };
}
