// The descriptions of the unified schema are the documentation of the product: every part has one, as a sentence with the
// Vietnamese term, and every field that may be null states when it is.
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isNullableType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { compileConnector } from '../../src/connect/compile-connector.ts';
import { composeSchema } from '../../src/graph/compose.ts';
import { readCoreSchema } from '../../src/graph/core-schema.ts';
import { readConnectorFolders } from '../../src/registry/registry.ts';

interface Part {
  readonly name: string;
  readonly description: string;
  /** An output field that may be null. */
  readonly isNullable: boolean;
}

const folders = await readConnectorFolders(new URL('../../connectors', import.meta.url).pathname);
const compiled = folders.map(({ manifest, schema }) =>
  compileConnector(schema, {
    id: manifest.id,
    config: { ...manifest.config, baseUrl: 'http://localhost' },
    env: {},
  }),
);
const { schema } = composeSchema(await readCoreSchema(), compiled);

const part = (name: string, { description }: { description?: string | null }, isNullable = false): Part => ({
  name,
  description: description?.replaceAll(/\s+/g, ' ') ?? '',
  isNullable,
});

function partsOf(type: GraphQLNamedType): Part[] {
  if (isEnumType(type)) return type.getValues().map((value) => part(`${type.name}.${value.name}`, value));
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => part(`${type.name}.${field.name}`, field));
  }
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    part(`${type.name}.${field.name}`, field, isNullableType(field.type)),
    ...field.args.map((arg) => part(`${type.name}.${field.name}(${arg.name})`, arg)),
  ]);
}

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const parts: readonly Part[] = [
  ...types.flatMap((type) => [part(type.name, type), ...partsOf(type)]),
  ...schema
    .getDirectives()
    .filter((directive) => !isSpecifiedDirective(directive))
    .flatMap((directive) => [
      part(`@${directive.name}`, directive),
      ...directive.args.map((arg) => part(`@${directive.name}(${arg.name})`, arg)),
    ]),
];
const without = (test: (one: Part) => boolean): string[] =>
  parts.filter((one) => !test(one)).map(({ name, description }) => `${name}: ${description}`);

describe('the descriptions of the unified schema', () => {
  test('types, fields, arguments, values, input fields and directives · then each has a description', () => {
    expect(parts.length).toBeGreaterThan(300);
    expect(without(({ description }) => description !== '')).toEqual([]);
  });

  test('each · then sentences that begin with a capital or a number, and end with a full stop', () =>
    expect(without(({ description }) => /^[A-ZĐ\d].* .*[.]$/.test(description))).toEqual([]));

  test('each · then with the Vietnamese term', () =>
    expect(without(({ description }) => /\p{M}|đ/iu.test(description.normalize('NFD')))).toEqual([]));

  test('each field that may be null · then what null means', () =>
    expect(without(({ description, isNullable }) => !isNullable || /\bnull\b/.test(description))).toEqual(
      [],
    ));
});
