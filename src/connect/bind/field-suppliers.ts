// Fields with a resolver of their own that other fields or suppliers of the type read (`@requires`, `$this`): they are fetched
// before what reads them. Decided once, when connectors are bound; most types have none.

import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isNonNullType,
} from 'graphql';
import type { ConnectContext } from '../contract.ts';
import type { EntityObject } from './entity-object.ts';
import {
  createFieldSupplier,
  createStoreSupplier,
  type EntityOperation,
  parentFieldsOf,
  type Supplier,
} from './suppliers.ts';

/**
 * @param operations the operations that resolve the type by key
 * @param operationsOf the operations of a field of the type
 */
export function createFieldSuppliers(
  type: GraphQLObjectType,
  operations: readonly EntityOperation[],
  operationsOf: (fieldName: string) => readonly EntityOperation[],
): readonly Supplier[] {
  const fields = Object.values(type.getFields());
  const reading = [...operations, ...fields.flatMap(({ name }) => operationsOf(name))];
  const read = new Set(
    reading.flatMap(({ operation }) => [...parentFieldsOf(operation), ...operation.required]),
  );
  return fields
    .filter(({ name }) => read.has(name))
    .flatMap((field) => supplierOf(type, field, operationsOf));
}

function supplierOf(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  operationsOf: (fieldName: string) => readonly EntityOperation[],
): Supplier | readonly [] {
  const { name, args, resolve } = field;
  // What an argument must say is not known where the field is read and not selected.
  if (args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)) return [];
  const defaults = Object.fromEntries(
    args.filter((arg) => arg.defaultValue !== undefined).map((arg) => [arg.name, arg.defaultValue]),
  );
  const resolved = { typeName: type.name, fieldName: name, defaults };
  const [own] = operationsOf(name);
  const returned = getNamedType(field.type);
  if (own !== undefined)
    return createFieldSupplier(own, resolved, isCompositeType(returned) ? returned.name : undefined);
  if (resolve === undefined) return [];
  return createStoreSupplier(resolved, (entity: EntityObject, given: unknown, context: ConnectContext) =>
    resolve(entity, given as Record<string, unknown>, context, { fieldName: name } as never),
  );
}
