// The synthetic city, whole: called by the store's seed and by the simulators with the same options, so that both know
// the same people, enterprises, payments and parcels. Pure and deterministic: equal options give an equal city.
import { buildAgencies } from './agencies.ts';
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

/** A dossier moves on for this long after its deadline at most, so that the old ones are mostly done. */
const SLACK = 2 * DAY;

/**
 * Builds 120 agencies, 200 procedures and `dossiers` dossiers with all that belongs to them. In `dossiers[i]` (newest
 * first) an enterprise stands where `i % 2 = 0`, one payment where `i % 5 < 3`, one parcel where `i % 4 = 0`, so that
 * any 20 in a row cost the same number of upstream calls: 20 + 10 + 12 + 5 × 2.
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
    // who
    const applicant = pickKnown(random, knownPeople) ?? buildPerson(random, anchorYear, people);
    if (!people.has(applicant.personalId)) knownPeople.push(applicant);
    people.set(applicant.personalId, applicant);
    let enterprise: CityEnterprise | null = null;
    if (i % 2 === 0) {
      enterprise = pickKnown(random, knownEnterprises) ?? buildEnterprise(random, applicant, enterprises);
      if (!enterprises.has(enterprise.code)) knownEnterprises.push(enterprise);
      enterprises.set(enterprise.code, enterprise);
    }

    // what, and how far
    const place = places[i] as Place;
    const procedure = procedures[place.procedureId - 1] as CityProcedure;
    const code = codes[i] as string;
    const dueAt = dueAfter(submittedAt, procedure.limitWorkingDays);
    const status = pickStatus(random, end - submittedAt);
    const until = Math.min(end, dueAt + random.int(SLACK));
    const officer = `CB${String(place.agencyId * 10 + random.int(8)).padStart(4, '0')}`;
    const events = buildProgress(random, { status, submittedAt, until, officer });
    const lastEvent = events[events.length - 1] as (typeof events)[number];

    // what was paid and sent
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
      enterprise,
      events,
      payments: payment === null ? [] : [payment],
      deliveries: delivery === null ? [] : [delivery],
    });
  }

  return { anchor, agencies, procedures, dossiers, people, enterprises, payments, deliveries };
}

/** One in nine owners is known already: half of them from the last few dossiers, so that a page sometimes repeats one. */
function pickKnown<T>(random: Random, known: readonly T[]): T | undefined {
  if (known.length === 0 || !random.chance(1 / 9)) return undefined;
  const recent = Math.min(known.length, 12);
  return random.chance(0.5) ? known[known.length - 1 - random.int(recent)] : random.pick(known);
}

/** The moment the work ended: done (9), or refused, withdrawn, stopped. Picking the result up (10) comes later. */
const findFinish = (events: CityDossier['events']): number | null =>
  events.find((event) => [3, 7, 8, 9].includes(event.status))?.at ?? null;
