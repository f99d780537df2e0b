// Identities of each kind, for tests.

import type { Actor } from '../../src/request/actor.ts';
import { ANONYMOUS, createIdentity, type Identity, type Role } from '../../src/request/identity/identity.ts';

export const anIdentity = (
  actor: Actor,
  roles: readonly Role[] = [],
  scopes: readonly string[] = [],
): Identity =>
  createIdentity({ ...ANONYMOUS, actor, roles: new Set(roles), scopes: new Set(scopes), issuer: 'test' });

/** An officer who handles dossiers. */
export const anOfficer = (officer = 'CB0001', agency = 'H26'): Identity =>
  anIdentity({ kind: 'officer', officer, agency }, ['handler']);
