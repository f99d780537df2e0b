// Fields of an entity that a gate refuses: they are not fetched, and no request is made with their values; the rest of the entity is
// fetched. The value of a refused field is the error.

import { createEntityBinder, type EntityBinder } from './entities.ts';
import type { EntityObject } from './entity-object.ts';
import type { FieldGate, Refusals } from './field-gate.ts';
import { type Needs, rememberNeeds } from './needs.ts';
import type { EntityOperation } from './suppliers.ts';
import type { EntityType } from './supply-plan.ts';

/** By selected field: the guarded fields that it is or may be asked with. Fields without any are left out. */
type Reads = ReadonlyMap<string, readonly string[]>;

/** Like `createEntityBinder`. @param gate undefined: every field of the type may be fetched */
export function createGuardedBinder(
  type: EntityType,
  operations: readonly EntityOperation[],
  gate: FieldGate | undefined,
): EntityBinder {
  const binder = createEntityBinder(type, operations);
  if (gate === undefined) return binder;
  const { readByField } = type;
  const keysOf = new Map(
    binder.suppliersFor({ names: type.fields }).map(({ operation, keys }) => [operation, [...keys]]),
  );
  const readsOf = createReads(type, binder, gate, [...keysOf.values()].flat());
  const without = rememberNeeds();

  /** Without the operations that are asked with a refused value. */
  const narrower = new Map<string, EntityBinder>();
  const binderWithout = (refused: Refusals): EntityBinder => {
    const left = operations.filter(
      ({ operation }) => keysOf.get(operation)?.some((key) => refused.has(key)) !== true,
    );
    // The same binder where no operation is left out: calls for all persons of a page are then collected into one batch.
    const fieldSuppliers = type.fieldSuppliers?.filter(
      ({ keys, supplies }) => !refused.keys().some((name) => keys.has(name) || supplies.has(name)),
    );
    if (left.length === operations.length && fieldSuppliers?.length === type.fieldSuppliers?.length)
      return binder;
    const key = [...refused.keys()].sort().join();
    const made = narrower.get(key) ?? createEntityBinder({ ...type, fieldSuppliers }, left);
    narrower.set(key, made);
    return made;
  };

  return {
    ...binder,
    hydrate: (stub, needs, purpose, context, origin) => {
      const reads = readsOf(needs, stub);
      if (reads.size === 0) return binder.hydrate(stub, needs, purpose, context, origin);
      const asked = [...new Set([...reads.values()].flat())];
      const complete = (refused: Refusals): EntityObject | Promise<EntityObject> => {
        if (refused.size === 0) return binder.hydrate(stub, needs, purpose, context, origin);
        const errorOf = (names: readonly string[]): Error | undefined =>
          refused.get(names.find((name) => refused.has(name)) ?? '');
        const dropped = [...needs.names].filter(
          (name) => errorOf([name, ...(readByField.get(name) ?? [])]) !== undefined,
        );
        const left = without(needs, dropped);
        // Where only the provenance is left, no field has a provenance.
        const isEmpty =
          origin === undefined &&
          left.names.has('provenance') &&
          left.names
            .values()
            .every((name) => name === 'provenance' || name === '__typename' || stub[name] !== undefined);
        const wanted = isEmpty ? without(needs, [...dropped, 'provenance']) : left;
        const refuse = (entity: EntityObject): EntityObject => {
          if (isEmpty) entity.provenance = null;
          for (const [name, error] of refused) entity[name] = error;
          // What could only have been asked with a refused value is missing for the same reason.
          for (const [name, names] of reads) {
            const error = errorOf(names);
            if (error === undefined) continue;
            for (const each of [name, ...(readByField.get(name) ?? [])]) entity[each] ??= error;
          }
          return entity;
        };
        const hydrated = binderWithout(refused).hydrate(stub, wanted, purpose, context, origin);
        return hydrated instanceof Promise ? hydrated.then(refuse) : refuse(hydrated);
      };
      const refused = gate.refusals(asked, stub, purpose, context);
      return refused instanceof Promise ? refused.then(complete) : complete(refused);
    },
  };
}

/** @param keys that the suppliers of the type are asked with */
function createReads(
  { readByField }: EntityType,
  binder: EntityBinder,
  { names: guarded }: FieldGate,
  keys: readonly string[],
): (needs: Needs, stub: EntityObject) => Reads {
  const compute = (needs: Needs, nextOf: (name: string) => readonly string[]): Reads => {
    const reads = [...needs.names].map((name) => [name, reachable(name, nextOf)] as const);
    return new Map(
      reads.flatMap(([name, all]) => {
        const found = all.filter((each) => guarded.has(each));
        return found.length === 0 ? [] : [[name, found] as const];
      }),
    );
  };
  if (!keys.some((key) => guarded.has(key))) {
    // The usual case: the same for every object.
    const known = new WeakMap<Needs, Reads>();
    return (needs) => {
      const reads = known.get(needs) ?? compute(needs, (name) => readByField.get(name) ?? []);
      known.set(needs, reads);
      return reads;
    };
  }
  const keysOf = new Map<string, readonly string[]>();
  const keysFor = (name: string): readonly string[] => {
    const found =
      keysOf.get(name) ?? binder.suppliersFor({ names: new Set([name]) }).flatMap((each) => [...each.keys]);
    keysOf.set(name, found);
    return found;
  };
  return (needs, stub) =>
    compute(needs, (name) => [
      ...(readByField.get(name) ?? []),
      // What is known already is not asked for.
      ...(stub[name] === undefined ? keysFor(name) : []),
    ]);
}

function reachable(from: string, nextOf: (name: string) => readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...nextOf(name));
  }
  return [...seen];
}
