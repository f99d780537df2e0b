// One connector operation that resolves a type by key: what it supplies, what it needs to know of the entity first, and
// how it is asked. Several of them may serve one type, by different keys.

import type { ConnectContext, Purpose } from '../contract.ts';
import type { VariableUse } from '../mapping/index.ts';
import type { Operation } from '../request/operation.ts';
import { createBatchAsk } from './batch.ts';
import { type BoundConnector, createAsk, type Fact, type OperationInput } from './call.ts';

/** Carried by hydrated objects so that what stands under them is asked for the same purpose. */
export const PURPOSE: unique symbol = Symbol('purpose');

export type EntityObject = Record<string, unknown> & { [PURPOSE]?: Purpose | undefined };

export interface EntityOperation {
  readonly operation: Operation;
  readonly connector: BoundConnector;
}

export interface Supplier {
  readonly operation: Operation;
  readonly connector: string;
  /** Fields of the type it supplies. */
  readonly supplies: ReadonlySet<string>;
  /** Fields of the type its request is made from. */
  readonly keys: ReadonlySet<string>;
  /** Does the entity have all that the request is made from? */
  readonly canAsk: (entity: EntityObject) => boolean;
  readonly ask: (
    entity: EntityObject,
    purpose: Purpose | undefined,
    context: ConnectContext,
  ) => Promise<Fact>;
}

export function createSupplier(
  { operation, connector }: EntityOperation,
  typeFields: ReadonlySet<string>,
): Supplier {
  const paths = keyPaths(operation);
  const keys = new Set(paths.map((path) => path[0] ?? ''));
  const provided = operation.provides ?? typeFields;
  // A key may come back in the answer, but nobody asks for it: it is known before.
  const supplies = new Set([...provided].filter((name) => typeFields.has(name) && !keys.has(name)));
  return {
    operation,
    connector: connector.id,
    supplies,
    keys,
    canAsk: hasAll([...keys]),
    ask: createEntityAsk(operation, connector),
  };
}

function createEntityAsk(operation: Operation, connector: BoundConnector): Supplier['ask'] {
  if (operation.batchSize !== undefined) return createBatchAsk(operation, connector);
  const ask = createAsk(operation, connector);
  const inputOf = operation.fieldName === undefined ? fromThis : fromArguments(operation.uses);
  return (entity, purpose, context) => ask(inputOf(entity), purpose, context);
}

/** Paths below the entity that the request reads. Arguments of an `entity: true` field are the fields of their names. */
const keyPaths = (operation: Operation): readonly (readonly string[])[] =>
  operation.uses
    .filter(({ variable, path }) => ENTITY_VARIABLES.has(variable) && path.length > 0)
    .map(({ path }) => path);

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
