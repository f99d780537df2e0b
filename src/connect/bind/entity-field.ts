// A field that returns an entity, or a list of them, or an interface or union with entities among its types: the value
// below is a stub (from the store, or from another connector's answer), and its binder completes it.

import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLResolveInfo,
  isListType,
  isNonNullType,
} from 'graphql';
import { GatewayError, isGatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { EntityBinder, EntityOrigin } from './entities.ts';
import { type Needs, needsOf } from './needs.ts';
import { type EntityObject, PURPOSE } from './suppliers.ts';

/** Says what a look-up under an object of a type is made for, e.g. for `Dossier`. */
export type PurposeOf = Readonly<Record<string, (parent: never) => Purpose>>;
export type PurposeReader = ((parent: never) => Purpose) | undefined;

/** Who completes values of a type. */
export type EntityTarget =
  | { readonly kind: 'one'; readonly binder: EntityBinder }
  | { readonly kind: 'by-typename'; readonly possible: ReadonlyMap<string, EntityBinder> };
export type BindersOf = (typeName: string) => EntityTarget | undefined;

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
    const purpose = purposeUnder(parent, reader);
    return isList && Array.isArray(value)
      ? value.map((item, index) => completeOne(target, item, purpose, context, info, index))
      : completeOne(target, value, purpose, context, info);
  };
  return (parent, args, context, info) => {
    const value = read(parent, args, context, info);
    return value instanceof Promise
      ? value.then((settled) => complete(settled, parent, context, info))
      : complete(value, parent, context, info);
  };
}

/** Which purpose holds under this parent: its own, or the one it was itself asked for. */
export const purposeUnder = (parent: EntityObject | undefined, reader: PurposeReader): Purpose | undefined =>
  reader === undefined ? parent?.[PURPOSE] : reader(parent as never);

/** Completes one value; anything but an object passes as it is. */
export function completeOne(
  target: EntityTarget,
  value: unknown,
  purpose: Purpose | undefined,
  context: ConnectContext,
  info: Info,
  index?: number,
  from?: EntityOrigin,
): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entity = value as EntityObject;
  const binder = target.kind === 'one' ? target.binder : target.possible.get(String(entity.__typename));
  if (binder === undefined) return value;
  const needs = target.kind === 'one' ? needsOf(info) : needsOf(info, binder.typeName);
  return binder.hydrate(entity, needs, purpose, context, failAt(context, info, index), from);
}

/** Notes a failure at this field's path (and list index), as an error beside the data. */
const failAt = (context: ConnectContext, info: Info, index: number | undefined) => (error: unknown) => {
  const path = pathOf(info.path);
  if (index !== undefined) path.push(index);
  const failure = isGatewayError(error) ? error : new GatewayError('INTERNAL_SERVER_ERROR', { cause: error });
  context.failures.push({ path, error: failure });
};

function pathOf(path: GraphQLResolveInfo['path'] | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step = path; step !== undefined; step = step.prev) keys.unshift(step.key);
  return keys;
}
