// Finds the fields by which callers reach personal data past the row filter of the store: from root fields of connectors, or from
// public objects such as a procedure. Citizens may see personal data of their own dossiers only, so these fields are look-ups.

import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { ROW_FILTERED_FIELDS } from '../../dossiers/data-classes.ts';

/**
 * @param isPersonal whether a field, `Type.field`, holds personal or sensitive data
 * @returns coordinates: personal fields of objects that are reachable without the row filter, and fields that lead to objects with
 * personal fields
 */
export function openWays(
  schema: GraphQLSchema,
  isPersonal: (coordinate: string) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<GraphQLObjectType>();
  const open: GraphQLObjectType[] = [];
  const enter = (type: GraphQLObjectType): void => {
    if (seen.has(type)) return;
    seen.add(type);
    open.push(type);
  };
  const objectsOf = (type: unknown): readonly GraphQLObjectType[] => {
    if (isAbstractType(type)) return schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  };
  const holdsPersonalFields = (type: GraphQLObjectType): boolean =>
    [type, ...type.getInterfaces()].some(({ name }) =>
      Object.keys(type.getFields()).some((field) => isPersonal(`${name}.${field}`)),
    );

  for (const root of [schema.getQueryType(), schema.getMutationType()]) if (root != null) enter(root);
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (ROW_FILTERED_FIELDS.has(coordinate)) continue;
      const objects = objectsOf(getNamedType(field.type));
      if (isPersonal(coordinate) || objects.some(holdsPersonalFields)) found.add(coordinate);
      else for (const object of objects) enter(object);
    }
  }
  return found;
}
