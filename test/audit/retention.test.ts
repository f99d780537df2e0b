// Removing days after their time: signed stubs, verification that goes on, and days that must stay. And the rule of the anomalies.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findAnomalies } from '../../src/audit/anomalies.ts';
import { removalText } from '../../src/audit/removals.ts';
import { firstDayKept, removeDays } from '../../src/audit/retention.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';
import { copyOf, queryOfCopy, type Row } from './a-copy.ts';
import { aTrail, KEYS, type TestTrail } from './a-trail.ts';

describe.each(storeCases)('retention on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let trail: TestTrail;
  beforeAll(async () => {
    place = await makePlace();
    trail = await aTrail(place, { days: 4, chains: ['p-1', 'p-2'], records: 3 });
  }, 120_000);
  afterAll(async () => {
    await trail?.close();
    await place?.drop();
  });

  test('days after their time · removed · stubs, and verification goes on; what comes back is found', async () => {
    const before = await copyOf(trail.query);
    const now = Date.parse('2028-06-12T00:00:00Z');
    const { removed, kept } = await removeDays(trail.query, KEYS, '2026-06-10', now);
    expect(removed.map(({ day }) => day)).toEqual(['2026-06-08', '2026-06-09']);
    expect(kept).toEqual([]);
    const verified = await verifyTrail(trail.query, KEYS);
    expect(verified).toMatchObject({ findings: [], removed: 2, days: 2 });
    // The removed records, played in again.
    const after = await copyOf(trail.query);
    const old = before.records.filter((row) => row[0] === '2026-06-08');
    const replayed = { ...after, records: [...after.records, ...old], heads: [...before.heads] };
    expect((await verifyTrail(queryOfCopy(replayed), KEYS)).findings.length).toBeGreaterThan(0);
    // A stub that nobody signed.
    const [stub] = after.removals as [Row];
    expect(
      removalText({ day: String(stub[0]), removedAt: Number(stub[1]), records: 1, roots: [] }),
    ).toContain('removal/1');
    stub[2] = 1;
    expect((await verifyTrail(queryOfCopy(after), KEYS)).findings).toMatchObject([
      { day: '2026-06-08', found: 'a removal that was not signed' },
    ]);
  });

  test('a day without a root · after its time · stays', async () => {
    const { removed, kept } = await removeDays(trail.query, KEYS, '2030-01-01', Date.now(), true);
    expect(removed.map(({ day }) => day)).toEqual(['2026-06-10']);
    expect(kept).toEqual([{ day: '2026-06-11', why: 'UNSEALED' }]);
  });
});

test.each([
  ['2028-06-09T00:00:00Z', 24, '2026-06-09'],
  ['2028-02-29T00:00:00Z', 24, '2026-02-28'],
  ['2027-01-31T18:00:00Z', 25, '2025-01-01'],
])('%s, %i months · the first day that stays is %s', (now, months, day) => {
  expect(firstDayKept(Date.parse(now), months)).toBe(day);
});

describe('anomalies', () => {
  const counts = (...people: number[]) =>
    people.map((each, i) => ({ agency: 'H26', actor: `CB${i}`, people: each, accesses: each * 2 }));

  test('an officer far above the colleagues · found, with median and score', () => {
    expect(findAnomalies(counts(20, 22, 19, 21, 23, 400))).toEqual([
      { officer: 'CB5', agency: 'H26', people: 400, accesses: 800, median: 21.5, score: 170.2 },
    ]);
  });

  test.each([
    ['a busy agency without an outlier', [40, 44, 52, 38, 60, 47]],
    ['too few officers to compare', [1, 1, 1, 300]],
    ['few people', [1, 1, 1, 1, 9]],
    ['equal colleagues and one person more', [30, 30, 30, 30, 31]],
  ])('%s · nothing', (_what, people) => {
    expect(findAnomalies(counts(...people))).toEqual([]);
  });
});
