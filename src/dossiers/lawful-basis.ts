// Why personal data may be fetched: for a purpose that the caller states, and with the consent of the person where it is needed.

import type { Store } from '../store/database.ts';
import type { Catalogue } from './catalogue.ts';
import { type Consents, createConsents } from './consents.ts';
import { type CheckStatedPurpose, createPurposeCheck } from './stated-purpose.ts';

export interface LawfulBasis {
  readonly checkPurpose: CheckStatedPurpose;
  readonly consents: Consents;
}

/** @param digestOf the keyed digest of a personal identification number */
export const createLawfulBasis = (
  store: Store,
  catalogue: Catalogue,
  digestOf: (personalId: string) => string,
): LawfulBasis => ({
  checkPurpose: createPurposeCheck(store, catalogue),
  consents: createConsents(store, catalogue, digestOf),
});
