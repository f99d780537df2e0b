// Failures as values: a field of an entity that is missing because a source failed has the error as its value. Execution
// then reports the error at every selected field that reads it, under its response key, and only there.

import { GatewayError, isGatewayError } from '../../errors.ts';
import type { EntityObject } from './entity-object.ts';
import type { Supplier } from './suppliers.ts';

export const toGatewayError = (error: unknown): GatewayError =>
  isGatewayError(error) ? error : new GatewayError('INTERNAL_SERVER_ERROR', { cause: error });

/**
 * Sets the error as the value of each named field that is missing because a supplier failed: the supplier of the field
 * itself, or the supplier of a key that the field's supplier requires. A field that an answer left out stays missing: it
 * is null without an error.
 */
export function withFailures(
  entity: EntityObject,
  names: readonly string[],
  suppliers: readonly Supplier[],
  failures: ReadonlyMap<Supplier, GatewayError>,
): EntityObject {
  const causes = names.map((name) => causeOf(name, entity, suppliers, failures, new Set()));
  for (const [index, name] of names.entries()) {
    const cause = causes[index];
    if (cause !== undefined) entity[name] = cause;
  }
  return entity;
}

function causeOf(
  name: string,
  entity: EntityObject,
  suppliers: readonly Supplier[],
  failures: ReadonlyMap<Supplier, GatewayError>,
  visited: Set<string>,
): GatewayError | undefined {
  if (entity[name] !== undefined || visited.has(name)) return undefined;
  visited.add(name);
  const serving = suppliers.filter((supplier) => supplier.supplies.has(name));
  for (const supplier of serving) {
    const failure = failures.get(supplier);
    if (failure !== undefined) return failure;
  }
  for (const { keys } of serving) {
    for (const key of keys) {
      const cause = causeOf(key, entity, suppliers, failures, visited);
      if (cause !== undefined) return cause;
    }
  }
  return undefined;
}
