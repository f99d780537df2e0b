// §3 Answers of batches: each item finds its key, and what does not is told.

import { expect } from 'vitest';
import type { Reply, Seen } from './a-source.ts';
import { type Bench, type Row, rowSince, SOURCE } from './rows.ts';

const ITEMS = `type Query { items: [Item] @connect(source: "api" http: { GET: "/items" } selection: "sku") }
type Item @connect(source: "api" http: { POST: "/batch", body: "skus: $batch.sku" } batch: { maxSize: 2 } selection: "sku label")
{ sku: ID! label: String }`;

/** Lists these skus, then answers batches by `batch`. */
const items = (
  { schema }: Bench,
  skus: readonly unknown[],
  batch: (asked: readonly string[], seen: Seen) => Reply,
  query = '{ items { sku label } }',
) =>
  schema(SOURCE + ITEMS, query, {
    answer: (seen) =>
      seen.url === '/v1/items'
        ? { body: skus.map((sku) => ({ sku })) }
        : batch(JSON.parse(seen.body).skus, seen),
  });

const label = (sku: unknown) => ({ sku, label: `label ${sku}` });

export const BATCHES: readonly Row[] = [
  rowSince(
    '0.2',
    'S3.batch.match',
    'The selection of a batch yields a list; each item is matched to its key by the key fields, whatever their order.',
    ({ refuses }) => refuses(SOURCE + ITEMS, /0\.2/),
    {
      'in another order': async (bench) => {
        const { data } = await items(bench, ['a', 'b'], (skus) => ({ body: skus.toReversed().map(label) }));
        expect(data).toEqual({ items: [label('a'), label('b')] });
      },
      'numbers and texts are the same ID': async (bench) => {
        const { data } = await items(bench, [1, 2], () => ({
          body: [
            { sku: '2', label: 'two' },
            { sku: 1, label: 'one' },
          ],
        }));
        expect(data).toEqual({
          items: [
            { sku: '1', label: 'one' },
            { sku: '2', label: 'two' },
          ],
        });
      },
      'a composite and nested key': async ({ schema }) => {
        const sdl = `${SOURCE} type Query { plots: [Plot] @connect(source: "api" http: { GET: "/plots" } selection: "no place { ward }") }
          type Plot @connect(source: "api" http: { POST: "/areas", body: "keys: $batch { no ward: place.ward }" }
            selection: "no place: { ward: place.ward } area") { no: Int! place: Place! area: Int }
          type Place { ward: String! }`;
        const plots = [
          { no: 1, place: { ward: 'A', other: 'x' } },
          { no: 1, place: { ward: 'B' } },
        ];
        const { data, seen } = await schema(sdl, '{ plots { no area } }', {
          answer: ({ url }) => ({
            body: url.endsWith('plots')
              ? plots
              : [
                  { no: 1, place: { ward: 'B', more: true }, area: 2 },
                  { no: 1, place: { ward: 'A' }, area: 1 },
                ],
          }),
        });
        expect(data).toEqual({
          plots: [
            { no: 1, area: 1 },
            { no: 1, area: 2 },
          ],
        });
        expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
          keys: [
            { no: 1, ward: 'A' },
            { no: 1, ward: 'B' },
          ],
        });
      },
    },
  ),
  rowSince(
    '0.2',
    'S3.batch.missing',
    'A missing item is null: known fields of the entity stay, without an error.',
    ({ refuses }) => refuses(SOURCE + ITEMS, /0\.2/),
    {
      'one of two': async (bench) => {
        const { data, errors } = await items(bench, ['a', 'gone'], () => ({ body: [label('a')] }));
        expect([data, errors]).toEqual([{ items: [label('a'), { sku: 'gone', label: null }] }, []]);
      },
      'null among the items': async (bench) => {
        const { data, errors } = await items(bench, ['a', 'gone'], () => ({ body: [label('a'), null] }));
        expect([data, errors]).toEqual([{ items: [label('a'), { sku: 'gone', label: null }] }, []]);
      },
      all: async (bench) => {
        const { data, errors } = await items(bench, ['a'], () => ({ body: [] }));
        expect([data, errors]).toEqual([{ items: [{ sku: 'a', label: null }] }, []]);
      },
    },
  ),
  rowSince(
    '0.2',
    'S3.batch.drift',
    'A duplicate or unrequested item, or an answer that is not a list, is a mapping problem; requested items are returned.',
    ({ refuses }) => refuses(SOURCE + ITEMS, /0\.2/),
    {
      unasked: async (bench) => {
        const { data, problems } = await items(bench, ['a'], () => ({ body: [label('z'), label('a')] }));
        expect(data).toEqual({ items: [label('a')] });
        expect(problems).toEqual([expect.stringMatching(/not requested/)]);
      },
      duplicate: async (bench) => {
        const { data, problems } = await items(bench, ['a'], () => ({
          body: [label('a'), { sku: 'a', label: 'again' }],
        }));
        expect(data).toEqual({ items: [label('a')] });
        expect(problems).toEqual([expect.stringMatching(/duplicates/)]);
      },
      'no list': async (bench) => {
        const { data, problems } = await items(bench, ['a'], () => ({ body: { sku: 'a', label: 'x' } }));
        expect(data).toEqual({ items: [{ sku: 'a', label: null }] });
        expect(problems).toEqual([expect.stringMatching(/list/)]);
      },
    },
  ),
  rowSince(
    '0.2',
    'S3.batch.fail',
    'A batch call that fails affects its own keys only.',
    ({ refuses }) => refuses(SOURCE + ITEMS, /0\.2/),
    {
      'one of two batches': async (bench) => {
        const { data, errors } = await items(bench, ['a', 'b', 'c'], (skus) =>
          skus.includes('c') ? { status: 500, body: {} } : { body: skus.map(label) },
        );
        expect(data).toEqual({ items: [label('a'), label('b'), { sku: 'c', label: null }] });
        expect(errors).toMatchObject([
          { path: ['items', 2, 'label'], extensions: { code: 'UPSTREAM_FAULT', operation: 'Item' } },
        ]);
      },
    },
  ),
];
