// The main job on real input: the page query over the store and four systems, and everything else that can be asked.

import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CityDossier } from '../../src/city/contract.ts';
import { aConnectorsFolder, type ConnectorsFolder } from './a-connectors-folder.ts';
import { aGateway, type TestGateway } from './a-gateway.ts';
import { CONNECTORS, comparable, expectedCalls, expectedNodes, nodesOf } from './expected-page.ts';

let folder: ConnectorsFolder;
let gate: TestGateway;
beforeAll(async () => {
  // Limits that a busy machine cannot reach; everything else is as it is delivered.
  folder = await aConnectorsFolder({ attemptTimeoutMs: 30_000, maxWaitMs: 30_000 });
  gate = await aGateway({ connectorsDir: folder.path, args: ['--request-deadline-ms', '60000'] });
}, 120_000);
afterAll(async () => {
  await gate?.close();
  await folder?.remove();
});

const rows = (from: number, count: number): CityDossier[] => gate.city.dossiers.slice(from, from + count);

function first(test: (dossier: CityDossier) => boolean): CityDossier {
  const found = gate.city.dossiers.find(test);
  if (found === undefined) throw new Error('The city has no such dossier.');
  return found;
}

describe('the page query', () => {
  it('20 dossiers · requested · then every field of the store and the four systems is that of the city', async () => {
    const { status, data, errors } = await gate.page();
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(nodesOf(data)).toEqual(expectedNodes(gate.city, rows(0, 20)));
    expect(data.dossiers.pageInfo.hasNextPage).toBe(true);
    expect(data.dossiers.pageInfo.endCursor).toBe(data.dossiers.edges[19].cursor);
  });

  it('20 dossiers · requested · then at most 52 data calls, identical ones once', async () => {
    gate.resetCalls();
    const { extensions } = await gate.page();
    const calls = Object.fromEntries(CONNECTORS.map((id) => [id, gate.dataCalls(id)]));
    expect(calls).toEqual(expectedCalls(rows(0, 20)));
    expect(gate.dataCalls()).toBeLessThanOrEqual(52);
    // What the answer says of itself is what arrived.
    expect(Object.fromEntries((extensions?.sources ?? []).map((row) => [row.connector, row.calls]))).toEqual(
      calls,
    );
  });

  it('all healthy · requested · then a row for each connector', async () => {
    const { extensions } = await gate.page();
    expect(extensions?.sources?.map(({ connector }) => connector)).toEqual([...CONNECTORS]);
    for (const row of extensions?.sources ?? []) {
      expect(row).toMatchObject({
        status: 'OK',
        breaker: 'CLOSED',
        cacheHits: 0,
        ageMs: 0,
        retryAfterMs: null,
      });
      expect(row.durationMs).toBeGreaterThan(0);
    }
  });

  it('a page that repeats people and enterprises · requested · then identical look-ups are made once', async () => {
    const page = rows(0, 100);
    const calls = expectedCalls(page);
    expect(calls['business-registry']).toBeLessThan(page.filter(({ enterprise }) => enterprise).length);
    gate.resetCalls();
    const { data, errors, extensions } = await gate.page({ first: 100 });
    expect(errors).toBeUndefined();
    expect(nodesOf(data)).toEqual(expectedNodes(gate.city, page));
    expect(Object.fromEntries(CONNECTORS.map((id) => [id, gate.dataCalls(id)]))).toEqual(calls);
    const coalesced = extensions?.sources?.find(
      ({ connector }) => connector === 'business-registry',
    )?.coalesced;
    expect(coalesced).toBe(page.filter(({ enterprise }) => enterprise).length - calls['business-registry']);
  });

  it('pages in sequence · requested by endCursor · then together they are the list, without gap or repetition', async () => {
    const codes: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 3; page++) {
      const { data, errors } = await gate.page({ first: 7, after });
      expect(errors).toBeUndefined();
      codes.push(...data.dossiers.edges.map(({ node }: { node: { code: string } }) => node.code));
      after = data.dossiers.pageInfo.endCursor;
    }
    expect(codes).toEqual(rows(0, 21).map(({ code }) => code));
  });

  it('the last page · requested · then there is no next, and a page after it is empty', async () => {
    const list = `query ($after: String) { dossiers(first: 100, after: $after) {
      edges { node { code } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    let after: string | undefined;
    let seen = 0;
    for (;;) {
      const { data } = await gate.ask(list, { after });
      seen += data.dossiers.edges.length;
      after = data.dossiers.pageInfo.endCursor;
      if (!data.dossiers.pageInfo.hasNextPage) break;
    }
    expect(seen).toBe(5000);
    const { data } = await gate.ask(list, { after });
    expect(data.dossiers).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it('only store fields · requested · then no call and no sources', async () => {
    gate.resetCalls();
    const query = `{ dossiers { edges { node { code applicant { personalId declared { fullName } }
      business { code } payments { reference amount } deliveries { trackingCode orderedAt } events { at status } } } } }`;
    const { data, errors, extensions } = await gate.ask(query);
    expect(errors).toBeUndefined();
    expect(extensions).toBeUndefined();
    expect(gate.dataCalls()).toBe(0);
    expect(data.dossiers.edges[0].node.applicant).toEqual({
      personalId: rows(0, 1)[0]?.applicant.personalId,
      declared: { fullName: rows(0, 1)[0]?.applicant.fullName },
    });
  });
});

describe('forms of a request', () => {
  it('one dossier under three aliases · requested · then each look-up is made once, and all three are complete', async () => {
    const dossier = first(
      ({ enterprise, payments, deliveries }) => !!enterprise && !!payments[0] && !!deliveries[0],
    );
    gate.resetCalls();
    const { data, errors } = await gate.ask(
      `query ($code: DossierCode!) { a: dossier(code: $code) { ...Whole } b: dossier(code: $code) { ...Whole }
         c: dossier(code: $code) { owner: applicant { name: fullName } ...Whole } }
       fragment Whole on Dossier { applicant { fullName } business { name } payments { status }
         deliveries { status events { at } } }`,
      { code: dossier.code },
    );
    expect(errors).toBeUndefined();
    expect(data.a).toEqual(data.b);
    expect(data.c).toEqual({ owner: { name: dossier.applicant.fullName }, ...data.a });
    expect(data.a.business.name).toBe(dossier.enterprise?.name);
    expect(CONNECTORS.map((id) => gate.dataCalls(id))).toEqual([1, 1, 1, 2]);
  });

  it('aliases, inline and named fragments, @include and @skip · requested · then only selected fields are answered and called', async () => {
    gate.resetCalls();
    const { data, errors, extensions } = await gate.ask(
      `query ($no: Boolean!, $yes: Boolean = true) {
        list: dossiers(first: 4) { edges { node {
          ... on Dossier { number: code }
          who: applicant @skip(if: $no) { ...Name }
          business @include(if: $no) { name }
          paid: payments @include(if: $yes) { reference state: status }
        } } }
      }
      fragment Name on Citizen { ... { full: fullName } __typename }`,
      { no: false },
    );
    expect(errors).toBeUndefined();
    expect(data.list.edges.map(({ node }: { node: unknown }) => node)).toEqual(
      rows(0, 4).map((dossier) => ({
        number: dossier.code,
        who: { full: dossier.applicant.fullName, __typename: 'Citizen' },
        paid: dossier.payments.map(({ reference, status }) => ({ reference, state: status })),
      })),
    );
    expect(gate.dataCalls('business-registry')).toBe(0);
    expect(gate.dataCalls('postal')).toBe(0);
    expect(extensions?.sources?.find(({ connector }) => connector === 'business-registry')?.status).toBe(
      'SKIPPED',
    );
  });

  it('the same query many times · requested · then all answers are equal', async () => {
    const query = `query { dossiers(first: 3) { edges { node { code applicant { gender } business { name } } } } }`;
    const { data } = await gate.ask(query);
    for (let i = 0; i < 6; i++) expect((await gate.ask(query)).data).toEqual(data);
  });

  it('by GET · requested · then answered as by POST', async () => {
    const query = '{ dossiers(first: 2) { edges { node { code applicant { fullName } } } } }';
    const url = `${gate.report.graphqlUrl}?query=${encodeURIComponent(query)}`;
    const headers = { 'apollo-require-preflight': '1', authorization: await gate.authorization() };
    const response = await fetch(url, { headers });
    expect(((await response.json()) as { data: unknown }).data).toEqual((await gate.ask(query)).data);
  });
});

describe('dossier(code:)', () => {
  it('an existing code · requested · then that dossier with its history', async () => {
    const dossier = first(({ events }) => events.length > 4);
    const { data, errors } = await gate.ask(
      'query ($code: DossierCode!) { dossier(code: $code) { code dueAt events { at actor } } }',
      { code: dossier.code },
    );
    expect(errors).toBeUndefined();
    expect(comparable(data.dossier)).toEqual({
      code: dossier.code,
      dueAt: dossier.dueAt,
      events: dossier.events.map(({ at, actor }) => ({ at, actor })),
    });
  });

  it('an unknown code · requested · then null without an error', async () => {
    const { data, errors } = await gate.ask('{ dossier(code: "000.00.00.H26-200524-9999") { code } }');
    expect({ data, errors }).toEqual({ data: { dossier: null }, errors: undefined });
  });

  it('an invalid code · requested · then BAD_USER_INPUT', async () => {
    const { errors } = await gate.ask('query ($code: DossierCode!) { dossier(code: $code) { code } }', {
      code: 'x',
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('a person unknown to the population database · requested · then the fields of the store, nulls, and no error', async () => {
    const { code, applicant } = first((dossier) => dossier.applicant.unknownToPopulation);
    const { data, errors, extensions } = await gate.ask(
      `query ($code: DossierCode!) { dossier(code: $code) { applicant { personalId fullName gender
         birthDate { year } provenance { connector } } } }`,
      { code },
    );
    expect(errors).toBeUndefined();
    expect(data.dossier.applicant).toEqual({
      personalId: applicant.personalId,
      fullName: null,
      gender: null,
      birthDate: null,
      provenance: { connector: 'population' },
    });
    expect(extensions?.sources?.[0]).toMatchObject({ status: 'OK', calls: 1 });
  });

  it('an enterprise unknown to the registry · requested · then its code, nulls, and no error', async () => {
    const dossier = first(({ enterprise }) => enterprise?.unknownToRegistry === true);
    const { data, errors } = await gate.ask(
      'query ($code: DossierCode!) { dossier(code: $code) { business { code name representatives { fullName } } } }',
      { code: dossier.code },
    );
    expect(errors).toBeUndefined();
    expect(data.dossier.business).toEqual({
      code: dossier.enterprise?.code,
      name: null,
      representatives: null,
    });
  });

  it('people whose birth is recorded by year only · requested · then month and day are null', async () => {
    const { code, applicant } = first(
      (dossier) => dossier.applicant.birthDate.day === null && !dossier.applicant.unknownToPopulation,
    );
    const { data, errors } = await gate.ask(
      'query ($code: DossierCode!) { dossier(code: $code) { applicant { fullName birthDate { year month day } } } }',
      { code },
    );
    expect(errors).toBeUndefined();
    expect(data.dossier.applicant).toEqual({ fullName: applicant.fullName, birthDate: applicant.birthDate });
  });
});

describe('the rest of the store', () => {
  it('procedures · requested in pages · then all 200 by code', async () => {
    const codes: string[] = [];
    let after: string | undefined;
    do {
      const { data } = await gate.ask(
        `query ($after: String) { procedures(first: 80, after: $after) {
           edges { node { code name level fieldCode fieldName limitWorkingDays fee } }
           pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      codes.push(...data.procedures.edges.map(({ node }: { node: { code: string } }) => node.code));
      after = data.procedures.pageInfo.hasNextPage ? data.procedures.pageInfo.endCursor : undefined;
    } while (after !== undefined);
    expect(codes).toEqual(gate.city.procedures.map(({ code }) => code).sort());
  });

  it('procedure(code:) · requested · then every field', async () => {
    const procedure = gate.city.procedures[7];
    const { data } = await gate.ask(
      `query ($code: ProcedureCode!) { procedure(code: $code) { code name level fieldCode fieldName limitWorkingDays fee }
         none: procedure(code: "9.999999") { code } }`,
      { code: procedure?.code },
    );
    const { id: _id, ...fields } = procedure ?? {};
    expect(data).toEqual({ procedure: fields, none: null });
  });

  it('agencies · requested by level · then the tree of the city', async () => {
    const { data } = await gate.ask(
      '{ all: agencies { code } communes: agencies(level: COMMUNE) { code oldCode communeCode parent { code level } } }',
    );
    expect(data.all).toHaveLength(120);
    const communes = gate.city.agencies.filter(({ level }) => level === 'COMMUNE');
    expect(data.communes).toHaveLength(communes.length);
    const one = communes[3];
    const parent = gate.city.agencies.find(({ id }) => id === one?.parentId);
    expect(data.communes).toContainEqual({
      code: one?.code,
      oldCode: one?.oldCode,
      communeCode: one?.communeCode,
      parent: { code: parent?.code, level: parent?.level },
    });
  });

  it('connectors · requested in two languages · then four healthy ones with their titles', async () => {
    const query = '{ connectors { id title status breaker since message } }';
    const { data } = await gate.ask(query);
    expect(data.connectors.map(({ id }: { id: string }) => id).sort()).toEqual([...CONNECTORS].sort());
    for (const row of data.connectors) {
      expect(row).toMatchObject({ status: 'OK', breaker: 'CLOSED', message: null });
      expect(Date.parse(row.since)).toBeLessThanOrEqual(Date.now());
    }
    const vi = await gate.ask(query, {}, { 'accept-language': 'vi' });
    expect(vi.data.connectors.map(({ title }: { title: string }) => title)).toContain(
      'Cơ sở dữ liệu quốc gia về dân cư',
    );
  });
});

describe('wrong input', () => {
  it.each([
    ['first is 101', '{ dossiers(first: 101) { pageInfo { endCursor } } }', '101'],
    ['first is 0', '{ dossiers(first: 0) { pageInfo { endCursor } } }', '0'],
    ['an invalid cursor', '{ dossiers(after: "abc") { pageInfo { endCursor } } }', 'endCursor'],
    [
      'the cursor is of another list',
      '{ dossiers(after: "cDoxLjAwMDAwMQ") { pageInfo { endCursor } } }',
      'endCursor',
    ],
    ['procedures: first is 101', '{ procedures(first: 101) { pageInfo { endCursor } } }', '101'],
  ])('%s · requested · then BAD_USER_INPUT with what was expected', async (_name, query, says) => {
    const { data, errors, status } = await gate.ask(query);
    expect(data).toEqual(query.includes('procedures') ? null : { dossiers: null });
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fault: 'CALLER',
      retryable: false,
    });
    expect(errors?.[0]?.message).toContain(says);
  });
});

describe('the schema as clients see it', () => {
  it('introspected · then every type, field, argument and value is described', async () => {
    const { data, errors } = await gate.ask(`{ __schema { types { kind name description
      fields(includeDeprecated: true) { name description args { name description } }
      inputFields { name description } enumValues(includeDeprecated: true) { name description } } } }`);
    expect(errors).toBeUndefined();
    interface Named {
      readonly name: string;
      readonly description: string | null;
      readonly args?: Named[];
    }
    interface Type extends Named {
      readonly fields: Named[] | null;
      readonly inputFields: Named[] | null;
      readonly enumValues: Named[] | null;
    }
    const bare: string[] = [];
    const look = (where: string, element: Named) => {
      if (!element.description?.trim()) bare.push(where);
    };
    for (const type of data.__schema.types as Type[]) {
      if (type.name.startsWith('__')) continue;
      look(type.name, type);
      for (const member of [
        ...(type.fields ?? []),
        ...(type.inputFields ?? []),
        ...(type.enumValues ?? []),
      ]) {
        look(`${type.name}.${member.name}`, member);
        for (const arg of member.args ?? []) look(`${type.name}.${member.name}(${arg.name}:)`, arg);
      }
    }
    expect(bare).toEqual([]);
  });

  it('federation internals · requested · then they do not exist', async () => {
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
      const { errors } = await gate.ask(query);
      expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });
});

it("graphql-http's audits · run against the whole gateway · then no error", async () => {
  const failed: string[] = [];
  const authorization = await gate.authorization();
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization } });
  for (const audit of serverAudits({ url: gate.report.graphqlUrl, fetchFn })) {
    const result = await audit.fn();
    if (result.status === 'error') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
  }
  expect(failed).toEqual([]);
});
