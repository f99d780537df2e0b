// What verified claims say about a caller, by the claim map of the issuer. Guarantees values of the expected form: a claim that is
// missing or malformed refuses the token, and never yields an actor with less identity.

import type { Actor } from '../actor.ts';
import type { ClientSettings } from './client-keys.ts';
import { createIdentity, type Identity, isReservedName, type Role } from './identity.ts';
import { type IssuerSettings, type Kind, NATIONAL_KINDS } from './issuer-keys.ts';
import { refused } from './refusals.ts';
import { isMembers, type Members } from './token-parts.ts';

const PERSONAL_ID = /^(\d{9}|\d{12})$/;
const FORMS = {
  personalId: PERSONAL_ID,
  enterpriseCode: /^\d{10}(-\d{3})?$/,
  officer: /^[A-Za-z0-9._-]{1,32}$/,
  agency: /^[A-Za-z0-9._-]{1,35}$/,
  name: /^[\p{L}\p{N}._@+ -]{1,64}$/u,
  client: /^[\x21-\x7e]{1,200}$/,
} as const;

const MAX_SCOPES = 100;
const OAUTH_SCOPES = 'scope';

/** @throws GatewayError UNAUTHENTICATED */
export function identityOf(
  claims: Members,
  issuer: IssuerSettings,
  clients: Readonly<Record<string, ClientSettings>>,
): Identity {
  const kind = kindOf(claims, issuer);
  const client = clientOf(claims, issuer);
  return createIdentity({
    actor: actorOf(kind, claims, issuer, client),
    roles: kind === 'citizen' || kind === 'enterprise' ? new Set() : rolesOf(claims, issuer),
    scopes: new Set(wordsOf(valueAt(claims, issuer.claims.scopes)).slice(0, MAX_SCOPES)),
    client: {
      id: client ?? null,
      class: client === undefined ? undefined : settingsOf(clients, client)?.class,
    },
    issuer: issuer.name,
  });
}

/** Client ids come from tokens: `constructor` is no entry of the map. */
export const settingsOf = (
  clients: Readonly<Record<string, ClientSettings>>,
  id: string,
): ClientSettings | undefined => (Object.hasOwn(clients, id) ? clients[id] : undefined);

function kindOf(claims: Members, { kind, kindByClaim, name }: IssuerSettings): Kind {
  if (kind !== undefined) return kind;
  const { claim, values } = kindByClaim ?? NATIONAL_KINDS;
  const found = textOf(valueAt(claims, claim));
  const decided =
    found !== undefined && Object.hasOwn(values, found) ? (values as Record<string, Kind>)[found] : undefined;
  if (decided === undefined) throw refused('CLAIMS', `${name}: ${claim}`);
  return decided;
}

function actorOf(kind: Kind, claims: Members, issuer: IssuerSettings, client: string | undefined): Actor {
  const optional = (key: keyof typeof FORMS): string | undefined => {
    const claim = issuer.claims[key];
    const value = valueAt(claims, claim);
    if (value === undefined || value === null || value === '') return undefined;
    const text = textOf(value);
    if (text === undefined || !FORMS[key].test(text) || isReservedName(text))
      throw refused('CLAIMS', `${issuer.name}: ${claim}`);
    return text;
  };
  const required = (key: keyof typeof FORMS): string => {
    const text = optional(key);
    if (text === undefined) throw refused('CLAIMS', `${issuer.name}: ${issuer.claims[key]}`);
    return text;
  };
  switch (kind) {
    case 'citizen':
      return { kind, personalId: required('personalId') };
    case 'enterprise':
      return { kind, code: required('enterpriseCode'), personalId: optional('personalId') ?? null };
    case 'officer':
      return { kind, officer: required('officer'), agency: required('agency') };
    case 'machine':
      if (client === undefined) throw refused('CLAIMS', `${issuer.name}: ${issuer.claims.client}`);
      return { kind, client, agency: optional('agency') ?? null };
    case 'staff': {
      const name = required('name');
      // Actions are recorded under the name, where no personal id may stand.
      if (PERSONAL_ID.test(name)) throw refused('CLAIMS', `${issuer.name}: ${issuer.claims.name}`);
      return { kind, name };
    }
  }
}

function clientOf(claims: Members, issuer: IssuerSettings): string | undefined {
  const value = valueAt(claims, issuer.claims.client) ?? claims.azp;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !FORMS.client.test(value) || isReservedName(value))
    throw refused('CLAIMS', `${issuer.name}: ${issuer.claims.client}`);
  return value;
}

function rolesOf(claims: Members, { claims: names, roles }: IssuerSettings): Set<Role> {
  const value = valueAt(claims, names.roles);
  // Names of groups contain spaces: only the claim with the scopes is a text of several names.
  const isScopes = names.roles === names.scopes || names.roles === OAUTH_SCOPES;
  const found = typeof value === 'string' && !isScopes ? [value] : wordsOf(value);
  return new Set(found.flatMap((word) => (Object.hasOwn(roles, word) ? [roles[word] as Role] : [])));
}

/** A claim by its name; a name with dots that no claim has is a path. */
function valueAt(claims: Members, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  if (!name.includes('.')) return undefined;
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (!isMembers(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : undefined;

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
