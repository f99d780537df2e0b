// Generates the synthetic city. Pure and deterministic: equal options yield an equal city, so that the seed of the store and the
// simulators have the same people, enterprises, payments and parcels.
import { buildAgencies, DEPARTMENTS, FIRST_DEPARTMENT } from './agencies.ts';
import { DAY, dueAfter, startOfDay } from './calendar.ts';
import type {
  City,
  CityDossier,
  CityEnterprise,
  CityOptions,
  CityPerson,
  CityProcedure,
} from './contract.ts';
import { buildDelivery } from './deliveries.ts';
import { buildEnterprise } from './enterprises.ts';
import { buildCodes, buildPlaces, buildSubmissions, type Place, pickOnline } from './intake.ts';
import { buildPayment } from './payments.ts';
import { buildPerson } from './people.ts';
import { buildProcedures } from './procedures.ts';
import { buildProgress, pickStatus } from './progress.ts';
import { createRandom, type Random } from './random.ts';

/** Processing ends at most this long after the deadline, so that most old dossiers are finished. */
const SLACK = 2 * DAY;

/**
 * Builds 120 agencies, 200 procedures and `dossiers` dossiers with everything that belongs to them. `dossiers[i]` (newest first)
 * has an enterprise when `i % 2 = 0`, one payment when `i % 5 < 3`, and one parcel when `i % 4 = 0`, so that any 20 consecutive
 * dossiers require the same number of upstream calls: 20 + 10 + 12 + 5 × 2.
 * @param options.dossiers 1 to 1,000,000; default 5,000
 * @throws RangeError when the anchor is not a real date or the number of dossiers is out of range
 */
export function createCity({ anchor, dossiers: count = 5_000, seed = 1 }: CityOptions): City {
  if (!Number.isInteger(count) || count < 1 || count > 1_000_000) {
    throw new RangeError(`dossiers: found ${count}, expected a whole number from 1 to 1000000.`);
  }
  const end = startOfDay(anchor);
  const random = createRandom(seed);
  const anchorYear = Number(anchor.slice(0, 4));

  const agencies = buildAgencies();
  const procedures = buildProcedures(random);
  const times = buildSubmissions(random, end, count);
  const online = pickOnline(random, times);
  const places = buildPlaces(random, agencies, procedures, count);
  const codes = buildCodes(random, times, places, agencies);

  const people = new Map<string, CityPerson>();
  const enterprises = new Map<string, CityEnterprise>();
  const payments: City['payments'] & Map<string, CityDossier['payments'][number]> = new Map();
  const deliveries: City['deliveries'] & Map<string, CityDossier['deliveries'][number]> = new Map();
  const dossiers: CityDossier[] = [];
  const knownPeople: CityPerson[] = [];
  const knownEnterprises: CityEnterprise[] = [];

  for (const [i, submittedAt] of times.entries()) {
    // the applicant and the enterprise
    const applicant = pickKnown(random, knownPeople) ?? buildPerson(random, anchorYear, people);
    if (!people.has(applicant.personalId)) knownPeople.push(applicant);
    people.set(applicant.personalId, applicant);
    let enterprise: CityEnterprise | null = null;
    if (i % 2 === 0) {
      enterprise = pickKnown(random, knownEnterprises) ?? buildEnterprise(random, applicant, enterprises);
      if (!enterprises.has(enterprise.code)) knownEnterprises.push(enterprise);
      enterprises.set(enterprise.code, enterprise);
    }

    // the procedure and the progress
    const place = places[i] as Place;
    const procedure = procedures[place.procedureId - 1] as CityProcedure;
    const code = codes[i] as string;
    const dueAt = dueAfter(submittedAt, procedure.limitWorkingDays);
    const status = pickStatus(random, end - submittedAt);
    const until = Math.min(end, dueAt + random.int(SLACK));
    const officer = `CB${String(place.agencyId * 10 + random.int(8)).padStart(4, '0')}`;
    const events = buildProgress(random, { status, submittedAt, until, officer });
    const lastEvent = events[events.length - 1] as (typeof events)[number];

    // the payment and the parcel
    const payment =
      i % 5 < 3
        ? buildPayment(random, {
            dossierCode: code,
            amount: procedure.fee,
            dossierStatus: status,
            startedAt: submittedAt + 30_000 + random.int(60) * 1000,
            endsBefore: end,
          })
        : null;
    if (payment !== null) payments.set(payment.reference, payment);
    const orderedAt = lastEvent.at + 1000 * (1 + random.int(60));
    const delivery =
      i % 4 === 0
        ? buildDelivery(random, {
            serial: 71_000_000 + count - i,
            orderedAt: Math.min(orderedAt, end - 1000),
            endsBefore: end,
          })
        : null;
    if (delivery !== null) deliveries.set(delivery.trackingCode, delivery);

    dossiers.push({
      id: i + 1,
      code,
      procedureId: place.procedureId,
      agencyId: place.agencyId,
      status,
      channel: online[i] === 1 ? 2 : random.chance(0.08) ? 3 : 1,
      submittedAt,
      receivedAt: events.find((event) => event.status === 2)?.at ?? null,
      dueAt,
      finishedAt: findFinish(events),
      applicant,
      submittedBy: i % 40 === 39 ? filer(dossiers[i - 7], applicant) : null,
      enterprise,
      events,
      payments: payment === null ? [] : [payment],
      deliveries: delivery === null ? [] : [delivery],
    });
  }

  return {
    anchor,
    agencies,
    procedures,
    participants: participantsOf(procedures),
    dossiers,
    people,
    enterprises,
    payments,
    deliveries,
  };
}

/** One applicant in nine has an earlier dossier. Half of those are recent, so that some pages repeat an applicant. */
function pickKnown<T>(random: Random, known: readonly T[]): T | undefined {
  if (known.length === 0 || !random.chance(1 / 9)) return undefined;
  const recent = Math.min(known.length, 12);
  return random.chance(0.5) ? known[known.length - 1 - random.int(recent)] : random.pick(known);
}

/** Who filed a dossier for the applicant: the applicant of an earlier dossier. */
const filer = (earlier: CityDossier | undefined, applicant: CityPerson): CityPerson | null =>
  earlier === undefined || earlier.applicant === applicant ? null : earlier.applicant;

/** In one procedure of ten, a department takes part that does not process its dossiers. */
const participantsOf = (procedures: readonly CityProcedure[]): City['participants'] =>
  procedures
    .filter(({ id }) => id % 10 === 4)
    .map(({ id }) => ({ procedureId: id, agencyId: FIRST_DEPARTMENT + (id % DEPARTMENTS.length) }));

/** The end of processing: processed (9), not accepted (3), withdrawn (7) or stopped (8). The result is returned (10) later. */
const findFinish = (events: CityDossier['events']): number | null =>
  events.find((event) => [3, 7, 8, 9].includes(event.status))?.at ?? null;
