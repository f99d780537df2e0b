// The store's own SDL: a federation subgraph in which everything is described, and scalars that check what comes in.
import { readdirSync, readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { composeServices } from '@theguild/federation-composition';
import { Kind, parse, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { DOSSIER_STATUSES, SUBMISSION_CHANNELS } from '../../src/dossiers/nodes.ts';
import { createScalars } from '../../src/dossiers/scalars.ts';
import { parseJsonExact } from '../../src/exact-number.ts';

const folder = new URL('../../schema/', import.meta.url);
const sdl = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql') && name !== 'published.graphql')
  .sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');
const document = parse(sdl);

function valuesOf(name: string): string[] {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === name) {
      return (definition.values ?? []).map((value) => value.name.value);
    }
  }
  return [];
}

describe('the SDL', () => {
  test('every type, field, argument and value · looked at · then described', () => {
    const bare: string[] = [];
    visit(document, {
      enter(node) {
        if ('description' in node || node.kind === Kind.FIELD_DEFINITION) {
          if (!('description' in node) || !node.description?.value.trim()) {
            bare.push('name' in node && node.name !== undefined ? node.name.value : node.kind);
          }
        }
      },
    });
    expect(bare).toEqual([]);
  });

  test('alone · composed · then no error', () => {
    const { errors } = composeServices([{ name: 'store', typeDefs: document }]);
    expect(errors ?? []).toEqual([]);
  });

  test('with a connector for citizens · composed · then the fields join', () => {
    const population = parse(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      type Query { populationHealth: Boolean }
      type Citizen @key(fields: "personalId declared { fullName birthDate { year month day } }") {
        personalId: PersonalId!
        declared: DeclaredIdentity!
        fullName: String
        birthDate: PartialDate
        provenance: Provenance
      }
      type DeclaredIdentity @shareable { fullName: String! birthDate: PartialDate! }
      type PartialDate @shareable { year: Int! month: Int day: Int }
      type Provenance @shareable {
        connector: String! source: String fetchedAt: DateTime! ageMs: Int! freshness: Freshness!
      }
      enum Freshness { LIVE CACHED STALE }
      scalar DateTime
      scalar PersonalId
    `);
    const { errors, publicSdl } = composeServices([
      { name: 'store', typeDefs: document },
      { name: 'population', typeDefs: population },
    ]) as { errors?: unknown[]; publicSdl?: string };
    expect(errors ?? []).toEqual([]);
    expect(publicSdl).toMatch(/type Citizen \{[^}]*fullName: String\n/);
  });

  test('statuses and channels · in code and SDL · then the same, in the national order', () => {
    expect(valuesOf('DossierStatus')).toEqual(DOSSIER_STATUSES.slice(1));
    expect(valuesOf('SubmissionChannel')).toEqual(SUBMISSION_CHANNELS.slice(1));
  });
});

describe('the scalars', () => {
  const scalars = createScalars();
  // Without the federation directives, which composition takes away before anything is executed.
  const plain = sdl
    .replace(/extend schema\s+@link\([^)]*\)/, '')
    .replace(/@(?:key|policy|listSize|cost)\([^)]*\)|@shareable/g, '');
  const schema = makeExecutableSchema({ typeDefs: plain, resolvers: scalars });

  test('each of the SDL · then implemented, described and linked as in the SDL', () => {
    const declared = document.definitions.filter(({ kind }) => kind === Kind.SCALAR_TYPE_DEFINITION);
    expect(Object.keys(scalars).sort()).toEqual(
      declared.map((node) => ('name' in node ? node.name?.value : '')).sort(),
    );
    for (const name of Object.keys(scalars)) {
      expect(schema.getType(name)?.description?.length).toBeGreaterThan(20);
    }
    expect(schema.getType('DateTime')).toHaveProperty('specifiedByURL', expect.stringContaining('date-time'));
  });

  test('a literal of the schema · read · then by the same rule', () => {
    const type = schema.getType('DossierCode') as { parseLiteral(node: unknown): unknown } | undefined;
    const read = (value: string) => type?.parseLiteral({ kind: Kind.STRING, value });
    expect(read('000.00.00.H26-200524-0001')).toBe('000.00.00.H26-200524-0001');
    expect(() => read('000.00.00.H26-200230-0001')).toThrow('with a real date');
  });

  test.each([
    ['DateTime', '2026-06-09T08:30:00+07:00', '2026-06-09T01:30:00.000Z'],
    ['DateTime', '2026-06-09t01:30:00.5z', '2026-06-09T01:30:00.500Z'],
    ['PersonalId', '001092000001', '001092000001'],
    ['EnterpriseCode', '0100109106-001', '0100109106-001'],
    ['DossierCode', 'G09.20-20260609-0092637', 'G09.20-20260609-0092637'],
    ['ProcedureCode', '1.005129', '1.005129'],
    ['AgencyCode', 'H26.12.34', 'H26.12.34'],
    ['Vnd', 135_000, 135_000],
  ])('%s · with %j · then accepted', (name, value, expected) => {
    expect(scalars[name]?.parseValue(value)).toBe(expected);
    expect(scalars[name]?.serialize(expected)).toBe(expected);
  });

  test.each([
    ['DateTime', '2026-02-30T08:30:00+07:00'],
    ['DateTime', '2026-06-09T08:30:00'],
    ['DateTime', '2026-06-09'],
    ['DateTime', 1_780_000_000_000],
    ['PersonalId', '003092000001'],
    ['PersonalId', 1_092_000_001],
    ['EnterpriseCode', '0100233480'],
    ['DossierCode', '000.00.00.H26-200230-0001'],
    ['ProcedureCode', '1.5'],
    ['AgencyCode', '000.00.12.H26'],
    ['DateTime', '9999-12-31T23:30:00-01:00'],
    ['DateTime', '0001-01-01T00:00:00+07:00'],
    ['DateTime', '2026-06-09T01:30:00.123999Z'],
    ['Vnd', -1],
    ['Vnd', 2 ** 53],
    ['Vnd', 1.5],
    ['Vnd', '135000'],
    ['Vnd', null],
  ])('%s · with %j · then refused without repeating the value', (name, value) => {
    const parse_ = () => scalars[name]?.parseValue(value);
    expect(parse_).toThrow(new RegExp(`^${name}: expected .+; found `));
    if (name !== 'DateTime' && typeof value === 'string') expect(parse_).not.toThrow(value);
  });

  test.each([-1, 1.5, 2 ** 53, Number.NaN, '135000', null, true, parseJsonExact('9007199254740993')])(
    'Vnd · %j from the store or a source · an error, never another amount',
    (value) => {
      expect(() => scalars.Vnd?.serialize(value)).toThrow('Vnd cannot represent');
    },
  );
});
