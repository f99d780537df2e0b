// Which dossiers a caller may see. The statements filter by it in SQL, by an index; a dossier outside the scope is answered as
// one that does not exist.

import type { AgencyNode } from './nodes.ts';

/** The caller, as far as rows depend on it; the actor of a request. */
export type Reader =
  | { readonly kind: 'anonymous' | 'staff' }
  | { readonly kind: 'citizen'; readonly personalId: string }
  | { readonly kind: 'enterprise'; readonly code: string }
  | { readonly kind: 'officer'; readonly agency: string }
  | { readonly kind: 'machine'; readonly agency: string | null };

/** The kinds of scopes; each has statements of its own. */
export type ScopeKind = 'ALL' | 'PERSON' | 'ENTERPRISE' | 'AGENCIES';

export interface RowScope {
  readonly kind: ScopeKind;
  /** The first parameters of the statements of this kind. */
  readonly parameters: readonly string[];
}

const ALL: RowScope = { kind: 'ALL', parameters: [] };

/**
 * The scope of a caller; undefined: no dossier. A citizen sees own dossiers and those filed for others, an enterprise its own. An
 * officer, or a program of an agency, sees the dossiers of the agency and of the agencies below it, and those of other
 * agencies under a procedure in which one of these agencies takes part.
 */
export function rowScopeOf(
  reader: Reader,
  { agencyScopes }: { readonly agencyScopes: ReadonlyMap<string, RowScope> },
): RowScope | undefined {
  switch (reader.kind) {
    case 'citizen':
      return { kind: 'PERSON', parameters: [reader.personalId] };
    case 'enterprise':
      return { kind: 'ENTERPRISE', parameters: [reader.code] };
    case 'officer':
      return agencyScopes.get(reader.agency);
    case 'machine':
      return reader.agency === null ? undefined : agencyScopes.get(reader.agency);
    case 'anonymous':
    case 'staff':
      return undefined;
  }
}

/**
 * The scope of each agency by its code: the agency with the agencies below it, and the procedures in which one of them takes part.
 * Computed once per read of the catalogue.
 */
export function scopesOfAgencies(
  agencies: ReadonlyMap<number, AgencyNode>,
  proceduresOfAgency: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<string, RowScope> {
  const scopeOf = (own: AgencyNode): RowScope => {
    if (own.parent === null) return ALL;
    const within = [...agencies].filter(([, agency]) => isWithin(agency, own)).map(([id]) => id);
    const procedures = new Set(within.flatMap((id) => proceduresOfAgency.get(id) ?? []));
    return { kind: 'AGENCIES', parameters: [arrayOf(within), arrayOf([...procedures])] };
  };
  return new Map([...agencies.values()].map((agency) => [agency.code, scopeOf(agency)]));
}

function isWithin(agency: AgencyNode, ancestor: AgencyNode): boolean {
  for (let step: AgencyNode | null = agency; step !== null; step = step.parent)
    if (step === ancestor) return true;
  return false;
}

/** A PostgreSQL array, as text. */
const arrayOf = (ids: readonly number[]): string => `{${ids.join(',')}}`;
