// Every key of a manifest, misspelt and with a value of the wrong kind, is found at its place. The cases are made from the schema of
// the manifest itself: a new key is tested without a line here.

import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { DiagnosticsError } from '../../src/diagnostic.ts';
import { manifestSchema, readManifest } from '../../src/manifest/manifest.ts';
import { innerSchema } from '../../src/manifest-keys.ts';

type Path = readonly (string | number)[];
type Json = Record<string, unknown>;

const LEAST = {
  id: 'thing',
  title: { vi: 'Vật', en: 'Thing' },
  owner: { agency: 'Sở Vật', contact: 'a@b.example' },
  source: { baseUrl: 'http://127.0.0.1:9' },
};

interface Key {
  readonly path: Path;
  readonly schema: z.ZodType;
  /** A manifest that has the objects above the key. */
  readonly manifest: Json;
}

/** Names that stand for the keys of a map. */
const NAME = 'Query.thing';

/** Every key of an object at a place, with a manifest in which the object is. */
function* keysOf(schema: z.ZodType, path: Path, manifest: Json): Generator<Key> {
  const inner = innerSchema(schema);
  const own = at(manifest, path);
  if (inner instanceof z.ZodObject) {
    for (const [key, one] of Object.entries(inner.shape as Record<string, z.ZodType>)) {
      const example = isRecord(own) && own[key] !== undefined ? own[key] : exampleOf(one);
      const holder = example === undefined ? manifest : withValue(manifest, [...path, key], example);
      yield { path: [...path, key], schema: one, manifest: holder };
      yield* keysOf(one, [...path, key], holder);
    }
  } else if (inner instanceof z.ZodUnion) {
    for (const option of inner.options as z.ZodType[]) {
      const example = exampleOf(option);
      if (isRecord(example) && innerSchema(option) instanceof z.ZodObject)
        yield* keysOf(option, path, withValue(manifest, path, example));
    }
  } else if (inner instanceof z.ZodArray) {
    const example = exampleOf(inner.element as z.ZodType);
    if (isRecord(example))
      yield* keysOf(inner.element as z.ZodType, [...path, 0], withValue(manifest, path, [example]));
    else if (innerSchema(inner.element as z.ZodType) instanceof z.ZodUnion)
      yield* keysOf(inner.element as z.ZodType, [...path, 0], withValue(manifest, path, []));
  } else if (inner instanceof z.ZodRecord) {
    const value = inner.valueType as z.ZodType;
    const name = isRecord(own) ? (Object.keys(own)[0] ?? NAME) : NAME;
    const example = exampleOf(value);
    if (example !== undefined) {
      const holder = withValue(manifest, [...path, name], example);
      yield { path: [...path, name], schema: value, manifest: holder };
      yield* keysOf(value, [...path, name], holder);
    }
  }
}

function exampleOf(schema: z.ZodType): unknown {
  let one: z.ZodType = schema;
  for (;;) {
    const { example } = (one.meta() ?? {}) as { example?: unknown };
    if (example !== undefined) return structuredClone(example);
    const inner = innerSchema(one);
    if (inner === one) return undefined;
    one = inner;
  }
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((holder, key) => (holder as Json | undefined)?.[key], value);

function withValue(manifest: Json, path: Path, value: unknown): Json {
  const copy = structuredClone(manifest);
  let holder: Json = copy;
  path.slice(0, -1).forEach((key, index) => {
    const next = typeof path[index + 1] === 'number' ? [] : {};
    holder[key] ??= next;
    holder = holder[key] as Json;
  });
  holder[path.at(-1) as string] = value;
  return copy;
}

/** The findings of a manifest, each with its path as text. */
function findings(manifest: Json): { coordinate: string; line: number; text: string }[] {
  try {
    readManifest(stringify(manifest), 'connector.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return error.diagnostics.map(({ coordinate = '', line = 0, found, expected, wayOut }) => ({
      coordinate,
      line,
      text: [found, expected, wayOut].join(' '),
    }));
  }
}

/** Values of every kind; one that the key accepts proves nothing about it. */
const KINDS: readonly unknown[] = [
  ...[true, -1.5, 'no such value §', [], {}, [[{ surelyNoSuchKey: 1 }]], { surelyNoSuchKey: 1 }],
];

const keys = [...keysOf(manifestSchema, [], LEAST)];
const named = keys.map((key) => [key.path.join('.'), key] as const);

describe('every key of a manifest', () => {
  it('is among the cases', () => {
    expect(keys.length).toBeGreaterThan(250);
    const sections = new Set(keys.map(({ path: [first] }) => first));
    expect([...sections].sort()).toEqual(Object.keys(manifestSchema.shape).sort());
  });

  it('misspelt · is found by its name, with a line', () => {
    const missed = named.flatMap(([name, { path, manifest }]) => {
      const holderPath = path.slice(0, -1);
      const key = String(path.at(-1));
      const holder = at(manifest, holderPath);
      // Names of a map are chosen by the author: `operations` is compared with the schema.
      if (!isRecord(holder) || isMap(holderPath)) return [];
      const { [key]: value = 1, ...rest } = holder;
      const wrong =
        holderPath.length === 0
          ? { ...rest, [`${key}x`]: value }
          : withValue(manifest, holderPath, { ...rest, [`${key}x`]: value });
      // Without the key that selects the kind, that key is what is missing.
      const coordinates = [...(key === 'type' ? [key] : []), `${key}x`].map((one) =>
        [...holderPath, one].join('.'),
      );
      return findings(wrong).some((one) => one.line > 0 && coordinates.includes(one.coordinate))
        ? []
        : [name];
    });
    expect(missed).toEqual([]);
  });

  it('with a value of the wrong kind · is found at its place, with a line', () => {
    const missed = named.flatMap(([name, { path, schema, manifest }]) => {
      const wrong = KINDS.filter((value) => !schema.safeParse(value).success);
      if (wrong.length === 0) return [`${name} accepts everything`];
      return wrong.flatMap((value) => {
        const found = findings(withValue(manifest, path, value));
        const isFound = found.some(({ coordinate, line }) => line > 0 && coordinate.startsWith(name));
        return isFound
          ? []
          : [`${name}: ${JSON.stringify(value)} → ${found.map(({ coordinate }) => coordinate).join(', ')}`];
      });
    });
    // The values of settings are whatever a mapping reads.
    expect(missed.filter((one) => !/^config\.[^:]* accepts everything$/.test(one))).toEqual([]);
  });
});

/** Is the object at this path a map with names of the author's choice? */
function isMap(path: Path): boolean {
  let schemas: z.ZodType[] = [manifestSchema];
  for (const step of path) {
    schemas = schemas.flatMap((schema) => {
      const inner = innerSchema(schema);
      const options = inner instanceof z.ZodUnion ? (inner.options as z.ZodType[]).map(innerSchema) : [inner];
      return options.flatMap((one) => {
        if (one instanceof z.ZodObject)
          return [(one.shape as Record<string, z.ZodType>)[step]].filter((each) => each !== undefined);
        if (one instanceof z.ZodArray) return [one.element as z.ZodType];
        return one instanceof z.ZodRecord ? [one.valueType as z.ZodType] : [];
      });
    });
  }
  return schemas.some((schema) => innerSchema(schema) instanceof z.ZodRecord);
}
