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
  /** The keys that another subgraph supplies first (`@requires`); null is a value of theirs. */
  readonly required: ReadonlySet<string>;
  /**
   * True for a supplier of one field that has a resolver of its own: it is asked only for a field that another supplier or field
   * reads, since the field resolves itself where it is selected.
   */
  readonly isOfField: boolean;
  /** True when the entity has every field that the request reads. */
  readonly hasKey: (entity: EntityObject) => boolean;
  readonly fetch: (
    entity: EntityObject,
    purpose: Purpose | undefined,
    context: ConnectContext,
    /** The supplied fields that are selected: the same object in every request with this selection. */
    names: readonly string[],
  ) => Promise<Fact>;
  /**
   * States that an entity will be fetched once its required fields are known, so that its batch waits for it. Undefined where
   * nothing is batched or required. @returns ends the wait; may be called more than once
   */
  readonly expect?: ((context: ConnectContext) => () => void) | undefined;
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
  const required = new Set([...operation.required].filter((name) => keys.has(name)));
  const batch = operation.batchSize === undefined ? undefined : createBatchedCall(operation, connector);
  return {
    operation,
    connector: connector.id,
    supplies,
    keys,
    required,
    isOfField: false,
    hasKey: hasAll(
      [...keys].filter((name) => !required.has(name)),
      [...required],
    ),
    fetch: createFetch(operation, connector, typeName, batch?.load ?? createPlainFetch(operation, connector)),
    expect: required.size === 0 ? undefined : batch?.expect,
  };
}

/** A field of a type that has a resolver of its own, as a supplier of the field's value to other fields. */
export interface ResolvedField {
  readonly typeName: string;
  readonly fieldName: string;
  /** The values of arguments that are not given. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** A supplier of one field with its own `@connect`: the same call as that of the field where it is selected. */
export function createFieldSupplier(
  { operation, connector }: EntityOperation,
  { fieldName, defaults }: ResolvedField,
  /** The type of the field's value; undefined for a plain value. */
  valueType: string | undefined,
): Supplier {
  const call = createSharedCall(operation, connector);
  const watch = createAccessWatch(operation, connector, valueType);
  const keys = new Set(parentFieldsOf(operation));
  const required = new Set([...operation.required].filter((name) => keys.has(name)));
  return {
    operation,
    connector: connector.id,
    supplies: new Set([fieldName]),
    keys,
    required,
    isOfField: true,
    hasKey: hasAll(
      [...keys].filter((name) => !required.has(name)),
      [...required],
    ),
    fetch: async (entity, purpose, context) => {
      const input: OperationInput = { this: entity, args: defaults };
      watch?.reads(input, purpose, context, []);
      const fact = await call(input, purpose, context);
      return { ...fact, value: { [fieldName]: fact.value ?? null } };
    },
  };
}

/** A supplier of one field that the store resolves with code. */
export function createStoreSupplier(
  { typeName, fieldName, defaults }: ResolvedField,
  resolve: (entity: EntityObject, args: unknown, context: ConnectContext) => unknown,
): Supplier {
  const refuse = () => {
    throw new Error(`${typeName}.${fieldName} is resolved by the store`);
  };
  const coordinate = `${typeName}.${fieldName}`;
  const supplies = new Set([fieldName]);
  const operation: Operation = {
    connector: STORE,
    name: coordinate,
    coordinate,
    source: undefined,
    typeName,
    fieldName,
    batchSize: undefined,
    entity: false,
    isComputed: true,
    required: NO_NAMES,
    uses: [],
    provides: supplies,
    portable: true,
    buildRequest: refuse,
    mapAnswer: refuse,
  };
  const origin = {
    connector: STORE,
    source: undefined,
    fetchedAt: 0,
    freshness: 'LIVE',
    isComputed: true,
  } as const;
  return {
    operation,
    connector: STORE,
    supplies,
    keys: NO_NAMES,
    required: NO_NAMES,
    isOfField: true,
    hasKey: () => true,
    fetch: async (entity, _purpose, context) => {
      const value = (await resolve(entity, defaults, context)) ?? null;
      return { ...origin, value: { [fieldName]: value } };
    },
  };
}

const STORE = 'store';
const NO_NAMES: ReadonlySet<string> = new Set();

function createFetch(
  operation: Operation,
  connector: BoundConnector,
  typeName: string,
  fetch: OmitNames<Supplier['fetch']>,
): Supplier['fetch'] {
  const watch = createAccessWatch(operation, connector, typeName);
  if (watch === undefined) return fetch;
  return async (entity, purpose, context, names) => {
    watch.reads({ this: entity }, purpose, context, names);
    return fetch(entity, purpose, context);
  };
}

function createPlainFetch(operation: Operation, connector: BoundConnector): OmitNames<Supplier['fetch']> {
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

function hasAll(names: readonly string[], required: readonly string[]) {
  const [only] = names;
  if (names.length === 1 && only !== undefined && required.length === 0) {
    return (entity: EntityObject) => entity[only] !== undefined && entity[only] !== null;
  }
  return (entity: EntityObject) =>
    names.every((name) => entity[name] !== undefined && entity[name] !== null) &&
    required.every((name) => entity[name] !== undefined && !(entity[name] instanceof Error));
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
