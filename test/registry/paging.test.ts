// Paged fields, over a socket: sources that count items, count pages, name a cursor or send a Link header, each with a list of its own
// and its own idea of a page. Whatever the source does, pages of any size put together are the list, hasNextPage is right, and a page
// takes two calls at most.
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
import { aSource, type Behaviour } from '../upstream/a-source.ts';

const SDL = `
type Thing { id: ID }
type ThingEdge { cursor: String node: Thing }
type ThingPageInfo { hasNextPage: Boolean endCursor: String startCursor: String hasPreviousPage: Boolean }
type ThingConnection { nodes: [Thing!] edges: [ThingEdge!] pageInfo: ThingPageInfo totalCount: Int }
type Query {
  things(first: Int, after: String, colour: String): ThingConnection
    @connect(id: "things", source: "api", http: { METHOD: "/things", queryParams: "colour: $args.colour", BODY }, selection: """
      nodes: items { id }
      edges: items { cursor: id node: { id } }
      pageInfo: { hasNextPage: $(false) endCursor: $(null) startCursor: $(null) hasPreviousPage: $(false) }
      totalCount: $(null)
    """)
}
`;

const yaml = (origin: string, paging: string, more = ''): string => `
id: test
title: { vi: Vật, en: Thing }
owner: { agency: Sở Vật, contact: a@b.example }
source: { baseUrl: "${origin}" }
operations: { things: { paging: ${paging}${more} } }`;

interface Page {
  readonly ids: readonly string[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
    readonly startCursor: string | null;
  };
  readonly cursors: readonly string[];
  readonly totalCount: number | null;
}

async function aWorld(paging: string, behaviour: Behaviour, { more = '', post = false } = {}) {
  const source = await aSource(behaviour);
  const manifest = readManifest(yaml(source.origin, paging, more), 'connectors/test/connector.yaml');
  const sdl = SDL.replace('METHOD', post ? 'POST' : 'GET').replace(
    'BODY',
    post ? 'body: "filter: $args.colour paging: $({ from: 0, size: 1 })"' : '',
  );
  const connector = aConnector(sdl, {
    source: `@source(name: "api", http: { baseURL: "${source.origin}" })`,
    settings: operationRulesOf(manifest),
  });
  expect(guardMistakes(manifest, connector, 'connector.yaml')).toEqual([]);
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
  const page = async (args = ''): Promise<Page | string> => {
    const contextValue = createRequestContext({
      requestId: 'r1',
      locale: 'en',
      identity: anOfficer('o', 'a'),
      deadlineMs: 5000,
    });
    const selection = `{ nodes { id } edges { cursor node { id } } totalCount
      pageInfo { hasNextPage hasPreviousPage endCursor startCursor } }`;
    const document = parse(`{ things${args === '' ? '' : `(${args})`} ${selection} }`);
    const result = await execute({ schema, document, contextValue });
    contextValue.dispose();
    const error = result.errors?.[0]?.originalError;
    if (isGatewayError(error)) return `${error.code} ${error.reason?.en ?? error.message}`;
    if (result.errors !== undefined) throw result.errors[0];
    const { things } = JSON.parse(JSON.stringify(result.data)) as { things: unknown };
    const { nodes, edges, pageInfo, totalCount } = things as {
      nodes: { id: string }[];
      edges: { cursor: string; node: { id: string } }[];
      pageInfo: Page['pageInfo'];
      totalCount: number | null;
    };
    const ids = nodes.map(({ id }) => id);
    expect(edges.map(({ node }) => node.id)).toEqual(ids);
    return { ids, cursors: edges.map(({ cursor }) => cursor), pageInfo, totalCount };
  };
  /** All pages from the first one, of changing sizes. */
  const walk = async (sizes: readonly number[]) => {
    const all: string[] = [];
    const flags: boolean[] = [];
    let most = 0;
    for (let i = 0, after = ''; i < 100; i++) {
      const before = source.asked.length;
      const got = await page(`first: ${sizes[i % sizes.length]}${after}`);
      if (typeof got === 'string') throw new Error(got);
      most = Math.max(most, source.asked.length - before);
      expect(got.ids.length).toBeLessThanOrEqual(sizes[i % sizes.length] as number);
      expect(got.pageInfo.hasPreviousPage).toBe(i > 0);
      all.push(...got.ids);
      flags.push(got.pageInfo.hasNextPage);
      if (!got.pageInfo.hasNextPage) return { all, flags, most };
      after = `, after: "${got.pageInfo.endCursor}"`;
    }
    throw new Error('the list does not end');
  };
  return { page, walk, source, close: live.close };
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `i${i}`);
const itemsOf = (list: readonly string[]) => list.map((id) => ({ id }));
const reply =
  (body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

interface Listed {
  readonly list: () => readonly string[];
  /** How many items the source serves when it is asked for this many. */
  readonly served?: (asked: number) => number;
  readonly total?: 'body' | 'header';
}
const totals = ({ list, total }: Listed): [Record<string, unknown>, Record<string, string>] => [
  total === 'body' ? { meta: { total: list().length } } : {},
  total === 'header' ? { 'x-total-count': String(list().length) } : {},
];
const numberIn = (url: string, name: string): number =>
  Number(new URL(url, 'http://a').searchParams.get(name) ?? Number.NaN);

/** Servers of their own: nothing here knows how the gateway counts. */
const byOffset =
  (listed: Listed): Behaviour =>
  (response, asked, request) => {
    const from = numberIn(asked.url, 'offset');
    const size = numberIn(asked.url, 'limit');
    const [body, headers] = totals(listed);
    const items = listed.list().slice(from, from + (listed.served?.(size) ?? size));
    reply({ items: itemsOf(items), ...body }, headers)(response, asked, request);
  };
const byPage =
  (listed: Listed, firstPage = 1): Behaviour =>
  (response, asked, request) => {
    const size = listed.served?.(numberIn(asked.url, 'size')) ?? numberIn(asked.url, 'size');
    const from = (numberIn(asked.url, 'page') - firstPage) * size;
    const [body, headers] = totals(listed);
    reply({ items: itemsOf(listed.list().slice(from, from + size)), ...body }, headers)(
      response,
      asked,
      request,
    );
  };
const byCursor =
  ({ list, served = (n) => n }: Listed): Behaviour =>
  (response, asked, request) => {
    const query = new URL(asked.url, 'http://a').searchParams;
    const from = Number((query.get('cursor') ?? 'c=0&').slice(2, -1));
    const to = from + served(numberIn(asked.url, 'limit'));
    const next = to < list().length ? `c=${to}&` : null;
    reply({ items: itemsOf(list().slice(from, to)), meta: { next } })(response, asked, request);
  };
const byLink =
  ({ list, served = (n) => n }: Listed): Behaviour =>
  (response, asked, request) => {
    const size = served(numberIn(asked.url, 'per_page'));
    const page = Number(new URL(asked.url, 'http://a').searchParams.get('page') ?? 1);
    const items = list().slice((page - 1) * size, page * size);
    const links = [`<https://elsewhere.example/x,y?page=1>; rel="first"`];
    if (page * size < list().length) {
      links.push(
        `<https://elsewhere.example/x?per_page=${size}&page=${page + 1}#f>; title="a, \\"b\\""; rel="prev next"`,
      );
    }
    reply({ items: itemsOf(items) }, { link: links.join(', ') })(response, asked, request);
  };

type AStyle = readonly [
  name: string,
  paging: string,
  serve: (listed: Listed) => Behaviour,
  total?: Listed['total'],
];
const STYLES: readonly AStyle[] = [
  ['offset', '{ style: offset, size: limit, maxSize: 10 }', byOffset],
  ['offset with a total', '{ style: offset, size: limit, maxSize: 10, total: meta.total }', byOffset, 'body'],
  [
    'offset with a total in a header',
    '{ style: offset, size: limit, maxSize: 10, totalHeader: X-Total-Count }',
    byOffset,
    'header',
  ],
  ['page', '{ style: page, size: size, maxSize: 10 }', byPage],
  ['page from 0', '{ style: page, size: size, maxSize: 10, firstPage: 0 }', (listed) => byPage(listed, 0)],
  ['page with a total', '{ style: page, size: size, maxSize: 10, total: meta.total }', byPage, 'body'],
  ['pages of one size', '{ style: page, maxSize: 10 }', (listed) => byPage({ ...listed, served: () => 10 })],
  [
    'pages of one size with a total',
    '{ style: page, maxSize: 10, total: meta.total }',
    (listed) => byPage({ ...listed, served: () => 10 }),
    'body',
  ],
  ['cursor', '{ style: cursor, size: limit, maxSize: 10, next: meta.next }', byCursor],
  [
    'cursor of a source that ignores the size',
    '{ style: cursor, size: limit, maxSize: 10, next: meta.next }',
    (listed) => byCursor({ ...listed, served: () => 4 }),
  ],
  [
    'cursor of a source that serves more',
    '{ style: cursor, size: limit, maxSize: 10, next: meta.next }',
    (listed) => byCursor({ ...listed, served: () => 13 }),
  ],
  [
    'offset of a source that serves more',
    '{ style: offset, size: limit, maxSize: 10 }',
    (listed) => byOffset({ ...listed, served: () => 13 }),
  ],
  [
    'offset of a source that serves fewer, with a total',
    '{ style: offset, size: limit, maxSize: 10, total: meta.total }',
    (listed) => byOffset({ ...listed, served: () => 3 }),
    'body',
  ],
  ['link', '{ style: link, size: per_page, maxSize: 10 }', byLink],
];

const CASES = STYLES.map(([name, paging, serve, total]) => ({ name, paging, serve, total }));
const OFFSET = '{ style: offset, size: limit, maxSize: 10 }';

describe('a paged field', () => {
  it.each(CASES)(
    '$name · the pages put together are the list, whatever their sizes',
    async ({ paging, serve, total }) => {
      for (const count of [0, 1, 10, 11, 20, 23]) {
        const list = ids(count);
        const world = await aWorld(paging, serve({ list: () => list, ...(total && { total }) }));
        for (const sizes of [[10], [3], [7, 2, 10, 1]]) {
          const { all, most, flags } = await world.walk(sizes);
          expect(all).toEqual(list);
          expect(most).toBeLessThanOrEqual(2);
          expect(flags.slice(0, -1)).not.toContain(false);
        }
        await world.close();
      }
    },
  );

  it.each(CASES)('$name · the cursor of each edge continues behind it', async ({ paging, serve, total }) => {
    const list = ids(23);
    const world = await aWorld(paging, serve({ list: () => list, ...(total && { total }) }));
    const first = (await world.page('first: 9')) as Page;
    for (const [i, cursor] of first.cursors.entries()) {
      const behind = (await world.page(`first: 5, after: "${cursor}"`)) as Page;
      const offset = list.indexOf(first.ids[i] as string) + 1;
      expect(behind.ids).toEqual(list.slice(offset, offset + behind.ids.length));
      expect(behind.ids.length).toBeGreaterThan(0);
    }
    expect(first.pageInfo.startCursor).toBe(first.cursors[0]);
    expect(first.pageInfo.endCursor).toBe(first.cursors.at(-1));
    await world.close();
  });

  it.each(CASES)('$name · a list that shrinks between two pages ends', async ({ paging, serve, total }) => {
    let list = ids(30);
    const world = await aWorld(paging, serve({ list: () => list, ...(total && { total }) }));
    const first = (await world.page('first: 7')) as Page;
    expect(first.pageInfo.hasNextPage).toBe(true);
    list = ids(2);
    const behind = (await world.page(`first: 7, after: "${first.pageInfo.endCursor}"`)) as Page;
    expect(behind).toMatchObject({ ids: [], pageInfo: { hasNextPage: false, endCursor: null } });
    await world.close();
  });

  it('asks once for a page in the middle where one call can do', async () => {
    const world = await aWorld(OFFSET, byOffset({ list: () => ids(40) }));
    const first = (await world.page('first: 5')) as Page;
    await world.page(`first: 5, after: "${first.pageInfo.endCursor}"`);
    expect(world.source.asked.map(({ url }) => url)).toEqual([
      '/things?offset=0&limit=6',
      '/things?offset=5&limit=6',
    ]);
    await world.close();
  });

  it('has a total where the source counts', async () => {
    const world = await aWorld(
      '{ style: offset, size: limit, maxSize: 10, total: meta.total }',
      byOffset({ list: () => ids(23), total: 'body' }),
    );
    expect(((await world.page('first: 2')) as Page).totalCount).toBe(23);
    await world.close();
  });

  it('refuses a first beyond its bounds, and cursors that are not of this list; nothing is sent', async () => {
    const world = await aWorld(OFFSET, byOffset({ list: () => ids(40) }));
    for (const first of ['0', '-1', '11']) {
      expect(await world.page(`first: ${first}`)).toBe(
        `BAD_USER_INPUT Argument "first": expected a whole number from 1 to 10; found ${first}. For more, follow \`pageInfo.endCursor\`.`,
      );
    }
    expect(world.source.asked).toEqual([]);
    const { cursors } = (await world.page('first: 3, colour: "red"')) as Page;
    const [cursor = ''] = cursors;
    const sent = world.source.asked.length;
    const flipped = cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A');
    const wrong = ['', 'x', flipped, `${cursor}=`, `${cursor} `, `${cursor}A`, 'A'.repeat(100_000)];
    for (const after of wrong) {
      expect(await world.page(`colour: "red", after: ${JSON.stringify(after)}`)).toMatch(
        /^BAD_USER_INPUT Argument "after": expected a cursor of this list/,
      );
    }
    // Of another list.
    expect(await world.page(`colour: "blue", after: "${cursor}"`)).toMatch(/^BAD_USER_INPUT/);
    expect(await world.page(`after: "${cursor}"`)).toMatch(/^BAD_USER_INPUT/);
    expect(world.source.asked).toHaveLength(sent);
    expect(await world.page(`first: 1, colour: "red", after: "${cursor}"`)).toMatchObject({ ids: ['i1'] });
    await world.close();
  });

  it('replaces the position and size that the mapping has for other routers, and keeps the rest', async () => {
    const paging = '{ style: offset, position: paging.from, size: paging.size, in: body, maxSize: 10 }';
    const world = await aWorld(paging, reply({ items: itemsOf(ids(1)) }), { post: true });
    const { pageInfo } = (await world.page('first: 4, colour: "red"')) as Page;
    expect(pageInfo.hasNextPage).toBe(false);
    expect(world.source.asked.map(({ body }) => body)).toEqual([
      '{"filter":"red","paging":{"from":0,"size":5}}',
    ]);
    await world.close();
  });

  it.each([
    [
      'pages of another size',
      '{ style: page, size: size, maxSize: 10 }',
      byPage({ list: () => ids(40), served: () => 20 }),
    ],
    [
      'a next page that is the same',
      '{ style: cursor, size: limit, maxSize: 10, next: meta.next }',
      reply({ items: itemsOf(ids(1)), meta: { next: 'x' } }),
    ],
    [
      'a next link without the parameter',
      '{ style: link, size: per_page, maxSize: 10 }',
      reply({ items: [] }, { link: '</x?p=2>; rel=next' }),
    ],
    [
      'a total that is none',
      '{ style: offset, size: limit, maxSize: 10, total: meta.total }',
      reply({ items: [], meta: { total: 'many' } }),
    ],
    [
      'a cursor that is an object',
      '{ style: cursor, size: limit, maxSize: 10, next: meta.next }',
      reply({ items: [], meta: { next: { a: 1 } } }),
    ],
    [
      'a cursor of any length',
      '{ style: cursor, size: limit, maxSize: 10, next: meta.next }',
      reply({ items: [], meta: { next: 'x'.repeat(1025) } }),
    ],
    ['items that are no list', '{ style: offset, size: limit, maxSize: 10 }', reply({ items: { id: '1' } })],
  ])('%s · UPSTREAM_INVALID', async (_, paging, behaviour) => {
    const world = await aWorld(paging, behaviour);
    const got = await world.page('first: 5');
    expect(got).toMatch(/^UPSTREAM_INVALID/);
    expect(got).not.toMatch(/many|xxx/);
    await world.close();
  });

  it('serves each page from the cache under its own key', async () => {
    const more = ', cache: { ttlMs: 60000 }';
    const world = await aWorld(
      '{ style: page, maxSize: 10 }',
      byPage({ list: () => ids(35), served: () => 10 }),
      { more },
    );
    const walked = await world.walk([4, 7]);
    expect(walked.all).toEqual(ids(35));
    const calls = world.source.asked.length;
    expect((await world.walk([4, 7])).all).toEqual(ids(35));
    expect(world.source.asked).toHaveLength(calls);
    await world.close();
  });
});

describe('mistakes in paging are found at the check', () => {
  const check = (field: string, paging = '{ style: offset, size: limit, maxSize: 10 }') => {
    const manifest = readManifest(yaml('http://127.0.0.1:9', paging), 'connector.yaml');
    const sdl = `type Thing { id: ID } type C { nodes: [Thing] pageInfo: Thing } type Query { ${field} }`;
    return guardMistakes(manifest, aConnector(sdl), 'connector.yaml').map(({ found }) => found);
  };
  const CONNECT =
    '@connect(id: "things", source: "api", http: { GET: "/t" }, selection: "nodes { id } pageInfo { id }")';
  const PLAIN = `${CONNECT.replace('nodes { id } pageInfo { id }', 'id')} c: C ${CONNECT.replace('id: "things", ', '')}`;
  it.each([
    [`things(first: Int, after: String): C ${CONNECT}`, []],
    [`things(after: String): C ${CONNECT}`, ['no argument first']],
    [`things(first: Int): C ${CONNECT}`, ['no argument after']],
    [`things(first: String, after: String): C ${CONNECT}`, ['first of another type']],
    [`things(first: Int, after: [String]): C ${CONNECT}`, ['after of another type']],
    [`things(first: Int, after: String): Thing ${PLAIN}`, ['Thing']],
    [`things(first: Int, after: String): [Thing] ${PLAIN}`, ['a list of Thing']],
  ])('%s', (field, found) => {
    expect(check(field)).toEqual(found);
  });
  it.each([
    ['{ style: cursor, maxSize: 1 }', 'next belongs to style cursor'],
    ['{ style: page, maxSize: 1, next: a }', 'next belongs to style cursor'],
    ['{ style: page, maxSize: 1, total: a, totalHeader: b }', 'exclude each other'],
    ['{ style: page }', 'maxSize'],
    ['{ style: pages, maxSize: 1 }', 'style'],
  ])('refuses %s', (paging, message) => {
    expect(() => readManifest(yaml('http://127.0.0.1:9', paging), 'connector.yaml')).toThrow(message);
  });
});
