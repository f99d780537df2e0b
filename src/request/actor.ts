// In whose name a request runs.

import type { ConnectCaller } from '../connect/contract.ts';

export interface OfficerActor {
  readonly kind: 'officer';
  /** Officer code (mã cán bộ). */
  readonly officer: string;
  /** Code of the officer's agency. */
  readonly agency: string;
}

/** A person who runs the gateway and handles no dossiers: an operator, integrator, approver or auditor, by the roles. */
export interface StaffActor {
  readonly kind: 'staff';
  /** What the person does is recorded under this name. */
  readonly name: string;
}

export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'citizen'; readonly personalId: string }
  /** The representative of an enterprise; `personalId` is the representative's own. */
  | { readonly kind: 'enterprise'; readonly code: string; readonly personalId: string | null }
  /** A program; `agency` is the agency that owns it, null for none. */
  | { readonly kind: 'machine'; readonly client: string; readonly agency: string | null }
  | OfficerActor
  | StaffActor;

/** The actor as connectors see it: `$context.actor`, and the key under which answers for one caller are shared. */
export const callerOf = (actor: Actor): ConnectCaller =>
  actor.kind === 'officer'
    ? { key: keyOf(actor), actor: { officer: actor.officer, agency: actor.agency } }
    : { key: keyOf(actor), actor: { officer: null, agency: actor.kind === 'machine' ? actor.agency : null } };

/** Different for any two actors: JSON keeps the kind and the members apart. */
function keyOf(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return '';
    case 'citizen':
      return JSON.stringify([actor.kind, actor.personalId]);
    case 'enterprise':
      return JSON.stringify([actor.kind, actor.code, actor.personalId]);
    case 'machine':
      return JSON.stringify([actor.kind, actor.client, actor.agency]);
    case 'officer':
      return JSON.stringify([actor.kind, actor.officer, actor.agency]);
    case 'staff':
      return JSON.stringify([actor.kind, actor.name]);
  }
}
