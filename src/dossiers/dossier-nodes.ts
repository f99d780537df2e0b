// From rows to dossiers: the row itself, its procedure and agency from the catalogue, and where the document selects
// them the payments, parcels and history, one statement each for the whole page. Called by resolvers.ts.
import { GatewayError } from '../errors.ts';
import type { Catalogue, CatalogueSnapshot } from './catalogue.ts';
import type { Store } from './database.ts';
import type { DossierRow, DossierStatements } from './dossier-statements.ts';
import {
  type AgencyNode,
  DOSSIER_STATUSES,
  type DossierNode,
  type ProcedureNode,
  SUBMISSION_CHANNELS,
} from './nodes.ts';

/** What the document selects of each dossier beyond its row. */
export interface Wanted {
  readonly payments: boolean;
  readonly deliveries: boolean;
  readonly events: boolean;
}

export interface DossierNodes {
  /** The first `count` rows as dossiers. @throws GatewayError `STORE_UNAVAILABLE` */
  build(rows: readonly DossierRow[], count: number, wanted: Wanted): Promise<DossierNode[]>;
}

export const createDossierNodes = (
  store: Store,
  catalogue: Catalogue,
  statements: DossierStatements,
): DossierNodes => ({
  build: async (rows, count, wanted) => {
    let snapshot = catalogue.current();
    if (!isComplete(snapshot, rows, count)) snapshot = await completed(catalogue, rows, count);
    const nodes: DossierNode[] = new Array(count);
    for (let i = 0; i < count; i++) nodes[i] = nodeOf(rows[i] as DossierRow, snapshot, wanted);
    if (count > 0 && (wanted.payments || wanted.deliveries || wanted.events)) {
      await attach(store, statements, nodes, wanted);
    }
    return nodes;
  },
});

const isComplete = (snapshot: CatalogueSnapshot, rows: readonly DossierRow[], count: number): boolean => {
  for (let i = 0; i < count; i++) {
    const row = rows[i] as DossierRow;
    if (!snapshot.procedures.has(row.procedure_id) || !snapshot.agencies.has(row.agency_id)) return false;
  }
  return true;
};

/** Twice, since the first reading may have begun before the new procedure was there. The foreign keys promise the rest. */
const completed = async (
  catalogue: Catalogue,
  rows: readonly DossierRow[],
  count: number,
): Promise<CatalogueSnapshot> => {
  for (let round = 0; round < 2; round++) {
    const snapshot = await catalogue.reload();
    if (isComplete(snapshot, rows, count)) return snapshot;
  }
  throw new GatewayError('INTERNAL_SERVER_ERROR', {
    detail: 'store: a dossier refers to a procedure or an agency that is not there',
  });
};

const nodeOf = (row: DossierRow, catalogue: CatalogueSnapshot, wanted: Wanted): DossierNode => ({
  id: row.id,
  code: row.code,
  status: DOSSIER_STATUSES[row.status] as DossierNode['status'],
  channel: SUBMISSION_CHANNELS[row.channel] as DossierNode['channel'],
  submittedAt: row.submitted_at,
  receivedAt: row.received_at,
  dueAt: row.due_at,
  finishedAt: row.finished_at,
  procedure: catalogue.procedures.get(row.procedure_id) as ProcedureNode,
  agency: catalogue.agencies.get(row.agency_id) as AgencyNode,
  applicant: {
    personalId: row.applicant_id,
    declared: {
      fullName: row.declared_name,
      birthDate: {
        year: row.declared_birth_year,
        month: row.declared_birth_month,
        day: row.declared_birth_day,
      },
    },
  },
  business: row.enterprise_code === null ? null : { code: row.enterprise_code },
  payments: wanted.payments ? [] : undefined,
  deliveries: wanted.deliveries ? [] : undefined,
  events: wanted.events ? [] : undefined,
});

const attach = async (
  store: Store,
  statements: DossierStatements,
  nodes: readonly DossierNode[],
  wanted: Wanted,
): Promise<void> => {
  const byId = new Map<number, DossierNode>();
  for (const node of nodes) byId.set(node.id, node);
  const params = [[...byId.keys()]];
  const [payments, deliveries, events] = await Promise.all([
    wanted.payments ? store.run(statements.payments, params) : undefined,
    wanted.deliveries ? store.run(statements.deliveries, params) : undefined,
    wanted.events ? store.run(statements.events, params) : undefined,
  ]);
  for (const row of payments ?? []) {
    byId.get(row.dossier_id)?.payments?.push({
      reference: row.reference,
      amount: row.amount,
      currency: 'VND',
      startedAt: row.started_at,
    });
  }
  for (const row of deliveries ?? []) {
    byId
      .get(row.dossier_id)
      ?.deliveries?.push({ trackingCode: row.tracking_code, orderedAt: row.ordered_at });
  }
  for (const row of events ?? []) {
    byId.get(row.dossier_id)?.events?.push({
      at: row.at,
      status: DOSSIER_STATUSES[row.status] as DossierNode['status'],
      actor: row.actor,
      note: row.note,
    });
  }
};
