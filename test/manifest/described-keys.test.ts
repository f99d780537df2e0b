// Every key of a manifest is documented, and every example in the documentation is one that the manifest accepts.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { readEditorSchema, readManifestSchema, type SchemaNode } from '../../src/manifest/json-schema.ts';
import { manifestSchema, readManifest } from '../../src/manifest/manifest.ts';
import { innerSchema } from '../../src/manifest-keys.ts';

/** Every property of a JSON Schema, however deep, with its path. */
function* propertiesOf(
  node: SchemaNode,
  path = '',
): Generator<[path: string, node: SchemaNode, required: boolean]> {
  for (const [key, one] of Object.entries(node.properties ?? {})) {
    yield [`${path}.${key}`, one, node.required?.includes(key) === true];
    yield* propertiesOf(one, `${path}.${key}`);
  }
  for (const [i, one] of [...(node.oneOf ?? []), ...(node.anyOf ?? [])].entries())
    yield* propertiesOf(one, `${path}(${i})`);
  if (node.items !== undefined) yield* propertiesOf(node.items, `${path}[]`);
  if (typeof node.additionalProperties === 'object')
    yield* propertiesOf(node.additionalProperties, `${path}{}`);
}

/** The same of the schema itself. */
function* schemasOf(schema: z.ZodType, path = ''): Generator<[path: string, schema: z.ZodType]> {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodObject) {
    for (const [key, one] of Object.entries(inner.shape as Record<string, z.ZodType>)) {
      yield [`${path}.${key}`, one];
      yield* schemasOf(one, `${path}.${key}`);
    }
  } else if (inner instanceof z.ZodUnion) {
    for (const [i, one] of inner.options.entries()) {
      yield [`${path}(${i})`, one as z.ZodType];
      yield* schemasOf(one as z.ZodType, `${path}(${i})`);
    }
  } else if (inner instanceof z.ZodArray) yield* schemasOf(inner.element as z.ZodType, `${path}[]`);
  else if (inner instanceof z.ZodRecord) yield* schemasOf(inner.valueType as z.ZodType, `${path}{}`);
}

const properties = [...propertiesOf(readManifestSchema())];
const without = (isGood: (node: SchemaNode, required: boolean) => boolean): string[] =>
  properties.filter(([, node, required]) => !isGood(node, required)).map(([path]) => path);

describe('every key', () => {
  it('has a description and an example', () => {
    expect(properties.length).toBeGreaterThan(200);
    expect(without(({ description }) => /^[A-Z`].*[.]$/.test(description ?? ''))).toEqual([]);
    expect(without(({ example }) => example !== undefined)).toEqual([]);
  });

  it('is required, has a default, or states what its absence means', () => {
    expect(
      without((node, required) => required || node.default !== undefined || node.whenAbsent !== undefined),
    ).toEqual([]);
  });

  it('that is a number · has a unit and a lower bound', () => {
    const isNumber = ({ type }: SchemaNode): boolean => type === 'integer' || type === 'number';
    expect(without((node) => !isNumber(node) || node.unit !== undefined)).toEqual([]);
    expect(
      without((node) => !isNumber(node) || node.minimum !== undefined || node.exclusiveMinimum !== undefined),
    ).toEqual([]);
  });

  it('of the schema for editors · has a description, and no keyword of our own', () => {
    const undescribed = [...propertiesOf(readEditorSchema() as SchemaNode)].filter(
      ([, { description, unit, whenAbsent, reference }]) =>
        description === undefined ||
        unit !== undefined ||
        whenAbsent !== undefined ||
        reference !== undefined,
    );
    expect(undescribed).toEqual([]);
  });
});

describe('every example', () => {
  it('is a value that its key accepts', () => {
    const refused = [...schemasOf(manifestSchema)].flatMap(([path, schema]) => {
      const example = schema.meta()?.example;
      return example === undefined || schema.safeParse(example).success ? [] : [path];
    });
    expect(refused).toEqual([]);
  });

  const page = readFileSync(new URL('../../docs/manifest.md', import.meta.url), 'utf8');
  const least = {
    id: 'thing',
    title: { vi: 'Vật', en: 'Thing' },
    owner: { agency: 'Sở Vật', contact: 'a@b.example' },
    source: { baseUrl: 'http://127.0.0.1:9' },
  };
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

  it.each(blocks.filter((block) => !block.startsWith('#')))(
    'in docs/manifest.md is a part of a manifest: %s',
    (block) => {
      expect(readManifest(stringify({ ...least, ...parse(block) }), 'connector.yaml')).toMatchObject({
        id: 'thing',
      });
    },
  );

  it('in the tables of docs/manifest.md is the example of the schema', () => {
    const examples = new Set(properties.map(([, { example }]) => JSON.stringify(example)));
    const rows = [...page.matchAll(/^\| `\w+` \|.* \| (`.*`) \|$/gm)].map(([, cell = '']) =>
      cell.replaceAll('\\|', '|').replace(/^(`` ?|`)([\s\S]*?)( ?``|`)$/, '$2'),
    );
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.filter((row) => !examples.has(JSON.stringify(parse(row))))).toEqual([]);
  });
});
