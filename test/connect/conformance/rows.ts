// The conformance rows as data: a row is a statement of the spec with a stable id, the versions it applies to, and
// examples that run for each of them. `conform` creates the tests; the table in docs/connect-spec.md is generated from
// the same rows, so the two cannot differ.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compileMapping,
  createProblems,
  type MappingVariables,
  parseSelection,
} from '../../../src/connect/mapping/index.ts';
import { SPEC_VERSIONS, type SpecVersion } from '../../../src/connect/read/links.ts';
import { DiagnosticsError } from '../../../src/diagnostic.ts';
import { type ASource, aSource } from './a-source.ts';
import { aWorld, type Result, type RunOptions, type WorldOptions } from './a-world.ts';

export type { SpecVersion };

export interface Row {
  /** `S2.url.slashes`: section, subject, detail. Never renamed: other documents refer to it. */
  readonly id: string;
  /** The statement of the spec, in one sentence. */
  readonly statement: string;
  /** First version with the feature. */
  readonly since: SpecVersion;
  /** For `since` above 0.1: an example that earlier versions refuse. */
  readonly refused?: Example;
  readonly examples: Examples;
}

export type Example = (bench: Bench) => void | Promise<void>;
export type Examples = Readonly<Record<string, Example>>;

/** The arguments of the `@connect` and `@source` of `Query.it`, and the query for the field. */
export interface FieldOptions extends RunOptions, WorldOptions {
  /** The whole `@source(…)`. */
  readonly source?: string;
  /** The return type of `Query.it`; default `T`, an object with `id` and `name`. */
  readonly type?: string;
  /** More types. */
  readonly types?: string;
  /** The selection of the query; default `{ id name }` for `T`, nothing for others. */
  readonly ask?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface SchemaOptions extends RunOptions, WorldOptions {
  /** The linked federation version; default 2.9. */
  readonly federation?: string;
  /** The `import` and `as` part of the connect link. */
  readonly link?: string;
}

/** The tools of an example, for one version and one source. */
export interface Bench {
  readonly version: SpecVersion;
  /** Runs a query on a schema; the links are added. */
  readonly schema: (sdl: string, query: string, options?: SchemaOptions) => Promise<Result>;
  /** Runs several connectors under one schema, by id. */
  readonly schemas: (
    sdls: Readonly<Record<string, string>>,
    query: string,
    options?: SchemaOptions,
  ) => Promise<Result>;
  /** Runs `{ it }` whose `@connect` has these arguments; `source` and `selection` are added where they are missing. */
  readonly field: (connect: string, options?: FieldOptions) => Promise<Result>;
  /** Expects the schema of `field` to be refused with this code (and text). */
  readonly refusesField: (connect: string, code: string | RegExp, options?: FieldOptions) => void;
  /** Expects a schema to be refused. */
  readonly refuses: (sdl: string, code: string | RegExp, options?: SchemaOptions) => void;
  /** Runs a mapping by itself. */
  readonly map: (text: string, input: unknown, vars?: MappingVariables) => Mapped;
}

export interface Mapped {
  readonly value: unknown;
  /** `path: message`, sorted. */
  readonly problems: readonly string[];
}

export const SOURCE = '@source(name: "api", http: { baseURL: "http://api.example/v1" })';

/** The id of a row's tests for one version, as in the table and in the names of the tests. */
export const testId = (row: Row, version: SpecVersion): string => `${row.id}@${version}`;

// —— rows ——

export const row = (id: string, statement: string, examples: Examples): Row => ({
  id,
  statement,
  since: '0.1',
  examples,
});

export const rowSince = (
  since: SpecVersion,
  id: string,
  statement: string,
  refused: Example,
  examples: Examples,
): Row => ({ id, statement, since, refused, examples });

/** A mapping, its input, the value, and the problems (`path: message`) if there are any. */
export type MappingCase = readonly [
  text: string,
  input: unknown,
  value: unknown,
  problems?: readonly string[],
  vars?: MappingVariables,
];

/** Examples of mappings by name. A missing value is written as `undefined`. */
export const maps = (cases: Readonly<Record<string, MappingCase>>): Examples =>
  Object.fromEntries(
    Object.entries(cases).map(([name, [text, input, value, problems = [], vars]]) => [
      name,
      ({ map }: Bench) => expect(map(text, input, vars)).toEqual({ value, problems: [...problems].sort() }),
    ]),
  );

/** An earlier version refuses the mapping. */
export const refusesMapping =
  (text: string, why: RegExp): Example =>
  ({ map }) =>
    expect(() => map(text, {})).toThrow(why);

/** Arguments of a `@connect`, and the path and query that are sent. */
export const urls = (
  cases: Readonly<Record<string, readonly [connect: string, url: string, options?: FieldOptions]>>,
): Examples =>
  Object.fromEntries(
    Object.entries(cases).map(([name, [connect, url, options]]) => [
      name,
      async ({ field }: Bench) =>
        expect((await field(connect, options)).seen.map((seen) => seen.url)).toEqual([url]),
    ]),
  );

// —— tests ——

/** Creates the tests of these rows: one per row, version and example. */
export function conform(rows: readonly Row[]): void {
  let source: ASource;
  beforeAll(async () => {
    source = await aSource();
  });
  afterAll(() => source.close());

  for (const each of rows) {
    describe(`${each.id} · ${each.statement}`, () => {
      for (const version of SPEC_VERSIONS) {
        const bench = createBench(() => source, version);
        if (version < each.since) {
          const { refused } = each;
          if (refused !== undefined)
            it(`${testId(each, version)} · refused before ${each.since}`, () => refused(bench));
          continue;
        }
        for (const [name, example] of Object.entries(each.examples)) {
          it(`${testId(each, version)} · ${name}`, () => example(bench));
        }
      }
    });
  }
}

const DEFAULT_LINK = 'import: ["@source", "@connect"]';

function createBench(source: () => ASource, version: SpecVersion): Bench {
  const linked = (sdl: string, { link = DEFAULT_LINK, federation = '2.9' }: SchemaOptions) => `extend schema
    @link(url: "https://specs.apollo.dev/federation/v${federation}", import: ["@key", "@shareable", "@external", "@requires"])
    @link(url: "https://specs.apollo.dev/connect/v${version}" ${link}) ${sdl}`;

  const schemas: Bench['schemas'] = async (sdls, query, options = {}) => {
    const withLinks = Object.entries(sdls).map(([id, sdl]) => [id, linked(sdl, options)]);
    const world = aWorld(source(), Object.fromEntries(withLinks), options);
    try {
      return await world.run(query, options);
    } finally {
      await world.close();
    }
  };

  const fieldSchema = (connect: string, { source: declared = SOURCE, type = 'T', types }: FieldOptions) => {
    const relative =
      /\bsource:/.test(connect) || /\b(GET|POST|PUT|PATCH|DELETE): *"+\s*(http|ftp|\{\$config)/.test(connect);
    const selection = /\bselection:/.test(connect) ? '' : 'selection: "id name"';
    return `${declared} type Query {
        it(id: ID, name: String, flag: Boolean, n: Int, x: Float, list: [String], input: In): ${type}
          @connect(${relative ? '' : 'source: "api"'} ${connect} ${selection})
      }
      input In { a: String b: [Int] c: In }
      ${types ?? (/\bT\b/.test(type) ? 'type T { id: ID name: String }' : '')}`;
  };

  const refuses: Bench['refuses'] = (sdl, code, options = {}) => {
    let thrown: unknown;
    try {
      void aWorld(source(), { test: linked(sdl, options) }, options).close();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DiagnosticsError);
    const { diagnostics } = thrown as DiagnosticsError;
    const said = diagnostics
      .map((d) => [d.code, d.message, d.found, d.expected, d.wayOut].join(' '))
      .join('\n');
    expect(said).toMatch(code);
  };

  return {
    version,
    schemas,
    schema: (sdl, query, options) => schemas({ test: sdl }, query, options),
    field: (connect, options = {}) => {
      const { args = {}, type = 'T', ask = type === 'T' ? '{ id name }' : '' } = options;
      const names = Object.keys(args);
      const signature = names.map((name) => `$${name}: ${ARGUMENT_TYPES[name]}`).join(' ');
      const passed = names.map((name) => `${name}: $${name}`).join(' ');
      const query = `query ${signature && `(${signature})`} { it ${passed && `(${passed})`} ${ask} }`;
      return schemas({ test: fieldSchema(connect, options) }, query, { ...options, variables: args });
    },
    refusesField: (connect, code, options = {}) => refuses(fieldSchema(connect, options), code, options),
    refuses,
    map: (text, input, vars) => {
      const found = createProblems();
      const value = compileMapping(parseSelection(text, { version, extensions: false })).run(
        input,
        vars,
        found,
      );
      return {
        value,
        problems: found.described.map(({ path, message }) => `${path.join('.')}: ${message}`).sort(),
      };
    },
  };
}

const ARGUMENT_TYPES: Readonly<Record<string, string>> = {
  id: 'ID',
  name: 'String',
  flag: 'Boolean',
  n: 'Int',
  x: 'Float',
  list: '[String]',
  input: 'In',
};
