// The synthetic city must hold what its contract and the issue promise; the store and the simulators both build on it.
import { describe, expect, it } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import type { CityDossier } from '../../src/city/contract.ts';
import {
  isAgencyCode,
  isEnterpriseCode,
  isOldAgencyCode,
  isProcedureCode,
  parseDossierCode,
  parsePersonalId,
} from '../../src/dossiers/ids.ts';

const DAY = 86_400_000;
const anchor = '2026-11-22';
const end = Date.parse(`${anchor}T00:00:00+07:00`);
const city = createCity({ anchor });
const share = (test: (dossier: CityDossier) => boolean): number =>
  city.dossiers.filter(test).length / city.dossiers.length;

/** Legal next statuses, and 6 → 9, which the table allows. */
const NEXT: Record<number, number[]> = {
  1: [2, 3, 7],
  2: [4, 5, 6, 7, 8],
  4: [5, 6, 7, 8, 9],
  5: [2, 4, 7, 8],
  6: [4, 7, 8, 9],
  9: [10],
};

describe('city · built twice with one seed', () => {
  it('equal options · equal city, to the last byte', () => {
    const again = createCity({ anchor, dossiers: 5_000, seed: 1 });
    expect(JSON.stringify(again.dossiers)).toBe(JSON.stringify(city.dossiers));
    expect(again.procedures).toEqual(city.procedures);
  });

  it('another seed · another city', () => {
    expect(createCity({ anchor, dossiers: 5, seed: 2 }).dossiers[0]?.applicant.personalId).not.toBe(
      createCity({ anchor, dossiers: 5, seed: 1 }).dossiers[0]?.applicant.personalId,
    );
  });

  it('wrong options · fail with what was found and expected', () => {
    expect(() => createCity({ anchor: '2026-02-30' })).toThrow(/found "2026-02-30", expected a real date/);
    expect(() => createCity({ anchor, dossiers: 0 })).toThrow(/found 0, expected a whole number from 1/);
  });
});

describe('city · anchored on any day of the week', () => {
  it.each(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2027-02-08'])(
    '%s · all ten dossier statuses and all five payment states exist',
    (day) => {
      const other = createCity({ anchor: day });
      expect(new Set(other.dossiers.map((d) => d.status)).size).toBe(10);
      expect(new Set([...other.payments.values()].map((p) => p.status)).size).toBe(5);
    },
  );
});

describe('agencies and procedures', () => {
  it('120 agencies · a tree with one root, codes unique in both forms', () => {
    expect(city.agencies).toHaveLength(120);
    expect(city.agencies.filter((a) => a.level === 'CITY')).toHaveLength(1);
    expect(city.agencies.filter((a) => a.level === 'DEPARTMENT')).toHaveLength(15);
    expect(city.agencies.filter((a) => a.level === 'COMMUNE')).toHaveLength(104);
    expect(new Set(city.agencies.map((a) => a.code)).size).toBe(120);
    expect(new Set(city.agencies.map((a) => a.oldCode)).size).toBe(120);
    const ids = new Set(city.agencies.map((a) => a.id));
    for (const agency of city.agencies) {
      expect(isAgencyCode(agency.code)).toBe(true);
      expect(isOldAgencyCode(agency.oldCode)).toBe(true);
      expect(agency.parentId === null || ids.has(agency.parentId)).toBe(true);
      expect(agency.communeCode === null).toBe(agency.level !== 'COMMUNE');
    }
  });

  it('200 procedures · unique codes and names, every level, NFC', () => {
    expect(city.procedures).toHaveLength(200);
    expect(new Set(city.procedures.map((p) => p.code)).size).toBe(200);
    expect(new Set(city.procedures.map((p) => p.name)).size).toBe(200);
    expect(new Set(city.procedures.map((p) => p.level))).toEqual(new Set(['INFORMATION', 'PARTIAL', 'FULL']));
    for (const procedure of city.procedures) {
      expect(isProcedureCode(procedure.code)).toBe(true);
      expect(procedure.name).toBe(procedure.name.normalize('NFC'));
    }
  });
});

describe('dossiers', () => {
  it('5,000 · newest first, strictly, inside the 90 days before the anchor, ids from 1', () => {
    expect(city.dossiers).toHaveLength(5_000);
    for (const [i, dossier] of city.dossiers.entries()) {
      expect(dossier.id).toBe(i + 1);
      expect(dossier.submittedAt).toBeLessThan(city.dossiers[i - 1]?.submittedAt ?? end);
      expect(dossier.submittedAt).toBeGreaterThanOrEqual(end - 90 * DAY);
    }
  });

  it('all ten statuses, a fifth online, half with an enterprise', () => {
    expect(new Set(city.dossiers.map((d) => d.status)).size).toBe(10);
    expect(share((d) => d.channel === 2)).toBe(0.2);
    expect(share((d) => d.enterprise !== null)).toBe(0.5);
  });

  it('any 20 consecutive ones · require 20 + 10 + 12 + 5 × 2 upstream calls before deduplication', () => {
    for (let from = 0; from + 20 <= city.dossiers.length; from += 7) {
      const page = city.dossiers.slice(from, from + 20);
      const calls = page.reduce(
        (sum, d) => sum + 1 + (d.enterprise === null ? 0 : 1) + d.payments.length + 2 * d.deliveries.length,
        0,
      );
      expect(calls).toBe(52);
    }
  });

  it('codes · unique, both forms, dated on the day of submission, numbered by an existing agency', () => {
    expect(new Set(city.dossiers.map((d) => d.code)).size).toBe(5_000);
    const forms = new Set<string>();
    for (const dossier of city.dossiers) {
      const parts = parseDossierCode(dossier.code);
      const agency = city.agencies[dossier.agencyId - 1];
      forms.add(String(parts?.form));
      expect(parts?.date).toBe(new Date(dossier.submittedAt + 7 * 3_600_000).toISOString().slice(0, 10));
      expect(parts?.agencyCode).toBe(parts?.form === 'NEW' ? agency?.code : agency?.oldCode);
    }
    expect(forms).toEqual(new Set(['OLD', 'NEW']));
  });

  it('events · follow the legal transitions to the status, in order, before the anchor', () => {
    for (const dossier of city.dossiers) {
      const { events } = dossier;
      expect(events[0]).toMatchObject({ status: 1, at: dossier.submittedAt });
      expect(events.at(-1)?.status).toBe(dossier.status);
      for (let i = 1; i < events.length; i += 1) {
        expect(NEXT[events[i - 1]?.status as number]).toContain(events[i]?.status);
        expect(events[i]?.at).toBeGreaterThan(events[i - 1]?.at as number);
        expect(events[i]?.at).toBeLessThan(end);
      }
      expect(dossier.dueAt).toBeGreaterThan(dossier.submittedAt);
      expect(dossier.receivedAt !== null).toBe(events.some((e) => e.status === 2));
      expect(dossier.finishedAt !== null).toBe([3, 7, 8, 9, 10].includes(dossier.status));
    }
  });

  it('applicants and enterprises · some repeat, sometimes on the same page', () => {
    expect(city.people.size).toBeLessThan(5_000);
    let pagesWithRepeats = 0;
    for (let from = 0; from < 5_000; from += 20) {
      const ids = city.dossiers.slice(from, from + 20).map((d) => d.applicant.personalId);
      if (new Set(ids).size < 20) pagesWithRepeats += 1;
    }
    expect(pagesWithRepeats).toBeGreaterThan(50);
    expect(pagesWithRepeats).toBeLessThan(250);
  });
});

describe('people, enterprises, payments, parcels', () => {
  it('people · ids agree with sex and year, names are NFC, some births are year-only, about 1 in 400 unknown', () => {
    let yearOnly = 0;
    let unknown = 0;
    for (const person of city.people.values()) {
      expect(parsePersonalId(person.personalId)).toMatchObject({
        birthYear: person.birthDate.year,
        gender: person.gender,
      });
      expect(person.fullName).toBe(person.fullName.normalize('NFC'));
      if (person.birthDate.month === null) yearOnly += 1;
      if (person.unknownToPopulation) unknown += 1;
    }
    expect(yearOnly).toBeGreaterThan(20);
    expect(unknown).toBeGreaterThan(3);
    expect(unknown).toBeLessThan(30);
    expect(new Set([...city.people.values()].map((p) => p.gender)).size).toBe(2);
  });

  it('enterprises · valid check digit, at least one representative, some with several', () => {
    const sizes = new Set<number>();
    for (const enterprise of city.enterprises.values()) {
      expect(isEnterpriseCode(enterprise.code)).toBe(true);
      sizes.add(enterprise.representatives.length);
    }
    expect([...sizes].sort()).toEqual([1, 2, 3]);
    expect([...city.enterprises.values()].some((e) => e.unknownToRegistry)).toBe(true);
  });

  it('payments · alphanumeric unique references, paid times only where paid, amounts above 0', () => {
    expect(city.payments.size).toBe(3_000);
    for (const payment of city.payments.values()) {
      expect(payment.reference).toMatch(/^[0-9A-Za-z]+$/);
      expect(payment.amount).toBeGreaterThan(0);
      expect(payment.paidAt !== null).toBe(payment.status === 'PAID' || payment.status === 'REFUNDED');
      expect(payment.paidAt ?? payment.startedAt).toBeLessThan(end);
      expect(payment.paidAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(payment.startedAt);
    }
    expect(new Set([...city.payments.values()].map((p) => p.status)).size).toBe(5);
  });

  it('parcels · 13 characters, unique, at least one event, in order, before the anchor', () => {
    expect(city.deliveries.size).toBe(1_250);
    for (const delivery of city.deliveries.values()) {
      expect(delivery.trackingCode).toMatch(/^EH\d{9}VN$/);
      expect(delivery.events.length).toBeGreaterThan(0);
      for (const [i, event] of delivery.events.entries()) {
        expect(event.statusText).not.toBe('');
        expect(event.at).toBeLessThan(end);
        expect(event.at).toBeGreaterThan(delivery.events[i - 1]?.at ?? 0);
      }
    }
  });
});
