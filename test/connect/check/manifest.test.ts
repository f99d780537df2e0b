import { describe, expect, it } from 'vitest';
import { checkAgainstManifest, type ManifestFacts } from '../../../src/connect/check/manifest.ts';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { formatDiagnostic } from '../../../src/diagnostic.ts';

const FACTS: ManifestFacts = { hosts: [], fields: {}, classification: 'internal', isPersonal: false };

function find(sdl: string, facts: Partial<ManifestFacts>, source = SOURCE) {
  const text = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external"])
    @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
    ${source}
  ${sdl}`;
  const schema = readConnectorSchema(text, 'connectors/people/schema.graphql');
  return checkAgainstManifest({ schema }, { ...FACTS, ...facts });
}

const SOURCE = '@source(name: "people", http: { baseURL: "https://people.example.com/v1" })';
const CITIZEN = `
  type Citizen @connect(source: "people", http: { GET: "/{$this.id}" }, selection: "id name home { street } job { title }") {
    id: ID! name: String home: Home job: Job provenance: Provenance elsewhere: String @external
  }
  type Home { street: String }
  type Job { title: String }
`;

describe('hosts', () => {
  it.each([
    ['listed', { hosts: ['people.example.com'] }],
    ['listed with its usual port', { hosts: ['people.example.com:443'] }],
    ['covered by a domain', { hosts: ['*.example.com'] }],
    ['the host of the manifest itself', { baseUrl: 'https://people.example.com/other' }],
  ])('a host that is %s · checked · silent', (_name, facts) => {
    expect(find(CITIZEN, facts)).toEqual([]);
  });

  it('a host from a setting · checked · silent: it is the manifest’s own', () => {
    expect(find(CITIZEN, {}, '@source(name: "people", http: { baseURL: "{$config.baseUrl}/v1" })')).toEqual(
      [],
    );
    expect(
      find(CITIZEN, {}, '@source(name: "people", http: { baseURL: "https://{$config.tenant}.example.com" })'),
    ).toEqual([]);
  });

  it('a domain · does not cover · another that ends alike', () => {
    const source = '@source(name: "people", http: { baseURL: "https://badexample.com" })';
    expect(find(CITIZEN, { hosts: ['*.example.com'] }, source).map((finding) => finding.code)).toEqual([
      'HostNotListed',
    ]);
  });

  it('hosts that are not listed · of a source and of a connector · named with the way out', () => {
    const sdl = `${CITIZEN} type Query { count: Int @connect(http: { GET: "http://other.example.com:8080/count" }, selection: "$") }`;
    expect(
      find(sdl, { hosts: ['elsewhere.example.com'] })
        .map(formatDiagnostic)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "connectors/people/schema.graphql:4:46 HostNotListed @source(name: "people"): The connector calls a host that its manifest does not list.
        found:    people.example.com
        expected: one of elsewhere.example.com
        way out:  Add "people.example.com" to source.hosts in connector.yaml, or use the base URL of the manifest: {$config.baseUrl}.
      connectors/people/schema.graphql:11:48 HostNotListed Query.count: The connector calls a host that its manifest does not list.
        found:    other.example.com:8080
        expected: one of elsewhere.example.com
        way out:  Add "other.example.com:8080" to source.hosts in connector.yaml, or use the base URL of the manifest: {$config.baseUrl}."
    `);
  });
});

describe('personal fields', () => {
  const hosts = ['people.example.com'];

  it.each(['public', 'internal'] as const)('%s data · checked · needs no rules', (classification) => {
    expect(find(CITIZEN, { hosts, classification })).toEqual([]);
  });

  it('personal data · with a rule for each field or what it stands in · silent', () => {
    const fields = {
      'Citizen.id': 'personal',
      'Citizen.name': 'personal',
      'Citizen.home': 'personal',
      'Job.title': 'public',
    };
    expect(
      find(CITIZEN, { hosts, fields, subject: 'Citizen.id', classification: 'personal', isPersonal: true }),
    ).toEqual([]);
  });

  it('personal data · with fields that have no rule · each named', () => {
    const found = find(CITIZEN, {
      hosts,
      fields: { 'Citizen.id': 'personal' },
      subject: 'Citizen.id',
      classification: 'sensitive',
      isPersonal: true,
    });
    expect(found.map((finding) => [finding.code, finding.coordinate])).toEqual([
      ['PersonalFieldWithoutRule', 'Citizen.name'],
      ['PersonalFieldWithoutRule', 'Home.street'],
      ['PersonalFieldWithoutRule', 'Job.title'],
    ]);
    expect(formatDiagnostic(found[0] as never)).toMatchInlineSnapshot(`
      "connectors/people/schema.graphql:7:13 PersonalFieldWithoutRule Citizen.name: The data is sensitive, and the manifest has no rule for the field.
        found:    no Citizen.name in data.fields
        expected: Citizen.name: personal (or another rule) in data.fields of connector.yaml
        way out:  Add the rule; a rule for a field of an object type covers the fields of the object."
    `);
  });

  it('personal data · without its subject, or with one that does not exist · refused', () => {
    const codes = (subject?: string) =>
      find(CITIZEN, {
        hosts,
        subject,
        fields: {
          'Citizen.id': 'personal',
          'Citizen.name': 'personal',
          'Citizen.home': 'personal',
          'Job.title': 'public',
        },
        classification: 'personal',
        isPersonal: true,
      }).map(({ code, found }) => [code, found]);
    expect(codes()).toEqual([['SubjectMissing', 'no data.subject']]);
    expect(codes('Citizen.nmae')).toEqual([['SubjectUnknown', 'Citizen.nmae']]);
  });

  it('a field with the basis consent · checked · its object must say whose consent is needed', () => {
    const found = (consentFields: string[], subject?: string) =>
      find(CITIZEN, { hosts, subject, consentFields }).map(({ code, coordinate }) => [code, coordinate]);
    expect(found(['Citizen.name', 'Citizen.home'], 'Citizen.id')).toEqual([]);
    for (const [field, subject] of [
      ['Job.title', 'Citizen.id'],
      ['Citizen.id', 'Citizen.id'],
      ['Citizen.name', undefined],
    ] as const) {
      expect(found([field], subject)).toEqual([['ConsentWithoutSubject', `data.fields.${field}`]]);
    }
    const [finding] = find(CITIZEN, { hosts, subject: 'Citizen.id', consentFields: ['Job.title'] });
    expect(formatDiagnostic(finding as never)).toMatchInlineSnapshot(`
      "connectors/people/connector.yaml ConsentWithoutSubject data.fields.Job.title: The field needs the consent of a person, and its object does not say of whom.
        found:    Job.title
        expected: a field of Citizen other than Citizen.id
        way out:  Put the rule on a field of the type of data.subject: it covers everything below the field."
    `);
  });

  it('a rule for a field that does not exist · checked · refused, since it protects nothing', () => {
    const found = find(CITIZEN, { hosts, fields: { 'Citizen.nmae': 'personal' } });
    expect(found.map(formatDiagnostic).join('\n')).toMatchInlineSnapshot(`
      "connectors/people/connector.yaml ManifestFieldUnknown data.fields.Citizen.nmae: A rule of the manifest names a field that the schema does not define, so it protects nothing.
        found:    Citizen.nmae
        expected: a field of schema.graphql, as Type.field
        way out:  Correct the name, or remove the rule."
    `);
  });
});
