// §1 Directives: `@requires` and `@external` between connectors.

import { expect } from 'vitest';
import type { Seen } from './a-source.ts';
import { type Row, rowSince, SOURCE } from './rows.ts';

const PRODUCTS = `${SOURCE} type Query { products: [Product] @connect(source: "api" http: { GET: "/products" } selection: "id") }
  type Product @connect(source: "api" http: { GET: "/weights/{$this.id}" } selection: "id weight") { id: ID! weight: Float }`;
const ON_FIELD = `${SOURCE} type Product @key(fields: "id") { id: ID! weight: Float @external
  cost: Float @requires(fields: "weight") @connect(source: "api" http: { GET: "/ship?w={$this.weight}" } selection: "$.cost") }`;
const ON_TYPE = `${SOURCE} type Product @key(fields: "id")
  @connect(source: "api" http: { POST: "/ship" body: "items: $batch { id weight }" } selection: "$.items { id cost: weight }") {
  id: ID! weight: Float @external cost: Float @requires(fields: "weight") }`;

const answer = ({ url, body }: Seen) => {
  const id = Number(url.split('/').at(-1));
  if (url === '/v1/products') return { body: [{ id: 1 }, { id: 2 }, { id: 3 }] };
  if (url.startsWith('/v1/weights')) return { body: { id, weight: id * 10 } };
  return { body: body === '' ? { cost: Number(url.split('=').at(-1)) } : JSON.parse(body) };
};
const costs = { products: [{ cost: 10 }, { cost: 20 }, { cost: 30 }] };

export const REQUIRES: readonly Row[] = [
  rowSince(
    '0.2',
    'S1.requires',
    'A field that `@requires` names is fetched from the subgraph that supplies it, before the connector that reads it.',
    ({ refuses }) => refuses(ON_TYPE, /0\.2/),
    {
      'on a field': async ({ schemas }) => {
        const sdls = { products: PRODUCTS, ship: ON_FIELD };
        const { data, seen } = await schemas(sdls, '{ products { cost } }', { answer });
        expect([data, seen.length]).toEqual([costs, 7]);
      },
      'on a type, in one batch': async ({ schemas }) => {
        const sdls = { products: PRODUCTS, ship: ON_TYPE };
        const { data, seen } = await schemas(sdls, '{ products { cost } }', { answer });
        expect(data).toEqual(costs);
        expect(seen.filter(({ url }) => url === '/v1/ship')).toHaveLength(1);
      },
      'the first source fails': async ({ schemas }) => {
        const sdls = { products: PRODUCTS, ship: ON_FIELD };
        const { data, errors, seen } = await schemas(sdls, '{ products { id cost } }', {
          answer: (asked) =>
            asked.url.startsWith('/v1/weights') ? { status: 500, body: {} } : answer(asked),
        });
        expect(data.products[0]).toEqual({ id: '1', cost: null });
        expect(errors[0]).toMatchObject({
          path: ['products', 0, 'cost'],
          extensions: { code: 'UPSTREAM_FAULT', connector: 'products' },
        });
        expect(seen.some(({ url }) => url.includes('ship'))).toBe(false);
      },
    },
  ),
];
