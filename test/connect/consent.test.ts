// A field with the basis `consent` is fetched only where the person has agreed, and nothing is asked with its value otherwise: by
// every way to the field, with one look-up of consents for all persons of a request.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { bindSchema } from '../../src/connect/bind/bind-schema.ts';
import type { GivenConsent, ReadConsents } from '../../src/connect/bind/consent.ts';
import { GatewayError, isGatewayError } from '../../src/errors.ts';
import { composeSchema } from '../../src/graph/compose.ts';
import { readCoreSchema } from '../../src/graph/core-schema.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aConnector, anAnswer } from './a-connector.ts';

// `illness` and `card` need consent; `report` is asked for with the illness, `dose` with the illness as its key.
const SDL = `
  type Query {
    patient(id: ID!): Patient @connect(source: "api" http: { GET: "/p/{$args.id}" } selection: "id name illness")
    found(text: String): [Patient] @connect(source: "api" http: { GET: "/found" } selection: "$.all { id name illness }")
    admit(id: ID!): Boolean @connect(source: "api" http: { GET: "/admit" } selection: "$.free")
  }
  type Mutation {
    treat(id: ID!): Patient @connect(source: "api" http: { POST: "/treat/{$args.id}" } selection: "id name illness")
  }
  type Patient @key(fields: "id")
    @connect(source: "api" http: { GET: "/by-key/{$this.id}" } selection: "id name illness")
    @connect(source: "api" http: { GET: "/dose/{$this.illness}" } selection: "id dose") {
    id: ID! name: String illness: String dose: String
    card: String @connect(source: "api" http: { GET: "/card/{$this.id}" } selection: "$.card")
    stamp: String @connect(source: "api" http: { GET: "/stamp/{$this.card}" } selection: "$.report")
    report: String @connect(source: "api" http: { GET: "/report/{$this.illness}" } selection: "$.report")
  }
`;
const CORE = `
  extend type Query { ward(procedure: String, ids: [ID!] = ["7"]): Ward }
  type Ward { patients: [Patient] }
  type Patient @key(fields: "id", resolvable: false) { id: ID! }
`;
const RULE = { type: 'Patient', subject: 'id', fields: new Set(['illness', 'card']) };
const ALL = ['Patient.illness', 'Patient.card'];

let paths: string[];
let asked: (readonly string[])[];
beforeEach(() => {
  paths = [];
  asked = [];
});

type Given = Readonly<
  Record<string, readonly Partial<Omit<GivenConsent, 'fields'> & { fields: string[] }>[]>
>;

/** @param given by person, each with the defaults: the connector, every procedure, every field */
async function aWorld(given: Given | Error, { withRule = true } = {}) {
  const compiled = aConnector(SDL);
  const core = [...(await readCoreSchema()), { file: 'schema/ward.graphql', body: CORE }];
  const { document } = composeSchema(core, [compiled]);
  const schema: GraphQLSchema = makeExecutableSchema({
    typeDefs: document,
    resolvers: {
      Query: {
        ward: (_: unknown, args: { ids: string[] }) => ({
          ...args,
          patients: args.ids.map((id) => ({ id })),
        }),
      },
    },
  });
  const send = async ({ path }: { path: string }) => {
    paths.push(path.replace('/v1', ''));
    const record = { id: '7', name: 'An', illness: 'flu', dose: '2', card: 'C7', report: 'R', free: true };
    return anAnswer({ ...record, all: [record, { ...record, id: '8' }] });
  };
  const read: ReadConsents = async (subjects) => {
    asked.push(subjects);
    if (given instanceof Error) throw given;
    return subjects.map((subject) =>
      (given[subject] ?? []).map(({ connector = 'test', procedure = null, fields = ALL }) => ({
        connector,
        procedure,
        fields: new Set(fields),
      })),
    );
  };
  const consent = withRule ? RULE : undefined;
  bindSchema(
    schema,
    [{ compiled, bound: { id: 'test', send, perRequest: 4, config: {}, env: {}, consent } }],
    { Ward: ({ procedure }: { procedure: string }) => ({ dossier: 'D1', procedure }) },
    undefined,
    read,
  );
  return async (query: string) => {
    const contextValue = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer(),
      deadlineMs: 5000,
    });
    const { data, errors = [] } = await execute({ schema, document: parse(query), contextValue });
    contextValue.dispose();
    const codes = errors.map(({ path, originalError }) => [
      path?.join('.'),
      isGatewayError(originalError) ? originalError.code : String(originalError),
    ]);
    return { data: JSON.parse(JSON.stringify(data ?? null)), codes: Object.fromEntries(codes) };
  };
}

const YES: Given = { '7': [{}] };
const page = (fields: string, procedure = '1.000001') =>
  `{ ward(procedure: "${procedure}") { patients { ${fields} } } }`;
const patient = ({ data }: { data: { ward: { patients: unknown[] } } }) => data.ward.patients[0];
const at = (name: string) => `ward.patients.0.${name}`;

describe('an entity', () => {
  it('with consent · then everything is fetched', async () => {
    const ask = await aWorld(YES);
    const answer = await ask(page('name illness card report dose'));
    expect(answer.codes).toEqual({});
    expect(patient(answer)).toEqual({ name: 'An', illness: 'flu', card: 'C7', report: 'R', dose: '2' });
  });

  it.each([
    [YES, {}, ['/card/7', '/stamp/C7']],
    [{}, { [at('stamp')]: 'FORBIDDEN' }, []],
  ])(
    'a field that reads one with its own @connect · then that one is fetched first, with consent only',
    async (given, codes, calls) => {
      const ask = await aWorld(given);
      expect((await ask(page('stamp'))).codes).toEqual(codes);
      expect(paths).toEqual(calls);
    },
  );

  it('without · then FORBIDDEN at these fields, the rest is fetched', async () => {
    const ask = await aWorld({});
    const answer = await ask(page('name illness card'));
    expect(patient(answer)).toEqual({ name: 'An', illness: null, card: null });
    expect(answer.codes).toEqual({ [at('illness')]: 'FORBIDDEN', [at('card')]: 'FORBIDDEN' });
    expect(paths).toEqual(['/by-key/7']);
  });

  it.each(['illness card', 'id illness card', 'illness provenance { freshness }', '__typename illness'])(
    'without · asked for %s only · then nothing is fetched',
    async (fields) => {
      const ask = await aWorld({});
      const { codes } = await ask(page(fields));
      expect(codes[at('illness')]).toBe('FORBIDDEN');
      expect(paths).toEqual([]);
    },
  );

  it('without · fields that are asked for with the protected value · then not asked either', async () => {
    const ask = await aWorld({});
    const answer = await ask(page('name report dose'));
    expect(patient(answer)).toEqual({ name: 'An', report: null, dose: null });
    expect(answer.codes).toEqual({ [at('report')]: 'FORBIDDEN', [at('dose')]: 'FORBIDDEN' });
    expect(paths).toEqual(['/by-key/7']);
  });

  it('of two persons, one of whom agreed · then one answer each, and one look-up of consents', async () => {
    const ask = await aWorld(YES);
    const { data, codes } = await ask('{ ward(ids: ["7", "8", "7"]) { patients { id illness card } } }');
    expect(data.ward.patients).toEqual([
      { id: '7', illness: 'flu', card: 'C7' },
      { id: '8', illness: null, card: null },
      { id: '7', illness: 'flu', card: 'C7' },
    ]);
    expect(Object.keys(codes)).toEqual(['ward.patients.1.illness', 'ward.patients.1.card']);
    expect(asked).toEqual([['7', '8']]);
    expect(paths.filter((path) => path.endsWith('/8'))).toEqual([]);
  });

  it.each<[string, Given, string]>([
    ['another connector', { '7': [{ connector: 'other' }] }, '1.000001'],
    ['another procedure', { '7': [{ procedure: '2.000002' }] }, '1.000001'],
    ['fields without this one', { '7': [{ fields: ['Patient.card'] }] }, '1.000001'],
    ['another person', { '8': [{}] }, '1.000001'],
  ])('with a consent to %s · then FORBIDDEN', async (_name, given, procedure) => {
    const ask = await aWorld(given);
    expect((await ask(page('illness', procedure))).codes).toEqual({ [at('illness')]: 'FORBIDDEN' });
    expect(paths).toEqual([]);
  });

  it('with a consent for its procedure · then fetched', async () => {
    const ask = await aWorld({ '7': [{ procedure: '2.000002' }] });
    expect(patient(await ask(page('illness', '2.000002')))).toEqual({ illness: 'flu' });
  });

  it('while consents cannot be read · then their error at these fields, the rest is fetched', async () => {
    const ask = await aWorld(new GatewayError('STORE_UNAVAILABLE'));
    const answer = await ask(page('name illness card'));
    expect(patient(answer)).toEqual({ name: 'An', illness: null, card: null });
    expect(answer.codes).toEqual({
      [at('illness')]: 'STORE_UNAVAILABLE',
      [at('card')]: 'STORE_UNAVAILABLE',
    });
    expect(paths).toEqual(['/by-key/7']);
  });

  it('whose protected fields are not asked for · then consents are not read', async () => {
    const ask = await aWorld({});
    expect(patient(await ask(page('id name')))).toEqual({ id: '7', name: 'An' });
    expect(asked).toEqual([]);
  });

  it('of a connector that asks for no consent · then consents are not read, fields have no guard', async () => {
    const ask = await aWorld({}, { withRule: false });
    expect(patient(await ask(page('illness card')))).toEqual({ illness: 'flu', card: 'C7' });
    expect(asked).toEqual([]);
  });
});

describe('a root field', () => {
  it('of one person, for protected fields only · without consent · then refused as a whole, nothing fetched', async () => {
    const ask = await aWorld({});
    expect(await ask('{ patient(id: 7) { illness card } }')).toEqual({
      data: { patient: null },
      codes: { patient: 'FORBIDDEN' },
    });
    expect(paths).toEqual([]);
  });

  it('of one person · without consent · then the rest; with consent · then all', async () => {
    const without = await aWorld({});
    expect(await without('{ patient(id: 7) { name illness card } }')).toEqual({
      data: { patient: { name: 'An', illness: null, card: null } },
      codes: { 'patient.illness': 'FORBIDDEN', 'patient.card': 'FORBIDDEN' },
    });
    const ask = await aWorld(YES);
    expect((await ask('{ patient(id: 7) { name illness card } }')).data).toEqual({
      patient: { name: 'An', illness: 'flu', card: 'C7' },
    });
  });

  it('that finds several · then by the person of each', async () => {
    const ask = await aWorld(YES);
    const { data } = await ask('{ found { id illness } }');
    expect(data.found).toEqual([
      { id: '7', illness: 'flu' },
      { id: '8', illness: null },
    ]);
    expect(asked).toEqual([['7', '8']]);
  });

  it('that changes something · without consent · then made, and the value withheld', async () => {
    const ask = await aWorld({});
    expect(await ask('mutation { treat(id: 7) { illness } }')).toEqual({
      data: { treat: { illness: null } },
      codes: { 'treat.illness': 'FORBIDDEN' },
    });
    expect(paths).toEqual(['/treat/7']);
  });
});

it('a field that is known from elsewhere · of an object that no connector completes · then guarded as well', async () => {
  const compiled = aConnector(`
    type Query { latest: Note @connect(source: "api" http: { GET: "/latest" } selection: "id text") }
    type Note { id: ID text: String }
  `);
  const schema = makeExecutableSchema({
    typeDefs: composeSchema(await readCoreSchema(), [compiled]).document,
  });
  const consent = { type: 'Note', subject: 'id', fields: new Set(['text']) };
  const send = async () => anAnswer({ id: '7', text: 'secret' });
  bindSchema(
    schema,
    [{ compiled, bound: { id: 'test', send, perRequest: 4, config: {}, env: {}, consent } }],
    {},
  );
  const contextValue = createRequestContext({
    requestId: 'r1',
    locale: 'en',
    identity: anOfficer(),
    deadlineMs: 5000,
  });
  const { data, errors } = await execute({ schema, document: parse('{ latest { id text } }'), contextValue });
  contextValue.dispose();
  expect(JSON.parse(JSON.stringify(data))).toEqual({ latest: { id: '7', text: null } });
  expect(errors?.map(({ originalError }) => (originalError as GatewayError).code)).toEqual(['FORBIDDEN']);
});
