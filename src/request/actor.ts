// In whose name a request runs. The members of each kind are filled when people and programs sign in; until then every
// request runs as one configured officer, and operators are known by a shared token.

import type { ConnectCaller } from '../connect/contract.ts';

export interface OfficerActor {
  readonly kind: 'officer';
  readonly officer: string;
  readonly agency: string;
}

/** A person who operates the gateway. What operators do is recorded under `name`. */
export interface OperatorActor {
  readonly kind: 'operator';
  readonly name: string;
}

export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'citizen'; readonly personalId: string }
  | { readonly kind: 'enterprise'; readonly code: string }
  | { readonly kind: 'machine'; readonly client: string }
  | OfficerActor
  | OperatorActor;

/** The actor as connectors see it: `$context.actor`, and the key under which answers for one caller are shared. */
export const callerOf = (actor: Actor): ConnectCaller =>
  actor.kind === 'officer'
    ? { key: keyOf(actor), actor: { officer: actor.officer, agency: actor.agency } }
    : { key: keyOf(actor), actor: { officer: null, agency: null } };

/** Different for any two actors: JSON keeps the kind and the members apart. */
function keyOf(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return '';
    case 'citizen':
      return JSON.stringify([actor.kind, actor.personalId]);
    case 'enterprise':
      return JSON.stringify([actor.kind, actor.code]);
    case 'machine':
      return JSON.stringify([actor.kind, actor.client]);
    case 'officer':
      return JSON.stringify([actor.kind, actor.officer, actor.agency]);
    case 'operator':
      return JSON.stringify([actor.kind, actor.name]);
  }
}
