// The access matrix: every field of the schema for each kind of caller. A field counts as refused, too, where every way to it is.

import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import type { Identity } from '../../request/identity/identity.ts';
import type { Access, AccessView } from './access.ts';

export type Cell = 'allowed' | 'masked' | 'refused';

export interface MatrixRow {
  readonly type: string;
  readonly field: string;
  /** One per caller, in their order. */
  readonly cells: readonly Cell[];
}

/** Rows in the order of the schema. */
export function accessMatrix(
  schema: GraphQLSchema,
  access: Access,
  callers: readonly Identity[],
): readonly MatrixRow[] {
  const columns = callers.map((identity) => {
    const view = access.viewFor(identity);
    return { view, reachable: reachableTypes(schema, view) };
  });
  return objectTypesOf(schema).flatMap((type) =>
    Object.keys(type.getFields()).map((field) => ({
      type: type.name,
      field,
      cells: columns.map(({ view, reachable }): Cell => {
        const own = view.at(type, field);
        if (own?.kind === 'refused' || !reachable.has(type)) return 'refused';
        return own?.kind === 'masked' ? 'masked' : 'allowed';
      }),
    })),
  );
}

const objectTypesOf = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

function reachableTypes(schema: GraphQLSchema, view: AccessView): ReadonlySet<GraphQLObjectType> {
  const reached = new Set<GraphQLObjectType>();
  const open: GraphQLObjectType[] = [];
  const enter = (type: unknown): void => {
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) enter(possible);
    else if (isObjectType(type) && !reached.has(type)) {
      reached.add(type);
      open.push(type);
    }
  };
  enter(schema.getQueryType());
  enter(schema.getMutationType());
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    for (const field of Object.values(type.getFields())) {
      if (view.at(type, field.name)?.kind !== 'refused') enter(getNamedType(field.type));
    }
  }
  return reached;
}
