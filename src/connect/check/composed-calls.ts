// The N+1 rule on the unified schema, where the lists of other subgraphs lead to a connector's types: reports the
// smallest query and its cost. Yields warnings only.

import {
  type GraphQLField,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Diagnostic } from '../../diagnostic.ts';
import type { CompiledConnector } from '../compile-connector.ts';
import { createReport } from '../read/report.ts';
import { describe, ELEMENTS_PER_LIST } from './calls.ts';
import { listPaths, type PathField, type PathGraph } from './list-paths.ts';

/**
 * @param schema the unified schema
 * @returns one warning per connector that is called once per object and that a query can reach through a list
 */
export function checkComposedCalls(
  schema: GraphQLSchema,
  connectors: readonly CompiledConnector[],
): Diagnostic[] {
  const pathTo = listPaths(graphOf(schema));
  const diagnostics: Diagnostic[] = [];
  for (const { schema: own, singleCalls } of connectors) {
    const report = createReport(own.file, diagnostics);
    for (const call of singleCalls) {
      const path = pathTo(call.typeName);
      if (path !== undefined) report(describe(call, path));
    }
  }
  return diagnostics;
}

function graphOf(schema: GraphQLSchema): PathGraph {
  return {
    query: schema.getQueryType()?.name ?? 'Query',
    *fieldsOf(typeName) {
      const type = schema.getType(typeName);
      if (!isObjectType(type) && !isInterfaceType(type)) return;
      for (const field of Object.values(type.getFields())) yield pathField(field);
    },
    possible: (typeName) => {
      const type = schema.getType(typeName);
      return isAbstractType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [];
    },
  };
}

function pathField({ name, type, args }: GraphQLField<unknown, unknown>): PathField {
  const required = args.flatMap((arg) => {
    if (arg.name === 'first' || arg.name === 'limit') return [`${arg.name}: ${ELEMENTS_PER_LIST}`];
    return isNonNullType(arg.type) && arg.defaultValue === undefined ? [`${arg.name}: …`] : [];
  });
  const printed = required.length === 0 ? '' : `(${required.join(', ')})`;
  return { name, typeName: getNamedType(type).name, lists: listDepth(type), args: printed };
}

function listDepth(type: GraphQLType): number {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
}
