// The class of each field of the core schema that is not public, and how it is masked. Fields of connectors have their classes in
// the manifests.

import type { Mask } from '../masks.ts';

export interface DataClass {
  readonly classification: 'public' | 'internal' | 'personal' | 'sensitive';
  readonly mask?: Mask | undefined;
}

/** Root fields whose rows are filtered by who asks; see row-scope.ts. */
export const ROW_FILTERED_FIELDS: ReadonlySet<string> = new Set(['Query.dossiers', 'Query.dossier']);

/** By coordinate. Every other field of the core is public once its root field may be asked. */
export const CORE_DATA_CLASSES: Readonly<Record<string, DataClass>> = {
  'Citizen.personalId': { classification: 'personal', mask: 'id' },
  'DeclaredIdentity.fullName': { classification: 'personal', mask: 'initials' },
  'DeclaredIdentity.birthDate': { classification: 'personal', mask: 'year' },
};
