// From what the statement gives to dossiers: the row, its procedure and agency from the catalogue, and its payments,
// parcels and history where the document selects them. Called by resolvers.ts for each page.
import { GatewayError } from '../errors.ts';
import type { Catalogue, CatalogueSnapshot } from './catalogue.ts';
import type { DossierRow, Wanted } from './dossier-statements.ts';
import {
  type AgencyNode,
  DOSSIER_STATUSES,
  type DossierNode,
  type ProcedureNode,
  SUBMISSION_CHANNELS,
} from './nodes.ts';

/** The first `count` rows as dossiers. @throws GatewayError `STORE_UNAVAILABLE` when the catalogue has to be read again */
export async function buildDossierNodes(
  catalogue: Catalogue,
  rows: readonly DossierRow[],
  count: number,
  wanted: Wanted,
): Promise<DossierNode[]> {
  let snapshot = catalogue.current();
  if (!isComplete(snapshot, rows, count)) snapshot = await completed(catalogue, rows, count);
  const nodes: DossierNode[] = new Array(count);
  for (let i = 0; i < count; i++) nodes[i] = buildDossierNode(rows[i] as DossierRow, snapshot, wanted);
  return nodes;
}

function isComplete(snapshot: CatalogueSnapshot, rows: readonly DossierRow[], count: number): boolean {
  for (let i = 0; i < count; i++) {
    const [, , procedureId, agencyId] = rows[i] as DossierRow;
    if (!snapshot.procedures.has(procedureId) || !snapshot.agencies.has(agencyId)) return false;
  }
  return true;
}

/** Twice, since the first reading may have begun before the new procedure was there. The foreign keys promise the rest. */
async function completed(
  catalogue: Catalogue,
  rows: readonly DossierRow[],
  count: number,
): Promise<CatalogueSnapshot> {
  for (let round = 0; round < 2; round++) {
    const snapshot = await catalogue.reload();
    if (isComplete(snapshot, rows, count)) return snapshot;
  }
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: 'store: a dossier refers to a procedure or an agency that is not there',
  });
}

function buildDossierNode(row: DossierRow, catalogue: CatalogueSnapshot, wanted: Wanted): DossierNode {
  // By position: destructuring would go through the iterator of the array.
  const received = row[7];
  const finished = row[9];
  const enterprise = row[15];
  return {
    id: row[0],
    code: row[1],
    status: DOSSIER_STATUSES[row[4]] as DossierNode['status'],
    channel: SUBMISSION_CHANNELS[row[5]] as DossierNode['channel'],
    submittedAt: inUtc(row[6]),
    receivedAt: received === null ? null : inUtc(received),
    dueAt: inUtc(row[8]),
    finishedAt: finished === null ? null : inUtc(finished),
    procedure: catalogue.procedures.get(row[2]) as ProcedureNode,
    agency: catalogue.agencies.get(row[3]) as AgencyNode,
    applicant: {
      personalId: row[10],
      declared: { fullName: row[11], birthDate: { year: row[12], month: row[13], day: row[14] } },
    },
    business: enterprise === null ? null : { code: enterprise },
    payments: wanted.payments ? (row[16]?.map(paymentNode) ?? []) : undefined,
    deliveries: wanted.deliveries ? (row[17]?.map(deliveryNode) ?? []) : undefined,
    events: wanted.events ? (row[18]?.map(eventNode) ?? []) : undefined,
  };
}

type Item<List> = NonNullable<List> extends readonly (infer One)[] ? One : never;

const paymentNode = (payment: Item<DossierRow[16]>) => ({
  reference: payment[0],
  amount: payment[1],
  currency: 'VND' as const,
  startedAt: inUtc(payment[2]),
});

const deliveryNode = (delivery: Item<DossierRow[17]>) => ({
  trackingCode: delivery[0],
  orderedAt: inUtc(delivery[1]),
});

const eventNode = (event: Item<DossierRow[18]>) => ({
  at: inUtc(event[0]),
  status: DOSSIER_STATUSES[event[1]] as DossierNode['status'],
  actor: event[2],
  note: event[3],
});

/** The session is in UTC, so the offset is always `+00:00`. */
const inUtc = (instant: string): string => `${instant.slice(0, -6)}Z`;
