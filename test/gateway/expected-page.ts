// What the page query must answer, from the generator of the city alone: nothing of the gateway's own code that maps,
// numbers or words an answer is used here.

import type { City, CityDossier } from '../../src/city/contract.ts';

export const CONNECTORS = ['population', 'business-registry', 'payment', 'postal'] as const;
export type ConnectorId = (typeof CONNECTORS)[number];

const STATUSES = [
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
const CHANNELS = ['COUNTER', 'ONLINE', 'PUBLIC_POST'];
const PARCELS = (
  'DRAFT CREATED POSTMAN_ASSIGNED AWAITING_CONFIRMATION COLLECTING COLLECT_FAILED COLLECTED AT_POST_OFFICE ' +
  'COLLECT_FAILED_FINALLY COLLECT_CANCELLED IN_TRANSIT AT_DELIVERY_OFFICE OUT_FOR_DELIVERY FORWARDED DELIVERED ' +
  'DELIVERY_FAILED AWAITING_RETURN RETURN_APPROVED RETURN_BEGUN RETURNED'
).split(' ');

/** Of each provenance only what does not change from run to run. */
const from = (connector: ConnectorId) => ({ connector, freshness: 'LIVE' });

/** `dossiers` of the page query as the front-end must see it, with `missing` connectors ill; moments as milliseconds. */
export function expectedNodes(
  city: City,
  dossiers: readonly CityDossier[],
  missing: readonly ConnectorId[] = [],
) {
  const has = (connector: ConnectorId): boolean => !missing.includes(connector);
  return dossiers.map((dossier) => {
    const procedure = city.procedures.find(({ id }) => id === dossier.procedureId);
    const agency = city.agencies.find(({ id }) => id === dossier.agencyId);
    const { applicant: person, enterprise } = dossier;
    const known = has('population') && !person.unknownToPopulation;
    const registered = has('business-registry') && enterprise?.unknownToRegistry === false;
    return {
      code: dossier.code,
      status: STATUSES[dossier.status - 1],
      submittedAt: dossier.submittedAt,
      dueAt: dossier.dueAt,
      channel: CHANNELS[dossier.channel - 1],
      procedure: { code: procedure?.code, name: procedure?.name, level: procedure?.level },
      agency: { code: agency?.code, name: agency?.name },
      applicant: {
        personalId: person.personalId,
        fullName: known ? person.fullName : null,
        birthDate: known ? person.birthDate : null,
        gender: known ? person.gender : null,
        permanentAddress: known
          ? {
              detail: person.permanentAddress.detail,
              provinceCode: person.permanentAddress.provinceCode,
              communeCode: person.permanentAddress.communeCode,
            }
          : null,
        provenance: has('population') ? from('population') : null,
      },
      business: enterprise && {
        code: enterprise.code,
        name: registered ? enterprise.name : null,
        type: registered ? enterprise.type : null,
        status: registered ? enterprise.status : null,
        headOffice: registered ? enterprise.headOffice : null,
        representatives: registered ? enterprise.representatives.map((fullName) => ({ fullName })) : null,
        provenance: has('business-registry') ? from('business-registry') : null,
      },
      payments: dossier.payments.map((payment) => ({
        reference: payment.reference,
        amount: payment.amount,
        currency: 'VND',
        status: has('payment') ? payment.status : null,
        paidAt: has('payment') ? payment.paidAt : null,
        provenance: has('payment') ? from('payment') : null,
      })),
      deliveries: dossier.deliveries.map((parcel) => {
        const last = parcel.events.at(-1);
        return {
          trackingCode: parcel.trackingCode,
          status: has('postal') ? PARCELS[last?.status ?? -1] : null,
          statusText: has('postal') ? last?.statusText : null,
          events: has('postal')
            ? parcel.events.map(({ at, status, statusText }) => ({ at, status: PARCELS[status], statusText }))
            : null,
          provenance: has('postal') ? from('postal') : null,
        };
      }),
    };
  });
}

/** The selected fields of a connector that are null, with an error each, when the connector is ill. */
export const expectedPaths = (dossiers: readonly CityDossier[], missing: readonly ConnectorId[]) =>
  dossiers.flatMap((dossier, index) => {
    const rows: { connector: ConnectorId; operation: string; path: (string | number)[] }[] = [];
    const at = (connector: ConnectorId, operation: string, ...path: (string | number)[]) => {
      if (missing.includes(connector)) {
        rows.push({ connector, operation, path: ['dossiers', 'edges', index, 'node', ...path] });
      }
    };
    for (const field of ['fullName', 'birthDate', 'gender', 'permanentAddress', 'provenance']) {
      at('population', 'Citizen', 'applicant', field);
    }
    if (dossier.enterprise) {
      for (const field of ['name', 'type', 'status', 'headOffice', 'representatives', 'provenance']) {
        at('business-registry', 'Business', 'business', field);
      }
    }
    dossier.payments.forEach((_, i) => {
      for (const field of ['status', 'paidAt', 'provenance']) at('payment', 'Payment', 'payments', i, field);
    });
    dossier.deliveries.forEach((_, i) => {
      for (const field of ['status', 'statusText', 'provenance']) {
        at('postal', 'Delivery', 'deliveries', i, field);
      }
      at('postal', 'Delivery.events', 'deliveries', i, 'events');
    });
    return rows;
  });

/** Calls that one page of these dossiers costs: identical ones once. */
export const expectedCalls = (dossiers: readonly CityDossier[]): Readonly<Record<ConnectorId, number>> => ({
  // A look-up is made for a procedure: the same person under another one is another look-up.
  population: new Set(dossiers.map(({ applicant, procedureId }) => `${applicant.personalId} ${procedureId}`))
    .size,
  'business-registry': new Set(dossiers.flatMap(({ enterprise }) => enterprise?.code ?? [])).size,
  payment: dossiers.flatMap(({ payments }) => payments).length,
  postal: 2 * dossiers.flatMap(({ deliveries }) => deliveries).length,
});

const MOMENTS = new Set(['submittedAt', 'dueAt', 'paidAt', 'at']);
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * An answer made comparable: moments as milliseconds, `fetchedAt` taken out. Throws where a moment is not RFC 3339 or
 * `fetchedAt` is not of the last minute.
 */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => {
      if (key === 'fetchedAt') {
        const ageMs = Date.now() - momentOf(entry);
        if (ageMs < 0 || ageMs > 60_000) throw new Error(`fetchedAt is ${ageMs} ms old.`);
        return [];
      }
      return [[key, MOMENTS.has(key) && entry !== null ? momentOf(entry) : comparable(entry)]];
    }),
  );
}

function momentOf(value: unknown): number {
  if (typeof value !== 'string' || !RFC3339.test(value)) throw new Error(`Not RFC 3339: ${value}`);
  return Date.parse(value);
}

/** The nodes of an answered page, comparable with `expectedNodes`. */
export const nodesOf = (data: { dossiers: { edges: { node: unknown }[] } }): unknown =>
  comparable(data.dossiers.edges.map(({ node }) => node));
