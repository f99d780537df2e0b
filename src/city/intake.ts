// The intake of dossiers in the synthetic city: the time, channel, procedure, agency and code of each. Every list has one entry
// for each dossier, newest first.
import { buildDossierCode, buildOldDossierCode } from '../dossiers/ids.ts';
import { DAY, dateOf, HOUR, isOfficeHour, isWeekend, MINUTE, timeOfDay } from './calendar.ts';
import type { CityAgency, CityDossier, CityProcedure } from './contract.ts';
import { FIELDS, PROCEDURES_PER_FIELD } from './procedures.ts';
import type { Random } from './random.ts';

/** All events are within this number of days before the anchor. */
const WINDOW_DAYS = 90;
/** The share of dossiers submitted in the evening and at weekends, which are online. */
const OFF_HOURS_SHARE = 0.12;

export type Place = Pick<CityDossier, 'procedureId' | 'agencyId'>;

/** Times in epoch milliseconds, in whole seconds, strictly decreasing; the newest is at least two minutes before `end`. */
export function buildSubmissions(random: Random, end: number, count: number): number[] {
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

/** Marks a fifth of the dossiers as online: first those outside office hours, then others at random. */
export function pickOnline(random: Random, times: readonly number[]): Uint8Array {
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

/** A procedure and an agency that handles its field. A dossier with a payment has a procedure with a fee. */
export function buildPlaces(
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

/** Codes in the order of submission. One in eight has the new form with a central number; the others are numbered per day. */
export function buildCodes(
  random: Random,
  times: readonly number[],
  places: readonly Place[],
  agencies: readonly CityAgency[],
): string[] {
  const codes: string[] = new Array(times.length);
  const perDay = new Map<string, number>();
  let central = 90_000;
  let day = { start: 0, date: '' };
  for (let i = times.length - 1; i >= 0; i -= 1) {
    const agency = agencies[(places[i] as Place).agencyId - 1] as CityAgency;
    const at = times[i] as number;
    // Times increase here, so the text of each day is computed once.
    if (at >= day.start + DAY) day = { start: at - timeOfDay(at), date: dateOf(at) };
    const { date } = day;
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
