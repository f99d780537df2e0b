// The class of each field of the core schema that is not public, and how it is masked. Fields of connectors have their classes in
// the manifests.

import type { Mask } from '../masks.ts';

export interface DataClass {
  readonly classification: 'public' | 'internal' | 'personal' | 'sensitive';
  readonly mask?: Mask | undefined;
}

/** By coordinate. Every other field of the core is public once its root field may be asked. */
export const CORE_DATA_CLASSES: Readonly<Record<string, DataClass>> = {
  'Citizen.personalId': { classification: 'personal', mask: 'id' },
  'DeclaredIdentity.fullName': { classification: 'personal', mask: 'initials' },
  'DeclaredIdentity.birthDate': { classification: 'personal', mask: 'year' },
};
