// The accounts of the development issuer: its people, and people whom a developer describes when asking for a token. An account id
// says who it is, so that nothing is stored.

import { citizenClaims, type DevelopmentPerson, enterpriseClaims, officerClaims } from './people.ts';

/** Which token a developer asks for; `id` and `agency` replace those of the person. */
export interface AskedPerson {
  readonly person: string;
  readonly id?: string | undefined;
  readonly agency?: string | undefined;
}

export interface Accounts {
  /** @returns the account id; `undefined` where there is no such person, or the person has no such id or agency */
  readonly accountOf: (asked: AskedPerson) => string | undefined;
  /** @returns what tokens of an account say; `undefined` for an unknown account */
  readonly claimsOf: (account: string) => Readonly<Record<string, unknown>> | undefined;
}

export function createAccounts(people: readonly DevelopmentPerson[]): Accounts {
  const known = new Map(people.map((person) => [person.id, person]));
  const claimsOf: Accounts['claimsOf'] = (account) => {
    const [name = '', changes] = account.split('?', 2);
    const claims = known.get(name)?.claims;
    if (claims === undefined || changes === undefined) return claims;
    const wanted = new URLSearchParams(changes);
    return changed(claims, wanted.get('id') ?? undefined, wanted.get('agency') ?? undefined);
  };
  return {
    claimsOf,
    accountOf: ({ person, id, agency }) => {
      const changes = new URLSearchParams({
        ...(id !== undefined && { id }),
        ...(agency !== undefined && { agency }),
      }).toString();
      const account = changes === '' ? person : `${person}?${changes}`;
      return claimsOf(account) === undefined ? undefined : account;
    },
  };
}

type Claims = Readonly<Record<string, unknown>>;

function changed(claims: Claims, id: string | undefined, agency: string | undefined): Claims | undefined {
  if (agency !== undefined && claims.kind !== 'officer') return undefined;
  switch (claims.kind) {
    case 'officer':
      return officerClaims(
        id ?? String(claims.MaCanBo),
        agency ?? String(claims.MaDonVi),
        claims.roles as readonly string[],
      );
    case 'citizen':
      return id === undefined ? claims : citizenClaims(id);
    case 'enterprise':
      return id === undefined ? claims : enterpriseClaims(id);
    case 'staff':
      return id === undefined ? claims : { ...claims, preferred_username: id };
    default:
      return undefined;
  }
}
