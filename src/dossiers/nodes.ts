// The objects that resolvers give: shaped like the types of schema/*.graphql, so that a field is a plain property read.
// Connectors complete `applicant`, `business`, `payments` and `deliveries` from the keys that stand in them here.
import type { Instant } from '../store/tables.ts';

export type DossierStatus =
  | 'REGISTERED'
  | 'RECEIVED'
  | 'NOT_ACCEPTED'
  | 'IN_PROCESS'
  | 'SUPPLEMENT_REQUIRED'
  | 'PAYMENT_REQUIRED'
  | 'WITHDRAWN'
  | 'STOPPED'
  | 'PROCESSED'
  | 'RESULT_RETURNED';

export type SubmissionChannel = 'COUNTER' | 'ONLINE' | 'PUBLIC_POST';

/** By national number, 1–10; 0 is none. */
export const DOSSIER_STATUSES: readonly DossierStatus[] = [
  undefined as never,
  'REGISTERED',
  'RECEIVED',
  'NOT_ACCEPTED',
  'IN_PROCESS',
  'SUPPLEMENT_REQUIRED',
  'PAYMENT_REQUIRED',
  'WITHDRAWN',
  'STOPPED',
  'PROCESSED',
  'RESULT_RETURNED',
];

/** By national number, 1–3; 0 is none. */
export const SUBMISSION_CHANNELS: readonly SubmissionChannel[] = [
  undefined as never,
  'COUNTER',
  'ONLINE',
  'PUBLIC_POST',
];

export interface ProcedureNode {
  readonly code: string;
  readonly name: string;
  readonly level: 'INFORMATION' | 'PARTIAL' | 'FULL';
  readonly fieldCode: string;
  readonly fieldName: string;
  readonly limitWorkingDays: number;
  readonly fee: number;
}

export interface AgencyNode {
  readonly code: string;
  readonly oldCode: string;
  readonly name: string;
  readonly level: 'CITY' | 'DEPARTMENT' | 'DISTRICT' | 'COMMUNE';
  readonly parent: AgencyNode | null;
  readonly communeCode: string | null;
}

/** What the store knows of a person: the key of `Citizen`. */
export interface ApplicantStub {
  readonly personalId: string;
  readonly declared: {
    readonly fullName: string;
    readonly birthDate: { readonly year: number; readonly month: number | null; readonly day: number | null };
  };
}

export interface PaymentNode {
  readonly reference: string;
  readonly amount: number;
  readonly currency: 'VND';
  readonly startedAt: Instant;
}

export interface DeliveryNode {
  readonly trackingCode: string;
  readonly orderedAt: Instant;
}

export interface DossierEventNode {
  readonly at: Instant;
  readonly status: DossierStatus;
  readonly actor: string;
  readonly note: string | null;
}

export interface DossierNode {
  readonly id: number;
  readonly code: string;
  readonly status: DossierStatus;
  readonly channel: SubmissionChannel;
  readonly submittedAt: Instant;
  readonly receivedAt: Instant | null;
  readonly dueAt: Instant;
  readonly finishedAt: Instant | null;
  readonly procedure: ProcedureNode;
  readonly agency: AgencyNode;
  readonly applicant: ApplicantStub;
  readonly business: { readonly code: string } | null;
  /** These three are undefined where the document does not select them: a wrong guess shows, and is not an empty list. */
  readonly payments: readonly PaymentNode[] | undefined;
  readonly deliveries: readonly DeliveryNode[] | undefined;
  readonly events: readonly DossierEventNode[] | undefined;
}

export interface PageInfoNode {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface ConnectionNode<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfoNode;
}

/** What a look-up under this dossier is made for: personal data is never asked for without it. */
export const purposeOfDossier = (
  dossier: Pick<DossierNode, 'code' | 'procedure'>,
): { readonly dossier: string; readonly procedure: string } => ({
  dossier: dossier.code,
  procedure: dossier.procedure.code,
});
