// What a connector may not do to the gateway's own schema and to other connectors, and what it may: each case is one connector,
// composed with the real schema of the gateway and, where it says so, with the shipped connector of the population database.

import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledConnector, compileConnector } from '../../../src/connect/compile-connector.ts';
import { readConnectorSchema } from '../../../src/connect/read/read-schema.ts';
import { type Diagnostic, DiagnosticsError } from '../../../src/diagnostic.ts';
import { type Composed, composeSchema, type SchemaFile } from '../../../src/graph/compose.ts';
import { readCoreSchema } from '../../../src/graph/core-schema.ts';
import { readConnectorFolder } from '../../../src/manifest/read-folder.ts';

let core: readonly SchemaFile[];
let population: CompiledConnector;

beforeAll(async () => {
  core = await readCoreSchema();
  const { manifest, schema } = await readConnectorFolder('connectors/population');
  const config = { ...manifest.config, baseUrl: 'http://127.0.0.1:9' };
  population = compileConnector(schema, { id: 'population', config, env: {}, shares: manifest.shares });
});

const KEY = '@key(fields: "personalId declared { fullName birthDate { year month day } }")';
const IMPORTS =
  '"@key" "@shareable" "@override" "@inaccessible" "@tag" "@provides" "@external" "@requires" "@extends" "@composeDirective" "@authenticated" "@requiresScopes" "@policy" "@cost" "@listSize"';
const CALL = (selection: string) =>
  `@connect(source: "api" http: { GET: "/p/{$this.personalId}" } selection: "${selection}")`;
/** The parts of a citizen's key, as the gateway declares them. */
const PARTS = `
  type DeclaredIdentity @shareable { fullName: String! birthDate: PartialDate! }
  type PartialDate @shareable { year: Int! month: Int day: Int }
  scalar PersonalId`;
const citizen = (fields: string, selection: string, directives = '', key = KEY) =>
  `type Citizen ${key} ${directives} ${CALL(`personalId: number declared: $this.declared { fullName birthDate { year month day } } ${selection}`)} {
     personalId: PersonalId! declared: DeclaredIdentity! ${fields} } ${PARTS}`;
const root = (field: string, more = '') =>
  `type Query { ${field} @connect(source: "api" http: { GET: "/x" } selection: "$.x") } ${more}`;

interface ConnectorOptions {
  readonly id?: string;
  readonly links?: string;
  readonly shares?: Record<string, readonly string[]>;
}

function connector(
  sdl: string,
  { id = 'newcomer', links, shares = {} }: ConnectorOptions = {},
): CompiledConnector {
  const text = `extend schema
    ${links ?? `@link(url: "https://specs.apollo.dev/federation/v2.9", import: [${IMPORTS}])`}
    @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
    @source(name: "api", http: { baseURL: "http://127.0.0.1:9" })
  ${sdl}`;
  const schema = readConnectorSchema(text, `connectors/${id}/schema.graphql`);
  return compileConnector(schema, { id, config: {}, env: {}, shares });
}

function refusals(...connectors: readonly CompiledConnector[]): readonly Diagnostic[] {
  try {
    composeSchema(core, connectors);
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  return [];
}

/** A finding names both owners, where both stand, what was found, what was expected and the way out. */
function expectRefusal(
  findings: readonly Diagnostic[],
  coordinate: string,
  ...owners: readonly RegExp[]
): void {
  expect(findings.map((finding) => finding.coordinate)).toEqual([coordinate]);
  const [finding] = findings as readonly [Diagnostic];
  expect(finding).toMatchObject({
    file: 'connectors/newcomer/schema.graphql',
    line: expect.any(Number),
    found: expect.stringMatching(/./),
    expected: expect.stringMatching(/./),
    wayOut: expect.stringMatching(/\.$/),
  });
  expect(finding.message).toContain('newcomer');
  for (const owner of owners) expect(finding.message).toMatch(owner);
}

const GATEWAY = /the gateway \(schema\/[a-z-]+\.graphql:\d+\)/;
const POPULATION = /connector population \(connectors\/population\/schema\.graphql:\d+\)/;

describe('what the gateway owns', () => {
  const page = (pageInfo: string) =>
    root('things: Things', `type Things { pageInfo: PageInfo } ${pageInfo}`).replace(
      '$.x',
      '$.x { pageInfo { hasNextPage endCursor } }',
    );
  it.each<[string, string, string, ConnectorOptions?]>([
    [
      'a nullable field of a shared type',
      page('type PageInfo @shareable { hasNextPage: Boolean endCursor: String }'),
      'PageInfo.hasNextPage',
    ],
    [
      'a new field of a shared type',
      page('type PageInfo @shareable { hasNextPage: Boolean endCursor: String total: Int }').replace(
        'endCursor } }',
        'endCursor total } }',
      ),
      'PageInfo.total',
    ],
    [
      '@inaccessible on a field of the key',
      citizen('age: Int', 'age').replace('personalId: PersonalId!', 'personalId: PersonalId! @inaccessible'),
      'Citizen.personalId',
    ],
    [
      '@inaccessible on a part of the key',
      citizen('age: Int', 'age').replace('{ year: Int!', '{ year: Int! @inaccessible'),
      'PartialDate.year',
    ],
    ['@inaccessible on a type', citizen('age: Int', 'age', '@inaccessible'), 'Citizen'],
    [
      '@inaccessible on a scalar',
      citizen('age: Int', 'age').replace('scalar PersonalId', 'scalar PersonalId @inaccessible'),
      'PersonalId',
    ],
    ['@tag on a type', citizen('age: Int', 'age', '@tag(name: "internal")'), 'Citizen'],
    [
      '@tag on a field',
      citizen('age: Int', 'age').replace(
        'personalId: PersonalId!',
        'personalId: PersonalId! @tag(name: "x")',
      ),
      'Citizen.personalId',
    ],
    [
      '@policy on a field of the key',
      citizen('age: Int', 'age').replace(
        'personalId: PersonalId!',
        'personalId: PersonalId! @policy(policies: [["dossiers:read"]])',
      ),
      'Citizen.personalId',
    ],
    ['@authenticated on a type', citizen('age: Int', 'age', '@authenticated'), 'Citizen'],
    ['@requiresScopes on a type', citizen('age: Int', 'age', '@requiresScopes(scopes: [["a"]])'), 'Citizen'],
    [
      '@cost on a scalar',
      citizen('age: Int', 'age').replace('scalar PersonalId', 'scalar PersonalId @cost(weight: 1)'),
      'PersonalId',
    ],
    [
      '@deprecated on a field of the key',
      citizen('age: Int', 'age').replace(
        'personalId: PersonalId!',
        'personalId: PersonalId! @deprecated(reason: "no")',
      ),
      'Citizen.personalId',
    ],
    [
      '@override of a root field',
      root('dossier(code: String): Int @override(from: "dossiers")'),
      'Query.dossier',
    ],
    [
      '@override under another name',
      root('dossier(code: String): Int @harmless(from: "dossiers")'),
      'Query.dossier',
      {
        links:
          '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", { name: "@override", as: "@harmless" }])',
      },
    ],
    [
      '@override with a prefix',
      root('dossier(code: String): Int @fed__override(from: "dossiers")'),
      'Query.dossier',
      { links: '@link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed", import: ["@key"])' },
    ],
    ['a second root field', root('agencies: [Int]'), 'Query.agencies'],
    [
      'a second root field of a renamed root',
      `schema { query: Reads } ${root('agencies: [Int]').replace('type Query', 'type Reads')}`,
      'Query.agencies',
    ],
    [
      'a mutation',
      root(
        'x: Int',
        'type Mutation { setConnectorGate(id: ID): Int @connect(source: "api" http: { POST: "/g" } selection: "$.x") }',
      ),
      'Mutation.setConnectorGate',
    ],
    [
      'another key of an entity',
      'type Dossier @key(fields: "status") @connect(source: "api" http: { GET: "/{$this.status}" } selection: "status note") { status: DossierStatus @external note: String } enum DossierStatus { A }',
      'Dossier',
    ],
    [
      'a nullable field of a key',
      citizen('age: Int', 'age').replace('declared: DeclaredIdentity!', 'declared: DeclaredIdentity'),
      'Citizen.declared',
    ],
    [
      'an interface on an entity',
      `${citizen('age: Int', 'age').replace('type Citizen', 'type Citizen implements Aged')} interface Aged { age: Int }`,
      'Citizen',
    ],
    ['an enum with another value', root('money: Currency', 'enum Currency { VND USD }'), 'Currency.USD'],
    ['an enum without a value', root('state: Freshness', 'enum Freshness { LIVE CACHED }'), 'Freshness'],
    [
      'an enum with a tag on a value',
      root('money: Currency', 'enum Currency { VND @tag(name: "a") }'),
      'Currency.VND',
    ],
    [
      'an input without a field',
      root(
        'x(purpose: PurposeInput): Int',
        'input PurposeInput { dossier: DossierCode! } scalar DossierCode',
      ),
      'PurposeInput',
    ],
    [
      'an input with another default',
      root('x(filter: AuditFilter): Int', 'input AuditFilter { actor: String! }'),
      'AuditFilter',
    ],
    ['another kind of type', root('x: Currency', 'scalar Currency'), 'Currency'],
    [
      'a field of a type without a key',
      'type Consent { note: String @connect(source: "api" http: { GET: "/" } selection: "$.n") }',
      'Consent.note',
    ],
    [
      '@specifiedBy with another address',
      root('at: DateTime', 'scalar DateTime @specifiedBy(url: "https://evil.example")'),
      'DateTime',
    ],
  ])('%s · refused with both owners', (_what, sdl, coordinate, options) => {
    const [first, ...rest] = refusals(connector(sdl, options)).filter(
      (finding) => finding.coordinate === coordinate,
    );
    expectRefusal([first as Diagnostic], coordinate, GATEWAY);
    expect(rest).toEqual([]);
  });

  it('@composeDirective · refused', () => {
    const links = `@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
      @link(url: "https://specs.example.com/a/v1.0", import: ["@a"]) @composeDirective(name: "@a")`;
    const sdl = `directive @a on FIELD_DEFINITION ${root('x: Int @a')}`;
    expect(refusals(connector(sdl, { links }))).toMatchObject([
      { code: 'OwnedByGateway', found: '@composeDirective(name: "@a")' },
    ]);
  });

  it.each([
    [
      'two links of federation',
      '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{ name: "@override", as: "@key" }])',
    ],
    [
      'another spelling of its URL',
      '@link(url: "https://specs.apollo.dev//federation/v2.9", import: ["@key"])',
    ],
    ['a query in its URL', '@link(url: "https://specs.apollo.dev/federation/v2.9?a", import: ["@key"])'],
    ['no URL at all', '@link(url: "federation", import: ["@key"])'],
    [
      'its older form as well',
      '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"]) @core(feature: "https://specs.apollo.dev/federation/v2.0")',
    ],
  ])('%s · refused', (_what, links) => {
    expect(refusals(connector(root('x: Int'), { links })).map(({ code }) => code)).toEqual(['LinkRefused']);
  });
});

describe('what another connector owns', () => {
  it.each<[string, string, string, ConnectorOptions?]>([
    [
      'a field by @override',
      citizen('fullName: String @override(from: "population")', 'fullName'),
      'Citizen.fullName',
    ],
    ['a field, both shareable', citizen('fullName: String @shareable', 'fullName'), 'Citizen.fullName'],
    ['a field without a directive', citizen('fullName: String', 'fullName'), 'Citizen.fullName'],
    [
      'a field that only one manifest shares',
      citizen('fullName: String', 'fullName'),
      'Citizen.fullName',
      { shares: { population: ['Citizen.fullName'] } },
    ],
    [
      'a field by a second key',
      citizen('fullName: String', 'fullName', '@key(fields: "personalId fullName", resolvable: false)'),
      'Citizen.fullName',
    ],
    [
      'an external field of another type',
      citizen('fullName: Int @external age: Int @requires(fields: "fullName")', 'age'),
      'Citizen.fullName',
    ],
    [
      'a type',
      root('x: CivilAddress', 'type CivilAddress { detail: Int }').replace('$.x', '$.x { detail }'),
      'CivilAddress',
    ],
    ['an enum', root('x: Gender', 'enum Gender { MALE FEMALE OTHER }'), 'Gender'],
  ])('%s · refused with both owners', (_what, sdl, coordinate, options) => {
    const found = refusals(population, connector(sdl, options)).filter(
      (finding) => finding.coordinate === coordinate,
    );
    expectRefusal(found, coordinate, POPULATION);
  });

  it('a field that is provided in place of its owner · refused', () => {
    const sdl = `type Query { person: Citizen @provides(fields: "fullName") @connect(source: "api" http: { GET: "/x" } selection: "$.x { personalId declared { fullName birthDate { year month day } } fullName }") }
      type Citizen ${KEY.replace('")', '", resolvable: false)')} { personalId: PersonalId! declared: DeclaredIdentity! fullName: String @external } ${PARTS}`;
    const [finding] = refusals(population, connector(sdl));
    expect(finding).toMatchObject({ coordinate: 'Query.person', found: '@provides(fields: "fullName")' });
    expect(finding?.message).toMatch(POPULATION);
  });

  it('a field that both manifests share · composed', () => {
    const shares = { newcomer: ['Citizen.fullName'] };
    const sdl = citizen('fullName: String @shareable', 'fullName');
    const both = [
      { ...population, shares },
      connector(sdl, { shares: { population: ['Citizen.fullName'] } }),
    ];
    // Composition has a condition of its own: the other side must mark the field, too.
    const found = refusals(...both).map(({ code }) => code);
    expect(found.filter((code) => code.startsWith('Owned'))).toEqual([]);
  });

  it('two descriptions of one field · refused: the order of the folders would decide', () => {
    const thing = (text: string, more: string) =>
      `type Thing @key(fields: "id") @connect(source: "api" http: { GET: "/{$this.id}" } selection: "id ${more}") { "${text}" id: ID! ${more}: Int }`;
    const other = connector(thing('One.', 'one'), { id: 'other' });
    expect(refusals(other, connector(thing('Two.', 'two')))).toMatchObject([
      { coordinate: 'Thing.id', code: 'OwnedByAnother' },
    ]);
    expect(refusals(other, connector(thing('One.', 'two')))).toEqual([]);
  });

  it('a root field that another connector has · refused', () => {
    const other = connector(root('weather: Int'), { id: 'other' });
    expectRefusal(
      refusals(other, connector(root('weather: Int'))),
      'Query.weather',
      /connector other \(connectors\/other\/schema\.graphql:\d+\)/,
    );
  });
});

describe('what a connector may do', () => {
  const composed = (sdl: string, options?: ConnectorOptions): Composed =>
    composeSchema(core, [population, connector(sdl, options)]);

  it.each([
    ['a field of an entity by its key', citizen('age: Int', 'age')],
    [
      'a field of an entity by a part of its key',
      `type Citizen @key(fields: "personalId") ${CALL('personalId: number age')} { personalId: PersonalId! age: Int } scalar PersonalId`,
    ],
    [
      'a field that reads another owner’s',
      citizen('fullName: String @external short: String @requires(fields: "fullName")', 'short'),
    ],
    [
      'an input of the gateway, as it is',
      root(
        'x(p: PurposeInput): Int',
        'input PurposeInput { dossier: DossierCode! procedure: ProcedureCode } scalar DossierCode scalar ProcedureCode',
      ),
    ],
    [
      'root fields and types of its own',
      root('weather: Weather', 'type Weather { degrees: Float @tag(name: "a") }').replace(
        '$.x',
        '$.x { degrees }',
      ),
    ],
    ['an enum of the gateway, as it is', root('money: Currency', 'enum Currency { VND }')],
    ['access rules of its own fields', root('secret: Int @policy(policies: [["dossiers:read"]])')],
  ])('%s · composed', (_what, sdl) => {
    expect(() => composed(sdl)).not.toThrow();
  });

  it('descriptions of what it does not own · composed, with a warning, and not published', () => {
    const { sdl, warnings } = composed(
      citizen('"Tuổi." age: Int', 'age')
        .replace('type Citizen', '"EVIL" type Citizen')
        .replace('personalId: P', '"EVIL" personalId: P'),
    );
    expect(sdl).not.toContain('EVIL');
    expect(sdl).toContain('Tuổi.');
    expect(
      warnings
        .filter(({ file }) => file.includes('newcomer'))
        .map(({ code, coordinate }) => `${code} ${coordinate}`),
    ).toEqual(['DescriptionNotPublished Citizen', 'DescriptionNotPublished Citizen.personalId']);
  });
});
