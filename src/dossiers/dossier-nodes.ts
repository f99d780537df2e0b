// Builds dossiers from the rows of their statement: the columns, the procedure and the agency from the catalogue, and the
// lists that the document selects.
import { GatewayError } from '../errors.ts';
import type { Delivery, Dossier, DossierEvent, Payment } from '../generated/schema.ts';
import { compileFields, positionsOf, valueAt } from '../store/json-rows.ts';
import type { Catalogue, CatalogueSnapshot } from './catalogue.ts';
import {
  DELIVERY_ROW,
  DOSSIER_EVENT_ROW,
  DOSSIER_ROW,
  type DossierRow,
  PAYMENT_ROW,
  type SelectedLists,
} from './dossier-statements.ts';
import {
  type AgencyNode,
  CLAIMED_DOSSIER_COLUMNS,
  DOSSIER_STATUSES,
  type DossierNode,
  type ProcedureNode,
  SUBMISSION_CHANNELS,
} from './nodes.ts';

const at = positionsOf(DOSSIER_ROW);
const eventAt = positionsOf(DOSSIER_EVENT_ROW);

const addDossierFields = compileFields<Dossier>()(DOSSIER_ROW, [
  ...CLAIMED_DOSSIER_COLUMNS,
  'payments',
  'deliveries',
  'events',
]);
const addPaymentFields = compileFields<Payment>()(PAYMENT_ROW, []);
const addDeliveryFields = compileFields<Delivery>()(DELIVERY_ROW, []);
const addEventFields = compileFields<DossierEvent>()(DOSSIER_EVENT_ROW, ['status']);

/** The first `count` rows as dossiers. @throws GatewayError `STORE_UNAVAILABLE` when the catalogue cannot be read again */
export async function buildDossierNodes(
  catalogue: Catalogue,
  rows: readonly DossierRow[],
  count: number,
  lists: SelectedLists,
): Promise<DossierNode[]> {
  let snapshot = catalogue.current();
  if (!isComplete(snapshot, rows, count)) snapshot = await reloadUntilComplete(catalogue, rows, count);
  const nodes: DossierNode[] = new Array(count);
  for (let i = 0; i < count; i++) nodes[i] = buildDossierNode(rows[i] as DossierRow, snapshot, lists);
  return nodes;
}

function isComplete(snapshot: CatalogueSnapshot, rows: readonly DossierRow[], count: number): boolean {
  for (let i = 0; i < count; i++) {
    const row = rows[i] as DossierRow;
    if (!snapshot.procedures.has(valueAt(row, at.procedure_id))) return false;
    if (!snapshot.agencies.has(valueAt(row, at.agency_id))) return false;
  }
  return true;
}

/** Reads twice at most: the first read may have begun before the new procedure was committed. Foreign keys guarantee the rest. */
async function reloadUntilComplete(
  catalogue: Catalogue,
  rows: readonly DossierRow[],
  count: number,
): Promise<CatalogueSnapshot> {
  for (let round = 0; round < 2; round++) {
    const snapshot = await catalogue.reload();
    if (isComplete(snapshot, rows, count)) return snapshot;
  }
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: 'store: a dossier refers to a procedure or an agency that does not exist',
  });
}

function buildDossierNode(row: DossierRow, catalogue: CatalogueSnapshot, lists: SelectedLists): DossierNode {
  const enterprise = valueAt(row, at.enterprise_code);
  return addDossierFields(row, {
    id: valueAt(row, at.id),
    status: DOSSIER_STATUSES[valueAt(row, at.status)] as DossierNode['status'],
    channel: SUBMISSION_CHANNELS[valueAt(row, at.channel)] as DossierNode['channel'],
    procedure: catalogue.procedures.get(valueAt(row, at.procedure_id)) as ProcedureNode,
    agency: catalogue.agencies.get(valueAt(row, at.agency_id)) as AgencyNode,
    applicant: {
      personalId: valueAt(row, at.applicant_id),
      declared: {
        fullName: valueAt(row, at.declared_name),
        birthDate: {
          year: valueAt(row, at.declared_birth_year),
          month: valueAt(row, at.declared_birth_month),
          day: valueAt(row, at.declared_birth_day),
        },
      },
    },
    business: enterprise === null ? null : { code: enterprise },
    payments: lists.payments ? (valueAt(row, at.payments)?.map(paymentNode) ?? []) : undefined,
    deliveries: lists.deliveries ? (valueAt(row, at.deliveries)?.map(deliveryNode) ?? []) : undefined,
    events: lists.events ? (valueAt(row, at.events)?.map(eventNode) ?? []) : undefined,
  });
}

type RowOf<Add extends (row: never, rest: object) => object> = Parameters<Add>[0];

const paymentNode = (row: RowOf<typeof addPaymentFields>) =>
  addPaymentFields(row, { currency: 'VND' as const });

const deliveryNode = (row: RowOf<typeof addDeliveryFields>) => addDeliveryFields(row, {});

const eventNode = (row: RowOf<typeof addEventFields>) =>
  addEventFields(row, {
    status: DOSSIER_STATUSES[valueAt(row, eventAt.status)] as DossierNode['status'],
  });
