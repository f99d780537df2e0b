// §4 Variables and §5 The mapping language: what a text in the language gives for a decoded answer.

import { expect } from 'vitest';
import { maps, type Row, refusesMapping, row, rowSince } from './rows.ts';

export const VARIABLES: readonly Row[] = [
  row('S4.dollar', '`$` is the value of the enclosing selection.', {
    ...maps({
      'the answer': ['all: $', { a: 1 }, { all: { a: 1 } }],
      'inside a selection': ['user { name whole: $ }', { user: { name: 'n' } }, { user: { name: 'n', whole: { name: 'n' } } }],
      'an element of a list': ['ids { id: $ }', { ids: [1, 2] }, { ids: [{ id: 1 }, { id: 2 }] }],
      'in the argument of a method': ['x: a->eq($.b)', { a: 1, b: 1 }, { x: true }],
    }),
  }),
  row('S4.at', '`@` is the value that a method was called on, or the element inside `map`, `filter` and `find`.', {
    ...maps({
      'echo': ['x: a->echo({ value: @ })', { a: 1 }, { x: { value: 1 } }],
      'map': ['x: $.list->map(@.n)', { list: [{ n: 1 }, { n: 2 }] }, { x: [1, 2] }],
      'nested': ['x: $.list->map(@->map(@->add(1)))', { list: [[1], [2, 3]] }, { x: [[2], [3, 4]] }],
    }),
  }),
  row('S4.args', '`$args` in a selection and a body.', {
    'both': async ({ field }) => {
      const { data, seen } = await field('http: { POST: "/a", body: "q: $args.name" } selection: "id: $args.id name"', {
        args: { id: 'i', name: 'n' },
        answer: () => ({ body: { name: 'x' } }),
      });
      expect([data, seen[0]?.body]).toEqual([{ it: { id: 'i', name: 'x' } }, '{"q":"n"}']);
    },
    'an argument that does not exist': ({ refusesField }) => refusesField('http: { GET: "/a?x={$args.nope}" }', 'UndefinedArgument'),
  }),
  row('S4.config', '`$config` has the values of the manifest, anywhere.', {
    'URL, header, body and selection': async ({ field }) => {
      const connect =
        'http: { POST: "/{$config.tenant.id}", headers: [{ name: "X-Key", value: "{$config.key}" }], body: "t: $config.tenant" } selection: "id name: $config.key"';
      const { data, seen } = await field(connect, { config: { key: 'k', tenant: { id: 7 } }, answer: () => ({ body: { id: 1 } }) });
      expect(data).toEqual({ it: { id: '1', name: 'k' } });
      expect(seen[0]).toMatchObject({ url: '/v1/7', headers: { 'x-key': 'k' }, body: '{"t":{"id":7}}' });
    },
  }),
  row('S4.env', '`$env` has the variables that the manifest lets through, and no others.', {
    'in a URL': async ({ field }) => {
      const { seen } = await field('http: { GET: "/a?x={$env.STAGE}" }', { env: { STAGE: 'test' } });
      expect(seen[0]?.url).toBe('/v1/a?x=test');
    },
    'another variable of the process': ({ refusesField }) =>
      refusesField('http: { GET: "/a?x={$env.PATH}" }', 'ConfigKeyUnknown', { env: { STAGE: 'test' } }),
  }),
  row('S4.context', '`$context` (ours) has `actor`, `purpose` and `request`.', {
    'actor and request': async ({ field }) => {
      const connect = 'http: { GET: "/a", headers: [{ name: "X-Officer", value: "{$context.actor.officer}/{$context.actor.agency}" } { name: "X-Request", value: "{$context.request.id}" }] }';
      const { seen } = await field(connect);
      expect(seen[0]?.headers).toMatchObject({ 'x-officer': 'o/a', 'x-request': 'r1' });
    },
  }),
  row('S4.status', '`$status` is the HTTP status of the answer.', {
    'in a selection': async ({ field }) => {
      const { data } = await field('http: { GET: "/a" } selection: "id: $status name"', { answer: () => ({ status: 201, body: { name: 'n' } }) });
      expect(data).toEqual({ it: { id: '201', name: 'n' } });
    },
  }),
  row('S4.response', '`$response.headers` are those of the answer: lists, in lower case.', {
    'one value': async ({ field }) => {
      const connect = `http: { GET: "/a" } selection: "id name: $response.headers.'x-total'->first"`;
      const { data } = await field(connect, { answer: () => ({ headers: { 'X-Total': '42' }, body: { id: 1 } }) });
      expect(data).toEqual({ it: { id: '1', name: '42' } });
    },
    'the list': async ({ field }) => {
      const connect = `http: { GET: "/a" } selection: "$response.headers.etag"`;
      const { data } = await field(connect, { type: '[String]', answer: () => ({ headers: { ETag: '"v1"' }, body: {} }) });
      expect(data).toEqual({ it: ['"v1"'] });
    },
  }),
  row('S4.request', "`$request.headers` are those of the client's request: lists, in lower case.", {
    'in a URL': async ({ field }) => {
      const connect = `http: { GET: "/a?lang={$request.headers.'accept-language'->first}" }`;
      const { seen } = await field(connect, { headers: { 'accept-language': 'vi' } });
      expect(seen[0]?.url).toBe('/v1/a?lang=vi');
    },
    'in a selection': async ({ field }) => {
      const connect = `http: { GET: "/a" } selection: "id name: $request.headers.'x-user'->first"`;
      const { data } = await field(connect, { headers: { 'x-user': 'u' }, answer: () => ({ body: { id: 1 } }) });
      expect(data).toEqual({ it: { id: '1', name: 'u' } });
    },
    'beside a header that is copied': async ({ field }) => {
      const connect = `http: { GET: "/a?u={$request.headers.'x-user'->first}", headers: [{ name: "X-User", from: "x-user" }] }`;
      const { seen } = await field(connect, { headers: { 'x-user': 'u' } });
      expect([seen[0]?.url, seen[0]?.headers['x-user']]).toEqual(['/v1/a?u=u', 'u']);
    },
  }),
  rowSince('0.3', 'S4.as', '`->as($name)` binds a variable for the rest of its path.', refusesMapping('x: a->as($v)->echo($v)', /0\.3/), {
    ...maps({
      'a value': ['x: a->as($v)->echo({ was: $v })', { a: 1 }, { x: { was: 1 } }],
      'an expression': ['x: a->as($d, @->mul(2))->echo([@, $d])', { a: 3 }, { x: [3, 6] }],
      'seen from inside a list': ['x: $->as($all)->echo($all.list->map({ n: @, of: $all.name }))', { list: [1, 2], name: 'L' }, { x: [{ n: 1, of: 'L' }, { n: 2, of: 'L' }] }],
      'in a sub-selection': ['$->as($root) { items { id owner: $root.owner } }', { items: [{ id: 1 }], owner: 'o' }, { items: [{ id: 1, owner: 'o' }] }],
    }),
    'an unknown variable': refusesMapping('x: $nothing.a', /known variable/),
  }),
];

export const LANGUAGE: readonly Row[] = [
  row('S5.key', 'A bare key keeps its key; an alias renames.', {
    ...maps({
      'keys': ['id author { id }', { id: 1, more: 2, author: { id: 3, x: 4 } }, { id: 1, author: { id: 3 } }],
      'aliases': ['code: id name: full_name', { id: 1, full_name: 'n' }, { code: 1, name: 'n' }],
      'an alias with a selection': ['owner: user { login: name }', { user: { name: 'u' } }, { owner: { login: 'u' } }],
      'quoted keys': [`a: $."first name" b: $.'x-y'.z "c d": e`, { 'first name': 1, 'x-y': { z: 2 }, e: 3 }, { a: 1, b: 2, 'c d': 3 }],
      'keys that are words of the language': ['true null false', { true: 1, null: 2, false: 3 }, { true: 1, null: 2, false: 3 }],
    }),
  }),
  row('S5.path', 'A longer path is anonymous: it needs an alias, or a sub-selection whose keys merge into the parent.', {
    ...maps({
      'an alias': ['city: address.city.name', { address: { city: { name: 'Huế' } } }, { city: 'Huế' }],
      'merged': ['id address.city { zip name }', { id: 1, address: { city: { zip: 2, name: 'Huế' } } }, { id: 1, zip: 2, name: 'Huế' }],
      '$. at the start': ['x: $.a.b', { a: { b: 1 } }, { x: 1 }],
    }),
    'neither': refusesMapping('id address.city', /named value/),
  }),
  row('S5.group', '`x: { a b }` groups.', {
    ...maps({
      'keys of the same value': ['id name: { first last }', { id: 1, first: 'a', last: 'b' }, { id: 1, name: { first: 'a', last: 'b' } }],
      'nested': ['a: { b: { c: x } }', { x: 1 }, { a: { b: { c: 1 } } }],
    }),
  }),
  row('S5.bare', 'A whole selection that is one anonymous path gives the bare value.', {
    ...maps({
      'a path': ['author.name', { author: { name: 'n' } }, 'n'],
      'with a selection': ['$.results { id }', { results: [{ id: 1, x: 0 }] }, [{ id: 1 }]],
      'the answer itself': ['$', [1, 2], [1, 2]],
      'a method': ['$.list->first', { list: [1, 2] }, 1],
      'a literal': ['$("x")', {}, 'x'],
    }),
  }),
  rowSince('0.3', 'S5.spread', '`...` adds the keys of a value.', refusesMapping('id ... address', /0\.3/), {
    ...maps({
      'a path': ['id ... address', { id: 1, address: { city: 'a', zip: 2 } }, { id: 1, city: 'a', zip: 2 }],
      'with a selection': ['id ... a.b { c }', { id: 1, a: { b: { c: 2, d: 3 } } }, { id: 1, c: 2 }],
      'by a match': ['... kind->match(["a", { x: 1 }], [@, { x: 2 }])', { kind: 'a' }, { x: 1 }],
      'in an object literal': ['$({ ... $.a, b: 2 })', { a: { c: 1 } }, { c: 1, b: 2 }],
    }),
  }),
  row('S5.list.map', 'Keys and sub-selections map over arrays, nested arrays too.', {
    ...maps({
      'a key': ['x: items.id', { items: [{ id: 1 }, { id: 2 }] }, { x: [1, 2] }],
      'a selection': ['friend_ids { id: $ }', { friend_ids: [1, 2] }, { friend_ids: [{ id: 1 }, { id: 2 }] }],
      'lists in lists': ['m { v }', { m: [[{ v: 1 }], [{ v: 2 }, { v: 3 }]] }, { m: [[{ v: 1 }], [{ v: 2 }, { v: 3 }]] }],
      'a list as the answer': ['id', [{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 2 }]],
    }),
  }),
  row('S5.list.method', 'A method applies to each element after a key step; `$(list.field)->method` takes the whole list.', {
    ...maps({
      'each element': ['x: items.name->slice(0, 1)', { items: [{ name: 'abc' }, { name: 'def' }] }, { x: ['a', 'd'] }],
      'the whole list': ['x: $(items.name)->first', { items: [{ name: 'abc' }, { name: 'def' }] }, { x: 'abc' }],
      'a list that is the value': ['x: items->size', { items: [1, 2, 3] }, { x: 3 }],
    }),
  }),
  row('S5.missing', 'Missing is not null: a missing property is left out and reported, null stays null.', {
    ...maps({
      'missing': ['id name', { id: 1 }, { id: 1 }, ['name: "name" was not found in an object']],
      'null': ['id name', { id: 1, name: null }, { id: 1, name: null }],
      'below': ['user { name }', { user: {} }, { user: {} }, ['user.name: "name" was not found in an object']],
      'null above': ['user { name }', { user: null }, { user: null }],
      'a path through null': ['x: user.name', { user: null }, {}, ['user.name: "name" was not found in null']],
      'the place in a list': ['list { a }', { list: [{ a: 1 }, {}] }, { list: [{ a: 1 }, {}] }, ['list.1.a: "a" was not found in an object']],
    }),
  }),
  rowSince('0.2', 'S5.optional', '`?` turns null into missing and silences what follows.', refusesMapping('x: a?.b', /0\.2/), {
    ...maps({
      'missing': ['x: a?.b.c', {}, {}],
      'null': ['x: a?.b', { a: null }, {}],
      'there': ['x: a?.b', { a: { b: 1 } }, { x: 1 }],
      'behind it, missing is told': ['x: a?.b', { a: {} }, {}, ['a.b: "b" was not found in an object']],
      'a key': ['a? b', { b: 1 }, { b: 1 }],
      'before a method': ['x: a?->size', { a: null }, {}],
      'before a selection': ['x: a? { b }', {}, {}],
    }),
  }),
  rowSince('0.2', 'S5.fallback', '`??` falls back on null or missing, `?!` on missing only; one operator per chain.', refusesMapping('x: $(a ?? b)', /0\.2/), {
    ...maps({
      '?? on null': ['x: $(a ?? b)', { a: null, b: 1 }, { x: 1 }],
      '?? on missing': ['x: $($.a ?? "none")', {}, { x: 'none' }],
      '?? keeps false, 0 and the empty text': ['x: $(a ?? 1) y: $(b ?? 1) z: $(c ?? 1)', { a: false, b: 0, c: '' }, { x: false, y: 0, z: '' }],
      '?! keeps null': ['x: $(a ?! b)', { a: null, b: 1 }, { x: null }],
      '?! on missing': ['x: $(a ?! b)', { b: 1 }, { x: 1 }],
      'several': ['x: $(a ?? b ?? c ?? 0)', { c: 3 }, { x: 3 }],
      'with paths': ['x: $($.a.b ?? $.c.d ?? null)', { a: { b: null }, c: { d: 2 } }, { x: 2 }],
    }),
    'two operators': refusesMapping('x: $(a ?? b ?! c)', /\?\?/),
  }),
  row('S5.literal', 'Literals stand in `$( … )`: strings, numbers, booleans, null, objects, lists.', {
    ...maps({
      'strings': [`a: $("d'q") b: $('s"q') c: $("\\"\\n\\u00e1")`, {}, { a: "d'q", b: 's"q', c: '"\ná' }],
      'numbers': ['a: $(-1) b: $(.5) c: $(6.) d: $(1.25)', {}, { a: -1, b: 0.5, c: 6, d: 1.25 }],
      'true, false, null': ['a: $(true) b: $(false) c: $(null)', {}, { a: true, b: false, c: null }],
      'objects': ['a: $({ b: 1, "c d": $.x, e: { f: [] } })', { x: 2 }, { a: { b: 1, 'c d': 2, e: { f: [] } } }],
      'lists': ['a: $([1, "b", $.x, [2]])', { x: 3 }, { a: [1, 'b', 3, [2]] }],
      'trailing commas': ['a: $([1, 2,]) b: $({ c: 1, })', {}, { a: [1, 2], b: { c: 1 } }],
      'a method on a literal': ['a: $("abc"->size)', {}, { a: 3 }],
    }),
  }),
  rowSince('0.4', 'S5.literal.bare', 'Literals and `??` stand without `$( … )`.', refusesMapping('a: 1', /\$\(/), {
    ...maps({
      'literals': ['a: 1 b: "x" c: [1] d: true', {}, { a: 1, b: 'x', c: [1], d: true }],
      'fallbacks': ['a: $.x ?? 0', {}, { a: 0 }],
    }),
  }),
  row('S5.comment', '`#` begins a comment; line breaks are layout.', {
    ...maps({ 'in a selection': ['# head\nid # the id\n  name', { id: 1, name: 'n' }, { id: 1, name: 'n' }] }),
  }),
  row('S5.total', 'A selection never throws: it yields a value and problems with message, path and range.', {
    ...maps({
      'a scalar where an object is expected': ['a { b }', { a: 1 }, {}, ['a.b: "b" was not found in a number']],
      'a method on the wrong kind': ['x: a->map(@.b) y: c->add(1)', { a: 1, c: 'x' }, { x: [null] }, ['a.b: "b" was not found in a number', 'c.->add: ->add: expected a number, found a string']],
      'names of Object.prototype': ['constructor toString', {}, {}, ['constructor: "constructor" was not found in an object', 'toString: "toString" was not found in an object']],
    }),
  }),
  row('S5.error', 'A text that cannot be read is refused with its place and what was expected.', {
    'a brace that is not closed': refusesMapping('a { b', /"}"|key/),
    'an unknown method': refusesMapping('a->frist', /first/),
    'too few arguments': refusesMapping('a->eq', /1 argument/),
    'a comma between keys': ({ version, map }) => {
      if (version < '0.4') expect(() => map('a, b', {})).toThrow(/comma/i);
      else expect(map('a, b', { a: 1, b: 2 }).value).toEqual({ a: 1, b: 2 });
    },
  }),
];

export const METHODS: readonly Row[] = [
  row('S5.method.any', '`echo`, `match`, `jsonStringify`, `toString`.', {
    ...maps({
      'echo': ['x: a->echo({ n: @, k: 1 })', { a: 2 }, { x: { n: 2, k: 1 } }],
      'match': ['x: a->match(["s", "SMALL"], ["l", "LARGE"], [@, "OTHER"])', { a: 'l' }, { x: 'LARGE' }],
      'match, anything else': ['x: a->match(["s", "SMALL"], [@, "OTHER"])', { a: 'q' }, { x: 'OTHER' }],
      'match numbers, booleans and null': ['x: a->match([1, "one"], [true, "yes"], [null, "none"])', { a: null }, { x: 'none' }],
      'match each of a list': ['x: list.t->match([1, "a"], [@, "z"])', { list: [{ t: 1 }, { t: 2 }] }, { x: ['a', 'z'] }],
      'jsonStringify': ['x: a->jsonStringify', { a: { b: [1, 'c'] } }, { x: '{"b":[1,"c"]}' }],
      'toString': ['x: a->toString y: b->toString', { a: 1.5, b: true }, { x: '1.5', y: 'true' }],
    }),
    'match without a fit': ({ map }) => {
      const { value, problems } = map('x: a->match(["s", 1])', { a: 'q' });
      expect([value, problems.length]).toEqual([{}, 1]);
    },
  }),
  row('S5.method.logic', '`eq`, `ne`, `not`, `and`, `or`, `in`.', {
    ...maps({
      'eq and ne': ['a: x->eq(1) b: x->ne(1) c: o->eq({ k: [1] })', { x: 1, o: { k: [1] } }, { a: true, b: false, c: true }],
      'not': ['a: x->not', { x: true }, { a: false }],
      'and, or': ['a: x->and(y) b: x->or(y) c: y->or(x, y)', { x: true, y: false }, { a: false, b: true, c: true }],
      'in': ['a: x->in([1, 2]) b: x->in(["1"])', { x: 2 }, { a: true, b: false }],
    }),
  }),
  row('S5.method.number', '`gt`, `gte`, `lt`, `lte`, `add`, `sub`, `mul`, `div`, `mod`, `parseInt`; several arguments chain, `div` gives a float.', {
    ...maps({
      'comparisons': ['a: x->gt(2) b: x->gte(3) c: x->lt(3) d: x->lte(3)', { x: 3 }, { a: true, b: true, c: false, d: true }],
      'arithmetic': ['a: x->add(1, 2) b: x->sub(1, 1) c: x->mul(2, 3) d: x->div(4) e: x->mod(4)', { x: 10 }, { a: 13, b: 8, c: 60, d: 2.5, e: 2 }],
      'parseInt': ['a: x->parseInt b: y->parseInt(16)', { x: '042', y: 'ff' }, { a: 42, b: 255 }],
    }),
    'by zero': ({ map }) => expect(map('a: x->div(0)', { x: 1 })).toMatchObject({ value: {}, problems: [expect.anything()] }),
  }),
  row('S5.method.string', '`size`, `slice`, `first`, `last`, `get`, `jsonParse`, `joinNotNull`.', {
    ...maps({
      'parts': ['a: x->slice(1, 3) b: x->slice(2) c: x->first d: x->last e: x->get(1) f: x->get(-2) g: x->size', { x: 'abcd' }, { a: 'bc', b: 'cd', c: 'a', d: 'd', e: 'b', f: 'c', g: 4 }],
      'jsonParse': ['a: x->jsonParse b: x->jsonParse { k }', { x: '{"k":1,"l":2}' }, { a: { k: 1, l: 2 }, b: { k: 1 } }],
      'joinNotNull': ['a: x->joinNotNull(", ") b: $([$.y, $.z])->joinNotNull(" ")', { x: ['a', null, 'b', 1], y: 'Bà', z: null }, { a: 'a, b, 1', b: 'Bà' }],
    }),
  }),
  row('S5.method.list', '`map`, `filter`, `find`, `first`, `last`, `get`, `slice`, `size`, `contains`.', {
    ...maps({
      'map': ['x: l->map({ n: @ })', { l: [1, 2] }, { x: [{ n: 1 }, { n: 2 }] }],
      'filter': ['x: l->filter(@.on) { id }', { l: [{ id: 1, on: true }, { id: 2, on: false }] }, { x: [{ id: 1 }] }],
      'filter by an expression': ['x: l->filter(@->gt(1))', { l: [1, 2, 3] }, { x: [2, 3] }],
      'find': ['x: l->find(@.k->eq("b")).v', { l: [{ k: 'a', v: 1 }, { k: 'b', v: 2 }] }, { x: 2 }],
      'elements': ['a: l->first b: l->last c: l->get(1) d: l->get(-1) e: l->slice(1) f: l->slice(0, 2) g: l->size', { l: [1, 2, 3] }, { a: 1, b: 3, c: 2, d: 3, e: [2, 3], f: [1, 2], g: 3 }],
      'contains': ['a: l->contains(2) b: l->contains("2")', { l: [1, 2] }, { a: true, b: false }],
    }),
  }),
  row('S5.method.object', '`entries`, `get`, `size`.', {
    ...maps({
      'entries': ['x: o->entries', { o: { a: 1, b: null } }, { x: [{ key: 'a', value: 1 }, { key: 'b', value: null }] }],
      'entries with a selection': ['x: o->entries { code: key name: value.name }', { o: { vi: { name: 'V' } } }, { x: [{ code: 'vi', name: 'V' }] }],
      'get and size': ['a: o->get("a b") b: o->size', { o: { 'a b': 1 } }, { a: 1, b: 1 }],
    }),
  }),
  row('S5.method.ours', 'Methods that are proposed upstream (`typeof`, `keys`, `values`, `has`) and our own need our extension link.', {
    'refused without it': ({ map }) => {
      for (const method of ['typeof', 'keys', 'values', 'has("a")', 'nfc', 'pad(2)', 'personName', 'date("yyyy")']) {
        expect(() => map(`x: a->${method}`, {})).toThrow(/specs\.lienthong\.example/);
      }
    },
    'accepted with it': async ({ schema }) => {
      const sdl = `@link(url: "https://specs.lienthong.example/mapping/v0.1") @source(name: "api", http: { baseURL: "http://api.example" })
        type Query { it: [String] @connect(source: "api" http: { GET: "/a" } selection: "$.names->keys") }`;
      expect((await schema(sdl, '{ it }', { answer: () => ({ body: { names: { a: 1, b: 2 } } }) })).data).toEqual({ it: ['a', 'b'] });
    },
  }),
];
