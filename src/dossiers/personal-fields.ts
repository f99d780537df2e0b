// Records whose personal data the store returns: the applicants of the dossiers in an answer, with the selected fields.

import { type DossierNode, purposeOfDossier } from './nodes.ts';
import { type SelectionInfo, type Selects, selectsNow } from './selects.ts';

/** The part of a request's audit trail that the store's resolvers use. */
export interface StoreAudit {
  /** @throws GatewayError AUDIT_UNAVAILABLE */
  admit(): void;
  stored(subject: string, purpose: ReturnType<typeof purposeOfDossier>, fields: string): void;
}

/** The personal fields of the store below an applicant, as the audit trail names them; undefined where none is selected. */
export function personalFieldsOf(
  selects: Selects,
  info: SelectionInfo,
  applicant: string,
): string | undefined {
  // A field that a condition leaves out was not read: a record of it would accuse somebody falsely.
  const isRead = (field: string): boolean =>
    selects(info, `${applicant}.${field}`) && selectsNow(info, `${applicant}.${field}`);
  const id = isRead('personalId');
  const declared = isRead('declared');
  if (id) return declared ? 'Citizen personalId declared' : 'Citizen personalId';
  return declared ? 'Citizen declared' : undefined;
}

export function recordPersons(
  audit: StoreAudit | undefined,
  nodes: readonly DossierNode[],
  fields: string,
): void {
  if (audit === undefined) return;
  for (const node of nodes) audit.stored(node.applicant.personalId, purposeOfDossier(node), fields);
}
