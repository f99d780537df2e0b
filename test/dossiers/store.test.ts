// One suite, two stores: migrations, seed, pages and plans on PGlite and on PostgreSQL.
import fc from 'fast-check';
import type { DocumentNode, FieldNode, FragmentDefinitionNode } from 'graphql';
import { parse } from 'graphql';
import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import { readAnchor, seedIfEmpty } from '../../src/city/seed.ts';
import { type Catalogue, createCatalogue } from '../../src/dossiers/catalogue.ts';
import {
  createDossierStatements,
  DOSSIER_ROW,
  type DossierRow,
} from '../../src/dossiers/dossier-statements.ts';
import { isDossierCode, isEnterpriseCode, isPersonalId } from '../../src/dossiers/ids.ts';
import { purposeOfDossier } from '../../src/dossiers/nodes.ts';
import { createStoreResolvers, type StoreResolvers } from '../../src/dossiers/resolvers.ts';
import type { SelectionInfo } from '../../src/dossiers/selects.ts';
import { readCoreSchema } from '../../src/graph/core-schema.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { positionsOf, valueAt } from '../../src/store/json-rows.ts';
import { anOfficer } from '../request/an-identity.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';
import { type Explain, explainOn, PLAN_CACHE_MODES, touched } from './explained.ts';

/** An officer of the city sees every dossier. */
const request = { signal: new AbortController().signal, identity: anOfficer() };

const city = createCity({ anchor: '2026-11-20' });
const bySubmission = [...city.dossiers].sort((a, b) => b.submittedAt - a.submittedAt || b.id - a.id);

/** What a resolver is told of the root field of this document. */
function anInfo(document: string): SelectionInfo {
  const { definitions }: DocumentNode = parse(document);
  const [operation] = definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('first comes the operation');
  return {
    fieldNodes: [operation.selectionSet.selections[0] as FieldNode],
    fragments: Object.fromEntries(
      definitions
        .filter(
          (definition): definition is FragmentDefinitionNode => definition.kind === 'FragmentDefinition',
        )
        .map((fragment) => [fragment.name.value, fragment]),
    ),
  };
}

/** The fields of a type in the core schema, without those of connectors. */
const coreFields = (type: string): string[] =>
  core.flatMap((definition) =>
    definition.kind === 'ObjectTypeDefinition' && definition.name.value === type
      ? (definition.fields ?? []).map(({ name }) => name.value)
      : [],
  );
const core = (await readCoreSchema()).flatMap(({ body }) => parse(body).definitions);

const rowOnly = anInfo('{ dossiers { edges { node { code } } } }');
const everything = anInfo(
  '{ dossiers { edges { node { payments { reference } deliveries { trackingCode } events { at } } } } }',
);

const position = positionsOf(DOSSIER_ROW);
const nothing = { payments: false, deliveries: false, events: false };

describe.each(storeCases)('the store on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let store: Store;
  let catalogue: Catalogue;
  let resolvers: StoreResolvers;

  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
    const result = await seedIfEmpty(store, city);
    expect(result).toEqual({ seeded: true, anchor: '2026-11-20' });
    catalogue = await createCatalogue(store);
    resolvers = createStoreResolvers(store, catalogue);
  }, 180_000);

  afterAll(async () => {
    await store?.close();
    await place?.drop();
  });

  const page = (first: number, after: string | null, info = rowOnly) =>
    resolvers.Query.dossiers(null, { first, after }, request, info);

  describe('seed', () => {
    test('every table · counted · then what the city holds', async () => {
      const count = async (
        table: 'agencies' | 'procedures' | 'dossiers' | 'dossier_events' | 'payments' | 'deliveries',
      ) =>
        (await sql<{ n: number }>`select count(*)::integer as n from ${sql.table(table)}`.execute(store.db))
          .rows[0]?.n;
      expect(await count('agencies')).toBe(120);
      expect(await count('procedures')).toBe(200);
      expect(await count('dossiers')).toBe(5_000);
      expect(await count('dossier_events')).toBe(city.dossiers.flatMap((dossier) => dossier.events).length);
      expect(await count('payments')).toBe(city.payments.size);
      expect(await count('deliveries')).toBe(city.deliveries.size);
    });

    test('every id in it · checked · then right', async () => {
      const rows = await store.db
        .selectFrom('dossiers')
        .select(['code', 'applicant_id', 'enterprise_code', 'status'])
        .execute();
      expect(rows.filter((row) => !isDossierCode(row.code))).toEqual([]);
      expect(rows.filter((row) => !isPersonalId(row.applicant_id))).toEqual([]);
      expect(
        rows.filter((row) => row.enterprise_code !== null && !isEnterpriseCode(row.enterprise_code)),
      ).toEqual([]);
      expect(new Set(rows.map((row) => row.status)).size).toBe(10);
    });

    test('the foreign keys · after it · then all there and checked', async () => {
      const { rows } = await sql<{ of: string; valid: boolean }>`
        select conrelid::regclass::text as of, convalidated as valid from pg_constraint
        where contype = 'f' and connamespace = current_schema()::regnamespace order by 1`.execute(store.db);
      expect(rows.map(({ of }) => of)).toEqual([
        'agencies',
        'deliveries',
        'dossier_events',
        'dossiers',
        'dossiers',
        'payments',
        'procedure_agencies',
        'procedure_agencies',
      ]);
      expect(rows.every(({ valid }) => valid)).toBe(true);
      const orphan = {
        reference: 'X1',
        dossier_id: 9_999_999,
        amount: 1,
        started_at: '2026-11-20T00:00:00Z',
      };
      await expect(store.db.insertInto('payments').values(orphan).execute()).rejects.toMatchObject({
        code: '23503',
      });
    });

    test('a second time · then nothing is written and the anchor is the first', async () => {
      const other = createCity({ anchor: '2026-11-21', dossiers: 10 });
      expect(await seedIfEmpty(store, other)).toEqual({ seeded: false, anchor: '2026-11-20' });
      expect(await readAnchor(store)).toBe('2026-11-20');
    });

    test('a row of its own afterwards · inserted · then its id follows the seeded ones', async () => {
      const inserted = store.db
        .insertInto('procedures')
        .values({
          code: '9.999999',
          name: 'Thử',
          field_code: 'G03-GD10',
          field_name: 'Thử',
          level: 'FULL',
          limit_working_days: 1,
          fee: 0,
        })
        .returning('id');
      const { id } = await inserted.executeTakeFirstOrThrow();
      expect(id).toBe(201);
      await store.db.deleteFrom('procedures').where('id', '=', id).execute();
    });
  });

  describe('pages', () => {
    test('the newest page · with all fields · then the complete dossiers of the city', async () => {
      const { edges, pageInfo } = await page(20, null, everything);
      expect(pageInfo).toEqual({
        hasNextPage: true,
        hasPreviousPage: false,
        startCursor: edges[0]?.cursor,
        endCursor: edges[19]?.cursor,
      });
      for (const [i, { node }] of edges.entries()) {
        const dossier = bySubmission[i];
        if (dossier === undefined) throw new Error('the city has fewer dossiers than the page');
        const { birthDate } = dossier.applicant;
        expect(node.code).toBe(dossier.code);
        expect(Date.parse(node.submittedAt)).toBe(dossier.submittedAt);
        expect(Date.parse(node.dueAt)).toBe(dossier.dueAt);
        expect(node.receivedAt && Date.parse(node.receivedAt)).toBe(dossier.receivedAt);
        expect(node.applicant).toEqual({
          personalId: dossier.applicant.personalId,
          declared: {
            fullName: dossier.applicant.fullName,
            birthDate: { year: birthDate.year, month: birthDate.month, day: birthDate.day },
          },
        });
        expect(node.business).toEqual(dossier.enterprise && { code: dossier.enterprise.code });
        expect(node.procedure.code).toBe(city.procedures.find(({ id }) => id === dossier.procedureId)?.code);
        expect(node.agency.code).toBe(city.agencies.find(({ id }) => id === dossier.agencyId)?.code);
        expect(new Set(node.payments?.map(({ reference }) => reference))).toEqual(
          new Set(dossier.payments.map(({ reference }) => reference)),
        );
        expect(node.deliveries?.map(({ trackingCode }) => trackingCode).sort()).toEqual(
          dossier.deliveries.map(({ trackingCode }) => trackingCode).sort(),
        );
        expect(node.events).toHaveLength(dossier.events.length);
        expect(purposeOfDossier(node)).toEqual({ dossier: node.code, procedure: node.procedure.code });
      }
    });

    test('the objects of a page · compared with the SDL · then each field of the store is there', async () => {
      const { edges } = await page(100, null, everything);
      const dossiers = edges.map(({ node }) => node);
      const examples: Readonly<Record<string, object | undefined>> = {
        Dossier: dossiers[0],
        DossierEvent: dossiers[0]?.events?.[0],
        Payment: dossiers.flatMap(({ payments }) => payments ?? [])[0],
        Delivery: dossiers.flatMap(({ deliveries }) => deliveries ?? [])[0],
        Citizen: dossiers[0]?.applicant,
        DeclaredIdentity: dossiers[0]?.applicant.declared,
        PartialDate: dossiers[0]?.applicant.declared.birthDate,
        Business: dossiers.find(({ business }) => business !== null)?.business ?? undefined,
        Procedure: dossiers[0]?.procedure,
        Agency: dossiers[0]?.agency,
      };
      const fields = (type: string, example = {}): string[] =>
        Object.keys(example)
          // The row's id is in the cursor, and is no field.
          .filter((name) => type !== 'Dossier' || name !== 'id')
          .sort();
      for (const [type, example] of Object.entries(examples)) {
        expect([type, ...fields(type, example)]).toEqual([type, ...coreFields(type).sort()]);
      }
    });

    test('a document without payments, parcels and history · run · then none is loaded', async () => {
      const { edges } = await page(1, null);
      expect(edges[0]?.node).toMatchObject({ payments: undefined, deliveries: undefined, events: undefined });
    });

    test('any page sizes · followed to the end · then every dossier once, in order', async () => {
      const codes = bySubmission.map(({ code }) => code);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }),
          async (sizes) => {
            const seen: string[] = [];
            let after: string | null = null;
            // Small pages all the way would be thousands: their turn comes, then the rest in pages of 100.
            for (let i = 0; ; i++) {
              const { edges, pageInfo } = await page(sizes[i] ?? 100, after);
              seen.push(...edges.map(({ node }) => node.code));
              expect(pageInfo.hasPreviousPage).toBe(i > 0);
              if (!pageInfo.hasNextPage) break;
              after = pageInfo.endCursor;
            }
            expect(seen).toEqual(codes);
          },
        ),
        { numRuns: 6 },
      );
    }, 60_000);

    test('many dossiers with equal times · paged · then none is lost between pages', async () => {
      const rollback = new Error('rollback');
      const run = store.db.transaction().execute(async (tx) => {
        await tx
          .updateTable('dossiers')
          .set({ submitted_at: '2026-10-01T03:00:00.123Z' })
          .where('id', '<=', 500)
          .execute();
        const seen = new Set<number>();
        const { firstPage, nextPage } = createDossierStatements(store.db)('ALL', nothing);
        let at: [string, number] | null = null;
        for (;;) {
          const { sql: text } = at === null ? firstPage : nextPage;
          const values: unknown[] = at === null ? [37] : [37, ...at];
          const { rows } = await tx.executeQuery<{ dossiers: DossierRow[] | null }>(
            CompiledQuery.raw(text, values),
          );
          const dossiers: DossierRow[] = rows[0]?.dossiers ?? [];
          for (const dossier of dossiers) {
            const id = valueAt(dossier, position.id);
            expect(seen.has(id)).toBe(false);
            seen.add(id);
          }
          const last = dossiers[dossiers.length - 1];
          if (last === undefined) break;
          at = [valueAt(last, position.submitted_at), valueAt(last, position.id)];
        }
        expect(seen.size).toBe(5_000);
        throw rollback;
      });
      await expect(run).rejects.toBe(rollback);
    });

    test('a page after the end · requested · then empty', async () => {
      const last = bySubmission[bySubmission.length - 1];
      let after: string | null = null;
      for (;;) {
        const { edges, pageInfo } = await page(100, after);
        after = pageInfo.endCursor;
        if (edges[edges.length - 1]?.node.code === last?.code) break;
      }
      expect(await page(20, after, everything)).toEqual({
        edges: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
      });
    });

    test.each([0, 101, -1, 1.5])(
      'first %s · requested · then BAD_USER_INPUT with the reason',
      async (first) => {
        await expect(page(first, null)).rejects.toMatchObject({
          code: 'BAD_USER_INPUT',
          reason: {
            vi: expect.stringContaining('từ 1 đến 100'),
            en: expect.stringContaining('from 1 to 100'),
          },
        });
      },
    );

    test('no first · requested · then 20', async () => {
      expect((await resolvers.Query.dossiers(null, {}, request, rowOnly)).edges).toHaveLength(20);
    });
  });

  describe('plans', () => {
    const onOneConnection = (mode: string, use: (plan: Explain) => Promise<void>) =>
      explainOn(store, mode, use);

    test.each(PLAN_CACHE_MODES)(
      'a page of 20 · planned with %s · then 21 rows are touched, off the index',
      async (mode) => {
        const { firstPage, nextPage } = createDossierStatements(store.db)('ALL', nothing);
        const middle = bySubmission[2_500];
        if (middle === undefined) throw new Error('the city has 5,000 dossiers');
        const at = new Date(middle.submittedAt).toISOString();
        await onOneConnection(mode, async (plan) => {
          for (const nodes of [
            await plan('first_page', firstPage.sql, '21'),
            await plan('next_page', nextPage.sql, `21, '${at}', ${middle.id}`),
          ]) {
            const kinds = nodes.map((node) => node['Node Type']).filter((kind) => kind !== 'Subquery Scan');
            expect(kinds).toEqual(['Aggregate', 'Limit', 'Index Scan']);
            expect(nodes[nodes.length - 1]?.['Index Name']).toBe('dossiers_newest');
            expect(touched(nodes, 'dossiers')).toBe(21);
          }
        });
      },
    );

    test('one dossier by code · planned · then one row is read', async () => {
      const { byCode } = createDossierStatements(store.db)('ALL', nothing);
      await onOneConnection('auto', async (plan) => {
        const nodes = await plan('by_code', byCode.sql, `'${bySubmission[7]?.code}'`);
        expect(touched(nodes, 'dossiers')).toBe(1);
        expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
      });
    });

    test.each(PLAN_CACHE_MODES)(
      'a page with payments, parcels and history · planned with %s · then only theirs are touched',
      async (mode) => {
        const { firstPage } = createDossierStatements(store.db)('ALL', {
          payments: true,
          deliveries: true,
          events: true,
        });
        const dossiers = bySubmission.slice(0, 21);
        await onOneConnection(mode, async (plan) => {
          const nodes = await plan('whole_page', firstPage.sql, '21');
          expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
          expect(touched(nodes, 'dossiers')).toBe(21);
          // PostgreSQL 15 rounds the mean over the loops to a whole number; 18 gives hundredths.
          const near = (table: string, expected: number) =>
            expect(Math.abs(touched(nodes, table) - expected)).toBeLessThanOrEqual(21 * 0.5);
          near('payments', dossiers.flatMap((dossier) => dossier.payments).length);
          near('deliveries', dossiers.flatMap((dossier) => dossier.deliveries).length);
          near('dossier_events', dossiers.flatMap((dossier) => dossier.events).length);
        });
      },
    );
  });

  describe('one dossier, procedures, agencies', () => {
    const one = anInfo('{ dossier(code: "x") { payments { reference } } }');

    test('a dossier by code · requested · then that dossier, with the selected fields', async () => {
      const dossier = city.dossiers.find(({ payments }) => payments.length > 0);
      const node = await resolvers.Query.dossier(null, { code: dossier?.code ?? '' }, request, one);
      expect(node?.code).toBe(dossier?.code);
      expect(node?.payments?.[0]).toEqual({
        reference: dossier?.payments[0]?.reference,
        amount: dossier?.payments[0]?.amount,
        currency: 'VND',
        startedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/),
      });
      expect(node?.events).toBeUndefined();
    });

    test('an unknown code · requested · then null', async () => {
      const code = '000.00.00.H26-200524-0001';
      expect(await resolvers.Query.dossier(null, { code }, request, one)).toBeNull();
    });

    test('procedures · paged · then all, by code, each once', () => {
      const codes: string[] = [];
      let after: string | null = null;
      do {
        const { edges, pageInfo } = resolvers.Query.procedures(null, { first: 33, after }, request, one);
        codes.push(...edges.map(({ node }) => node.code));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
      expect(codes).toEqual(city.procedures.map(({ code }) => code).sort());
      expect(() => resolvers.Query.procedures(null, { after: 'x' }, request, one)).toThrow();
    });

    test('a procedure by code · with or without the agency · then that procedure', () => {
      const known = city.procedures[3];
      const ask = (code: string) => resolvers.Query.procedure(null, { code }, request, one);
      expect(ask(known?.code ?? '')).toMatchObject({ name: known?.name, fee: known?.fee });
      expect(ask(`${known?.code}.000.00.00.H26`)).toMatchObject({ name: known?.name });
      expect(ask('9.000000')).toBeNull();
    });

    test('agencies · listed · then a tree from the city down, by Vietnamese name', () => {
      const agencies = resolvers.Query.agencies(null, {}, request, one);
      expect(agencies).toHaveLength(120);
      expect(agencies[0]).toMatchObject({ level: 'CITY', parent: null });
      expect(agencies.slice(1).every(({ parent }) => parent !== null)).toBe(true);
      const communes = resolvers.Query.agencies(null, { level: 'COMMUNE' }, request, one).map(
        ({ name }) => name,
      );
      const { compare } = new Intl.Collator('vi', { numeric: true });
      expect(communes).toEqual([...communes].sort(compare));
      expect(communes.length).toBe(city.agencies.filter(({ level }) => level === 'COMMUNE').length);
    });
  });

  describe('the catalogue', () => {
    test('a dossier of a procedure that is newer than the catalogue · requested · then the catalogue is read again', async () => {
      const dossier = bySubmission[0];
      await store.db
        .insertInto('procedures')
        .values({
          id: 900,
          code: '9.000900',
          name: 'Thủ tục mới',
          field_code: 'G03-GD10',
          field_name: 'Thử',
          level: 'FULL',
          limit_working_days: 1,
          fee: 0,
        })
        .execute();
      await store.db
        .updateTable('dossiers')
        .set({ procedure_id: 900 })
        .where('id', '=', dossier?.id ?? 0)
        .execute();
      const { edges } = await page(1, null);
      expect(edges[0]?.node.procedure.code).toBe('9.000900');
      await store.db
        .updateTable('dossiers')
        .set({ procedure_id: dossier?.procedureId ?? 0 })
        .where('id', '=', dossier?.id ?? 0)
        .execute();
      await store.db.deleteFrom('procedures').where('id', '=', 900).execute();
      await catalogue.reload();
    });

    test('a minute later · requested · then answered at once, and read again in the background', async () => {
      let now = 0;
      const aged = await createCatalogue(store, { now: () => now });
      const before = aged.current();
      now = 60_000;
      expect(aged.current()).toBe(before);
      now = 60_001;
      expect(aged.current()).toBe(before);
      // Joins the reading that has begun.
      const after = await aged.reload();
      expect(after).not.toBe(before);
      expect(aged.current()).toBe(after);
    });
  });
});
