// Whatever is changed in the trail without its keys is found. Random tamperings over a copy in memory, each of which also tries to
// make the digests right again; and one of each kind in the databases themselves, with the triggers out of the way.

import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyTrail } from '../../src/audit/verify.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';
import { type Copy, copyOf, type Head, queryOfCopy, type Row, rechain } from './a-copy.ts';
import { aTrail, KEYS, type TestTrail } from './a-trail.ts';

const RUNS = 3_000;

/** Picks by a number from 0 to 1. */
const pick = <T>(from: readonly T[], at: number): T =>
  from[Math.min(from.length - 1, Math.floor(at * from.length))] as T;

type Tampering = (copy: Copy, a: number, b: number, repair: boolean) => void;

const chainOf = (copy: Copy, { 0: day, 1: chain }: Row | Head): Row[] =>
  copy.records
    .filter((row) => row[0] === day && row[1] === chain)
    .sort((x, y) => Number(x[2]) - Number(y[2]));

const removeRow = (copy: Copy, row: Row): void => void copy.records.splice(copy.records.indexOf(row), 1);

const renumber = (copy: Copy, of: Row): void => {
  for (const [index, row] of chainOf(copy, of).entries()) row[2] = index;
};

const repaired = (copy: Copy, of: Row, repair: boolean): void => {
  if (!repair) return;
  renumber(copy, of);
  rechain(copy, String(of[0]), String(of[1]));
};

const OTHER: Record<string, (value: string | number | null) => string | number | null> = {
  string: (value) => `${value}x`,
  number: (value) => Number(value) + 1,
  object: () => 'x',
};

const TAMPERINGS: Record<string, Tampering> = {
  change: (copy, a, b, repair) => {
    const row = pick(copy.records, a);
    // Not the place of the record: that is an exchange.
    // Digests that are made right again are no change.
    const column = 3 + Math.floor(b * (repair ? 22 : 24));
    row[column] = OTHER[typeof row[column]]?.(row[column] ?? null) ?? 'x';
    repaired(copy, row, repair);
  },
  drop: (copy, a, _b, repair) => {
    const row = pick(copy.records, a);
    removeRow(copy, row);
    repaired(copy, row, repair);
  },
  swap: (copy, a, b, repair) => {
    const row = pick(copy.records, a);
    const others = chainOf(copy, row).filter((each) => each !== row);
    const other = pick(others, b);
    [row[2], other[2]] = [other[2] as number, row[2] as number];
    if (repair) rechain(copy, String(row[0]), String(row[1]));
  },
  truncate: (copy, a, b, repair) => {
    const head = pick(copy.heads, a);
    const rows = chainOf(copy, head);
    for (const row of rows.slice(1 + Math.floor(b * (rows.length - 1)))) removeRow(copy, row);
    if (repair) rechain(copy, head[0], head[1]);
  },
  insert: (copy, a, b, repair) => {
    const row = pick(copy.records, a);
    const rows = chainOf(copy, row);
    const at = Math.floor(b * (rows.length + 1));
    for (const each of rows.slice(at)) each[2] = Number(each[2]) + 1;
    const forged = [...row];
    forged[2] = at;
    forged[6] = 'CB9999';
    copy.records.push(forged);
    if (repair) rechain(copy, String(row[0]), String(row[1]));
  },
  'replay a day': (copy, a, b, repair) => {
    const days = [...new Set(copy.heads.map(([day]) => day))];
    const to = pick(days, a);
    const from = pick(
      days.filter((day) => day !== to),
      b,
    );
    copy.records = copy.records.filter(([day]) => day !== to);
    copy.records.push(...copy.records.filter(([day]) => day === from).map((row) => [to, ...row.slice(1)]));
    const heads = copy.heads.filter(([day]) => day === from);
    copy.heads = copy.heads.filter(([day]) => day !== to);
    copy.heads.push(...heads.map(([, ...rest]): Head => [to, ...rest]));
    if (repair) for (const [, chain] of heads) rechain(copy, to, chain);
  },
  'drop a sealed day': (copy, a, _b, repair) => {
    const day = String(pick(copy.roots, a)[1]);
    copy.records = copy.records.filter((row) => row[0] !== day);
    copy.heads = copy.heads.filter((head) => head[0] !== day);
    // And its root, with the later ones counted anew.
    if (repair) {
      copy.roots = copy.roots.filter((root) => root[1] !== day);
      for (const [index, root] of copy.roots.entries()) root[0] = index + 1;
    }
  },
  'change a root': (copy, a, b) => {
    const root = pick(copy.roots, a);
    const column = Math.floor(b * 8);
    root[column] = OTHER[typeof root[column]]?.(root[column] ?? null) ?? 'x';
  },
  'change a head': (copy, a, b) => {
    const head = pick(copy.heads, a) as Row;
    const column = 2 + Math.floor(b * 3);
    head[column] = OTHER[typeof head[column]]?.(head[column] ?? null) ?? 'x';
  },
};

describe('random tamperings', () => {
  let place: StorePlace;
  let trail: TestTrail;
  let original: Copy;

  beforeAll(async () => {
    place = await (storeCases[0] as (typeof storeCases)[0]).place();
    trail = await aTrail(place, { days: 4, chains: ['p-1', 'p-2'], records: 5 });
    original = await copyOf(trail.query);
  }, 120_000);
  afterAll(async () => {
    await trail?.close();
    await place?.drop();
  });

  test('none · verified · nothing is found', async () => {
    const verified = await verifyTrail(queryOfCopy(structuredClone(original)), KEYS);
    expect(verified).toMatchObject({
      findings: [],
      unchecked: 0,
      unsealed: [],
      days: 4,
      roots: 3,
      chains: 8,
    });
    expect(verified.records).toBe(original.records.length);
    expect(await verifyTrail(trail.query, KEYS)).toEqual(verified);
  });

  test(`${RUNS} of every kind, digests made right again or not · all found`, async () => {
    const found: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(TAMPERINGS)),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.boolean(),
        async (kind, a, b, repair) => {
          const copy = structuredClone(original);
          TAMPERINGS[kind]?.(copy, a, b, repair);
          const { findings } = await verifyTrail(queryOfCopy(copy), KEYS);
          expect(findings.length, kind).toBeGreaterThan(0);
          found[kind] = (found[kind] ?? 0) + 1;
        },
      ),
      { numRuns: RUNS, seed: 20260609 },
    );
    expect(Object.keys(found).sort()).toEqual(Object.keys(TAMPERINGS).sort());
    for (const count of Object.values(found)) expect(count).toBeGreaterThan(100);
  }, 120_000);

  test('a changed record · verified · the first wrong one is named', async () => {
    const copy = structuredClone(original);
    const row = copy.records.find(
      (each) => each[0] === '2026-06-09' && each[1] === 'p-2' && each[2] === 3,
    ) as Row;
    row[6] = 'CB0007';
    const { findings } = await verifyTrail(queryOfCopy(copy), KEYS);
    expect(findings).toEqual([
      {
        day: '2026-06-09',
        chain: 'p-2',
        seq: 3,
        found: 'another content than its digest proves',
        expected: 'the record as it was written',
      },
    ]);
  });
});

describe.each(storeCases)('the database on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let trail: TestTrail;
  beforeAll(async () => {
    place = await makePlace();
    trail = await aTrail(place, { days: 2, chains: ['p-1'], records: 4 });
  }, 120_000);
  afterAll(async () => {
    await trail?.close();
    await place?.drop();
  });

  test.each([
    'update audit_records set actor = actor',
    'delete from audit_records',
    'truncate audit_records',
    'delete from audit_roots',
  ])('%s · run · refused', async (statement) => {
    await expect(sql.raw(statement).execute(trail.store.db)).rejects.toThrow(/append-only/);
  });

  test('the same records shipped twice · nothing changes', async () => {
    const before = await copyOf(trail.query);
    const [head] = before.heads as [Head];
    const records = before.records.filter((row) => row[0] === head[0]);
    await trail.query('store', [JSON.stringify(records), JSON.stringify([head.slice(0, 5)])]);
    expect(await copyOf(trail.query)).toEqual(before);
  });

  test('a record changed behind the triggers · verified · named', async () => {
    expect((await verifyTrail(trail.query, KEYS)).findings).toEqual([]);
    const { db } = trail.store;
    await sql.raw('alter table audit_records disable trigger audit_records_append_only').execute(db);
    await sql
      .raw(`update audit_records set outcome = 'NOT_FOUND' where seq = 2 and day = '2026-06-08'`)
      .execute(db);
    expect((await verifyTrail(trail.query, KEYS)).findings).toMatchObject([
      { day: '2026-06-08', chain: 'p-1', seq: 2 },
    ]);
  });
});
