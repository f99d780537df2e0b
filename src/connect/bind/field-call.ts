// Resolves a field with one or more `@connect`s: calls the operations that the selection needs, merges their answers,
// and completes entities through other connectors where fields are still missing.

import type { ConnectContext, Purpose } from '../contract.ts';
import type { Operation } from '../request/operation.ts';
import { type AccessWatch, createAccessWatch } from './access.ts';
import { createCall, createSharedCall, type Fact, type OperationCall } from './call.ts';
import {
  completeEntity,
  type EntityTarget,
  type PurposeReader,
  purposeFor,
  type Resolver,
} from './entity-field.ts';
import { type EntityObject, PURPOSE } from './entity-object.ts';
import type { BeforeCall } from './field-gate.ts';
import { type Needs, needsOf } from './needs.ts';
import { provenanceOf } from './provenance.ts';
import {
  type CheckPurpose,
  isAllowed,
  notForThisPurpose,
  PURPOSE_ARGUMENT,
  type StatedPurpose,
} from './purpose.ts';
import { type EntityOperation, parentFieldsOf } from './suppliers.ts';

interface FieldOperation {
  readonly operation: Operation;
  readonly connector: string;
  readonly call: OperationCall;
  /** Fields of the parent that the request reads. */
  readonly parentFields: readonly string[];
  /** Those of them that are fetched first (`@requires`). Without one of them there is nothing to ask. */
  readonly required: readonly string[];
  /** Records the accesses; undefined where the operation has nothing to record. */
  readonly watch: AccessWatch | undefined;
}

/** Marks resolvers that call their source whatever is selected below them. */
export const CALLS_ALWAYS: unique symbol = Symbol('callsAlways');

export interface CallOptions {
  /** The type of the field's value; undefined for a plain value. */
  readonly objectType: string | undefined;
  /** True disables sharing: two equal mutations of one request are two calls. */
  readonly isMutation: boolean;
  readonly checkPurpose: CheckPurpose | undefined;
  /** By the gate of the type of the field's value; undefined where the type has no gate. */
  readonly beforeCall: BeforeCall | undefined;
}

export function resolveByCall(
  entries: readonly EntityOperation[],
  target: EntityTarget | undefined,
  reader: PurposeReader,
  { objectType, isMutation, checkPurpose, beforeCall }: CallOptions,
): Resolver {
  const operations = entries.map(
    ({ operation, connector }): FieldOperation => ({
      operation,
      connector: connector.id,
      call: isMutation ? createCall(operation, connector) : createSharedCall(operation, connector),
      parentFields: parentFieldsOf(operation),
      required: parentFieldsOf(operation).filter((name) => operation.required.has(name)),
      watch: createAccessWatch(operation, connector, objectType),
    }),
  );
  const restricted = entries.flatMap(
    ({ operation, connector }) => connector.purpose?.fields.get(operation.coordinate) ?? [],
  );
  const [first] = operations as readonly FieldOperation[] as readonly [FieldOperation];
  const checks = entries.flatMap(({ operation }) => operation.checkArguments ?? []);
  const needsStatement = entries.some(({ connector }) => connector.purpose?.required === true);
  const resolver: Resolver = async (parent, args, context, info) => {
    const stated = args[PURPOSE_ARGUMENT] as StatedPurpose | undefined;
    const purpose =
      needsStatement && stated !== undefined && checkPurpose !== undefined
        ? await checkPurpose(stated, context)
        : purposeFor(parent, reader);
    if (restricted.length > 0 && !isAllowed(restricted, purpose)) throw notForThisPurpose();
    // Before any of the calls, and before an access is recorded.
    for (const check of checks) check(args);
    // Refused when the parent was completed.
    if (parent?.[info.fieldName] instanceof Error) throw parent[info.fieldName];
    const input = { args, this: parent };
    // A mutation is made; only what it returns is withheld.
    const asked =
      beforeCall === undefined || isMutation
        ? needsOf(info)
        : await beforeCall(needsOf(info), args, purpose, context);
    const chosen = operations.length === 1 ? operations : chooseFor(operations, asked);
    refuseFailedParent(parent, chosen);
    if (chosen.some(({ required }) => required.some((name) => parent?.[name] === undefined))) return null;
    for (const { watch } of chosen) watch?.reads(input, purpose, context, asked.names);
    const facts = await callAll(chosen, input, purpose, context);
    const value = mergeValues(facts);
    if (value === null || value === undefined) return null;
    if (target === undefined) {
      // Fields below are for the same purpose.
      const withPurpose = (item: unknown) =>
        isPlain(item) ? { ...(item as EntityObject), [PURPOSE]: purpose } : item;
      if (purpose === undefined) return value;
      return Array.isArray(value) ? value.map(withPurpose) : withPurpose(value);
    }
    const origin = { operation: (chosen[0] ?? first).operation, fact: facts[0] as Fact };
    const needs = needsOf(info);
    const complete = (item: unknown) => {
      if (typeof item !== 'object' || item === null) return item;
      const entity: EntityObject = { ...(item as EntityObject), [PURPOSE]: purpose };
      if (needs.names.has('provenance')) entity.provenance = provenanceOf(facts);
      return completeEntity(target, entity, purpose, context, info, origin);
    };
    return Array.isArray(value) ? Promise.all(value.map(complete)) : complete(value);
  };
  return Object.assign(resolver, { [CALLS_ALWAYS]: true });
}

/** The first operations that together supply the selection; an operation that yields a plain value supplies all of it. */
function chooseFor(operations: readonly FieldOperation[], needs: Needs): readonly FieldOperation[] {
  let missing = [...needs.names].filter((name) =>
    operations.some((o) => o.operation.provides?.has(name) ?? true),
  );
  const chosen: FieldOperation[] = [];
  for (const operation of operations) {
    const left = missing.filter((name) => !(operation.operation.provides?.has(name) ?? true));
    if (left.length === missing.length && chosen.length + left.length > 0) continue;
    chosen.push(operation);
    missing = left;
    if (missing.length === 0) break;
  }
  return chosen.length === 0 ? operations.slice(0, 1) : chosen;
}

/** @throws the error that a field of the parent has as its value: without the field no request can be built */
function refuseFailedParent(parent: EntityObject | undefined, operations: readonly FieldOperation[]): void {
  for (const { parentFields } of operations) {
    for (const name of parentFields) if (parent?.[name] instanceof Error) throw parent[name];
  }
}

async function callAll(
  operations: readonly FieldOperation[],
  input: Parameters<OperationCall>[0],
  purpose: Purpose | undefined,
  context: ConnectContext,
): Promise<Fact[]> {
  return Promise.all(
    operations.map(({ call, connector, operation }) =>
      call(input, purpose, context).then(
        (fact) => {
          if (fact.isComputed !== true) context.tally.ok(connector);
          return fact;
        },
        (error: unknown) => {
          if (!operation.isComputed) context.tally.failed(connector, error);
          throw error;
        },
      ),
    ),
  );
}

/** Merges objects, with the keys of earlier operations taking precedence; otherwise returns the first value. */
function mergeValues(facts: readonly Fact[]): unknown {
  const [first] = facts;
  if (facts.length < 2 || !facts.every(({ value }) => isPlain(value))) return first?.value;
  return Object.assign({}, ...facts.toReversed().map(({ value }) => value));
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
