// Gates: which fields of a type may be fetched for an object. Purposes and consents are gates; a type has at most one, which joins
// both. What a gate refuses is not fetched.

import type { GatewayError } from '../../errors.ts';
import type { ConnectContext, Purpose } from '../contract.ts';
import type { EntityObject } from './entity-object.ts';
import { type Needs, rememberNeeds } from './needs.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The errors of fields that may not be fetched. */
export type Refusals = ReadonlyMap<string, GatewayError>;

export interface FieldGate {
  /** The guarded fields of the type. */
  readonly names: ReadonlySet<string>;
  /** Which of the asked fields may not be fetched for this object of the type. Never rejects. */
  readonly refusals: (
    asked: readonly string[],
    object: Fields,
    purpose: Purpose | undefined,
    context: ConnectContext,
  ) => Refusals | Promise<Refusals>;
  /** Whether the fields that are known of an object suffice to decide about a field. */
  readonly decides: (name: string, known: Fields) => boolean;
}

/** Refuses what any of the gates refuses. @returns undefined without gates */
export function joinGates(gates: readonly (FieldGate | undefined)[]): FieldGate | undefined {
  const [first, ...others] = gates.filter((gate) => gate !== undefined);
  return others.reduce<FieldGate | undefined>((joined, gate) => joined && both(joined, gate), first);
}

function both(a: FieldGate, b: FieldGate): FieldGate {
  return {
    names: a.names.union(b.names),
    refusals: async (asked, object, purpose, context) => {
      const of = ({ names, refusals }: FieldGate) =>
        refusals(
          asked.filter((name) => names.has(name)),
          object,
          purpose,
          context,
        );
      const [own, further] = await Promise.all([of(a), of(b)]);
      return new Map([...further, ...own]);
    },
    decides: (name, known) => [a, b].every(({ names, decides }) => !names.has(name) || decides(name, known)),
  };
}

/**
 * Before a field is called whose arguments are known fields of the object that it returns.
 * @returns the selection without what may not be fetched
 * @throws GatewayError (in the promise) when nothing is left of it: nothing is fetched then, and the answer is the same whether
 * there is a record or not
 */
export type BeforeCall = (
  needs: Needs,
  args: Fields,
  purpose: Purpose | undefined,
  context: ConnectContext,
) => Promise<Needs>;

export function createBeforeCall({ names, refusals, decides }: FieldGate): BeforeCall {
  const without = rememberNeeds();
  return async (needs, args, purpose, context) => {
    const asked = [...needs.names].filter((name) => names.has(name) && decides(name, args));
    if (asked.length === 0) return needs;
    const refused = await refusals(asked, args, purpose, context);
    if (refused.size === 0) return needs;
    const left = without(needs, [...refused.keys()]);
    const [first] = refused.values();
    if (first !== undefined && left.names.values().every((name) => name === '__typename')) throw first;
    return left;
  };
}

type Resolve = (
  parent: EntityObject,
  args: Record<string, unknown>,
  context: ConnectContext,
  info: never,
) => unknown;

/**
 * Guards one field of the type, whatever way its object came: an object that no binder completes, a value that an answer
 * brought along, a field with its own `@connect`.
 */
export function guardField(
  gate: FieldGate,
  name: string,
  resolve: Resolve,
  purposeOf: (parent: EntityObject) => Purpose | undefined,
): Resolve {
  const asked = [name];
  const guarded: Resolve = (parent, args, context, info) => {
    // Refused when the entity was completed.
    if (parent[name] instanceof Error) throw parent[name];
    const resolveUnless = (refused: Refusals): unknown => {
      const error = refused.get(name);
      if (error !== undefined) throw error;
      return resolve(parent, args, context, info);
    };
    const refused = gate.refusals(asked, parent, purposeOf(parent), context);
    return refused instanceof Promise ? refused.then(resolveUnless) : resolveUnless(refused);
  };
  // With the marks of the resolver.
  return Object.assign(guarded, resolve);
}
