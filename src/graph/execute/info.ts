// The fourth argument of resolvers: all that graphql-js supplies, and what a selection needs of the object below.

import { NEEDS_OF } from '../../connect/bind/needs.ts';
import type { FieldPlan, Info, Path, Run } from './model.ts';

export const infoOf = (run: Run, field: FieldPlan, path: Path): Info => ({
  fieldName: field.name,
  fieldNodes: field.nodes,
  returnType: field.definition.type,
  parentType: field.parentType,
  path,
  schema: run.operation.schema,
  fragments: run.operation.fragments,
  rootValue: undefined,
  operation: run.operation.definition,
  variableValues: run.variables,
  [NEEDS_OF]: field.needsOf,
});
