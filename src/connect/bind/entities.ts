// Hydrates entities: determines which fields the selection needs, calls each supplier of missing fields once per request
// and key, and merges the answers, so that child fields are plain property reads. When a supplier fails, known fields
// stay, and the value of each missing field is the error: execution reports it at the path of every field that reads it.

import { GatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { Fact } from './call.ts';
import { type EntityObject, PURPOSE } from './entity-object.ts';
import { toGatewayError, withFailures } from './failures.ts';
import type { Needs } from './needs.ts';
import { provenanceOf } from './provenance.ts';
import { createSupplier, type EntityOperation, type Supplier } from './suppliers.ts';
import {
  type EntityType,
  fieldsReadFirst,
  planSupply,
  type SupplyPlan,
  withoutCircularWaits,
} from './supply-plan.ts';

export interface EntityBinder {
  readonly typeName: string;
  /** The suppliers that a selection with these needs may call. */
  readonly suppliersFor: (needs: Needs) => readonly Supplier[];
  /**
   * Completes an entity. Never rejects: a field that is missing because of a failure has the error as its value.
   * @param origin the answer that the entity was made from; its operation is not called again
   */
  readonly hydrate: (
    stub: EntityObject,
    needs: Needs,
    purpose: Purpose | undefined,
    context: ConnectContext,
    origin?: EntityOrigin,
  ) => EntityObject | Promise<EntityObject>;
}

/** The answer of a field's own operation, from which an entity was made before it is completed. */
export interface EntityOrigin {
  readonly operation: Supplier['operation'];
  readonly fact: Fact;
}

/** @param operations the operations that resolve the type: type-level `@connect`s and `entity: true` root fields */
export function createEntityBinder(type: EntityType, operations: readonly EntityOperation[]): EntityBinder {
  const suppliers = withoutCircularWaits([
    ...operations.map((operation) => createSupplier(operation, type.typeName, type.fields)),
    ...(type.fieldSuppliers ?? []),
  ]);
  const readFirst = fieldsReadFirst(type, suppliers);
  const planOf = memoizeByNeeds((needs) => planSupply(readFirst, suppliers, needs));

  return {
    typeName: type.typeName,
    suppliersFor: (needs) => planOf(needs).suppliers,
    hydrate: (stub, needs, purpose, context, origin) => {
      const plan = planOf(needs);
      const facts = origin === undefined ? [] : [origin.fact];
      // No selected field belongs to a connector: the usual case for a document that stays in the store.
      if (plan.suppliers.length === 0) return finish({ ...stub }, plan, purpose, facts);
      const sole = origin === undefined && plan.suppliers.length === 1 ? plan.suppliers[0] : undefined;
      if (
        sole?.hasKey(stub) === true &&
        (plan.selectsProvenance || plan.names.some((name) => stub[name] === undefined))
      ) {
        return hydrateFromOne(sole, stub, plan, purpose, context);
      }
      const called = origin === undefined ? NO_OPERATIONS : new Set([origin.operation]);
      const chosen = chooseSuppliers(stub, plan, suppliers, called, origin === undefined);
      if (chosen.length === 0) return finish({ ...stub }, plan, purpose, facts);
      const only = chosen.length === 1 && chosen[0]?.suffices === true ? chosen[0].supplier : undefined;
      return only === undefined || origin !== undefined
        ? hydrateInRounds(stub, plan, suppliers, purpose, context, origin)
        : hydrateFromOne(only, stub, plan, purpose, context);
    },
  };
}

/** The common case: one supplier has every missing field. */
function hydrateFromOne(
  supplier: Supplier,
  stub: EntityObject,
  plan: SupplyPlan,
  purpose: Purpose | undefined,
  context: ConnectContext,
): Promise<EntityObject> {
  const onFailure = (error: unknown): EntityObject => {
    if (!supplier.operation.isComputed) context.tally.failed(supplier.connector, error);
    const failures = new Map([[supplier, toGatewayError(error)]]);
    const entity = withFailures({ ...stub }, plan.names, [supplier], failures);
    if (plan.selectsProvenance) entity.provenance = failures.get(supplier);
    return withPurpose(entity, purpose);
  };
  return supplier.fetch(stub, purpose, context, plan.names).then((fact) => {
    if (fact.isComputed !== true) context.tally.ok(supplier.connector);
    if (Array.isArray(fact.value)) return onFailure(listForEntity(supplier));
    return finish(merge(stub, fact), plan, purpose, [fact]);
  }, onFailure);
}

/** A list would otherwise be accepted as an object without fields, which would hide that the source has changed. */
const listForEntity = ({ connector, operation }: Supplier): GatewayError =>
  new GatewayError('UPSTREAM_INVALID', {
    detail: 'the selection of an entity yielded a list, one object was expected',
    connector,
    operation: operation.name,
  });

// —— choice of suppliers ——

const NO_OPERATIONS: ReadonlySet<Supplier['operation']> = new Set();

interface Choice {
  readonly supplier: Supplier;
  /** True when it supplies every missing field. */
  readonly suffices: boolean;
}

/** The suppliers to call next: each has its key and supplies a missing field that no earlier supplier does. */
function chooseSuppliers(
  entity: EntityObject,
  plan: SupplyPlan,
  suppliers: readonly Supplier[],
  called: ReadonlySet<Supplier['operation']>,
  provenanceUnknown: boolean,
): readonly Choice[] {
  let missing = plan.names.filter((name) => entity[name] === undefined);
  if (missing.length === 0) {
    const [first] = plan.suppliers;
    if (!plan.selectsProvenance || !provenanceUnknown || first === undefined) return [];
    return !called.has(first.operation) && first.hasKey(entity) ? [{ supplier: first, suffices: true }] : [];
  }
  const chosen: Choice[] = [];
  const choose = (candidates: readonly Supplier[], areKeys = false) => {
    for (const supplier of candidates) {
      if (called.has(supplier.operation) || !supplier.hasKey(entity)) continue;
      const left = missing.filter((name) => !supplier.supplies.has(name));
      if (left.length === missing.length) continue;
      chosen.push({ supplier, suffices: !areKeys && chosen.length === 0 && left.length === 0 });
      missing = left;
      if (missing.length === 0) return;
    }
  };
  choose(plan.suppliers);
  if (missing.length > 0) {
    // The remaining fields require a key that another supplier has to supply first.
    const keys = plan.suppliers
      .filter((supplier) => !called.has(supplier.operation) && !supplier.hasKey(entity))
      .flatMap((supplier) => [...supplier.keys]);
    missing = [...new Set(keys)].filter((name) => entity[name] === undefined);
    const others = suppliers.filter((s) => !chosen.some(({ supplier }) => supplier === s));
    if (missing.length > 0) choose(others, true);
  }
  return chosen;
}

// —— several suppliers ——

async function hydrateInRounds(
  stub: EntityObject,
  plan: SupplyPlan,
  suppliers: readonly Supplier[],
  purpose: Purpose | undefined,
  context: ConnectContext,
  origin: EntityOrigin | undefined,
): Promise<EntityObject> {
  const waits = expectFetches(plan, stub, origin?.operation, context);
  try {
    return await fetchInRounds(stub, plan, suppliers, purpose, context, origin, waits);
  } finally {
    for (const end of waits.values()) end();
  }
}

async function fetchInRounds(
  stub: EntityObject,
  plan: SupplyPlan,
  suppliers: readonly Supplier[],
  purpose: Purpose | undefined,
  context: ConnectContext,
  origin: EntityOrigin | undefined,
  waits: ReadonlyMap<Supplier, () => void>,
): Promise<EntityObject> {
  const called = new Set<Supplier['operation']>(origin === undefined ? [] : [origin.operation]);
  const facts: Fact[] = origin === undefined ? [] : [origin.fact];
  const failures = new Map<Supplier, GatewayError>();
  let entity: EntityObject = { ...stub };
  for (;;) {
    const round = chooseSuppliers(entity, plan, suppliers, called, facts.length === 0);
    if (round.length === 0) {
      const [failure] = failures.values();
      if (failure !== undefined) withFailures(entity, plan.names, suppliers, failures);
      finish(entity, plan, purpose, facts);
      if (plan.selectsProvenance && facts.length === 0) entity.provenance = failure ?? null;
      return entity;
    }
    for (const { supplier } of round) called.add(supplier.operation);
    const fetches = round.map(({ supplier }) => supplier.fetch(entity, purpose, context, plan.names));
    for (const { supplier } of round) waits.get(supplier)?.();
    const settled = await Promise.allSettled(fetches);
    for (const [index, outcome] of settled.entries()) {
      const { supplier } = round[index] as Choice;
      const answered = outcome.status === 'fulfilled';
      if (answered && outcome.value.isComputed !== true) context.tally.ok(supplier.connector);
      if (answered && !Array.isArray(outcome.value.value)) {
        facts.push(outcome.value);
        entity = merge(entity, outcome.value);
      } else {
        const reason = answered
          ? listForEntity(supplier)
          : (outcome.reason ?? new GatewayError('INTERNAL_SERVER_ERROR'));
        if (!supplier.operation.isComputed) context.tally.failed(supplier.connector, reason);
        failures.set(supplier, toGatewayError(reason));
      }
    }
  }
}

const NO_WAITS: ReadonlyMap<Supplier, () => void> = new Map();

/**
 * The batches of suppliers that an entity needs later wait for it: entities whose required fields arrive one by one are still
 * fetched together. @returns the ends of the waits
 */
function expectFetches(
  { suppliers }: SupplyPlan,
  entity: EntityObject,
  called: Supplier['operation'] | undefined,
  context: ConnectContext,
): ReadonlyMap<Supplier, () => void> {
  let waits: Map<Supplier, () => void> | undefined;
  for (const supplier of suppliers) {
    if (supplier.expect === undefined || called === supplier.operation || supplier.hasKey(entity)) continue;
    waits ??= new Map();
    waits.set(supplier, supplier.expect(context));
  }
  return waits ?? NO_WAITS;
}

// —— the hydrated entity ——

/** Known fields take precedence: they are the key, and fields of the store. */
function merge(known: EntityObject, { value }: Fact): EntityObject {
  return typeof value === 'object' && value !== null ? Object.assign({}, value, known) : { ...known };
}

function finish(
  entity: EntityObject,
  { selectsProvenance }: SupplyPlan,
  purpose: Purpose | undefined,
  facts: readonly Fact[],
): EntityObject {
  if (selectsProvenance) entity.provenance = provenanceOf(facts);
  return withPurpose(entity, purpose);
}

function withPurpose(entity: EntityObject, purpose: Purpose | undefined): EntityObject {
  if (purpose !== undefined) entity[PURPOSE] = purpose;
  return entity;
}

function memoizeByNeeds<T>(compute: (needs: Needs) => T): (needs: Needs) => T {
  const known = new WeakMap<Needs, NonNullable<T>>();
  return (needs) => {
    const found = known.get(needs);
    if (found !== undefined) return found;
    const made = compute(needs) as NonNullable<T>;
    known.set(needs, made);
    return made;
  };
}
