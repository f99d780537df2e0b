// §5 The mapping language: what a text in it gives for a decoded answer.

import { expect } from 'vitest';
import { maps, type Row, refusesMapping, row, rowSince } from './rows.ts';

export const LANGUAGE: readonly Row[] = [
  row('S5.key', 'A bare key keeps its key; an alias renames.', {
    ...maps({
      keys: ['id author { id }', { id: 1, more: 2, author: { id: 3, x: 4 } }, { id: 1, author: { id: 3 } }],
      aliases: ['code: id name: full_name', { id: 1, full_name: 'n' }, { code: 1, name: 'n' }],
      'an alias with a selection': [
        'owner: user { login: name }',
        { user: { name: 'u' } },
        { owner: { login: 'u' } },
      ],
      'quoted keys': [
        `a: $."first name" b: $.'x-y'.z "c d": e`,
        { 'first name': 1, 'x-y': { z: 2 }, e: 3 },
        { a: 1, b: 2, 'c d': 3 },
      ],
      'keys that are words of the language': [
        'true null false',
        { true: 1, null: 2, false: 3 },
        { true: 1, null: 2, false: 3 },
      ],
    }),
  }),
  row(
    'S5.path',
    'A longer path is anonymous: it needs an alias, or a sub-selection whose keys merge into the parent.',
    {
      ...maps({
        'an alias': ['city: address.city.name', { address: { city: { name: 'Huế' } } }, { city: 'Huế' }],
        merged: [
          'id address.city { zip name }',
          { id: 1, address: { city: { zip: 2, name: 'Huế' } } },
          { id: 1, zip: 2, name: 'Huế' },
        ],
        '$. at the start': ['x: $.a.b', { a: { b: 1 } }, { x: 1 }],
      }),
      neither: refusesMapping('id address.city', /named value/),
    },
  ),
  row('S5.group', '`x: { a b }` groups.', {
    ...maps({
      'keys of the same value': [
        'id name: { first last }',
        { id: 1, first: 'a', last: 'b' },
        { id: 1, name: { first: 'a', last: 'b' } },
      ],
      nested: ['a: { b: { c: x } }', { x: 1 }, { a: { b: { c: 1 } } }],
    }),
  }),
  row('S5.bare', 'A selection that consists of one anonymous path yields the plain value.', {
    ...maps({
      'a path': ['author.name', { author: { name: 'n' } }, 'n'],
      'with a selection': ['$.results { id }', { results: [{ id: 1, x: 0 }] }, [{ id: 1 }]],
      'the answer itself': ['$', [1, 2], [1, 2]],
      'a method': ['$.list->first', { list: [1, 2] }, 1],
      'a literal': ['$("x")', {}, 'x'],
    }),
  }),
  rowSince('0.4', 'S5.spread', '`...` adds the keys of a value.', refusesMapping('id ... address', /0\.4/), {
    ...maps({
      'a path': ['id ... address', { id: 1, address: { city: 'a', zip: 2 } }, { id: 1, city: 'a', zip: 2 }],
      'with a selection': ['id ... a.b { c }', { id: 1, a: { b: { c: 2, d: 3 } } }, { id: 1, c: 2 }],
      'by a match': ['... kind->match(["a", { x: 1 }], [@, { x: 2 }])', { kind: 'a' }, { x: 1 }],
      'in an object literal': ['$({ ... $.a, b: 2 })', { a: { c: 1 } }, { c: 1, b: 2 }],
    }),
  }),
  row('S5.list.map', 'Keys and sub-selections map over arrays, nested arrays included.', {
    ...maps({
      'a key': ['x: items.id', { items: [{ id: 1 }, { id: 2 }] }, { x: [1, 2] }],
      'a selection': ['friend_ids { id: $ }', { friend_ids: [1, 2] }, { friend_ids: [{ id: 1 }, { id: 2 }] }],
      'lists in lists': [
        'm { v }',
        { m: [[{ v: 1 }], [{ v: 2 }, { v: 3 }]] },
        { m: [[{ v: 1 }], [{ v: 2 }, { v: 3 }]] },
      ],
      'a list as the answer': ['id', [{ id: 1 }, { id: 2 }], [{ id: 1 }, { id: 2 }]],
    }),
  }),
  row(
    'S5.list.method',
    'A method takes the whole value of the path before it: after a key of a list, the list; `->map` applies to each element.',
    {
      ...maps({
        'first, last, size': [
          'a: boats.no->first b: boats.no->last c: boats.no->size',
          { boats: [{ no: 1 }, { no: 2 }, { no: 3 }] },
          { a: 1, b: 3, c: 3 },
        ],
        'a part of the list': [
          'x: items.name->slice(0, 1)',
          { items: [{ name: 'abc' }, { name: 'def' }] },
          { x: ['abc'] },
        ],
        'each element': [
          'x: items.name->map(@->slice(0, 1))',
          { items: [{ name: 'abc' }, { name: 'def' }] },
          { x: ['a', 'd'] },
        ],
        'the same in an expression': [
          'x: $(items.name)->first',
          { items: [{ name: 'abc' }, { name: 'def' }] },
          { x: 'abc' },
        ],
        'a method and a selection': [
          'x: crew.who->last { name }',
          { crew: [{ who: { name: 'a' } }, { who: { name: 'b' } }] },
          { x: { name: 'b' } },
        ],
        'a key after a method': [
          'x: ships->first.crew.name->joinNotNull(", ")',
          { ships: [{ crew: [{ name: 'a' }, { name: null }, { name: 'b' }] }] },
          { x: 'a, b' },
        ],
        'lists in lists': ['x: m.v->size', { m: [[{ v: 1 }, { v: 2 }], { v: 3 }] }, { x: 2 }],
        'a variable': [
          'x: $batch.id->joinNotNull(",")',
          {},
          { x: '1,2' },
          [],
          { batch: [{ id: 1 }, { id: 2 }] },
        ],
        'a list that is the value': ['x: items->size', { items: [1, 2, 3] }, { x: 3 }],
      }),
    },
  ),
  row('S5.missing', 'Missing is not null: a missing property is omitted and reported, null stays null.', {
    ...maps({
      missing: ['id name', { id: 1 }, { id: 1 }, ['name: "name" was not found in an object']],
      null: ['id name', { id: 1, name: null }, { id: 1, name: null }],
      below: ['user { name }', { user: {} }, { user: {} }, ['user.name: "name" was not found in an object']],
      'null above': [
        'user { name }',
        { user: null },
        { user: null },
        ['user.name: "name" was not found in null'],
      ],
      'null in a list': [
        'list { a b }',
        { list: [{ a: 1, b: 2 }, null] },
        { list: [{ a: 1, b: 2 }, null] },
        ['list.1.a: "a" was not found in null', 'list.1.b: "b" was not found in null'],
      ],
      'a path through null': [
        'x: user.name',
        { user: null },
        {},
        ['user.name: "name" was not found in null'],
      ],
      'the place in a list': [
        'list { a }',
        { list: [{ a: 1 }, {}] },
        { list: [{ a: 1 }, {}] },
        ['list.1.a: "a" was not found in an object'],
      ],
    }),
  }),
  rowSince(
    '0.3',
    'S5.optional',
    '`?` turns null into missing and silences what follows.',
    refusesMapping('x: a?.b', /0\.3/),
    {
      ...maps({
        missing: ['x: a?.b.c', {}, {}],
        null: ['x: a?.b', { a: null }, {}],
        there: ['x: a?.b', { a: { b: 1 } }, { x: 1 }],
        'behind it, missing is told': ['x: a?.b', { a: {} }, {}, ['a.b: "b" was not found in an object']],
        'a key': ['a? b', { b: 1 }, { b: 1 }],
        'before a method': ['x: a?->size', { a: null }, {}],
        'before a selection': ['x: a? { b }', {}, {}],
      }),
    },
  ),
  rowSince(
    '0.3',
    'S5.fallback',
    '`??` falls back on null or missing, `?!` on missing only; one operator per chain.',
    refusesMapping('x: $($.a ?? $.b)', /0\.3/),
    {
      ...maps({
        '?? on null': ['x: $(a ?? b)', { a: null, b: 1 }, { x: 1 }],
        '?? on missing': ['x: $($.a ?? "none")', {}, { x: 'none' }],
        '?? keeps false, 0 and the empty text': [
          'x: $(a ?? 1) y: $(b ?? 1) z: $(c ?? 1)',
          { a: false, b: 0, c: '' },
          { x: false, y: 0, z: '' },
        ],
        '?! keeps null': ['x: $(a ?! b)', { a: null, b: 1 }, { x: null }],
        '?! on missing': ['x: $(a ?! b)', { b: 1 }, { x: 1 }],
        several: ['x: $(a ?? b ?? c ?? 0)', { c: 3 }, { x: 3 }],
        'with paths': ['x: $($.a.b ?? $.c.d ?? null)', { a: { b: null }, c: { d: 2 } }, { x: 2 }],
      }),
      'two operators': refusesMapping('x: $(a ?? b ?! c)', /\?\?/),
    },
  ),
  row('S5.literal', 'Literals are written in `$( … )`: strings, numbers, booleans, null, objects, lists.', {
    ...maps({
      strings: [`a: $("d'q") b: $('s"q') c: $("\\"\\n\\u00e1")`, {}, { a: "d'q", b: 's"q', c: '"\ná' }],
      numbers: ['a: $(- 1) b: $(.5) c: $(6.) d: $(1.25)', {}, { a: -1, b: 0.5, c: 6, d: 1.25 }],
      'true, false, null': ['a: $(true) b: $(false) c: $(null)', {}, { a: true, b: false, c: null }],
      objects: [
        'a: $({ b: 1, "c d": $.x, e: { f: [] } })',
        { x: 2 },
        { a: { b: 1, 'c d': 2, e: { f: [] } } },
      ],
      lists: ['a: $([1, "b", $.x, [2]])', { x: 3 }, { a: [1, 'b', 3, [2]] }],
      'trailing commas': ['a: $([1, 2,]) b: $({ c: 1, })', {}, { a: [1, 2], b: { c: 1 } }],
      'a method on a literal': ['a: $("abc"->size)', {}, { a: 3 }],
    }),
  }),
  rowSince(
    '0.4',
    'S5.literal.bare',
    'Literals and `??` may be written without `$( … )`.',
    refusesMapping('a: 1', /\$\(/),
    {
      ...maps({
        literals: ['a: 1 b: "x" c: [1] d: true', {}, { a: 1, b: 'x', c: [1], d: true }],
        fallbacks: ['a: $.x ?? 0', {}, { a: 0 }],
        exponents: ['a: 1.5e2 b: -2E-1', {}, { a: 150, b: -0.2 }],
        'a quoted key with a selection is no literal': [
          'soldTo: "sold-to" { name } "bill-to" { name }',
          { 'sold-to': { name: 'a', x: 1 }, 'bill-to': { name: 'b' } },
          { soldTo: { name: 'a' }, 'bill-to': { name: 'b' } },
        ],
      }),
    },
  ),
  rowSince(
    '0.4',
    'S5.any',
    'Any JSON value is a mapping, and so is any expression; a single key keeps its key.',
    refusesMapping('[1, 2]', /0\.4/),
    {
      ...maps({
        'a string': ['"hey"', {}, 'hey'],
        'a method on a string': ['"hey"->size', {}, 3],
        'true, false, null': ['[true, false, null]', {}, [true, false, null]],
        false: ['false', { false: 1 }, false],
        'a number': ['-1.5e2', {}, -150],
        lists: ['[1, [2 3], { a: $.x }]', { x: 4 }, [1, [2, 3], { a: 4 }]],
        'an object': ['{ "a": 1, "b": [true], "c": { "d": null } }', {}, { a: 1, b: [true], c: { d: null } }],
        'an object with steps': ['{ userid: $.id }->get("userid")', { id: 7 }, 7],
        'a selection in braces': ['{ id name }', [{ id: 1, name: 'n', x: 0 }], [{ id: 1, name: 'n' }]],
        'a fallback': ['$.a ?? "none"', {}, 'none'],
        'a single key': ['author { name }', { author: { name: 'n', x: 0 } }, { author: { name: 'n' } }],
        'a selection in an argument': [
          'x: a->echo({ n: @, b { c }, d.e { f } })',
          { a: 1, b: { c: 2 }, d: { e: { f: 3 } } },
          { x: { n: 1, b: { c: 2 }, f: 3 } },
        ],
      }),
    },
  ),
  rowSince(
    '0.4',
    'S5.separators',
    'Keys and elements are all separated by commas or all by white space; arguments by commas.',
    refusesMapping('a, b', /comma/i),
    {
      ...maps({
        commas: ['a, b { c, d, },', { a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2, d: 3 } }],
        'white space': ['x: [1 2 3] y: { a b }', { a: 1, b: 2 }, { x: [1, 2, 3], y: { a: 1, b: 2 } }],
      }),
      'mixed keys': refusesMapping('a, b c', /commas/),
      'mixed keys in braces': refusesMapping('x { a b, c }', /white space/),
      'mixed elements': refusesMapping('x: [1, 2 3]', /commas/),
      'mixed keys of an object': refusesMapping('x: $({ a: 1, b: 2 c: 3 })', /commas/),
      'arguments without commas': refusesMapping('x: a->slice(1 2)', /","/),
    },
  ),
  row(
    'S5.bareKey',
    'In an expression, a key by itself is a value from 0.3 on; before, it is written `$.key`.',
    {
      ...maps({ 'with $.': ['x: $.a->eq($.b)', { a: 1, b: 1 }, { x: true }] }),
      'by itself': ({ version, map }) => {
        for (const text of ['x: a->eq(b)', 'x: $(b)', 'x: $([b])', 'x: a->echo({ k: b })']) {
          if (version < '0.3') expect(() => map(text, {})).toThrow(/\$\.b.*0\.3/);
          else expect(map(text, { a: 1, b: 1 }).problems).toEqual([]);
        }
      },
    },
  ),
  row('S5.comment', '`#` begins a comment; line breaks are layout.', {
    ...maps({
      'in a selection': ['# head\nid # the id\n  name', { id: 1, name: 'n' }, { id: 1, name: 'n' }],
    }),
  }),
  row('S5.total', 'A selection never throws: it yields a value and problems with message, path and range.', {
    ...maps({
      'a scalar where an object is expected is kept': [
        'a { b c } d { e: $ }',
        { a: 1, d: 2 },
        { a: 1, d: { e: 2 } },
        ['a.b: "b" was not found in a number', 'a.c: "c" was not found in a number'],
      ],
      'a method on the wrong kind': [
        'x: a->map(@.b) y: c->add(1)',
        { a: 1, c: 'x' },
        { x: [null] },
        ['a.b: "b" was not found in a number', 'c.->add: ->add: expected a number, found a string'],
      ],
      'names of Object.prototype': [
        'constructor toString',
        {},
        {},
        [
          'constructor: "constructor" was not found in an object',
          'toString: "toString" was not found in an object',
        ],
      ],
    }),
  }),
  row(
    'S5.call',
    'A call of an unknown method or with wrong arguments has no value and is a problem; `connector check` warns.',
    {
      ...maps({
        'an unknown method': [
          'x: a->frist y: a',
          { a: [1] },
          { y: [1] },
          ['a.->frist: ->frist: cannot be called: expected a known method, found another'],
        ],
        'too few arguments': [
          'x: a->eq',
          { a: 1 },
          {},
          ['a.->eq: ->eq: cannot be called: expected 1 argument, found 0 in ->eq'],
        ],
        'too many arguments': [
          'x: a->size(1)->add(1)',
          { a: [1] },
          {},
          ['a.->size: ->size: cannot be called: expected no arguments, found 1 in ->size'],
        ],
        'a case that is no pair': [
          'x: a->match(["s"], [@, 1])',
          { a: 's' },
          {},
          ['a.->match: ->match: cannot be called: expected a pair [case, value], found a list of 1'],
        ],
        'of a missing value': ['x: a->frist', {}, {}, ['a: "a" was not found in an object']],
      }),
    },
  ),
  row('S5.error', 'A text that cannot be parsed is refused with the position and the expected token.', {
    'a brace that is not closed': refusesMapping('a { b', /"}"|key/),
    'a comma between keys': ({ version, map }) => {
      if (version < '0.4') expect(() => map('a, b', {})).toThrow(/comma/i);
      else expect(map('a, b', { a: 1, b: 2 }).value).toEqual({ a: 1, b: 2 });
    },
  }),
];
