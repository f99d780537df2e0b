// `connector explain`: the plan of a query over connectors of the test, against what the calls would be.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explained } from '../../../src/cli/explain/explanation.ts';
import { runCommandLine } from '../../../src/cli/program.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import { type AFolder, aFolder } from '../a-connector-folder.ts';

const SCHEMA = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "{$config.baseUrl}" })

type Query {
  shelves(near: String, limit: Int = 3): [Shelf]
    @connect(source: "api", http: { GET: "/shelves?near={$args.near}&limit={$args.limit}" }, selection: "$.items { id }")
  shelf(id: ID!): Shelf
    @connect(source: "api", http: { GET: "/shelves/{$args.id}" }, entity: true, selection: "id keeper: { id: keeper_id }")
}
type Shelf @key(fields: "id") {
  id: ID!
  keeper: Keeper
  books: [Book] @connect(source: "api", http: { GET: "/books?shelf={$this.id}" }, selection: "$.items { isbn }")
}
type Keeper @key(fields: "id")
  @connect(source: "api", http: { POST: "/keepers", body: "ids: $batch.id" }, batch: { maxSize: 4 }, selection: "$.items { id name }") {
  id: ID!
  name: String
}
type Book { isbn: ID }
`;

const MANIFEST = `id: library
title: { vi: Thư viện, en: Library }
owner: { agency: A library, contact: library@city.example }
source: { baseUrl: "\${env:LIBRARY_URL}" }
limits: { attemptTimeoutMs: 500, perRequest: 2 }
data: { classification: public }
`;

let folder: AFolder;
beforeAll(async () => {
  folder = await aFolder();
  await folder.write('connectors/library/connector.yaml', MANIFEST);
  await folder.write('connectors/library/schema.graphql', SCHEMA);
  await folder.write('shelf.graphql', 'query A { shelf(id: 1) { id } } query B { __typename }');
});
afterAll(() => folder.remove());

async function explain(...args: string[]) {
  let out = '';
  const write = (text: string) => (out += text);
  const code = await runCommandLine(['connector', 'explain', ...args], {
    terminal: createTerminal({ stdout: { write }, stderr: { write } }, undefined),
    connectorsDir: `${folder.path}/connectors`,
    actor: { officer: 'CB0001', agency: 'H26' },
    store: { dataDir: '/nonexistent' },
    issuer: { connectorsDir: 'connectors', port: 4000, simulatorPorts: {} },
    readEnv: () => undefined,
  });
  return { code, out };
}

async function planOf(query: string, variables: object = {}): Promise<Explained> {
  const { code, out } = await explain(query, '--variables', JSON.stringify(variables), '--json');
  expect(code, out).toBe(0);
  return JSON.parse(out) as Explained;
}

const callsOf = ({ calls }: Explained) =>
  calls.map(
    ({ path, operation, keys, calls: count, wave }) => `${wave} ${path} ${operation} ${keys}/${count}`,
  );

describe('the plan of a query', () => {
  it.each([
    ['one object', '{ shelf(id: 1) { id } }', {}, ['1 shelf Query.shelf 1/1']],
    [
      'a list · then one call for the list, and per element what is below it',
      '{ shelves(limit: 5) { id books { isbn } } }',
      {},
      ['1 shelves Query.shelves 1/1', '2 shelves.books Shelf.books 5/5'],
    ],
    [
      'a batch · then full batches; it waits for the call that gives its keys',
      '{ shelves(limit: 10) { keeper { name } } }',
      {},
      ['1 shelves Query.shelves 1/1', '2 shelves.keeper Keeper 10/3'],
    ],
    [
      'a variable · then its value',
      'query ($n: Int) { shelves(limit: $n) { books { isbn } } }',
      { n: 7 },
      ['1 shelves Query.shelves 1/1', '2 shelves.books Shelf.books 7/7'],
    ],
    [
      'no variable · then the default of the query',
      'query ($n: Int = 2) { shelves(limit: $n) { books { isbn } } }',
      {},
      ['1 shelves Query.shelves 1/1', '2 shelves.books Shelf.books 2/2'],
    ],
    [
      'a field under two names · then twice',
      '{ a: shelf(id: 1) { id } b: shelf(id: 2) { id } }',
      {},
      ['1 a Query.shelf 1/1', '1 b Query.shelf 1/1'],
    ],
    ['fields of the gateway alone', '{ __typename procedures { edges { cursor } } }', {}, []],
  ])('%s', async (_, query, variables, expected) => {
    const plan = await planOf(query, variables);
    expect(callsOf(plan).filter((line) => !expected.includes(line))).toEqual([]);
    expect(callsOf(plan)).toHaveLength(expected.length);
    expect(plan.calls.reduce((sum, { calls }) => sum + calls, 0)).toBe(plan.cost.connectorCalls);
  });

  it('the time · each wave as long as its calls need at the limit of the connector', async () => {
    const plan = await planOf('{ shelves(limit: 5) { books { isbn } } }');
    // One call, then five at two a time: 500 ms and 3 × 500 ms.
    expect(plan).toMatchObject({ waves: 2, worstMs: 2_000 });
    expect(plan.calls[1]).toMatchObject({
      keyedBy: ['id'],
      atATime: 2,
      attemptTimeoutMs: 500,
      worstMs: 1_500,
    });
    expect(plan.calls[0]).toMatchObject({ keyedBy: ['$args.near', '$args.limit'] });
  });

  it('beyond the time of a request · it is said what happens', async () => {
    const { out } = await explain('{ shelves(limit: 100) { books { isbn } } }');
    expect(out).toContain(
      'beyond the 10.0 s of a request: what has not answered by then is null, with an error.',
    );
  });

  it('a file with several operations · one by its name', async () => {
    const { code, out } = await explain(`${folder.path}/shelf.graphql`, '--operation', 'A');
    expect(code).toBe(0);
    expect(out).toContain('shelf  library Query.shelf');
    expect((await explain(`${folder.path}/shelf.graphql`, '--operation', 'B')).out).toContain(
      'No source is called',
    );
  });
});

describe('refused', () => {
  it.each([
    [
      'what is no GraphQL',
      ['{ shelf('],
      'The query cannot be parsed: Syntax Error: Expected Name, found <EOF>. (line 1, column 9)',
    ],
    [
      'an unknown field',
      ['{ shelv }'],
      'The query is not valid: Cannot query field "shelv" on type "Query".',
    ],
    ['a file that is not there', ['none.graphql'], 'none.graphql: found no such file'],
    [
      'variables that are no object',
      ['{ __typename }', '--variables', '[1]'],
      '--variables: found "[1]", expected a JSON object',
    ],
    [
      'several operations',
      ['query A { __typename } query B { __typename }'],
      'Give its name with --operation.',
    ],
    [
      'an operation that is not there',
      ['query A { __typename }', '--operation', 'C'],
      '--operation: found "C"',
    ],
  ])('%s', async (_, args, expected) => {
    const { code, out } = await explain(...args);
    expect(code).toBe(2);
    expect(out).toContain(expected);
  });
});
