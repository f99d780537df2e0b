// What a caller may ask, field by field, before anything is fetched.

import { makeExecutableSchema } from '@graphql-tools/schema';
import { type ExecutionResult, parse } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { isGatewayError } from '../../../src/errors.ts';
import { createAccess } from '../../../src/graph/access/access.ts';
import { readRequirements } from '../../../src/graph/access/requirements.ts';
import { createPlan } from '../../../src/graph/plan.ts';
import type { Identity } from '../../../src/request/identity/identity.ts';
import { anIdentity, anOfficer } from '../../request/an-identity.ts';

const SUBGRAPH = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@authenticated", { name: "@requiresScopes", as: "@scopes" }, "@policy"
  ])
  type Query {
    open: String
    me: String @authenticated
    read: String @scopes(scopes: [["a", "b"], ["c"]])
    steer: String @policy(policies: [["role:operator"]])
    person: Person
    people: [Person!]
    secret: Secret
    thing: Thing
    code: Code
  }
  type Person {
    id: String!
    name: String
    names: [String!]
    born: Day
    gender: String
    illness: String
    card: Card
  }
  type Day { year: Int month: Int day: Int }
  type Card { number: String level: String @authenticated }
  type Secret @authenticated { value: String }
  interface Thing { label: String @policy(policies: [["role:auditor"]]) }
  type Chair implements Thing { label: String legs: Int }
  scalar Code @scopes(scopes: [["codes"]])
`;

const document = parse(SUBGRAPH);
const CLASSES = {
  at: new Map([
    ['Person.id', { classification: 'personal', mask: 'id' }],
    ['Person.name', { classification: 'personal', mask: 'initials' }],
    ['Person.names', { classification: 'personal', mask: 'initials' }],
    ['Person.born', { classification: 'personal', mask: 'year' }],
    ['Person.gender', { classification: 'personal' }],
    ['Person.illness', { classification: 'sensitive', mask: 'initials' }],
    ['Card.number', { classification: 'internal' }],
  ] as const),
  lookUps: new Set(['Query.people']),
};

/** Coordinates of the fields that were resolved. */
let resolved: string[];
beforeEach(() => {
  resolved = [];
});

const PERSON = {
  id: '001099001267',
  name: 'Nguyễn Văn  An',
  names: ['Nguyễn An', 'Lê'],
  born: { year: 1999, month: 4, day: 1 },
  gender: 'MALE',
  illness: 'none',
  card: { number: '77', level: 'gold' },
};
const VALUES: Readonly<Record<string, unknown>> = {
  open: 'o',
  me: 'm',
  read: 'r',
  steer: 's',
  person: PERSON,
  people: [PERSON],
  secret: { value: 'v' },
  thing: { __typename: 'Chair', label: 'l', legs: 4 },
  code: 'c',
};

const schema = makeExecutableSchema({
  typeDefs: SUBGRAPH.replace(/ @(authenticated|scopes|policy)(\([^)]*\))?/g, '').replace(
    /extend schema[^)]*\)/,
    '',
  ),
  resolvers: {
    Query: Object.fromEntries(
      Object.entries(VALUES).map(([name, value]) => [
        name,
        () => {
          resolved.push(name);
          return value;
        },
      ]),
    ),
  },
});

const access = createAccess(readRequirements([document]), CLASSES);

async function ask(
  query: string,
  identity: Identity,
): Promise<{ data: unknown; codes: Record<string, string> }> {
  const plan = createPlan(parse(query), null, { schema, connectorsAt: () => [] });
  const { data, errors = [] }: ExecutionResult = await plan.run({}, {}, access.viewFor(identity));
  const codes = errors.map(({ path, originalError }) => [
    path?.join('.') ?? '',
    isGatewayError(originalError) ? originalError.code : 'OTHER',
  ]);
  return { data, codes: Object.fromEntries(codes) };
}

const ANYBODY = anIdentity({ kind: 'anonymous' });
const CITIZEN = anIdentity({ kind: 'citizen', personalId: '001099001267' });
const ENTERPRISE = anIdentity({ kind: 'enterprise', code: '0100109106', personalId: null });
const VIEWER = anIdentity({ kind: 'officer', officer: 'CB2', agency: 'H26' });
const OPERATOR = anIdentity({ kind: 'staff', name: 'op' }, ['operator']);
const machine = (...scopes: string[]) =>
  anIdentity({ kind: 'machine', client: 'm', agency: null }, [], scopes);

describe('requirements', () => {
  it.each<[string, Identity, string | undefined]>([
    ['open', ANYBODY, undefined],
    ['me', ANYBODY, 'UNAUTHENTICATED'],
    ['me', CITIZEN, undefined],
    ['read', ANYBODY, 'UNAUTHENTICATED'],
    ['read', machine('a'), 'FORBIDDEN'],
    ['read', machine('a', 'b'), undefined],
    ['read', machine('c', 'x'), undefined],
    ['steer', ANYBODY, 'UNAUTHENTICATED'],
    ['steer', CITIZEN, 'FORBIDDEN'],
    ['steer', OPERATOR, undefined],
    ['code', machine('a'), 'FORBIDDEN'],
    ['code', machine('codes'), undefined],
    ['secret { value }', ANYBODY, 'UNAUTHENTICATED'],
    ['secret { value }', CITIZEN, undefined],
  ])(
    '%s · asked by a caller · then the code, and nothing is resolved where there is one',
    async (field, by, code) => {
      const name = field.split(' ')[0] ?? '';
      const { data, codes } = await ask(`{ open ${field} }`, by);
      expect(codes).toEqual(code === undefined ? {} : { [name]: code });
      expect(resolved.includes(name)).toBe(code === undefined);
      expect(data).toMatchObject({ open: 'o' });
    },
  );

  it('a field of an interface · asked through it or its type · then the requirement of the interface holds', async () => {
    for (const field of ['thing { label }', 'thing { ... on Chair { label } }']) {
      expect((await ask(`{ ${field} }`, CITIZEN)).codes).toEqual({ 'thing.label': 'FORBIDDEN' });
    }
    expect((await ask('{ thing { ... on Chair { legs } } }', CITIZEN)).data).toEqual({ thing: { legs: 4 } });
  });

  it('an alias or a fragment · names a refused field · then it is refused all the same', async () => {
    const query = '{ a: steer ...F } fragment F on Query { b: steer ... on Query { steer } }';
    const { data, codes } = await ask(query, CITIZEN);
    expect(data).toEqual({ a: null, b: null, steer: null });
    expect(codes).toEqual({ a: 'FORBIDDEN', b: 'FORBIDDEN', steer: 'FORBIDDEN' });
    expect(resolved).toEqual([]);
  });

  it('two callers in turns · one plan of the document · then each has its own answer', async () => {
    for (let run = 0; run < 3; run++) {
      expect((await ask('{ steer }', OPERATOR)).data).toEqual({ steer: 's' });
      expect((await ask('{ steer }', CITIZEN)).data).toEqual({ steer: null });
    }
  });
});

describe('all or nothing', () => {
  const refusals = (query: string, by: Identity) =>
    createPlan(parse(query), null, { schema, connectorsAt: () => [] })
      .refusedFields(access.viewFor(by))
      .map(({ originalError, locations }) => [
        isGatewayError(originalError) ? originalError.code : 'OTHER',
        locations?.[0]?.column,
      ]);

  it('refused fields · below fragments, aliases and conditions · then one error per field of the schema, with its place', () => {
    const query =
      '{ a: steer steer thing { ...L } person @skip(if: true) { illness } } fragment L on Thing { label }';
    const columnOf = (text: string) => query.indexOf(text) + 1;
    expect(refusals(query, VIEWER)).toEqual(
      ['a: steer', 'illness', 'label'].map((text) => ['FORBIDDEN', columnOf(text)]),
    );
    expect(refusals('{ open person { name } }', VIEWER)).toEqual([]);
  });
});

describe('classes', () => {
  const PERSON_QUERY = '{ person { id name names born { year month day } gender illness card { number } } }';

  it('a handler and a citizen · ask · then everything', async () => {
    for (const by of [anOfficer(), CITIZEN]) {
      const { data, codes } = await ask(PERSON_QUERY, by);
      expect(codes).toEqual({});
      expect(data).toEqual({ person: { ...PERSON, card: { number: '77' } } });
    }
  });

  it('an enterprise, an officer who handles nothing, a program without the scope · ask · then masked values, and refusals where there is no mask', async () => {
    for (const by of [ENTERPRISE, VIEWER, machine()]) {
      const { data, codes } = await ask(PERSON_QUERY, by);
      expect(data).toEqual({
        person: {
          id: '0010*****67',
          name: 'N. V. A.',
          names: ['N. A.', 'L.'],
          born: { year: 1999, month: null, day: null },
          gender: null,
          illness: null,
          card: { number: '77' },
        },
      });
      expect(codes).toEqual({ 'person.gender': 'FORBIDDEN', 'person.illness': 'FORBIDDEN' });
    }
  });

  it('a program · with the scopes · then personal data, and sensitive data for its own scope only', async () => {
    expect((await ask(PERSON_QUERY, machine('personal:read'))).codes).toEqual({
      'person.illness': 'FORBIDDEN',
    });
    expect((await ask(PERSON_QUERY, machine('personal:read', 'sensitive:read'))).codes).toEqual({});
  });

  it('staff and the anonymous · ask · then no personal value in any form', async () => {
    const { codes } = await ask('{ person { name illness card { number } } }', OPERATOR);
    expect(codes).toEqual({ 'person.name': 'FORBIDDEN', 'person.illness': 'FORBIDDEN' });
    expect((await ask('{ person { name card { number } } }', ANYBODY)).codes).toEqual({
      'person.name': 'UNAUTHENTICATED',
      'person.card.number': 'UNAUTHENTICATED',
    });
  });

  it('a look-up at a root field · by others than handlers and programs with the scope · then refused', async () => {
    for (const by of [ANYBODY, CITIZEN, ENTERPRISE, VIEWER, OPERATOR, machine()]) {
      expect((await ask('{ people { card { level } } }', by)).data).toEqual({ people: null });
    }
    expect(resolved).toEqual([]);
    for (const by of [anOfficer(), machine('personal:read')]) {
      expect((await ask('{ people { card { level } } }', by)).codes).toEqual({});
    }
  });
});
