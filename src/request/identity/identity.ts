// Who sends a request, proven: the actor, the roles and scopes, and the client application. One identity belongs to one request
// and never changes during it.

import { GatewayError, type LocalizedText } from '../../errors.ts';
import type { Actor } from '../actor.ts';

/**
 * What a person or a program may do beyond the rights of its kind. `handler`: an officer who handles dossiers and sees personal
 * data unmasked. `operator`: steers connectors. `integrator`: registers connectors. `approver`: approves registrations.
 * `auditor`: reads the audit trail.
 */
export const ROLES = ['handler', 'operator', 'integrator', 'approver', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** The application through which a request comes. */
export interface Client {
  /** The client id that the issuer knows; null where the request names none. */
  readonly id: string | null;
  /** The class of the client by the configuration of the gateway, for quotas; undefined: none. */
  readonly class: string | undefined;
}

export interface Identity {
  readonly actor: Actor;
  readonly roles: ReadonlySet<Role>;
  /** OAuth scopes that the token grants. */
  readonly scopes: ReadonlySet<string>;
  readonly client: Client;
  /** The configured name of the issuer of the token; null for an anonymous request and for a break-glass token. */
  readonly issuer: string | null;
  /**
   * Equal for two identities that may see the same fields: kind, roles and scopes. Contains no personal data. Fields are
   * allowed, masked or refused per access key; rows are filtered per actor.
   */
  readonly accessKey: string;
}

/**
 * Returns ANONYMOUS for a request without credentials.
 * @param peer address from which the connection comes: a client, or a proxy in front of the gateway
 * @throws GatewayError UNAUTHENTICATED when the request carries credentials that are not accepted
 */
export type Identify = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  peer?: string,
) => Identity | Promise<Identity>;

export function createIdentity(of: Omit<Identity, 'accessKey'>): Identity {
  const roles = [...of.roles].sort();
  const scopes = [...of.scopes].sort();
  return { ...of, accessKey: JSON.stringify([of.actor.kind, roles, scopes]) };
}

const NO_CLIENT: Client = { id: null, class: undefined };

/** Under these names actions are recorded that no named person or program did: nobody who signs in may have one. */
const RESERVED: ReadonlySet<string> = new Set(['break-glass', 'anonymous', 'citizen', 'enterprise']);
export const isReservedName = (name: string): boolean => RESERVED.has(name.trim().toLowerCase());

/** A request without credentials. */
export const ANONYMOUS: Identity = createIdentity({
  actor: { kind: 'anonymous' },
  roles: new Set(),
  scopes: new Set(),
  client: NO_CLIENT,
  issuer: null,
});

/** @throws GatewayError UNAUTHENTICATED for an anonymous request, FORBIDDEN without the role; the reason says what is needed */
export function requireRole(identity: Identity, role: Role): Identity {
  if (identity.roles.has(role)) return identity;
  const code = identity.actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  throw new GatewayError(code, { reason: needed(role) });
}

const needed = (role: Role): LocalizedText => ({
  vi: `Cần vai trò ${role}: hãy gửi Authorization: Bearer <mã của người có vai trò này>.`,
  en: `Requires the role ${role}: send Authorization: Bearer <a token of a person with this role>.`,
});

/** The name under which actions of an identity are recorded: never a personal identification number. */
export function nameOf({ actor }: Identity): string {
  switch (actor.kind) {
    case 'staff':
      return actor.name;
    case 'officer':
      return actor.officer;
    case 'machine':
      return actor.client;
    default:
      return actor.kind;
  }
}
