// Decides per field and caller, before execution: allowed, masked or refused. The decisions depend on the kind, roles and scopes
// of a caller only, so they are made once per such combination and planned into the operation: a refused field has no resolver,
// and nothing is fetched for it.

import { type GraphQLNamedType, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayError } from '../../errors.ts';
import type { Mask } from '../../masks.ts';
import type { Identity } from '../../request/identity/identity.ts';
import type { DataClasses } from './classes.ts';
import { CLASS_RULES, mayLookUp, POLICIES, POLICY_SCOPES, strictest } from './policies.ts';
import { needsClass, needsLookUp, needsPolicies, needsScopes, needsSignIn } from './refusals.ts';
import type { AnyOfAll, Requirement, Requirements } from './requirements.ts';

/** What happens with a field; undefined: it is executed as usual. */
export type FieldAccess =
  | { readonly kind: 'refused'; readonly error: GatewayError }
  | { readonly kind: 'masked'; readonly mask: Mask };

/** The decisions for callers of one kind. */
export interface AccessView {
  /** Equal for equal decisions; different within one generation otherwise. */
  readonly id: string;
  readonly at: (type: GraphQLNamedType, fieldName: string) => FieldAccess | undefined;
}

export interface Access {
  readonly viewFor: (identity: Identity) => AccessView;
}

/** Allows everything: for schemas of tests, which have no data. */
export const OPEN_VIEW: AccessView = { id: '', at: () => undefined };
export const OPEN_ACCESS: Access = { viewFor: () => OPEN_VIEW };

/** Combinations of kind, roles and scopes that are kept. */
const MAX_VIEWS = 256;

export function createAccess(requirements: Requirements, classes: DataClasses): Access {
  const relevantScopes = new Set<string>([...requirements.scopes, ...POLICY_SCOPES]);
  const byKey = new LRUCache<string, AccessView>({ max: MAX_VIEWS });
  let made = 0;
  const byDecisions = new LRUCache<string, AccessView>({ max: MAX_VIEWS });

  return {
    viewFor: (identity) => {
      const { accessKey, actor, roles, scopes } = identity;
      let view = byKey.get(accessKey);
      if (view === undefined) {
        // Scopes that nothing requires do not multiply plans.
        const held = [...scopes].filter((scope) => relevantScopes.has(scope)).sort();
        const decisive = JSON.stringify([actor.kind, [...roles].sort(), held]);
        view = byDecisions.get(decisive) ?? createView(`#${++made}`, requirements, classes, identity);
        byDecisions.set(decisive, view);
        byKey.set(accessKey, view);
      }
      return view;
    },
  };
}

function createView(
  id: string,
  requirements: Requirements,
  classes: DataClasses,
  identity: Identity,
): AccessView {
  const decided = new Map<string, FieldAccess | undefined>();
  const decide = (type: GraphQLObjectType, fieldName: string): FieldAccess | undefined => {
    const coordinates = [
      `${type.name}.${fieldName}`,
      ...type.getInterfaces().map(({ name }) => `${name}.${fieldName}`),
    ];
    const isLookUp = coordinates.some((coordinate) => classes.lookUps.has(coordinate));
    const error =
      refusalOf(requirementsAt(type, fieldName, coordinates, requirements), identity) ??
      (isLookUp && !mayLookUp(identity) ? needsLookUp(identity) : undefined);
    if (error !== undefined) return { kind: 'refused', error };
    return fieldName === 'provenance' ? ofProvenance(type) : byClass(coordinates, classes, identity);
  };
  /** Asking where an object came from alone fetches the object: refused where nothing else of it may be asked. */
  const ofProvenance = (type: GraphQLObjectType): FieldAccess | undefined => {
    const classified = Object.keys(type.getFields()).filter((name) => classes.at.has(`${type.name}.${name}`));
    const decisions = classified.map((name) => decide(type, name));
    return decisions.every((decision) => decision?.kind === 'refused') ? decisions[0] : undefined;
  };
  return {
    id,
    at: (type, fieldName) => {
      if (!isObjectType(type)) return undefined;
      const coordinate = `${type.name}.${fieldName}`;
      if (decided.has(coordinate)) return decided.get(coordinate);
      const access = decide(type, fieldName);
      decided.set(coordinate, access);
      return access;
    },
  };
}

/** Of the field, of the same field of interfaces, of the type that has it and of the type that it returns. */
function requirementsAt(
  type: GraphQLObjectType,
  fieldName: string,
  coordinates: readonly string[],
  { at }: Requirements,
): readonly Requirement[] {
  if (at.size === 0) return [];
  const returned = type.getFields()[fieldName]?.type;
  const types = returned === undefined ? [type.name] : [type.name, getNamedType(returned).name];
  return [...coordinates, ...types].flatMap((coordinate) => at.get(coordinate) ?? []);
}

function refusalOf(required: readonly Requirement[], identity: Identity): GatewayError | undefined {
  for (const { authenticated, scopes, policies } of required) {
    const signedIn = identity.actor.kind !== 'anonymous';
    if (!signedIn && (authenticated || scopes.length > 0)) return needsSignIn();
    const missing = scopes.find((lists) => !holds(lists, (scope) => identity.scopes.has(scope)));
    if (missing !== undefined) return needsScopes(missing);
    const refused = policies.find((lists) => !holds(lists, (name) => POLICIES[name]?.(identity) === true));
    if (refused !== undefined) return signedIn ? needsPolicies(refused) : needsSignIn();
  }
  return undefined;
}

const holds = (lists: AnyOfAll, has: (name: string) => boolean): boolean =>
  lists.some((list) => list.every(has));

/** By the strictest class of the field in its type and in the interfaces of the type. */
function byClass(
  coordinates: readonly string[],
  { at }: DataClasses,
  identity: Identity,
): FieldAccess | undefined {
  const found = coordinates.flatMap((coordinate) => at.get(coordinate) ?? []);
  const [first] = found;
  if (first === undefined) return undefined;
  const of = found.reduce(strictest, first);
  const decision = CLASS_RULES[of.classification](identity);
  if (decision === 'ALLOW') return undefined;
  if (decision === 'MASK' && of.mask !== undefined) return { kind: 'masked', mask: of.mask };
  const signedIn = identity.actor.kind !== 'anonymous';
  return { kind: 'refused', error: signedIn ? needsClass(of.classification) : needsSignIn() };
}
