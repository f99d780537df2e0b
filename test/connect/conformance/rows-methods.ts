// §5 The methods of the mapping language.

import { expect } from 'vitest';
import { maps, type Row, row } from './rows.ts';

export const METHODS: readonly Row[] = [
  row('S5.method.any', '`echo`, `match`, `jsonStringify`, `toString`.', {
    ...maps({
      echo: ['x: a->echo({ n: @, k: 1 })', { a: 2 }, { x: { n: 2, k: 1 } }],
      match: ['x: a->match(["s", "SMALL"], ["l", "LARGE"], [@, "OTHER"])', { a: 'l' }, { x: 'LARGE' }],
      'match, anything else': ['x: a->match(["s", "SMALL"], [@, "OTHER"])', { a: 'q' }, { x: 'OTHER' }],
      'match numbers, booleans and null': [
        'x: a->match([1, "one"], [true, "yes"], [null, "none"])',
        { a: null },
        { x: 'none' },
      ],
      'match each of a list': [
        'x: list.t->map(@->match([1, "a"], [@, "z"]))',
        { list: [{ t: 1 }, { t: 2 }] },
        { x: ['a', 'z'] },
      ],
      jsonStringify: ['x: a->jsonStringify', { a: { b: [1, 'c'] } }, { x: '{"b":[1,"c"]}' }],
      'toString of a number and a boolean': [
        'x: a->toString y: b->toString',
        { a: 1.5, b: true },
        { x: '1.5', y: 'true' },
      ],
    }),
    'match without a fit': ({ map }) => {
      const { value, problems } = map('x: a->match(["s", 1])', { a: 'q' });
      expect([value, problems.length]).toEqual([{}, 1]);
    },
  }),
  row('S5.method.logic', '`eq`, `ne`, `not`, `and`, `or`, `in`.', {
    ...maps({
      'eq and ne': [
        'a: x->eq(1) b: x->ne(1) c: o->eq({ k: [1] })',
        { x: 1, o: { k: [1] } },
        { a: true, b: false, c: true },
      ],
      not: ['a: x->not', { x: true }, { a: false }],
      'and, or': [
        'a: x->and($.y) b: x->or($.y) c: y->or($.x, $.y)',
        { x: true, y: false },
        { a: false, b: true, c: true },
      ],
      in: ['a: x->in([1, 2]) b: x->in(["1"])', { x: 2 }, { a: true, b: false }],
    }),
  }),
  row(
    'S5.method.number',
    '`gt`, `gte`, `lt`, `lte`, `add`, `sub`, `mul`, `div`, `mod`, `parseInt`; several arguments chain, `div` yields a float.',
    {
      ...maps({
        comparisons: [
          'a: x->gt(2) b: x->gte(3) c: x->lt(3) d: x->lte(3)',
          { x: 3 },
          { a: true, b: true, c: false, d: true },
        ],
        arithmetic: [
          'a: x->add(1, 2) b: x->sub(1, 1) c: x->mul(2, 3) d: x->div(4) e: x->mod(4)',
          { x: 10 },
          { a: 13, b: 8, c: 60, d: 2.5, e: 2 },
        ],
        parseInt: ['a: x->parseInt b: y->parseInt(16)', { x: '042', y: 'ff' }, { a: 42, b: 255 }],
      }),
      'by zero': ({ map }) =>
        expect(map('a: x->div(0)', { x: 1 })).toMatchObject({ value: {}, problems: [expect.anything()] }),
    },
  ),
  row('S5.method.string', '`size`, `slice`, `first`, `last`, `get`, `jsonParse`, `joinNotNull`.', {
    ...maps({
      parts: [
        'a: x->slice(1, 3) b: x->slice(2) c: x->first d: x->last e: x->get(1) f: x->get(-2) g: x->size',
        { x: 'abcd' },
        { a: 'bc', b: 'cd', c: 'a', d: 'd', e: 'b', f: 'c', g: 4 },
      ],
      jsonParse: [
        'a: x->jsonParse b: x->jsonParse { k }',
        { x: '{"k":1,"l":2}' },
        { a: { k: 1, l: 2 }, b: { k: 1 } },
      ],
      joinNotNull: [
        'a: x->joinNotNull(", ") b: $([$.y, $.z])->joinNotNull(" ")',
        { x: ['a', null, 'b', 1], y: 'Bà', z: null },
        { a: 'a, b, 1', b: 'Bà' },
      ],
    }),
  }),
  row('S5.method.list', '`map`, `filter`, `find`, `first`, `last`, `get`, `slice`, `size`, `contains`.', {
    ...maps({
      map: ['x: l->map({ n: @ })', { l: [1, 2] }, { x: [{ n: 1 }, { n: 2 }] }],
      filter: [
        'x: l->filter(@.on) { id }',
        {
          l: [
            { id: 1, on: true },
            { id: 2, on: false },
          ],
        },
        { x: [{ id: 1 }] },
      ],
      'filter by an expression': ['x: l->filter(@->gt(1))', { l: [1, 2, 3] }, { x: [2, 3] }],
      find: [
        'x: l->find(@.k->eq("b")).v',
        {
          l: [
            { k: 'a', v: 1 },
            { k: 'b', v: 2 },
          ],
        },
        { x: 2 },
      ],
      elements: [
        'a: l->first b: l->last c: l->get(1) d: l->get(-1) e: l->slice(1) f: l->slice(0, 2) g: l->size',
        { l: [1, 2, 3] },
        { a: 1, b: 3, c: 2, d: 3, e: [2, 3], f: [1, 2], g: 3 },
      ],
      contains: ['a: l->contains(2) b: l->contains("2")', { l: [1, 2] }, { a: true, b: false }],
    }),
  }),
  row('S5.method.object', '`entries`, `get`, `size`.', {
    ...maps({
      entries: [
        'x: o->entries',
        { o: { a: 1, b: null } },
        {
          x: [
            { key: 'a', value: 1 },
            { key: 'b', value: null },
          ],
        },
      ],
      'entries with a selection': [
        'x: o->entries { code: key name: value.name }',
        { o: { vi: { name: 'V' } } },
        { x: [{ code: 'vi', name: 'V' }] },
      ],
      'get and size': ['a: o->get("a b") b: o->size', { o: { 'a b': 1 } }, { a: 1, b: 1 }],
    }),
  }),
  row(
    'S5.method.ours',
    'Methods that are only proposed for the spec (`typeof`, `keys`, `values`, `has`) and methods of this gateway require its extension link.',
    {
      'refused without it': ({ map }) => {
        for (const method of [
          'typeof',
          'keys',
          'values',
          'has("a")',
          'nfc',
          'pad(2)',
          'personName',
          'date("yyyy")',
        ]) {
          expect(() => map(`x: a->${method}`, {})).toThrow(/specs\.lienthong\.example/);
        }
      },
      'accepted with it': async ({ schema }) => {
        const sdl = `@link(url: "https://specs.lienthong.example/mapping/v0.1") @source(name: "api", http: { baseURL: "http://api.example" })
        type Query { it: [String] @connect(source: "api" http: { GET: "/a" } selection: "$.names->keys") }`;
        expect(
          (await schema(sdl, '{ it }', { answer: () => ({ body: { names: { a: 1, b: 2 } } }) })).data,
        ).toEqual({ it: ['a', 'b'] });
      },
    },
  ),
];
