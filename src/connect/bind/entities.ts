// Where entities come alive: a field that returns an entity looks at what its selection needs, asks each connector
// that supplies it once per request and key, and its children are plain property reads. A connector that fails leaves
// what is known (the stub) and one failure at the entity's path.

import type { ConnectContext, Purpose } from '../contract.ts';
import type { VariableUse } from '../mapping/index.ts';
import type { Operation } from '../request/operation.ts';
import { createBatchAsk } from './batch.ts';
import { type BoundConnector, createAsk, type Fact, type OperationInput } from './call.ts';
import type { Needs } from './needs.ts';

/** Carried by hydrated objects so that what stands under them is asked for the same purpose. */
export const PURPOSE: unique symbol = Symbol('purpose');

export type EntityObject = Record<string, unknown> & { [PURPOSE]?: Purpose | undefined };

/** Provenance as the schema shows it. */
export interface Provenance {
  readonly connector: string;
  readonly source: string | null;
  readonly fetchedAt: string;
  readonly ageMs: number;
  readonly freshness: Fact['freshness'];
}

/** One connector operation that resolves a type by key. */
interface Supplier {
  readonly connector: string;
  /** Fields of the type it supplies. */
  readonly supplies: ReadonlySet<string>;
  readonly ask: (stub: EntityObject, purpose: Purpose | undefined, context: ConnectContext) => Promise<Fact>;
}

export interface EntityBinder {
  readonly typeName: string;
  /** Connectors that a selection with these needs asks. */
  readonly connectorsFor: (needs: Needs) => readonly string[];
  /** Completes a stub. Never rejects: a failure is reported and the stub stays. */
  readonly hydrate: (
    stub: EntityObject,
    needs: Needs,
    purpose: Purpose | undefined,
    context: ConnectContext,
    fail: (error: unknown) => void,
  ) => EntityObject | Promise<EntityObject>;
}

export interface EntityOperation {
  readonly operation: Operation;
  readonly connector: BoundConnector;
}

/**
 * @param typeFields every field name of the type in the unified schema
 * @param operations those that resolve the type: type-level `@connect`s and `entity: true` root fields
 */
export function createEntityBinder(
  typeName: string,
  typeFields: ReadonlySet<string>,
  operations: readonly EntityOperation[],
): EntityBinder {
  const suppliers = operations.map(({ operation, connector }) => createSupplier(operation, connector, typeFields));
  const plans = new WeakMap<Needs, readonly Supplier[]>();
  const suppliersFor = (needs: Needs): readonly Supplier[] => {
    let plan = plans.get(needs);
    if (plan === undefined) {
      const wantsOrigin = needs.names.has('provenance');
      plan = suppliers.filter((s) => wantsOrigin || [...needs.names].some((name) => s.supplies.has(name)));
      plans.set(needs, plan);
    }
    return plan;
  };

  return {
    typeName,
    connectorsFor: (needs) => suppliersFor(needs).map((supplier) => supplier.connector),
    hydrate: (stub, needs, purpose, context, fail) => {
      const plan = suppliersFor(needs);
      if (plan.length === 0) return purpose === undefined ? stub : { ...stub, [PURPOSE]: purpose };
      const wantsOrigin = needs.names.has('provenance');
      const only = plan.length === 1 ? plan[0] : undefined;
      if (only !== undefined) {
        return only.ask(stub, purpose, context).then(
          (fact) => {
            context.tally.ok(only.connector);
            return merged(stub, [fact], purpose, wantsOrigin);
          },
          (error: unknown) => {
            context.tally.failed(only.connector, error);
            fail(error);
            return merged(stub, [], purpose, false);
          },
        );
      }
      return Promise.allSettled(plan.map((supplier) => supplier.ask(stub, purpose, context))).then((settled) => {
        const facts: Fact[] = [];
        settled.forEach((outcome, index) => {
          const { connector } = plan[index] as Supplier;
          if (outcome.status === 'fulfilled') {
            context.tally.ok(connector);
            facts.push(outcome.value);
          } else {
            context.tally.failed(connector, outcome.reason);
            fail(outcome.reason);
          }
        });
        return merged(stub, facts, purpose, wantsOrigin);
      });
    },
  };
}

/** The stub's own fields win: they are the key, and what the store knows itself. */
function merged(
  stub: EntityObject,
  facts: readonly Fact[],
  purpose: Purpose | undefined,
  wantsOrigin: boolean,
): EntityObject {
  const entity: EntityObject = {};
  for (const { value } of facts) {
    if (typeof value === 'object' && value !== null) Object.assign(entity, value);
  }
  Object.assign(entity, stub);
  if (purpose !== undefined) entity[PURPOSE] = purpose;
  if (wantsOrigin) entity['provenance'] = provenanceOf(facts);
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

function createSupplier(
  operation: Operation,
  connector: BoundConnector,
  typeFields: ReadonlySet<string>,
): Supplier {
  const keys = keyRoots(operation);
  const provided = operation.provides ?? typeFields;
  const supplies = new Set([...provided].filter((name) => typeFields.has(name) && !keys.has(name)));
  const base = { connector: connector.id, supplies };
  if (operation.batchSize !== undefined) {
    const ask = createBatchAsk(operation, connector);
    return { ...base, ask };
  }
  const ask = createAsk(operation, connector);
  const inputOf = operation.fieldName === undefined ? fromThis : fromArguments(operation.uses);
  return { ...base, ask: (stub, purpose, context) => ask(inputOf(stub), purpose, context) };
}

const keyRoots = (operation: Operation): ReadonlySet<string> =>
  new Set(
    operation.uses
      .filter((use) => use.variable === '$this' || use.variable === '$batch' || use.variable === '$args')
      .map((use) => use.path[0] ?? ''),
  );

const fromThis = (stub: EntityObject): OperationInput => ({ this: stub });

/** An `entity: true` root field takes its arguments from the stub's fields of the same names. */
const fromArguments = (uses: readonly VariableUse[]) => {
  const names = [...new Set(uses.filter((use) => use.variable === '$args').map((use) => use.path[0] ?? ''))];
  return (stub: EntityObject): OperationInput => ({
    args: Object.fromEntries(names.map((name) => [name, stub[name]])),
  });
};
