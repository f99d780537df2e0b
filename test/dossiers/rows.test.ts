// Who sees which dossiers, on PGlite and on PostgreSQL: against a filter in JavaScript over the whole city, page by page, and by
// the plans of the statements.

import { type DocumentNode, type FieldNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCity } from '../../src/city/city.ts';
import type { CityDossier } from '../../src/city/contract.ts';
import { seedIfEmpty } from '../../src/city/seed.ts';
import { createCatalogue } from '../../src/dossiers/catalogue.ts';
import { createDossierStatements } from '../../src/dossiers/dossier-statements.ts';
import { createStoreResolvers, type StoreResolvers } from '../../src/dossiers/resolvers.ts';
import { type Reader, rowScopeOf } from '../../src/dossiers/row-scope.ts';
import type { SelectionInfo } from '../../src/dossiers/selects.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { type StorePlace, storeCases } from '../store/each-store.ts';
import { explainOn, PLAN_CACHE_MODES, touched } from './explained.ts';

const city = createCity({ anchor: '2026-11-20' });
const newestFirst = [...city.dossiers].sort((a, b) => b.submittedAt - a.submittedAt || b.id - a.id);

const infoOf = (text: string): SelectionInfo => {
  const [operation] = (parse(text) as DocumentNode).definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('an operation');
  return { fieldNodes: [operation.selectionSet.selections[0] as FieldNode], fragments: {} };
};
const PAGE = infoOf('{ dossiers { edges { node { code } } } }');
const ONE = infoOf('{ dossier { code } }');

const agencyOf = (id: number) =>
  city.agencies.find((agency) => agency.id === id) as (typeof city.agencies)[0];
const found = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('the city has one');
  return value;
};

const filedForAnother = found(city.dossiers.find(({ submittedBy }) => submittedBy !== null));
const ofEnterprise = found(city.dossiers.find(({ enterprise }) => enterprise !== null));
const commune = agencyOf(
  found(city.dossiers.find(({ agencyId }) => agencyOf(agencyId).level === 'COMMUNE')).agencyId,
);
const participant = found(
  city.participants.find(({ procedureId, agencyId }) =>
    city.dossiers.some((dossier) => dossier.procedureId === procedureId && dossier.agencyId !== agencyId),
  ),
);
const proceduresOf = (agencyId: number): Set<number> =>
  new Set(
    city.participants.filter((each) => each.agencyId === agencyId).map(({ procedureId }) => procedureId),
  );

interface Case {
  readonly name: string;
  readonly reader: Reader;
  readonly sees: (dossier: CityDossier) => boolean;
}

const filer = found(filedForAnother.submittedBy);
const CASES: readonly Case[] = [
  { name: 'an officer of the city', reader: { kind: 'officer', agency: 'H26' }, sees: () => true },
  {
    name: 'an officer of a commune',
    reader: { kind: 'officer', agency: commune.code },
    sees: ({ agencyId, procedureId }) => agencyId === commune.id || proceduresOf(commune.id).has(procedureId),
  },
  {
    name: 'an officer of a department that takes part in procedures of others',
    reader: { kind: 'officer', agency: agencyOf(participant.agencyId).code },
    sees: ({ agencyId, procedureId }) =>
      agencyId === participant.agencyId || proceduresOf(participant.agencyId).has(procedureId),
  },
  {
    name: 'a program of a commune',
    reader: { kind: 'machine', agency: commune.code },
    sees: ({ agencyId, procedureId }) => agencyId === commune.id || proceduresOf(commune.id).has(procedureId),
  },
  {
    name: 'a citizen who filed for another',
    reader: { kind: 'citizen', personalId: filer.personalId },
    sees: ({ applicant, submittedBy }) => applicant === filer || submittedBy === filer,
  },
  {
    name: 'a citizen for whom another filed',
    reader: { kind: 'citizen', personalId: filedForAnother.applicant.personalId },
    sees: ({ applicant, submittedBy }) =>
      applicant === filedForAnother.applicant || submittedBy === filedForAnother.applicant,
  },
  {
    name: 'an enterprise',
    reader: { kind: 'enterprise', code: found(ofEnterprise.enterprise).code },
    sees: ({ enterprise }) => enterprise === ofEnterprise.enterprise,
  },
  {
    name: 'a citizen without dossiers',
    reader: { kind: 'citizen', personalId: '001099000000' },
    sees: () => false,
  },
  { name: 'an officer of no known agency', reader: { kind: 'officer', agency: 'H99' }, sees: () => false },
  { name: 'a program of no agency', reader: { kind: 'machine', agency: null }, sees: () => false },
  { name: 'staff', reader: { kind: 'staff' }, sees: () => false },
  { name: 'anybody', reader: { kind: 'anonymous' }, sees: () => false },
];

describe.each(storeCases)('rows on $kind', ({ place: makePlace }) => {
  let place: StorePlace;
  let store: Store;
  let resolvers: StoreResolvers;
  let catalogue: Awaited<ReturnType<typeof createCatalogue>>;

  beforeAll(async () => {
    place = await makePlace();
    store = await openStore(place.options);
    await seedIfEmpty(store, city);
    catalogue = await createCatalogue(store);
    resolvers = createStoreResolvers(store, catalogue);
  }, 180_000);
  afterAll(async () => {
    await store?.close();
    await place?.drop();
  });

  const requestOf = (reader: Reader) => ({
    signal: new AbortController().signal,
    identity: { actor: reader },
  });

  it.each(CASES)(
    '$name · pages through all dossiers · then exactly those to be seen, in order',
    async ({ reader, sees }) => {
      const expected = newestFirst.filter(sees).map(({ code }) => code);
      const seen: string[] = [];
      let after: string | null = null;
      // All dossiers of the city would take 50 pages.
      for (let round = 0; round < 6; round++) {
        const { edges, pageInfo } = await resolvers.Query.dossiers(
          null,
          { first: round === 0 ? 7 : 100, after },
          requestOf(reader),
          PAGE,
        );
        seen.push(...edges.map(({ node }) => node.code));
        after = pageInfo.endCursor;
        expect(pageInfo.hasNextPage).toBe(seen.length < expected.length);
        if (!pageInfo.hasNextPage) break;
      }
      expect(seen).toEqual(expected.slice(0, seen.length));
      expect(seen.length).toBe(Math.min(expected.length, 507));
    },
  );

  it.each(CASES)(
    '$name · asks for single dossiers · then those to be seen, and null for others as for none',
    async ({ reader, sees }) => {
      const visible = newestFirst.find(sees);
      const hidden = newestFirst.find((dossier) => !sees(dossier));
      const ask = (code: string) => resolvers.Query.dossier(null, { code }, requestOf(reader), ONE);
      if (visible !== undefined) expect((await ask(visible.code))?.code).toBe(visible.code);
      if (hidden !== undefined) expect(await ask(hidden.code)).toBeNull();
      expect(await ask('000.00.00.H26-200101-0001')).toBeNull();
    },
  );

  it.each(PLAN_CACHE_MODES)(
    'a page of each scope · planned with %s · then the work is bounded by the page and not by the table',
    async (mode) => {
      await explainOn(store, mode, async (plan) => {
        for (const { reader } of CASES) {
          const scope = rowScopeOf(reader, catalogue.current());
          if (scope === undefined) continue;
          const { firstPage } = createDossierStatements(store.db)(scope.kind, {
            payments: false,
            deliveries: false,
            events: false,
          });
          const args = [...scope.parameters.map((value) => `'${value}'`), '21'].join(', ');
          const nodes = await plan('scoped', firstPage.sql, args);
          // One index scan for each agency and procedure of the scope, of at most a page.
          const ways = Math.max(1, scope.parameters.join(',').split(',').length);
          expect(touched(nodes, 'dossiers')).toBeLessThanOrEqual(21 * (ways + 1));
          const scans = nodes.filter((node) => node['Relation Name'] === 'dossiers');
          expect(scans.map((node) => node['Node Type'])).not.toContain('Seq Scan');
        }
      });
    },
  );
});
