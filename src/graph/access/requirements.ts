// What the subgraphs require of callers: `@authenticated`, `@requiresScopes` and `@policy`, in their public meaning
// (federation 2.5 and 2.6), on fields and on the types that fields return. Requirements of several subgraphs on one field all
// hold together.

import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { readFederationNames } from '../../connect/read/federation.ts';
import { readConst } from '../../connect/read/values.ts';

/** Each inner list holds when all of its names do; the outer list holds when one inner list does. */
export type AnyOfAll = readonly (readonly string[])[];

export interface Requirement {
  readonly authenticated: boolean;
  /** All of these hold. */
  readonly scopes: readonly AnyOfAll[];
  readonly policies: readonly AnyOfAll[];
}

export interface Requirements {
  /** By coordinate, `Type.field` or `Type`. */
  readonly at: ReadonlyMap<string, Requirement>;
  /** Every scope that some field requires. */
  readonly scopes: ReadonlySet<string>;
  /** Every policy that some field requires. */
  readonly policies: ReadonlySet<string>;
}

export function readRequirements(subgraphs: readonly DocumentNode[]): Requirements {
  const at = new Map<string, Requirement>();
  for (const document of subgraphs) {
    const names = readFederationNames(document);
    const add = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
      for (const directive of directives ?? []) {
        const { value: name } = directive.name;
        const found = at.get(coordinate) ?? NOTHING;
        if (name === names.authenticated) at.set(coordinate, { ...found, authenticated: true });
        else if (name === names.requiresScopes)
          at.set(coordinate, { ...found, scopes: [...found.scopes, listsOf(directive, 'scopes')] });
        else if (name === names.policy)
          at.set(coordinate, { ...found, policies: [...found.policies, listsOf(directive, 'policies')] });
      }
    };
    for (const definition of document.definitions) {
      if (!('name' in definition) || definition.name === undefined) continue;
      const type = definition.name.value;
      add(type, 'directives' in definition ? (definition.directives as ConstDirectiveNode[]) : undefined);
      if (!('fields' in definition)) continue;
      for (const field of definition.fields ?? []) {
        if (field.kind === Kind.FIELD_DEFINITION) add(`${type}.${field.name.value}`, field.directives);
      }
    }
  }
  const requirements = [...at.values()];
  return {
    at,
    scopes: new Set(requirements.flatMap(({ scopes }) => scopes.flat(2))),
    policies: new Set(requirements.flatMap(({ policies }) => policies.flat(2))),
  };
}

const NOTHING: Requirement = { authenticated: false, scopes: [], policies: [] };

/** A list that cannot be read holds never. */
function listsOf(directive: ConstDirectiveNode, argument: string): AnyOfAll {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  const lists: unknown = value === undefined ? undefined : readConst(value);
  if (!Array.isArray(lists)) return [];
  return lists.map((list: unknown) => (Array.isArray(list) ? list.map(String) : [String(list)]));
}
