// Puts connectors under an executable schema: fields with their own `@connect`, and every field that returns an
// entity. Called by `graph/` once per schema; what it sets are ordinary resolvers.

import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { CompiledConnector } from '../compile-connector.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { Operation } from '../request/operation.ts';
import { GatewayError, isGatewayError } from '../../errors.ts';
import { createAsk } from './call.ts';
import type { BoundConnector } from './call.ts';
import {
  createEntityBinder,
  type EntityBinder,
  type EntityObject,
  type EntityOperation,
  PURPOSE,
  provenanceOf,
} from './entities.ts';
import { type Needs, needsOf } from './needs.ts';

export interface ConnectorBinding {
  readonly compiled: CompiledConnector;
  readonly bound: BoundConnector;
}

/** Says what a look-up under an object of a type is made for, e.g. for `Dossier`. */
export type PurposeOf = Readonly<Record<string, (parent: never) => Purpose>>;

type Resolver = (parent: EntityObject, args: Record<string, unknown>, context: ConnectContext, info: Info) => unknown;
type Info = GraphQLResolveInfo & { readonly needs?: Needs };

/** Which connectors a field of a document asks, known before it runs. */
export type ConnectorsAt = (typeName: string, fieldName: string, returnTypeName: string, needs: Needs) => readonly string[];

/** Changes the resolvers of `schema` in place. */
export function bindSchema(
  schema: GraphQLSchema,
  bindings: readonly ConnectorBinding[],
  purposes: PurposeOf,
): ConnectorsAt {
  const fieldOperations = new Map<string, EntityOperation>();
  const entityOperations = new Map<string, EntityOperation[]>();
  const addEntity = (typeName: string, entry: EntityOperation) => {
    const list = entityOperations.get(typeName);
    if (list === undefined) entityOperations.set(typeName, [entry]);
    else list.push(entry);
  };
  for (const { compiled, bound } of bindings) {
    for (const operation of compiled.operations) {
      const entry = { operation, connector: bound };
      if (operation.fieldName === undefined) addEntity(operation.typeName, entry);
      else {
        fieldOperations.set(operation.coordinate, entry);
        if (operation.entity) addEntity(returnTypeOf(schema, operation), entry);
      }
    }
  }
  const binders = new Map<string, EntityBinder>();
  for (const [typeName, operations] of entityOperations) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    binders.set(typeName, createEntityBinder(typeName, new Set(Object.keys(type.getFields())), operations));
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const own = fieldOperations.get(`${type.name}.${field.name}`);
      const binder = binders.get(getNamedType(field.type).name);
      if (own !== undefined) field.resolve = resolveByCall(own, binder, purposes[type.name]) as never;
      else if (binder !== undefined) field.resolve = resolveEntity(field, binder, purposes[type.name]) as never;
    }
  }

  return (typeName, fieldName, returnTypeName, needs) => {
    const own = fieldOperations.get(`${typeName}.${fieldName}`);
    const suppliers = binders.get(returnTypeName)?.connectorsFor(needs) ?? [];
    return own === undefined ? suppliers : [own.connector.id];
  };
}

const returnTypeOf = (schema: GraphQLSchema, operation: Operation): string => {
  const type = schema.getType(operation.typeName) as GraphQLObjectType;
  const field = type.getFields()[operation.fieldName ?? ''];
  return field === undefined ? '' : getNamedType(field.type).name;
};

type PurposeReader = ((parent: never) => Purpose) | undefined;

/** Which purpose holds under this parent: its own, or the one it was itself asked for. */
const purposeUnder = (parent: EntityObject | undefined, reader: PurposeReader): Purpose | undefined =>
  reader === undefined ? parent?.[PURPOSE] : reader(parent as never);

// —— a field with its own @connect ——

function resolveByCall(entry: EntityOperation, binder: EntityBinder | undefined, reader: PurposeReader): Resolver {
  const { operation, connector } = entry;
  const ask = createAsk(operation, connector);
  return async (parent, args, context, info) => {
    const purpose = purposeUnder(parent, reader);
    const fact = await ask({ args, this: parent }, purpose, context).catch((error: unknown) => {
      context.tally.failed(connector.id, error);
      throw error;
    });
    context.tally.ok(connector.id);
    if (binder === undefined || fact.value === null || fact.value === undefined) return fact.value ?? null;
    // The answer of an entity-returning field may be the whole entity or a stub that other connectors complete.
    const needs = needsOf(info);
    const complete = (value: unknown, index?: number) => {
      if (typeof value !== 'object' || value === null) return value;
      const entity: EntityObject = { ...(value as EntityObject), [PURPOSE]: purpose };
      if (needs.names.has('provenance')) entity['provenance'] = provenanceOf([fact]);
      if (![...needs.names].some((name) => name !== '__typename' && entity[name] === undefined)) return entity;
      return operation.entity ? entity : binder.hydrate(entity, needs, purpose, context, failAt(context, info, index));
    };
    return Array.isArray(fact.value) ? Promise.all(fact.value.map(complete)) : complete(fact.value);
  };
}

// —— a field that returns a stub ——

function resolveEntity(
  field: GraphQLField<unknown, unknown>,
  binder: EntityBinder,
  reader: PurposeReader,
): Resolver {
  const base = field.resolve as Resolver | undefined;
  const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
  const name = field.name;
  const read: Resolver =
    base ??
    ((parent, args, context, info) => {
      const value = parent[name];
      return typeof value === 'function' ? defaultFieldResolver(parent, args, context, info) : value;
    });

  const one = (value: unknown, parent: EntityObject, context: ConnectContext, info: Info, index?: number): unknown => {
    if (typeof value !== 'object' || value === null) return value ?? null;
    const purpose = purposeUnder(parent, reader);
    return binder.hydrate(value as EntityObject, needsOf(info), purpose, context, failAt(context, info, index));
  };
  const complete = (value: unknown, parent: EntityObject, context: ConnectContext, info: Info): unknown =>
    isList && Array.isArray(value)
      ? value.map((item, index) => one(item, parent, context, info, index))
      : one(value, parent, context, info);

  return (parent, args, context, info) => {
    const value = read(parent, args, context, info);
    return value instanceof Promise
      ? value.then((settled) => complete(settled, parent, context, info))
      : complete(value, parent, context, info);
  };
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
