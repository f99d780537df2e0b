// The objects that resolvers return. They have the shape of the types in schema/*.graphql, so that a field is a plain property
// read. Connectors complete `applicant`, `business`, `payments` and `deliveries` by the keys in these objects.
import type { FieldsOf } from '../store/json-rows.ts';
import type {
  AGENCY_COLUMNS,
  DELIVERY_COLUMNS,
  DOSSIER_COLUMNS,
  DOSSIER_EVENT_COLUMNS,
  PAYMENT_COLUMNS,
  PROCEDURE_COLUMNS,
} from '../store/tables.ts';

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

/** By national number, 1 to 10. */
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

/** By national number, 1 to 3. */
export const SUBMISSION_CHANNELS: readonly SubmissionChannel[] = [
  undefined as never,
  'COUNTER',
  'ONLINE',
  'PUBLIC_POST',
];

export type ProcedureNode = FieldsOf<typeof PROCEDURE_COLUMNS, 'id'>;

export interface AgencyNode extends FieldsOf<typeof AGENCY_COLUMNS, 'id' | 'parent_id'> {
  readonly parent: AgencyNode | null;
}

/** The key of `Citizen`, and what the applicant declared. */
export interface ApplicantStub {
  readonly personalId: string;
  readonly declared: {
    readonly fullName: string;
    readonly birthDate: { readonly year: number; readonly month: number | null; readonly day: number | null };
  };
}

export interface PaymentNode extends FieldsOf<typeof PAYMENT_COLUMNS, 'dossier_id'> {
  readonly currency: 'VND';
}

export type DeliveryNode = FieldsOf<typeof DELIVERY_COLUMNS, 'dossier_id'>;

export interface DossierEventNode
  extends FieldsOf<typeof DOSSIER_EVENT_COLUMNS, 'id' | 'dossier_id' | 'status'> {
  readonly status: DossierStatus;
}

/** Columns of a dossier that become something else than a field of their own name. */
export const CLAIMED_DOSSIER_COLUMNS = [
  'id',
  'procedure_id',
  'agency_id',
  'status',
  'channel',
  'applicant_id',
  'declared_name',
  'declared_birth_year',
  'declared_birth_month',
  'declared_birth_day',
  'enterprise_code',
] as const;

/** Decides who sees a dossier, and is not shown. */
type HiddenDossierColumn = 'submitted_by';

export interface DossierNode
  extends FieldsOf<typeof DOSSIER_COLUMNS, (typeof CLAIMED_DOSSIER_COLUMNS)[number] | HiddenDossierColumn> {
  readonly id: number;
  readonly status: DossierStatus;
  readonly channel: SubmissionChannel;
  readonly procedure: ProcedureNode;
  readonly agency: AgencyNode;
  readonly applicant: ApplicantStub;
  readonly business: { readonly code: string } | null;
  /** The lists are undefined where the document does not select them, so that a wrong look-ahead fails instead of showing an empty list. */
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

/** The purpose of look-ups below this dossier. Personal data is never requested without a purpose. */
export const purposeOfDossier = (
  dossier: Pick<DossierNode, 'code' | 'procedure'>,
): { readonly dossier: string; readonly procedure: string } => ({
  dossier: dossier.code,
  procedure: dossier.procedure.code,
});
