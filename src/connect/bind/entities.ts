// Where entities come alive: a field that returns an entity looks at what its selection needs, asks each connector
// that supplies it once per request and key, and its children are plain property reads. A connector that fails leaves
// what is known (the stub) and one failure at the entity's path.

import { GatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { Fact } from './call.ts';
import type { Needs } from './needs.ts';
import {
  createSupplier,
  type EntityObject,
  type EntityOperation,
  PURPOSE,
  type Supplier,
} from './suppliers.ts';

/** Provenance as the schema shows it. */
export interface Provenance {
  readonly connector: string;
  readonly source: string | null;
  readonly fetchedAt: string;
  readonly ageMs: number;
  readonly freshness: Fact['freshness'];
}

export interface EntityBinder {
  readonly typeName: string;
  /** Who a selection with these needs may ask. */
  readonly suppliersFor: (needs: Needs) => readonly Supplier[];
  /**
   * Completes an entity. Never rejects: each failure is reported and what is known stays.
   * @param from facts that the entity was made of already; their operations are not asked again
   */
  readonly hydrate: (
    stub: EntityObject,
    needs: Needs,
    purpose: Purpose | undefined,
    context: ConnectContext,
    fail: (error: unknown) => void,
    from?: EntityOrigin,
  ) => EntityObject | Promise<EntityObject>;
}

/** What an entity was made of before it is completed: the answer of a field's own operation. */
export interface EntityOrigin {
  readonly operation: Supplier['operation'];
  readonly fact: Fact;
}

/** What a selection asks of the type's suppliers; worked out once per place in a document. */
interface Wants {
  /** Names that some supplier supplies, with those that fields with their own `@connect` read from their parent. */
  readonly names: readonly string[];
  readonly origin: boolean;
  readonly suppliers: readonly Supplier[];
}

export interface EntityType {
  readonly typeName: string;
  /** Every field name of the type in the unified schema. */
  readonly fields: ReadonlySet<string>;
  /** For fields with their own `@connect`: the parent's fields that their requests read. */
  readonly readByField: ReadonlyMap<string, readonly string[]>;
}

/** @param operations those that resolve the type: type-level `@connect`s and `entity: true` root fields */
export function createEntityBinder(type: EntityType, operations: readonly EntityOperation[]): EntityBinder {
  const suppliers = operations.map((operation) => createSupplier(operation, type.fields));
  const wantsOf = rememberByNeeds((needs) => computeWants(type, suppliers, needs));

  return {
    typeName: type.typeName,
    suppliersFor: (needs) => wantsOf(needs).suppliers,
    hydrate: (stub, needs, purpose, context, fail, from) => {
      const wants = wantsOf(needs);
      // Nothing of it is a connector's: the usual case of a document that stays in the store.
      if (wants.suppliers.length === 0) {
        return withOrigin({ ...stub }, purpose, wants.origin, from === undefined ? [] : [from.fact]);
      }
      const sole = from === undefined && wants.suppliers.length === 1 ? wants.suppliers[0] : undefined;
      if (
        sole?.canAsk(stub) === true &&
        (wants.origin || wants.names.some((name) => stub[name] === undefined))
      ) {
        return askOne(sole, stub, wants, purpose, context, fail);
      }
      const own = from?.operation;
      const asked = chooseSuppliers(
        stub,
        wants,
        suppliers,
        own === undefined ? NONE : new Set([own]),
        from === undefined,
      );
      const only = asked.length === 1 && asked[0]?.alone === true ? asked[0].supplier : undefined;
      if (asked.length === 0)
        return withOrigin({ ...stub }, purpose, wants.origin, from === undefined ? [] : [from.fact]);
      if (only === undefined || from !== undefined) {
        return hydrateInRounds(stub, wants, suppliers, purpose, context, fail, from);
      }
      return askOne(only, stub, wants, purpose, context, fail);
    },
  };
}

/** The common case: one connector has all that is missing. */
function askOne(
  supplier: Supplier,
  stub: EntityObject,
  wants: Wants,
  purpose: Purpose | undefined,
  context: ConnectContext,
  fail: (error: unknown) => void,
): Promise<EntityObject> {
  const without = (error: unknown): EntityObject => {
    context.tally.failed(supplier.connector, error);
    fail(error);
    return withOrigin({ ...stub }, purpose, false, []);
  };
  return supplier.ask(stub, purpose, context).then((fact) => {
    context.tally.ok(supplier.connector);
    if (Array.isArray(fact.value)) return without(notOne(supplier));
    return withOrigin(merge(stub, fact), purpose, wants.origin, [fact]);
  }, without);
}

/** Its keys would pass for an object without fields: the source changed, and nobody would see it. */
const notOne = ({ connector, operation }: Supplier): GatewayError =>
  new GatewayError('UPSTREAM_INVALID', {
    detail: 'the selection of an entity gave a list, one object was expected',
    connector,
    operation: operation.name,
  });

// —— which suppliers ——

const NONE: ReadonlySet<Supplier['operation']> = new Set();

function computeWants(type: EntityType, suppliers: readonly Supplier[], needs: Needs): Wants {
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.has(name)) return;
    names.add(name);
    for (const read of type.readByField.get(name) ?? []) add(read);
  };
  for (const name of needs.names) add(name);
  const supplied = [...names].filter((name) => suppliers.some((supplier) => supplier.supplies.has(name)));
  const origin = needs.names.has('provenance');
  const serving = suppliers
    .filter((supplier) => supplied.some((name) => supplier.supplies.has(name)))
    .toSorted((a, b) => rankOf(a, supplied) - rankOf(b, supplied));
  return {
    names: supplied,
    origin,
    suppliers: serving.length === 0 && origin ? suppliers.slice(0, 1) : serving,
  };
}

/** One that has all that is asked for comes before one that needs others beside it; of two alike, the batch. */
const rankOf = ({ supplies, operation }: Supplier, names: readonly string[]): number =>
  (names.every((name) => supplies.has(name)) ? 0 : 2) + (operation.batchSize === undefined ? 1 : 0);

interface Choice {
  readonly supplier: Supplier;
  /** True when it supplies all that is missing. */
  readonly alone: boolean;
}

/** Those to ask now: each supplies something missing that no earlier one does, and its key is known. */
function chooseSuppliers(
  entity: EntityObject,
  wants: Wants,
  suppliers: readonly Supplier[],
  done: ReadonlySet<Supplier['operation']>,
  originUnknown: boolean,
): readonly Choice[] {
  let missing = wants.names.filter((name) => entity[name] === undefined);
  if (missing.length === 0) {
    const [first] = wants.suppliers;
    const asksForOrigin = wants.origin && originUnknown && first !== undefined && !done.has(first.operation);
    return asksForOrigin && first.canAsk(entity) ? [{ supplier: first, alone: true }] : [];
  }
  const chosen: Choice[] = [];
  const choose = (candidates: readonly Supplier[]) => {
    for (const supplier of candidates) {
      if (done.has(supplier.operation) || !supplier.canAsk(entity)) continue;
      const left = missing.filter((name) => !supplier.supplies.has(name));
      if (left.length === missing.length) continue;
      chosen.push({ supplier, alone: chosen.length === 0 && left.length === 0 });
      missing = left;
      if (missing.length === 0) return;
    }
  };
  choose(wants.suppliers);
  if (missing.length > 0) {
    // What is left needs a key that another supplier knows.
    const keys = wants.suppliers
      .filter((supplier) => !done.has(supplier.operation) && !supplier.canAsk(entity))
      .flatMap((supplier) => [...supplier.keys]);
    missing = [...new Set(keys)].filter((name) => entity[name] === undefined);
    if (missing.length > 0) choose(suppliers.filter((s) => !chosen.some(({ supplier }) => supplier === s)));
  }
  return chosen;
}

// —— several suppliers ——

async function hydrateInRounds(
  stub: EntityObject,
  wants: Wants,
  suppliers: readonly Supplier[],
  purpose: Purpose | undefined,
  context: ConnectContext,
  fail: (error: unknown) => void,
  from: EntityOrigin | undefined,
): Promise<EntityObject> {
  const done = new Set<Supplier['operation']>(from === undefined ? [] : [from.operation]);
  const facts: Fact[] = from === undefined ? [] : [from.fact];
  let entity: EntityObject = { ...stub };
  for (;;) {
    const round = chooseSuppliers(entity, wants, suppliers, done, facts.length === 0);
    if (round.length === 0) return withOrigin(entity, purpose, wants.origin, facts);
    for (const { supplier } of round) done.add(supplier.operation);
    const settled = await Promise.allSettled(
      round.map(({ supplier }) => supplier.ask(entity, purpose, context)),
    );
    for (const [index, outcome] of settled.entries()) {
      const { supplier } = round[index] as Choice;
      const answered = outcome.status === 'fulfilled';
      if (answered) context.tally.ok(supplier.connector);
      if (answered && !Array.isArray(outcome.value.value)) {
        facts.push(outcome.value);
        entity = merge(entity, outcome.value);
      } else {
        const reason = answered
          ? notOne(supplier)
          : (outcome.reason ?? new GatewayError('INTERNAL_SERVER_ERROR'));
        context.tally.failed(supplier.connector, reason);
        fail(reason);
      }
    }
  }
}

// —— what comes out ——

/** What was known wins: it is the key, and what the store knows itself. */
function merge(known: EntityObject, { value }: Fact): EntityObject {
  return typeof value === 'object' && value !== null ? Object.assign({}, value, known) : { ...known };
}

function withOrigin(
  entity: EntityObject,
  purpose: Purpose | undefined,
  wantsOrigin: boolean,
  facts: readonly Fact[],
): EntityObject {
  if (purpose !== undefined) entity[PURPOSE] = purpose;
  if (wantsOrigin) entity.provenance = provenanceOf(facts);
  return entity;
}

/** Of several facts the oldest speaks: an object is as fresh as its stalest part. */
export function provenanceOf(facts: readonly Fact[]): Provenance | null {
  let oldest: Fact | undefined;
  for (const fact of facts) if (oldest === undefined || fact.fetchedAt < oldest.fetchedAt) oldest = fact;
  if (oldest === undefined) return null;
  return {
    connector: oldest.connector,
    source: oldest.source ?? null,
    fetchedAt: new Date(oldest.fetchedAt).toISOString(),
    ageMs: Math.max(0, Date.now() - oldest.fetchedAt),
    freshness: oldest.freshness,
  };
}

function rememberByNeeds<T>(compute: (needs: Needs) => T): (needs: Needs) => T {
  const known = new WeakMap<Needs, NonNullable<T>>();
  return (needs) => {
    const found = known.get(needs);
    if (found !== undefined) return found;
    const made = compute(needs) as NonNullable<T>;
    known.set(needs, made);
    return made;
  };
}
