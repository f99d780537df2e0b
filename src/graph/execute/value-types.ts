// The output types of a schema in the form that completion reads: one object per list and named type, with non-null as a
// flag. Computed once per field of an operation; no `instanceof` remains for the run.

import {
  type GraphQLAbstractType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Values that a leaf type returns unchanged, so that `serialize` need not be called for them. */
type Unchanged = 'string' | 'boolean' | 'int32' | 'finite number' | 'none';

interface Common {
  readonly isNonNull: boolean;
}
export interface LeafValue extends Common {
  readonly kind: 'leaf';
  readonly type: GraphQLLeafType;
  readonly unchanged: Unchanged;
}
export interface ListValue extends Common {
  readonly kind: 'list';
  readonly item: ValueType;
}
export interface ObjectValue extends Common {
  readonly kind: 'object';
  readonly type: GraphQLObjectType;
}
export interface AbstractValue extends Common {
  readonly kind: 'abstract';
  readonly type: GraphQLAbstractType;
}
export type ValueType = LeafValue | ListValue | ObjectValue | AbstractValue;

export function valueTypeOf(outputType: GraphQLOutputType): ValueType {
  const isNonNull = isNonNullType(outputType);
  const type = isNonNull ? outputType.ofType : outputType;
  if (isListType(type)) return { kind: 'list', isNonNull, item: valueTypeOf(type.ofType) };
  if (isObjectType(type)) return { kind: 'object', isNonNull, type };
  if (isAbstractType(type)) return { kind: 'abstract', isNonNull, type };
  return { kind: 'leaf', isNonNull, type, unchanged: unchangedBy(type) };
}

/** By the function and not by the type: a schema may carry a specified scalar whose `serialize` was replaced. */
const UNCHANGED: ReadonlyMap<unknown, Unchanged> = new Map<unknown, Unchanged>([
  [GraphQLString.serialize, 'string'],
  [GraphQLID.serialize, 'string'],
  [GraphQLBoolean.serialize, 'boolean'],
  [GraphQLInt.serialize, 'int32'],
  [GraphQLFloat.serialize, 'finite number'],
]);

const unchangedBy = (type: GraphQLLeafType): Unchanged => UNCHANGED.get(type.serialize) ?? 'none';
