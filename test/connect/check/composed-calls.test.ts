import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkComposedCalls } from '../../../src/connect/check/composed-calls.ts';
import { formatDiagnostic } from '../../../src/diagnostic.ts';
import { aConnector } from '../a-connector.ts';

const CITIZEN = `type Citizen @connect(
  source: "api", http: { GET: "/citizens/{$this.id}" }, selection: "id name"
) { id: ID! name: String }`;
const BATCHED = `type Citizen @connect(
  source: "api", http: { POST: "/citizens", body: "ids: $batch.id" }, selection: "$.items { id name }"
) { id: ID! name: String }`;

const UNIFIED = buildSchema(`
  type Query { dossier(code: ID!): Dossier dossiers(first: Int = 20, region: String!): Page search: [Hit] }
  type Page { edges: [Edge!]! }
  type Edge { node: Dossier! }
  type Dossier { code: ID! applicant: Citizen! heirs: [Citizen!]! }
  union Hit = Dossier | Office
  type Office { head: Citizen }
  type Citizen { id: ID! name: String }
`);

describe('calls per element in the composed schema', () => {
  it('an entity of single calls below lists · checked · the smallest query and its worst cost', () => {
    const findings = checkComposedCalls(UNIFIED, [aConnector(CITIZEN)]);
    expect(findings.map(formatDiagnostic).join('\n')).toMatchInlineSnapshot(`
      "connectors/test/schema.graphql:6:14 warning CallPerElement Citizen: Citizen is fetched with one call per object: a list of N costs N calls.
        found:    { dossier(code: …) { heirs { name } } } costs up to 100 calls (100 elements per list)
        expected: one call for many objects: $batch.id in the request and batch: { maxSize: … }
        way out:  Use an endpoint of the system that takes many keys. If the system has no such endpoint, keep the connector: equal calls within a request are made once, and limits.perRequest bounds how many run at a time."
    `);
  });

  it('a way through connections only · checked · page size and lists multiply', () => {
    const unified = buildSchema(`
      type Query { dossiers(first: Int = 20, region: String!): Page }
      type Page { edges: [Edge!]! } type Edge { node: Dossier! }
      type Dossier { applicants: [Citizen!]! } type Citizen { id: ID! name: String }
    `);
    expect(checkComposedCalls(unified, [aConnector(CITIZEN)])[0]?.found).toBe(
      '{ dossiers(first: 100, region: …) { edges { node { applicants { name } } } } } costs up to 10,000 calls (100 elements per list)',
    );
  });

  it('a way through a union · checked · with the type that it takes', () => {
    const unified = buildSchema(`
      type Query { search: [Hit] } union Hit = Person | Office
      type Person { name: String } type Office { head: Citizen } type Citizen { id: ID! name: String }
    `);
    expect(checkComposedCalls(unified, [aConnector(CITIZEN)])[0]?.found).toContain(
      '{ search { ... on Office { head { name } } } }',
    );
  });

  it('an entity with a batch, or without a list above it · checked · silent', () => {
    expect(checkComposedCalls(UNIFIED, [aConnector(BATCHED)])).toEqual([]);
    const single = buildSchema('type Query { me: Citizen } type Citizen { id: ID! name: String }');
    expect(checkComposedCalls(single, [aConnector(CITIZEN)])).toEqual([]);
  });
});
