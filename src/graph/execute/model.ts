// The data of execution: what is planned once per operation, and what one run carries from field to field. Types only.

import type {
  FieldNode,
  GraphQLError,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
} from 'graphql';
import type { NEEDS_OF, Needs } from '../../connect/bind/needs.ts';
import type { SelectedOperation } from './operation.ts';
import type { ValueType } from './value-types.ts';

export type Values = Record<string, unknown>;

/** Also the identity of a position in the result: one object per position and run. */
export type Path = GraphQLResolveInfo['path'];

/** What resolvers receive: all that graphql-js supplies, and what the selection needs of an object of a type. */
export type Info = GraphQLResolveInfo & { readonly [NEEDS_OF]: (typeName: string) => Needs };

// —— planned ——

/** When the arguments of a field are coerced. */
export type FieldArguments =
  | { readonly when: 'never' }
  | { readonly when: 'planned'; readonly values: Values }
  | { readonly when: 'per run' }
  /** Arguments that are refused, too: the error belongs to each call. */
  | { readonly when: 'per call' };

export interface FieldPlan {
  /** The response key: the alias, or the name. */
  readonly key: string;
  readonly name: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** Every node that is merged into this field. */
  readonly nodes: readonly FieldNode[];
  readonly type: ValueType;
  /** Undefined: the value is the property of this name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly arguments: FieldArguments;
  /** Computed once per type name; see `connect/bind/needs.ts`. */
  readonly needsOf: (typeName: string) => Needs;
  /** Whether completing the value calls functions of the schema that receive an `info`. */
  readonly needsInfo: boolean;
  /** A leaf read from a property, without arguments that could be refused. */
  readonly isPlainLeaf: boolean;
  /** By runtime type. */
  readonly selections: Map<GraphQLObjectType, Selection>;
  /** The selection used last, mostly the only one. */
  last: Selection | undefined;
}

export interface Selection {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** The empty answer: every response key in its order, constants in place, null elsewhere. */
  readonly template: Readonly<Values>;
  /** What an object of it adds to the budget of the answer: 1, or 0 for a part of the description of the schema. */
  readonly objects: number;
  /** Estimated bytes of its keys and values, without those of lists and objects within. */
  readonly bytes: number;
  /** A condition that cannot be evaluated: thrown for each object in place of its fields. */
  readonly refusal: GraphQLError | undefined;
}

/** The selections of an operation under one combination of condition values. */
export interface Selections {
  readonly root: (type: GraphQLObjectType) => Selection;
  readonly under: (field: FieldPlan, type: GraphQLObjectType) => Selection;
  /** Field plans made so far. */
  readonly size: () => number;
}

// —— of one run ——

export interface Run {
  readonly operation: SelectedOperation;
  readonly selections: Selections;
  readonly context: unknown;
  /** Coerced. */
  readonly variables: Values;
  readonly errors: ErrorList;
  /** Throws an error about a value that does not fit the type of its field; an own error of a resolver is thrown directly. */
  readonly misfit: (error: unknown) => never;
  /** Arguments that are variables, coerced at the first call of a field in this run. */
  readonly arguments: Map<FieldPlan, Values>;
  readonly budget: AnswerBudget;
  /** Objects that are being completed on the current stack. */
  depth: number;
}

/** What an answer holds so far, and what it may hold. */
export interface AnswerBudget {
  /** Objects so far. */
  objects: number;
  /** Bytes so far, estimated. */
  bytes: number;
  readonly maxObjects: number;
  readonly maxBytes: number;
}

export interface ErrorList {
  readonly errors: GraphQLError[];
  /** Adds the error of a position that becomes null, unless that position is below one that became null before. */
  readonly add: (error: GraphQLError, path: Path | undefined) => void;
}
