// A supplier: one connector operation that resolves a type by key, with the fields it supplies and the key fields it
// requires. A type may have several suppliers with different keys.

import type { ConnectContext, Purpose } from '../contract.ts';
import type { VariableUse } from '../mapping/index.ts';
import type { Operation } from '../request/operation.ts';
import { createAccessWatch } from './access.ts';
import { createBatchedCall } from './batch.ts';
import { type BoundConnector, createSharedCall, type Fact, type OperationInput } from './call.ts';
import type { EntityObject } from './entity-object.ts';

export interface EntityOperation {
  readonly operation: Operation;
  readonly connector: BoundConnector;
}

export interface Supplier {
  readonly operation: Operation;
  readonly connector: string;
  /** Fields of the type that the operation supplies. */
  readonly supplies: ReadonlySet<string>;
  /** Fields of the type that the request reads. */
  readonly keys: ReadonlySet<string>;
  /** True when the entity has every field that the request reads. */
  readonly hasKey: (entity: EntityObject) => boolean;
  readonly fetch: (
    entity: EntityObject,
    purpose: Purpose | undefined,
    context: ConnectContext,
    /** The supplied fields that are selected: the same object in every request with this selection. */
    names: readonly string[],
  ) => Promise<Fact>;
}

export function createSupplier(
  { operation, connector }: EntityOperation,
  typeName: string,
  typeFields: ReadonlySet<string>,
): Supplier {
  const paths = keyPaths(operation);
  const keys = new Set(paths.map((path) => path[0] ?? ''));
  const provided = operation.provides ?? typeFields;
  // The answer may repeat a key field, but the field is known before the call.
  const supplies = new Set([...provided].filter((name) => typeFields.has(name) && !keys.has(name)));
  return {
    operation,
    connector: connector.id,
    supplies,
    keys,
    hasKey: hasAll([...keys]),
    fetch: createFetch(operation, connector, typeName),
  };
}

function createFetch(operation: Operation, connector: BoundConnector, typeName: string): Supplier['fetch'] {
  const fetch = createPlainFetch(operation, connector);
  const watch = createAccessWatch(operation, connector, typeName);
  if (watch === undefined) return fetch;
  return async (entity, purpose, context, names) => {
    watch.reads({ this: entity }, purpose, context, names);
    return fetch(entity, purpose, context);
  };
}

function createPlainFetch(operation: Operation, connector: BoundConnector): OmitNames<Supplier['fetch']> {
  if (operation.batchSize !== undefined) return createBatchedCall(operation, connector);
  const call = createSharedCall(operation, connector);
  const inputOf = operation.fieldName === undefined ? fromThis : fromArguments(operation.uses);
  return (entity, purpose, context) => call(inputOf(entity), purpose, context);
}

type OmitNames<Fetch> = Fetch extends (...args: [...infer Args, readonly string[]]) => infer Result
  ? (...args: Args) => Result
  : never;

/** Paths of the entity that the request reads. An argument of an `entity: true` field is the field with its name. */
const keyPaths = (operation: Operation): readonly (readonly string[])[] =>
  operation.uses
    .filter(({ variable, path }) => ENTITY_VARIABLES.has(variable) && path.length > 0)
    .map(({ path }) => path);

/** The top-level fields that the operation reads from `$this`. */
export const parentFieldsOf = (operation: Operation): readonly string[] => [
  ...new Set(
    operation.uses
      .filter(({ variable, path }) => variable === '$this' && path.length > 0)
      .map(({ path }) => path[0] as string),
  ),
];

const ENTITY_VARIABLES: ReadonlySet<string> = new Set(['$this', '$batch', '$args']);

function hasAll(names: readonly string[]) {
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    return (entity: EntityObject) => entity[only] !== undefined && entity[only] !== null;
  }
  return (entity: EntityObject) => names.every((name) => entity[name] !== undefined && entity[name] !== null);
}

const fromThis = (entity: EntityObject): OperationInput => ({ this: entity });

function fromArguments(uses: readonly VariableUse[]) {
  const names = [
    ...new Set(uses.filter(({ variable }) => variable === '$args').map(({ path }) => path[0] ?? '')),
  ];
  return (entity: EntityObject): OperationInput => ({
    args: Object.fromEntries(names.map((name) => [name, entity[name]])),
  });
}
