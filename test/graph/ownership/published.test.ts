// For whatever connectors the policy accepts, the published schema restricted to the types of the gateway is the gateway's own
// published schema with further fields. Connectors are generated: types of the gateway, repeated with mistakes, beside types of
// their own.

import fc from 'fast-check';
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  print,
  printType,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompiledConnector } from '../../../src/connect/compile-connector.ts';
import { readFederationNames } from '../../../src/connect/read/federation.ts';
import { DiagnosticsError } from '../../../src/diagnostic.ts';
import { composeSchema, parseCore, type SchemaFile } from '../../../src/graph/compose.ts';
import { readCoreSchema } from '../../../src/graph/core-schema.ts';
import { CORE, createOwner } from '../../../src/graph/ownership/owners.ts';
import { checkPublished } from '../../../src/graph/ownership/published-core.ts';

let core: readonly SchemaFile[];
let own: GraphQLSchema;
/** Printed definitions of the types of the gateway, without what a repeated definition must not have. */
let definitions: readonly TypeDefinitionNode[];

beforeAll(async () => {
  core = await readCoreSchema();
  own = composeSchema(core, []).schema;
  definitions = parseCore(core).definitions.filter(
    (definition): definition is TypeDefinitionNode =>
      'name' in definition && !definition.kind.endsWith('Extension'),
  );
});

// —— generated connectors ——

const DIRECTIVES = [
  ...[
    '@shareable',
    '@inaccessible',
    '@tag(name: "t")',
    '@external',
    '@override(from: "dossiers")',
    '@authenticated',
  ],
  ...[
    '@override(from: "other")',
    '@requiresScopes(scopes: [["s"]])',
    '@policy(policies: [["dossiers:read"]])',
  ],
  ...[
    '@cost(weight: 9)',
    '@listSize(assumedSize: 1)',
    '@deprecated(reason: "r")',
    '@fed__inaccessible',
    '@hide',
  ],
  ...['@provides(fields: "id")', '@requires(fields: "id")', '@interfaceObject', '@extends'],
];

const HEAD = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed", import: [
  "@key" "@shareable" "@external" "@override" "@tag" "@authenticated" "@requiresScopes" "@policy" "@cost" "@listSize"
  "@provides" "@requires" "@interfaceObject" "@extends" "@inaccessible" { name: "@inaccessible", as: "@hide" }])`;

/** One mistake, chosen by numbers: on a field, an argument, a value or a type. `0` makes none. */
interface Edit {
  readonly type: number;
  readonly place: number;
  readonly kind: number;
  readonly directive: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  type: fc.nat(200),
  place: fc.nat(200),
  kind: fc.nat(13),
  directive: fc.nat(100),
});

const connector = fc.record({ edits: fc.array(edit, { minLength: 1, maxLength: 3 }), own: fc.boolean() });

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const bare = (definition: TypeDefinitionNode): TypeDefinitionNode =>
  visit(definition, { Directive: ({ name }) => (KEPT.has(name.value) ? undefined : null) });

/** The repeated type; as it is where the mistake is one of syntax. */
function parsable(made: Edit): string {
  const text = repeated(made);
  try {
    parse(text);
    return text;
  } catch {
    return print(bare(at(definitions, made.type)));
  }
}

/** The text of a type of the gateway, as a connector repeats it, with one mistake or none. */
function repeated({ type, place, kind, directive }: Edit): string {
  const text = print(bare(at(definitions, type)));
  const lines = text.split('\n');
  const parts = lines.flatMap((line, index) =>
    /^ {2}\w+.*$/.test(line) && !line.endsWith('(') ? [index] : [],
  );
  const line = parts.length === 0 ? -1 : at(parts, place);
  const used = at(DIRECTIVES, directive);
  const change = (make: (line: string) => string): string =>
    line === -1 ? text : lines.map((one, index) => (index === line ? make(one) : one)).join('\n');
  const onType = (more: string): string =>
    text.replace(/^((?:type|enum|input|scalar|interface|union) \w+)/m, `$1 ${more}`);
  switch (kind) {
    case 0:
    case 1:
      return text;
    case 2:
      return change((one) => one.replace('!', ''));
    case 3:
      return change((one) => `${one}!`);
    case 4:
      return change((one) => `${one} ${used}`);
    case 5:
      return onType(used);
    case 6:
      return change((one) => `${one}\n  added: Int`);
    case 7:
      return change((one) => `  "EVIL"\n${one}`).replace(/"""[\s\S]*?"""\n {2}"EVIL"/, '"EVIL"');
    case 8:
      return parts.length > 1 ? lines.filter((_, index) => index !== line).join('\n') : text;
    case 9:
      return change((one) => one.replace(/: /, '(evil: Int): '));
    case 10:
      return text
        .replace(/^type (\w+)/m, 'type $1 implements Evil')
        .concat('\ninterface Evil { evil: Int }')
        .replace(/\}\n(?=interface)/, '  evil: Int\n}\n');
    case 11:
      return onType('@key(fields: "id")');
    case 12:
      return `extend ${text.replace(/^"""[\s\S]*?"""\n|^"[^\n]*"\n/, '')}`;
    default:
      return `"EVIL"\n${text.replace(/^"""[\s\S]*?"""\n|^"[^\n]*"\n/, '')}`;
  }
}

const KEPT: ReadonlySet<string> = new Set(['key', 'shareable', 'specifiedBy']);

/** As a connector reaches composition: the rules of the connect spec have been applied before. */
function compiled(
  id: string,
  { edits, own: hasOwn }: { readonly edits: readonly Edit[]; readonly own: boolean },
) {
  const texts = new Map(edits.map((one) => [at(definitions, one.type).name.value, parsable(one)]));
  // Whatever a repeated type refers to is repeated as it is.
  for (const text of texts.values()) {
    for (const [, name = ''] of text.matchAll(/: \[*(\w+)/g)) {
      const definition = definitions.find((each) => each.name.value === name);
      if (definition !== undefined && !texts.has(name)) texts.set(name, print(bare(definition)));
    }
  }
  const more = hasOwn ? `extend type Query { own_${id}: Own_${id} } type Own_${id} { a: Int }` : '';
  const document = parse(`${HEAD}\n${more}\n${[...texts.values()].join('\n')}`);
  const schema = {
    file: `connectors/${id}/schema.graphql`,
    subgraph: document,
    federation: readFederationNames(document),
  };
  const parts = {
    id,
    schema,
    requiresPurpose: false,
    shares: {},
    operations: [],
    computed: [],
    nullable: new Set<string>(),
    entityTypes: new Set<string>(),
  };
  return parts as unknown as CompiledConnector;
}

// —— the property ——

/** The types of the gateway in a schema, without the fields that the gateway does not have. */
function restricted(schema: GraphQLSchema): string[] {
  return Object.values(own.getTypeMap()).flatMap((type) => {
    const published = schema.getType(type.name);
    if (published === undefined) return [`no ${type.name}`];
    if ((isObjectType(published) || isInterfaceType(published)) && isObjectType(type)) {
      const fields = published.getFields();
      for (const name of Object.keys(fields)) if (type.getFields()[name] === undefined) delete fields[name];
    }
    return [printType(published)];
  });
}

describe('the published schema', () => {
  it('of connectors that the policy accepts · restricted to the gateway’s types · is the gateway’s own', () => {
    const expected = restricted(composeSchema(core, []).schema).sort();
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(connector, { minLength: 1, maxLength: 2 }), (connectors) => {
        let schema: GraphQLSchema;
        try {
          schema = composeSchema(
            core,
            connectors.map((one, index) => compiled(`c${index}`, one)),
          ).schema;
        } catch (error) {
          if (!(error instanceof DiagnosticsError)) throw error;
          // The comparison after composition is the second line: the policy has refused before.
          expect(error.diagnostics.map(({ code }) => code)).not.toContain('PublishedSchemaChanged');
          outcomes.refused += 1;
          return;
        }
        outcomes.accepted += 1;
        expect(restricted(schema).sort()).toEqual(expected);
      }),
      { numRuns: 300 },
    );
    expect(outcomes.accepted).toBeGreaterThan(15);
    expect(outcomes.refused).toBeGreaterThan(100);
  }, 120_000);

  it('that differs from the gateway’s own in any place · is found', () => {
    const owner = createOwner(CORE, 'schema/query.graphql', parseCore(core));
    const published = parse(composeSchema(core, []).sdl);
    expect(checkPublished(published, owner)).toEqual([]);
    const names = Object.values(own.getTypeMap()).filter(
      ({ name, astNode }) => !name.startsWith('__') && astNode != null,
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (typeIndex, partIndex) => {
        const { name } = at(names, typeIndex);
        const type = own.getType(name);
        const parts =
          isObjectType(type) || isInputObjectType(type)
            ? Object.keys(type.getFields())
            : isEnumType(type)
              ? type.getValues().map((value) => value.name)
              : [];
        const part = parts.length === 0 ? undefined : at(parts, partIndex);
        const changed = visit(published, {
          enter(node) {
            if (!('name' in node) || node.kind === Kind.DIRECTIVE || part !== undefined) return undefined;
            return node.name?.value === name && node.kind.endsWith('TypeDefinition') ? null : undefined;
          },
          FieldDefinition: (node, _key, _parent, _path, ancestors) =>
            node.name.value === part && holds(ancestors, name) ? null : undefined,
          InputValueDefinition: (node, _key, _parent, _path, ancestors) =>
            node.name.value === part && holds(ancestors, name) && !holdsField(ancestors) ? null : undefined,
          EnumValueDefinition: (node, _key, _parent, _path, ancestors) =>
            node.name.value === part && holds(ancestors, name) ? null : undefined,
        });
        expect(checkPublished(changed, owner)[0]?.code).toBe('PublishedSchemaChanged');
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

type Ancestors = readonly unknown[];
const holds = (ancestors: Ancestors, name: string): boolean =>
  ancestors.some((one) => (one as { name?: { value?: string }; kind?: string }).name?.value === name);
const holdsField = (ancestors: Ancestors): boolean =>
  ancestors.some((one) => (one as { kind?: string }).kind === Kind.FIELD_DEFINITION);
