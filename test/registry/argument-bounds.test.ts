// Bounds of arguments that a manifest declares: a value beyond them is refused before anything is sent, with the path of the argument,
// what was expected and what was found. Sent over a socket to a server that counts.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bindSchema } from '../../src/connect/bind/bind-schema.ts';
import { isGatewayError } from '../../src/errors.ts';
import { composeSchema } from '../../src/graph/compose.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { operationRulesOf } from '../../src/manifest/operation-rules.ts';
import { createChannels } from '../../src/observe/channels.ts';
import { guardMistakes } from '../../src/registry/guard-mistakes.ts';
import { createLiveConnector } from '../../src/registry/live-connector.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { aConnector } from '../connect/a-connector.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aSource, json } from '../upstream/a-source.ts';

const SDL = `
scalar Amount
input Place { code: String, parts: [Part!], size: Float }
input Part { name: String, amount: Amount }
type Thing { id: ID }
type Query {
  things(limit: Int, plate: String, ids: [ID!], deep: [[Int]], exact: Amount, place: Place, places: [Place!], flag: Boolean): [Thing!]
    @connect(id: "things", source: "api", http: { POST: "/things", body: "limit: $args.limit" }, selection: "$.items { id }")
  twice(limit: Int): Thing
    @connect(source: "api", http: { GET: "/a", queryParams: "l: $args.limit" }, selection: "id")
}
type Mutation {
  make(name: String!): Thing
    @connect(id: "make", source: "api", http: { POST: "/make", body: "name: $args.name" }, selection: "id")
}
`;

const yaml = (origin: string, operations: string): string => `
id: test
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "${origin}" }
operations: ${operations}`;

async function aWorld(operations: string) {
  const source = await aSource(json({ items: [{ id: '1' }], id: '1' }));
  const manifest = readManifest(yaml(source.origin, operations), 'connectors/test/connector.yaml');
  const connector = aConnector(SDL, {
    source: `@source(name: "api", http: { baseURL: "${source.origin}" })`,
    settings: operationRulesOf(manifest),
  });
  const live = createLiveConnector({
    manifest,
    digest: 'd',
    instance: 1,
    compiled: connector,
    baseUrl: source.origin,
    config: {},
    env: {},
    references: { readEnv: () => undefined },
    channels: createChannels(),
  });
  const core = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { ok: Boolean }`;
  const composed = composeSchema([{ file: 'schema/core.graphql', body: core }], [connector]);
  const schema = makeExecutableSchema({ typeDefs: composed.document });
  bindSchema(schema, [{ compiled: connector, bound: live.bound }], {});
  const run = async (document: string, variableValues: Record<string, unknown> = {}) => {
    const contextValue = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer('o', 'a'),
      deadlineMs: 5000,
    });
    const result = await execute({ schema, document: parse(document), contextValue, variableValues });
    contextValue.dispose();
    const error = result.errors?.[0]?.originalError;
    return isGatewayError(error)
      ? `${error.code} ${error.reason?.en}`
      : (result.errors?.[0]?.message ?? 'ok');
  };
  return { run, source, close: live.close };
}

const BOUNDS = `{ things: { arguments: {
  limit: { min: 1, max: 500 },
  plate: { pattern: "[0-9]{2}[A-Z][0-9]{5}" },
  ids: { maxItems: 3, minItems: 1, maxLength: 4 },
  deep: { max: 9, maxItems: 2 },
  exact: { max: 9007199254740991 },
  place.code: { minLength: 2, maxLength: 3 },
  place.size: { min: 0.5 },
  place.parts: { maxItems: 2 },
  place.parts.name: { pattern: "\\\\p{L}+" },
  places.code: { maxLength: 1 },
} }, make: { arguments: { name: { maxLength: 5 } } } }`.replaceAll('\n', ' ');

describe('bounds of arguments', () => {
  it.each([
    ['things(limit: 1)', 'ok'],
    ['things(limit: 500)', 'ok'],
    ['things(limit: null)', 'ok'],
    ['things', 'ok'],
    ['things(limit: 0)', 'Argument "limit": expected 1 to 500; found 0.'],
    ['things(limit: 501)', 'Argument "limit": expected 1 to 500; found 501.'],
    ['things(plate: "29A12345")', 'ok'],
    [
      'things(plate: "29A12345 ")',
      'Argument "plate": expected a text that matches [0-9]{2}[A-Z][0-9]{5}; found 9 characters that do not match.',
    ],
    [
      `things(plate: "${'9'.repeat(1001)}")`,
      'Argument "plate": expected at most 1000 characters; found 1001 characters.',
    ],
    ['things(ids: ["a", "b", "c"])', 'ok'],
    ['things(ids: [])', 'Argument "ids": expected 1 to 3 items; found 0 items.'],
    ['things(ids: ["a", "b", "c", "d"])', 'Argument "ids": expected 1 to 3 items; found 4 items.'],
    ['things(ids: ["a", "abcde"])', 'Argument "ids[1]": expected at most 4 characters; found 5 characters.'],
    ['things(ids: ["😀😀😀😀"])', 'ok'],
    ['things(deep: [[1], [9, null]])', 'ok'],
    ['things(deep: [[1], [9, 10]])', 'Argument "deep[1][1]": expected at most 9; found 10.'],
    ['things(deep: [[1, 2, 3]])', 'Argument "deep[0]": expected at most 2 items; found 3 items.'],
    ['things(place: { code: "ab" })', 'ok'],
    [
      'things(place: { code: "a" })',
      'Argument "place.code": expected 2 to 3 characters; found 1 characters.',
    ],
    ['things(place: { size: 0.25 })', 'Argument "place.size": expected at least 0.5; found 0.25.'],
    ['things(place: { parts: [{ name: "é" }, {}] })', 'ok'],
    [
      'things(place: { parts: [{}, {}, {}] })',
      'Argument "place.parts": expected at most 2 items; found 3 items.',
    ],
    [
      'things(place: { parts: [{ name: "é" }, { name: "1" }] })',
      'Argument "place.parts[1].name": expected a text that matches \\p{L}+; found 1 characters that do not match.',
    ],
    [
      'things(places: [{ code: "a" }, { code: "ab" }])',
      'Argument "places[1].code": expected at most 1 characters; found 2 characters.',
    ],
  ])('%s', async (field, expected) => {
    const { run, source, close } = await aWorld(BOUNDS);
    const selected = await run(`{ ${field} { id } }`);
    expect(selected).toBe(expected === 'ok' ? 'ok' : `BAD_USER_INPUT ${expected}`);
    expect(source.asked).toHaveLength(expected === 'ok' ? 1 : 0);
    await close();
  });

  it('hold for variables and for mutations, of which nothing is sent', async () => {
    const { run, source, close } = await aWorld(BOUNDS);
    expect(await run('query($n: Int) { things(limit: $n) { id } }', { n: 501 })).toMatch(/^BAD_USER_INPUT/);
    expect(await run('mutation { make(name: "abcdef") { id } }')).toMatch(/^BAD_USER_INPUT Argument "name"/);
    expect(source.asked).toEqual([]);
    expect(await run('mutation { make(name: "abcde") { id } }')).toBe('ok');
    expect(source.asked).toHaveLength(1);
    await close();
  });
});

describe('mistakes in bounds are found at the check', () => {
  it.each([
    ['things: { arguments: { limt: { max: 1 } } }', 'limt', 'one of limit, plate, ids'],
    [
      'things: { arguments: { place.cod: { maxLength: 1 } } }',
      'cod in place.cod',
      'one of code, parts, size',
    ],
    ['things: { arguments: { limit.x: { max: 1 } } }', 'x in limit.x', 'no bounds: Int has no arguments'],
    ['things: { arguments: { limit: { maxLength: 1 } } }', 'maxLength for Int', 'of min, max'],
    [
      'things: { arguments: { plate: { max: 1, pattern: "a" } } }',
      'max for String',
      'of minLength, maxLength, pattern',
    ],
    [
      'things: { arguments: { plate: { maxItems: 1 } } }',
      'maxItems for String',
      'of minLength, maxLength, pattern',
    ],
    [
      'things: { arguments: { ids: { max: 1 } } }',
      'max for a list of ID',
      'of minLength, maxLength, pattern, minItems, maxItems',
    ],
    ['things: { arguments: { place: { max: 1 } } }', 'max for Place', 'no bounds'],
    ['things: { arguments: { flag: { min: 1 } } }', 'min for Boolean', 'no bounds'],
  ])('%s', (operations, found, expected) => {
    const manifest = readManifest(yaml('http://127.0.0.1:9', `{ ${operations} }`), 'connector.yaml');
    const [mistake, ...others] = guardMistakes(manifest, aConnector(SDL), 'connector.yaml');
    expect(others).toEqual([]);
    expect(mistake).toMatchObject({ code: 'ManifestInvalid', file: 'connector.yaml', found });
    expect(mistake?.expected).toContain(expected);
  });

  it('accepts bounds that fit', () => {
    const manifest = readManifest(yaml('http://127.0.0.1:9', BOUNDS), 'connector.yaml');
    expect(guardMistakes(manifest, aConnector(SDL), 'connector.yaml')).toEqual([]);
  });

  it.each([
    ['{ pattern: "(?=a)b" }', 'only the groups'],
    ['{ pattern: "[" }', 'not a regular expression'],
    ['{ pattern: "(a{100}){100}" }', 'more than 1000 states'],
    ['{ min: 2, max: 1 }', 'min must not be over max'],
    ['{ minLength: 2, maxLength: 1 }', 'minLength must not be over maxLength'],
    ['{ minItems: 2, maxItems: 1 }', 'minItems must not be over maxItems'],
    ['{ pattern: "a", maxLength: 10001 }', 'maxLength must not be over 10000'],
    ['{ maximum: 3 }', 'maximum'],
    ['{}', 'at least one bound'],
  ])('refuses %s', (bounds, message) => {
    const text = yaml('http://127.0.0.1:9', `{ things: { arguments: { limit: ${bounds} } } }`);
    expect(() => readManifest(text, 'connector.yaml')).toThrow(message);
  });
});
