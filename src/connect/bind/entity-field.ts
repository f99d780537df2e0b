// Resolves a field that returns an entity, a list of entities, or an interface or union with entities among its types.
// The field's value is a stub (from the store, or from another connector's answer) that the type's binder completes.

import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLResolveInfo,
  isListType,
  isNonNullType,
} from 'graphql';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { EntityBinder, EntityOrigin } from './entities.ts';
import { type EntityObject, PURPOSE } from './entity-object.ts';
import { type Needs, needsOf } from './needs.ts';

/** By type name: returns the purpose of look-ups made below an object of the type, e.g. `Dossier`. */
export type PurposeReaders = Readonly<Record<string, (parent: never) => Purpose>>;
export type PurposeReader = ((parent: never) => Purpose) | undefined;

/** The binders that complete values of a type; those of an abstract type are chosen by `__typename`. */
export type EntityTarget =
  | { readonly kind: 'object'; readonly binder: EntityBinder }
  | { readonly kind: 'abstract'; readonly possible: ReadonlyMap<string, EntityBinder> };
export type EntityTargetOf = (typeName: string) => EntityTarget | undefined;

export type Info = GraphQLResolveInfo & { readonly needs?: Needs };
export type Resolver = (
  parent: EntityObject,
  args: Record<string, unknown>,
  context: ConnectContext,
  info: Info,
) => unknown;

export function resolveEntity(
  field: GraphQLField<unknown, unknown>,
  target: EntityTarget,
  reader: PurposeReader,
): Resolver {
  const { name, type } = field;
  const base = field.resolve as Resolver | undefined;
  const isList = isListType(isNonNullType(type) ? type.ofType : type);
  const read: Resolver =
    base ??
    ((parent, args, context, info) => {
      const value = parent[name];
      return typeof value === 'function' ? defaultFieldResolver(parent, args, context, info) : value;
    });
  const complete = (value: unknown, parent: EntityObject, context: ConnectContext, info: Info): unknown => {
    const purpose = purposeFor(parent, reader);
    return isList && Array.isArray(value)
      ? value.map((item) => completeEntity(target, item, purpose, context, info))
      : completeEntity(target, value, purpose, context, info);
  };
  return (parent, args, context, info) => {
    const value = read(parent, args, context, info);
    return value instanceof Promise
      ? value.then((settled) => complete(settled, parent, context, info))
      : complete(value, parent, context, info);
  };
}

/** The purpose of look-ups below this parent: defined by its type, or inherited from the look-up that fetched it. */
export const purposeFor = (parent: EntityObject | undefined, reader: PurposeReader): Purpose | undefined =>
  reader === undefined ? parent?.[PURPOSE] : reader(parent as never);

/** Completes one value; an error, and a value that is not an object, is returned unchanged. */
export function completeEntity(
  target: EntityTarget,
  value: unknown,
  purpose: Purpose | undefined,
  context: ConnectContext,
  info: Info,
  origin?: EntityOrigin,
): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value ?? null;
  const entity = value as EntityObject;
  const binder = target.kind === 'object' ? target.binder : target.possible.get(String(entity.__typename));
  if (binder === undefined) return value;
  const needs = target.kind === 'object' ? needsOf(info) : needsOf(info, binder.typeName);
  return binder.hydrate(entity, needs, purpose, context, origin);
}
