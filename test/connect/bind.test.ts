import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bindSchema } from '../../src/connect/bind/bind-schema.ts';
import type { ConnectRequest, Send } from '../../src/connect/contract.ts';
import { GatewayError } from '../../src/errors.ts';
import { composeSchema } from '../../src/graph/compose.ts';
import { createRequestContext } from '../../src/request/context.ts';
import { anOfficer } from '../request/an-identity.ts';
import { aConnector, anAnswer } from './a-connector.ts';

const CORE = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
type Query { boxes: [Box!]! box: Box! }
type Box { code: String! owner: Person things: [Thing!]! }
type Person @key(fields: "id", resolvable: false) { id: ID! nick: String! }
type Thing @key(fields: "sku", resolvable: false) { sku: ID! }
scalar DateTime
enum Freshness { LIVE CACHED STALE }
type Provenance @shareable { connector: String! source: String fetchedAt: DateTime! ageMs: Int! freshness: Freshness! }
`;
const PEOPLE = `
type Person @connect(
  source: "api"
  http: { GET: "/people/{$this.id}?for={$context.purpose.dossier}" }
  selection: "id name age"
) { id: ID! name: String age: Int }
`;
const THINGS = `
type Thing @connect(
  source: "api"
  http: { POST: "/things", body: "skus: $batch.sku" }
  batch: { maxSize: 2 }
  selection: "$.items { sku label }"
) { sku: ID! label: String size: String @connect(source: "api" http: { GET: "/sizes/{$this.sku}" } selection: "$.size") }
`;

interface World {
  readonly boxes: unknown[];
  readonly answer: (request: ConnectRequest) => unknown;
}

function aWorld({ boxes, answer }: World) {
  const requests: ConnectRequest[] = [];
  const connectors = [aConnector(PEOPLE), { ...aConnector(THINGS), id: 'things' }];
  const composed = composeSchema([{ file: 'schema/core.graphql', body: CORE }], connectors);
  const schema = makeExecutableSchema({
    typeDefs: composed.document,
    resolvers: { Query: { boxes: () => boxes, box: () => boxes[0] } },
  });
  const send: Send = async (request) => {
    requests.push(request);
    await new Promise((resolve) => setImmediate(resolve));
    const body = answer(request);
    if (body instanceof Error) throw body;
    return anAnswer(body);
  };
  const bindings = connectors.map((compiled) => ({
    compiled,
    bound: { id: compiled.id, send, perRequest: 4, config: {}, env: {} },
  }));
  const at = bindSchema(schema, bindings, {
    Box: (box: { code: string }) => ({ dossier: box.code, procedure: 'P' }),
  });
  const run = async (query: string) => {
    const context = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer('o', 'a'),
      deadlineMs: 5000,
    });
    const result = await execute({ schema, document: parse(query), contextValue: context });
    context.dispose();
    const { data } = JSON.parse(JSON.stringify(result)) as { data: Record<string, never> };
    return { data, errors: result.errors, context };
  };
  return { run, requests, at };
}

const aBox = (code: string, id: string, skus: string[] = []) => ({
  code,
  owner: { id, nick: `nick of ${id}` },
  things: skus.map((sku) => ({ sku })),
});
function people(request: ConnectRequest) {
  const id = /people\/(\w+)/.exec(request.path)?.[1];
  return { id, name: `name of ${id}`, age: 40 };
}

describe('entities', () => {
  it('a selection of key and store fields only · run · no call', async () => {
    const { run, requests } = aWorld({ boxes: [aBox('b1', '1')], answer: people });
    const { data } = await run('{ boxes { owner { id nick __typename } } }');
    expect(data).toEqual({ boxes: [{ owner: { id: '1', nick: 'nick of 1', __typename: 'Person' } }] });
    expect(requests).toEqual([]);
  });

  it('a selection that needs the connector · run · completed, the stub stays', async () => {
    const { run, context } = await runOne('{ boxes { owner { id nick name age } } }');
    expect(run.data).toEqual({
      boxes: [{ owner: { id: '1', nick: 'nick of 1', name: 'name of 1', age: 40 } }],
    });
    expect(context.tally.rows()).toMatchObject([{ connector: 'test', status: 'OK' }]);
  });

  it('an answer that is a list of persons · run · an error at the null field, the stub stays', async () => {
    const { run } = aWorld({ boxes: [aBox('b1', '1')], answer: (request) => [people(request)] });
    const { data, errors, context } = await run('{ boxes { owner { id nick name } } }');
    expect(data).toEqual({ boxes: [{ owner: { id: '1', nick: 'nick of 1', name: null } }] });
    expect(errors).toMatchObject([
      {
        path: ['boxes', 0, 'owner', 'name'],
        originalError: { code: 'UPSTREAM_INVALID', connector: 'test', operation: 'Person', retryable: true },
      },
    ]);
    // It did answer, and is not ill.
    expect(context.tally.rows()).toMatchObject([{ connector: 'test', status: 'PARTIAL' }]);
  });

  it('the same person under the same box, three times · run · one call', async () => {
    const { run, requests } = aWorld({ boxes: [aBox('b1', '1')], answer: people });
    const { data } = await run(
      '{ a: boxes { owner { name } } b: boxes { owner { name } } box { owner { age } } }',
    );
    expect(data).toMatchObject({ a: [{ owner: { name: 'name of 1' } }], box: { owner: { age: 40 } } });
    expect(requests).toHaveLength(1);
  });

  it('the same person for two purposes · run · a call for each: a look-up contains its dossier', async () => {
    const { run, requests } = aWorld({ boxes: [aBox('b1', '1'), aBox('b2', '1')], answer: people });
    await run('{ boxes { owner { name } } }');
    expect(requests.map((request) => request.path)).toEqual(['/v1/people/1?for=b1', '/v1/people/1?for=b2']);
  });

  it('a failure · run · the stub stays, an error at each selected field of the connector', async () => {
    const boxes = [aBox('b1', '1'), aBox('b2', '2')];
    const answer = (request: ConnectRequest) =>
      request.path.includes('/2') ? new GatewayError('UPSTREAM_FAULT') : people(request);
    const { run } = aWorld({ boxes, answer });
    const { data, errors } = await run(
      '{ boxes { owner { id nick called: name ...Age provenance { connector } } } } fragment Age on Person { age }',
    );
    const provenance = { connector: 'test' };
    expect(data).toEqual({
      boxes: [
        { owner: { id: '1', nick: 'nick of 1', called: 'name of 1', age: 40, provenance } },
        { owner: { id: '2', nick: 'nick of 2', called: null, age: null, provenance: null } },
      ],
    });
    expect(errors).toMatchObject(
      ['called', 'age', 'provenance'].map((key) => ({
        path: ['boxes', 1, 'owner', key],
        originalError: { code: 'UPSTREAM_FAULT' },
      })),
    );
  });

  it('no such record · run · the stub without an error, and where that was learnt', async () => {
    const { run } = aWorld({ boxes: [aBox('b1', '1')], answer: () => null });
    const { data, errors } = await run('{ boxes { owner { id name provenance { connector freshness } } } }');
    expect(data).toEqual({
      boxes: [{ owner: { id: '1', name: null, provenance: { connector: 'test', freshness: 'LIVE' } } }],
    });
    expect(errors).toBeUndefined();
  });
});

describe('batches', () => {
  const answer = (request: ConnectRequest) => {
    const { skus } = request.body as { skus: string[] };
    // Unordered, one unasked, the one called "gone" missing.
    const items = skus.filter((sku) => sku !== 'gone').toReversed();
    return {
      items: [...items.map((sku) => ({ sku, label: `label ${sku}` })), { sku: 'unasked', label: 'x' }],
    };
  };

  it('keys of a whole request · fetched · split at maxSize, matched by key, null for missing ones', async () => {
    const boxes = [aBox('b1', '1', ['a', 'b']), aBox('b2', '2', ['a', 'gone', 'c'])];
    const { run, requests } = aWorld({ boxes, answer });
    const { data } = await run('{ boxes { things { sku label } } }');
    expect(requests.map((request) => request.body)).toEqual([{ skus: ['a', 'b'] }, { skus: ['gone', 'c'] }]);
    const label = (sku: string) => ({ sku, label: sku === 'gone' ? null : `label ${sku}` });
    expect(data).toEqual({
      boxes: [{ things: [label('a'), label('b')] }, { things: [label('a'), label('gone'), label('c')] }],
    });
  });

  it('a batch that fails · fetched · fails its own keys only', async () => {
    const failing = (request: ConnectRequest) =>
      (request.body as { skus: string[] }).skus.includes('c')
        ? new GatewayError('UPSTREAM_TIMEOUT')
        : answer(request);
    const { run } = aWorld({ boxes: [aBox('b1', '1', ['a', 'b', 'c'])], answer: failing });
    const { data, errors } = await run('{ boxes { things { sku label } } }');
    expect(data).toMatchObject({
      boxes: [{ things: [{ label: 'label a' }, { label: 'label b' }, { label: null }] }],
    });
    expect(errors?.map(({ path }) => path)).toEqual([['boxes', 0, 'things', 2, 'label']]);
  });
});

describe('fields with their own @connect', () => {
  it('a failure · run · null at the field with one error at its path', async () => {
    const answer = (request: ConnectRequest) =>
      request.path === '/v1/sizes/b' ? new GatewayError('UPSTREAM_FAULT') : { size: 'L' };
    const { run } = aWorld({ boxes: [aBox('b1', '1', ['a', 'b'])], answer });
    const result = await run('{ boxes { things { size } } }');
    expect(result.data).toEqual({ boxes: [{ things: [{ size: 'L' }, { size: null }] }] });
    expect(result).toMatchObject({ errors: [{ path: ['boxes', 0, 'things', 1, 'size'] }] });
  });

  it('a document · planned · names the connectors and operations that it needs', () => {
    const { at } = aWorld({ boxes: [], answer: people });
    expect(at('Box', 'owner', 'Person', { names: new Set(['id', 'nick']) })).toEqual([]);
    expect(at('Box', 'owner', 'Person', { names: new Set(['name']) })).toEqual([
      { connector: 'test', operation: 'Person', batchSize: undefined, per: 'element', isSpare: false },
    ]);
    expect(at('Thing', 'size', 'String', { names: new Set() })).toEqual([
      {
        connector: 'things',
        operation: 'Thing.size',
        batchSize: undefined,
        per: 'parent',
        isSpare: false,
      },
    ]);
  });
});

async function runOne(query: string) {
  const { run } = aWorld({ boxes: [aBox('b1', '1')], answer: people });
  const result = await run(query);
  return { run: result, context: result.context };
}
