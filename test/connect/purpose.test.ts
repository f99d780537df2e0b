// Personal data is fetched for a purpose only: below a dossier for that dossier, at a root field for the one that the caller
// states, and a field only for the procedures that its manifest names.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, type GraphQLSchema, parse, validate } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { bindSchema } from '../../src/connect/bind/bind-schema.ts';
import type { Refusals } from '../../src/connect/bind/field-gate.ts';
import { createPurposeGate, type PurposeRule } from '../../src/connect/bind/purpose.ts';
import { GatewayError, isGatewayError } from '../../src/errors.ts';
import { composeSchema } from '../../src/graph/compose.ts';
import { readCoreSchema } from '../../src/graph/core-schema.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aConnector, anAnswer } from './a-connector.ts';

const SDL = `
  type Query {
    patient(id: ID!): Patient @connect(source: "api" http: { GET: "/p/{$args.id}" } selection: "id name illness")
    beds: Beds @connect(source: "api" http: { GET: "/beds" } selection: "free")
  }
  type Beds { free: Int }
  type Patient @key(fields: "id")
    @connect(source: "api" http: { GET: "/by-key/{$this.id}" } selection: "id name illness")
    @connect(source: "api" http: { GET: "/dose/{$this.illness}" } selection: "id dose") {
    id: ID! name: String illness: String dose: String
    card: String @connect(source: "api" http: { GET: "/card/{$this.id}" } selection: "$.card")
    remark(purpose: String): String @connect(source: "api" http: { GET: "/remark/{$this.id}/{$args.purpose}" } selection: "$.card")
    advice: String @connect(source: "api" http: { GET: "/advice/{$this.illness}" } selection: "$.card")
  }
`;
const CORE = `
  extend type Query { ward(procedure: String): Ward }
  type Ward { patient: Patient }
  type Patient @key(fields: "id", resolvable: false) { id: ID! }
`;

let paths: string[];
beforeEach(() => {
  paths = [];
});

async function aWorld(rule: Omit<PurposeRule, 'fields'> & { fields?: Record<string, string[]> }) {
  const compiled = aConnector(SDL, { requiresPurpose: rule.required });
  const core = [...(await readCoreSchema()), { file: 'schema/ward.graphql', body: CORE }];
  const { document } = composeSchema(core, [compiled]);
  const schema: GraphQLSchema = makeExecutableSchema({
    typeDefs: document,
    resolvers: { Query: { ward: (_: unknown, args: object) => ({ ...args, patient: { id: '7' } }) } },
  });
  const send = async ({ path }: { path: string }) => {
    paths.push(path);
    return anAnswer({ id: '7', name: 'An', illness: 'flu', dose: '2', card: 'C7', free: 3 });
  };
  const purpose: PurposeRule = {
    required: rule.required,
    fields: new Map(Object.entries(rule.fields ?? {})),
  };
  bindSchema(
    schema,
    [{ compiled, bound: { id: 'test', send, perRequest: 4, config: {}, env: {}, purpose } }],
    { Ward: ({ procedure }: { procedure: string }) => ({ dossier: 'D1', procedure }) },
    async ({ dossier }) => {
      if (dossier.endsWith('0001')) return { dossier, procedure: '1.000001' };
      throw new GatewayError('BAD_USER_INPUT', {
        reason: { vi: 'không có', en: 'there is no such dossier' },
      });
    },
  );
  return async (query: string) => {
    const text = parse(query);
    const [invalid] = validate(schema, text);
    if (invalid !== undefined) return { data: undefined, codes: { '': invalid.message } };
    const contextValue = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer(),
      deadlineMs: 5000,
    });
    const { data, errors = [] } = await execute({ schema, document: text, contextValue });
    contextValue.dispose();
    const codes = errors.map(({ path, originalError }) => [
      path?.join('.'),
      isGatewayError(originalError) ? originalError.code : 'OTHER',
    ]);
    return { data: JSON.parse(JSON.stringify(data ?? null)), codes: Object.fromEntries(codes) };
  };
}

const SEEN = 'purpose: { dossier: "000.00.00.H26-200524-0001" }';
const HIDDEN = 'purpose: { dossier: "000.00.00.H26-200524-0002" }';

describe('a purpose that is required', () => {
  it('a root field · without a purpose · then refused before execution; every root field of the connector has the argument', async () => {
    const ask = await aWorld({ required: true });
    for (const field of ['patient(id: 7) { name }', 'beds { free }']) {
      expect((await ask(`{ ${field} }`)).codes).toEqual({ '': expect.stringContaining('PurposeInput!') });
    }
    expect(paths).toEqual([]);
  });

  it('a root field · for a dossier that the caller sees · then fetched; for another one · then refused, nothing fetched', async () => {
    const ask = await aWorld({ required: true });
    expect((await ask(`{ patient(id: 7 ${SEEN}) { name } }`)).data).toEqual({ patient: { name: 'An' } });
    paths = [];
    expect(await ask(`{ patient(id: 7 ${HIDDEN}) { name } }`)).toEqual({
      data: { patient: null },
      codes: { patient: 'BAD_USER_INPUT' },
    });
    expect(paths).toEqual([]);
  });

  it('below a dossier · then fetched for it; below anything else · then FORBIDDEN at the fields, nothing fetched', async () => {
    const ask = await aWorld({ required: true });
    expect((await ask('{ ward(procedure: "1.1") { patient { id name card } } }')).data).toEqual({
      ward: { patient: { id: '7', name: 'An', card: 'C7' } },
    });
    const other = await aWorld({ required: true });
    paths = [];
    expect(await other(`{ patient(id: 7 ${HIDDEN}) { card } }`)).toMatchObject({ data: { patient: null } });
    expect(paths).toEqual([]);
  });
});

describe('an argument named purpose', () => {
  it('of a field that is no root field · then an argument like any other', async () => {
    const ask = await aWorld({ required: true });
    expect((await ask('{ ward(procedure: "1.1") { patient { remark(purpose: "x") } } }')).data).toEqual({
      ward: { patient: { remark: 'C7' } },
    });
    expect(paths).toEqual(['/v1/remark/7/x']);
  });
});

describe('fields for some procedures', () => {
  const RULE = {
    required: true,
    fields: { 'Patient.illness': ['1.000001', '2.00*'], 'Patient.card': ['2.00*'] },
  };
  const query = (procedure: string) =>
    `{ ward(procedure: "${procedure}") { patient { name illness card } } }`;

  it('a procedure of all fields · by its prefix · then all of them', async () => {
    const ask = await aWorld(RULE);
    expect(await ask(query('2.001234'))).toEqual({
      data: { ward: { patient: { name: 'An', illness: 'flu', card: 'C7' } } },
      codes: {},
    });
  });

  it('another procedure · then FORBIDDEN at these fields, and nothing is fetched for them alone', async () => {
    const ask = await aWorld(RULE);
    expect(await ask(query('3.000001'))).toEqual({
      data: { ward: { patient: { name: 'An', illness: null, card: null } } },
      codes: { 'ward.patient.illness': 'FORBIDDEN', 'ward.patient.card': 'FORBIDDEN' },
    });
    expect(paths).toEqual(['/v1/by-key/7']);
    paths = [];
    await ask('{ ward(procedure: "3.000001") { patient { id illness card } } }');
    expect(paths).toEqual([]);
  });

  it('a field whose request reads a restricted field · then it is restricted, too, and nothing is fetched', async () => {
    const ask = await aWorld(RULE);
    expect(await ask('{ ward(procedure: "3.000001") { patient { id advice } } }')).toEqual({
      data: { ward: { patient: { id: '7', advice: null } } },
      codes: { 'ward.patient.advice': 'FORBIDDEN' },
    });
    expect(paths).toEqual([]);
    expect((await ask('{ ward(procedure: "2.000001") { patient { advice } } }')).data).toEqual({
      ward: { patient: { advice: 'C7' } },
    });
  });

  it('a field whose source is asked with a restricted field · then it is restricted, too, and nothing is fetched', async () => {
    const ask = await aWorld(RULE);
    expect(await ask('{ ward(procedure: "3.000001") { patient { id dose } } }')).toEqual({
      data: { ward: { patient: { id: '7', dose: null } } },
      codes: { 'ward.patient.dose': 'FORBIDDEN' },
    });
    expect(paths).toEqual([]);
    expect((await ask('{ ward(procedure: "2.000001") { patient { dose } } }')).data).toEqual({
      ward: { patient: { dose: '2' } },
    });
  });

  it('a root field · for restricted fields only · then refused as a whole, nothing fetched', async () => {
    const ask = await aWorld(RULE);
    expect(await ask(`{ patient(id: 7 ${SEEN}) { card } }`)).toEqual({
      data: { patient: null },
      codes: { patient: 'FORBIDDEN' },
    });
    expect(paths).toEqual([]);
  });

  it.each([
    [['1.000001'], { data: { beds: { free: 3 } }, codes: {} }],
    [['2.00*'], { data: { beds: null }, codes: { beds: 'FORBIDDEN' } }],
  ])('a field of a type without a key · for %j · then the same rule', async (codes, answer) => {
    const ask = await aWorld({ required: true, fields: { 'Beds.free': codes } });
    expect(await ask(`{ beds(${SEEN}) { free } }`)).toEqual(answer);
  });

  it('a field that two connectors restrict · then a purpose that both allow', () => {
    const rule = (codes: string[]) => ({ required: false, fields: new Map([['Patient.illness', codes]]) });
    const gate = createPurposeGate('Patient', [rule(['1.*', '2.*']), rule(['2.*', '3.*'])]);
    const refused = (procedure: string) =>
      gate?.refusals(['illness'], {}, { dossier: 'D1', procedure }, undefined as never) as Refusals;
    expect(['1.1', '2.1', '3.1'].map((procedure) => refused(procedure).size)).toEqual([1, 0, 1]);
  });

  it('a root field · for a dossier of some procedure · then the same rule', async () => {
    const ask = await aWorld(RULE);
    expect((await ask(`{ patient(id: 7 ${SEEN}) { name illness card } }`)).codes).toEqual({
      'patient.card': 'FORBIDDEN',
    });
  });
});
