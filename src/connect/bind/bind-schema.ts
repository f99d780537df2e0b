// Attaches connectors to an executable schema: sets ordinary resolvers on fields with their own `@connect` and on every
// field that returns an entity.

import {
  defaultFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { CompiledConnector } from '../compile-connector.ts';
import type { Operation } from '../request/operation.ts';
import type { BoundConnector } from './call.ts';
import { createConsentGate, type ReadConsents } from './consent.ts';
import type { EntityBinder } from './entities.ts';
import { type EntityTargetOf, type PurposeReaders, purposeFor, resolveEntity } from './entity-field.ts';
import type { EntityObject } from './entity-object.ts';
import { resolveByCall } from './field-call.ts';
import { createBeforeCall, type FieldGate, guardField, joinGates } from './field-gate.ts';
import { createFieldSuppliers } from './field-suppliers.ts';
import { createGuardedBinder } from './guarded-fields.ts';
import type { Needs } from './needs.ts';
import { type CheckPurpose, createPurposeGate } from './purpose.ts';
import { type EntityOperation, parentFieldsOf } from './suppliers.ts';

export interface ConnectorBinding {
  readonly compiled: CompiledConnector;
  readonly bound: BoundConnector;
}

/** A connector and one of its operations, by the names used in errors. */
export interface OperationRef {
  readonly connector: string;
  readonly operation: string;
  /** Keys of one call, `Infinity` without a limit; undefined: one call for each key. */
  readonly batchSize: number | undefined;
  /** Called once for each object that has the field, or once for each object that the field returns. */
  readonly per: 'parent' | 'element';
  /** True where the operations before it supply everything: it is called only when one of them lacks its key. */
  readonly isSpare: boolean;
}

/** Returns the operations that a field of a document may call, known before execution. */
export type ConnectorsAt = (
  typeName: string,
  fieldName: string,
  returnTypeName: string,
  needs: Needs,
) => readonly OperationRef[];

/** Changes the resolvers of `schema` in place. */
export function bindSchema(
  schema: GraphQLSchema,
  bindings: readonly ConnectorBinding[],
  purposes: PurposeReaders,
  checkPurpose?: CheckPurpose,
  readConsents?: ReadConsents,
): ConnectorsAt {
  const byField = new Map<string, EntityOperation[]>();
  const byEntity = new Map<string, EntityOperation[]>();
  for (const { compiled, bound } of bindings) {
    for (const operation of [...compiled.operations, ...compiled.computed]) {
      const entry = { operation, connector: bound };
      if (operation.fieldName === undefined) push(byEntity, operation.typeName, entry);
      else {
        push(byField, operation.coordinate, entry);
        const entity = operation.entity ? returnTypeOf(schema, operation) : undefined;
        if (entity !== undefined) push(byEntity, entity, entry);
      }
    }
  }

  const gates = new Map<string, FieldGate>();
  const connectors = bindings.map(({ bound }) => bound);
  for (const type of Object.values(schema.getTypeMap())) {
    // The purpose of a root field may be an argument: the field checks it itself.
    if (!isObjectType(type) || isRoot(schema, type)) continue;
    const gate = joinGates([
      createPurposeGate(
        type.name,
        connectors.map(({ purpose }) => purpose),
      ),
      createConsentGate(type.name, connectors, readConsents),
    ]);
    if (gate !== undefined) gates.set(type.name, gate);
  }

  const binders = new Map<string, EntityBinder>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isRoot(schema, type) || type.name.startsWith('__')) continue;
    const typeName = type.name;
    const operations = byEntity.get(typeName) ?? [];
    const fieldSuppliers = createFieldSuppliers(
      type,
      operations,
      (name) => byField.get(`${typeName}.${name}`) ?? [],
    );
    if (operations.length === 0 && fieldSuppliers.length === 0) continue;
    const fields = new Set(Object.keys(type.getFields()));
    const readByField = new Map<string, readonly string[]>();
    for (const name of fields) {
      const read = (byField.get(`${typeName}.${name}`) ?? []).flatMap(({ operation }) =>
        parentFieldsOf(operation),
      );
      if (read.length > 0) readByField.set(name, [...new Set(read)]);
    }
    binders.set(
      typeName,
      createGuardedBinder({ typeName, fields, readByField, fieldSuppliers }, operations, gates.get(typeName)),
    );
  }
  const targetOf: EntityTargetOf = (typeName) => {
    const own = binders.get(typeName);
    if (own !== undefined) return { kind: 'object', binder: own };
    const type = schema.getType(typeName);
    if (!isAbstractType(type)) return undefined;
    const possible = new Map<string, EntityBinder>();
    for (const { name } of schema.getPossibleTypes(type)) {
      const binder = binders.get(name);
      if (binder !== undefined) possible.set(name, binder);
    }
    return possible.size === 0 ? undefined : { kind: 'abstract', possible };
  };

  const types = Object.values(schema.getTypeMap());
  const inUnions = new Set(types.flatMap((type) => (isUnionType(type) ? type.getTypes() : [])));
  for (const type of types) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    if (!isRoot(schema, type) && type.getInterfaces().length === 0 && !inUnions.has(type)) {
      // A list would otherwise be accepted as an object whose fields are all null. Members of interfaces and unions are
      // identified by __typename instead.
      type.isTypeOf ??= isNotList;
    }
    for (const field of Object.values(type.getFields())) {
      const operations = byField.get(`${type.name}.${field.name}`);
      const target = targetOf(getNamedType(field.type).name);
      const purpose = purposes[type.name];
      if (operations !== undefined) {
        const isMutation = type === schema.getMutationType();
        const returned = getNamedType(field.type);
        const objectType = isCompositeType(returned) ? returned.name : undefined;
        const gate = gates.get(returned.name);
        field.resolve = resolveByCall(operations, target, purpose, {
          objectType,
          isMutation,
          // Only root fields have the argument.
          checkPurpose: isRoot(schema, type) ? checkPurpose : undefined,
          beforeCall: gate && createBeforeCall(gate),
        }) as never;
      } else if (target !== undefined) field.resolve = resolveEntity(field, target, purpose) as never;
    }
    const gate = gates.get(type.name);
    for (const name of gate?.names ?? []) {
      const field = type.getFields()[name];
      if (gate === undefined || field === undefined) continue;
      const purposeOf = (parent: EntityObject) => purposeFor(parent, purposes[type.name]);
      field.resolve = guardField(gate, name, field.resolve ?? defaultFieldResolver, purposeOf) as never;
    }
  }

  return (typeName, fieldName, returnTypeName, needs) => {
    const operations = byField.get(`${typeName}.${fieldName}`) ?? [];
    const target = targetOf(returnTypeName);
    // The field's own operations may supply everything; other connectors are called only for what is missing.
    if (operations.some(({ operation }) => !operation.isComputed))
      return operations.flatMap(({ connector, operation }) => refsOf(connector.id, operation, 'parent'));
    if (target === undefined) return [];
    // What the field computes is not fetched.
    const computed = new Set(operations.flatMap(({ operation }) => [...(operation.provides ?? needs.names)]));
    const fetched = computed.size === 0 ? needs : { names: needs.names.difference(computed) };
    const binders = target.kind === 'object' ? [target.binder] : [...target.possible.values()];
    return binders.flatMap((binder) => {
      const suppliers = binder.suppliersFor(fetched);
      const missing = new Set(
        [...fetched.names].filter((name) => suppliers.some(({ supplies }) => supplies.has(name))),
      );
      return suppliers.flatMap(({ connector, operation, supplies }, index) => {
        const isSpare = index > 0 && !missing.values().some((name) => supplies.has(name));
        for (const name of supplies) missing.delete(name);
        return refsOf(connector, operation, 'element', isSpare);
      });
    });
  };
}

/** None for an operation that sends nothing. */
const refsOf = (
  connector: string,
  { name, batchSize, isComputed }: Operation,
  per: OperationRef['per'],
  isSpare = false,
): readonly OperationRef[] => (isComputed ? [] : [{ connector, operation: name, batchSize, per, isSpare }]);

/** The `isTypeOf` of every object type outside interfaces and unions; it reads the value only. */
export const isNotList = (value: unknown): boolean => !Array.isArray(value);

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType): boolean =>
  type === schema.getQueryType() ||
  type === schema.getMutationType() ||
  type === schema.getSubscriptionType();

function push(map: Map<string, EntityOperation[]>, key: string, entry: EntityOperation): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

function returnTypeOf(schema: GraphQLSchema, operation: Operation): string | undefined {
  const type = schema.getType(operation.typeName);
  const field = isObjectType(type) ? type.getFields()[operation.fieldName ?? ''] : undefined;
  return field === undefined ? undefined : getNamedType(field.type).name;
}
