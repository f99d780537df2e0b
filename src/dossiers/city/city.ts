// The synthetic city, whole: called by the store's seed and by the simulators with the same options, so that both know
// the same people, enterprises, payments and parcels. Pure and deterministic: equal options give an equal city.
import { buildDossierCode, buildOldDossierCode } from '../ids.ts';
import { buildAgencies } from './agencies.ts';
import { DAY, dateOf, dueAfter, HOUR, isOfficeHour, isWeekend, MINUTE, startOfDay } from './calendar.ts';
import type {
  City,
  CityAgency,
  CityDossier,
  CityEnterprise,
  CityOptions,
  CityPerson,
  CityProcedure,
} from './contract.ts';
import { buildDelivery } from './deliveries.ts';
import { buildEnterprise } from './enterprises.ts';
import { buildPayment } from './payments.ts';
import { buildPerson } from './people.ts';
import { buildProcedures, FIELDS, PROCEDURES_PER_FIELD } from './procedures.ts';
import { buildProgress, pickStatus } from './progress.ts';
import { createRandom, type Random } from './random.ts';

/** Everything lies in this many days before the anchor. */
const WINDOW_DAYS = 90;
/** Citizens also submit in the evening and at weekends, online only. */
const OFF_HOURS_SHARE = 0.12;
/** A dossier moves on for this long after its deadline at most, so that the old ones are mostly done. */
const SLACK = 2 * DAY;

type Place = Pick<CityDossier, 'procedureId' | 'agencyId'>;

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

/** Epoch milliseconds, whole seconds, strictly decreasing, the newest at least two minutes before `end`. */
function buildSubmissions(random: Random, end: number, count: number): number[] {
  const start = end - WINDOW_DAYS * DAY;
  const times: number[] = [];
  while (times.length < count) {
    const day = start + random.int(WINDOW_DAYS) * DAY;
    const isOff = random.chance(OFF_HOURS_SHARE);
    if (!isOff && isWeekend(day)) continue;
    const [from, length] = !isOff ? [8, 9] : isWeekend(day) ? [7, 15] : [18, 5];
    times.push(day + from * HOUR + random.int(length * 3600) * 1000);
  }
  times.sort((a, b) => b - a);
  for (let i = 0, latest = end - 2 * MINUTE; i < count; i += 1) {
    latest = Math.min(times[i] as number, latest - 1000);
    times[i] = latest;
  }
  return times;
}

/** Marks a fifth of the dossiers: all that came off hours, then others by chance. */
function pickOnline(random: Random, times: readonly number[]): Uint8Array {
  const online = new Uint8Array(times.length);
  let left = Math.round(times.length / 5);
  for (const [i, at] of times.entries()) {
    if (left > 0 && !isOfficeHour(at)) {
      online[i] = 1;
      left -= 1;
    }
  }
  while (left > 0) {
    const i = random.int(times.length);
    if (online[i] === 0) {
      online[i] = 1;
      left -= 1;
    }
  }
  return online;
}

/** A procedure and an agency that handles its field; a dossier with a payment gets a procedure with a fee. */
function buildPlaces(
  random: Random,
  agencies: readonly CityAgency[],
  procedures: readonly CityProcedure[],
  count: number,
): Place[] {
  const withFee = procedures.filter((procedure) => procedure.fee > 0);
  const communes = agencies.filter((agency) => agency.level === 'COMMUNE');
  return Array.from({ length: count }, (_, i) => {
    const procedure = random.pick(i % 5 < 3 ? withFee : procedures);
    const { where } = FIELDS[
      Math.floor((procedure.id - 1) / PROCEDURES_PER_FIELD)
    ] as (typeof FIELDS)[number];
    const agencyId = where === 'COMMUNE' ? random.pick(communes).id : where + 2;
    return { procedureId: procedure.id, agencyId };
  });
}

/** Codes in the order of submission: one in eight in the new form with a central number, the rest numbered per day. */
function buildCodes(
  random: Random,
  times: readonly number[],
  places: readonly Place[],
  agencies: readonly CityAgency[],
): string[] {
  const codes: string[] = new Array(times.length);
  const perDay = new Map<string, number>();
  let central = 90_000;
  for (let i = times.length - 1; i >= 0; i -= 1) {
    const agency = agencies[(places[i] as Place).agencyId - 1] as CityAgency;
    const date = dateOf(times[i] as number);
    if (random.chance(1 / 8)) {
      central += 1 + random.int(9);
      codes[i] = buildDossierCode(agency.code, date, central);
    } else {
      const key = `${agency.oldCode}-${date}`;
      const number = (perDay.get(key) ?? 0) + 1;
      perDay.set(key, number);
      codes[i] = buildOldDossierCode(agency.oldCode, date, number);
    }
  }
  return codes;
}
