// The mapping language by example: connect-spec §5 row by row. Values, what is missing, and what is reported.

import { describe, expect, it } from 'vitest';
import {
  compileMapping,
  createProblems,
  type MappingVariables,
  type MappingVersion,
  parseExpression,
  parseSelection,
} from '../../../src/connect/mapping/index.ts';

interface Ran {
  readonly value: unknown;
  /** `path: message` of each problem. */
  readonly problems: readonly string[];
}

function aRun(
  text: string,
  input: unknown,
  vars: MappingVariables = {},
  version: MappingVersion = '0.3',
  parse = parseSelection,
): Ran {
  const problems = createProblems();
  const { run } = compileMapping(parse(text, { version, extensions: true }));
  const value = run(input, vars, problems);
  return { value, problems: problems.described.map((p) => `${p.path.join('.')}: ${p.message}`).sort() };
}

const valueIn = (
  text: string,
  input: unknown,
  vars: MappingVariables = {},
  version: MappingVersion = '0.3',
): unknown => aRun(text, input, vars, version).value;

describe('selections', () => {
  it('bare keys · object · keep their keys', () => {
    expect(valueIn('id author { name }', { id: 1, author: { name: 'A', age: 3 }, other: true })).toEqual({
      id: 1,
      author: { name: 'A' },
    });
  });

  it('aliases, paths and groups · object · rename and nest', () => {
    const text = 'code: ID names: { first: name.first last: name.last } place: address.city.name';
    const input = { ID: 7, name: { first: 'A', last: 'B' }, address: { city: { name: 'Huế' } } };
    expect(valueIn(text, input)).toEqual({ code: 7, names: { first: 'A', last: 'B' }, place: 'Huế' });
  });

  it('one anonymous path · whole selection · gives the bare value', () => {
    expect(valueIn('$.results { id }', { results: [{ id: 1 }, { id: 2 }] })).toEqual([{ id: 1 }, { id: 2 }]);
    expect(valueIn('author.name', { author: { name: 'A' } })).toBe('A');
    expect(valueIn('$', [1, 2])).toEqual([1, 2]);
    expect(valueIn('$args.x', null, { args: { x: 3 } })).toBe(3);
  });

  it('path with a sub-selection, no alias · among keys · merges its keys', () => {
    expect(
      valueIn('id some.nested { a b } $.more { c }', {
        id: 1,
        some: { nested: { a: 2, b: 3 } },
        more: { c: 4 },
      }),
    ).toEqual({
      id: 1,
      a: 2,
      b: 3,
      c: 4,
    });
  });

  it('root list · named selection · maps each element', () => {
    expect(valueIn('id', [{ id: 1 }, { id: 2 }])).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('keys and sub-selections · lists in lists · map, keeping the nesting', () => {
    expect(valueIn('x: a.b', { a: [{ b: 1 }, [{ b: 2 }, { b: 3 }]] })).toEqual({ x: [1, [2, 3]] });
    expect(valueIn('friend_ids { id: $ }', { friend_ids: [1, [2], null] })).toEqual({
      friend_ids: [{ id: 1 }, [{ id: 2 }], null],
    });
  });

  it('quoted keys · path · read any name', () => {
    expect(
      valueIn(`x: people."Ben N".'the id' "two words"`, {
        people: { 'Ben N': { 'the id': 4 } },
        'two words': 5,
      }),
    ).toEqual({
      x: 4,
      'two words': 5,
    });
  });

  it('spread · 0.4 · adds keys; null makes the whole object null', () => {
    const text = 'id ... kind->match(["dog", { __typename: "Dog", barks: loud }], [@, null])';
    expect(valueIn(text, { id: 1, kind: 'dog', loud: true }, {}, '0.4')).toEqual({
      id: 1,
      __typename: 'Dog',
      barks: true,
    });
    expect(valueIn(text, { id: 1, kind: 'cat', loud: true }, {}, '0.4')).toBeNull();
  });

  it('same key twice · objects · become one object', () => {
    expect(valueIn('a { x } a { y }', { a: { x: 1, y: 2 } })).toEqual({ a: { x: 1, y: 2 } });
  });

  it('literals · 0.4 · stand bare after an alias; before, they are keys', () => {
    const input = { Book: 'property', true: 'yes' };
    expect(valueIn('a: "Book" b: true', input, {}, '0.3')).toEqual({ a: 'property', b: 'yes' });
    expect(valueIn('a: "Book" b: true c: -1 d: $.x ?? [1]', input, {}, '0.4')).toEqual({
      a: 'Book',
      b: true,
      c: -1,
      d: [1],
    });
  });

  it('object as a whole body · 0.4 · commas or none, keys short', () => {
    const vars = { args: { a: 1, b: 2 } };
    expect(valueIn('{ a: $args.a, b: $args.b, kind: "x", w }', { w: 3 }, vars, '0.4')).toEqual({
      a: 1,
      b: 2,
      kind: 'x',
      w: 3,
    });
    expect(valueIn('$({ a: $args.a })', null, vars, '0.1')).toEqual({ a: 1 });
  });

  it('comments, trailing commas, line breaks · anywhere · are layout', () => {
    const text = '# head\nx: # why\n  a\n  .b\n  ->match( # cases\n [1, "one",], [@, "other"], )';
    expect(valueIn(text, { a: { b: 1 } })).toEqual({ x: 'one' });
  });
});

describe('missing is not null', () => {
  it('missing key · selection · is left out and reported with path and range', () => {
    const problems = createProblems();
    const { run } = compileMapping(
      parseSelection('results { id name }', { version: '0.3', extensions: false }),
    );
    expect(run({ results: [{ id: 1, name: null }, { id: 2 }] }, {}, problems)).toEqual({
      results: [{ id: 1, name: null }, { id: 2 }],
    });
    expect(problems.described).toEqual([
      { message: '"name" was not found in an object', path: ['results', 1, 'name'], range: [13, 17] },
    ]);
  });

  it('null · sub-selection · stays null; each key is reported, unless the schema has an object there', () => {
    expect(aRun('a { b }', { a: null })).toEqual({
      value: { a: null },
      problems: ['a.b: "b" was not found in null'],
    });
    const text = parseSelection('a { b k: $(1) }', { version: '0.3', extensions: false });
    const problems = createProblems();
    const { run } = compileMapping(text, { objectsOnly: true });
    expect(run({ a: [null, 1, ''] }, {}, problems)).toEqual({ a: [null, { k: 1 }, { k: 1 }] });
    expect(problems.count).toBe(2);
  });

  it('null · key of it · is missing and reported', () => {
    expect(aRun('x: a.b', { a: null })).toEqual({ value: {}, problems: ['a.b: "b" was not found in null'] });
  });

  it('null body · keys are reported, constants and variables still map', () => {
    expect(aRun('id', null)).toEqual({ value: null, problems: ['id: "id" was not found in null'] });
    expect(valueIn('success: $(true) id: $args.id', null, { args: { id: 3 } })).toEqual({
      success: true,
      id: 3,
    });
  });

  it('scalar · sub-selection · is kept; each key is reported', () => {
    for (const a of ['', 'text', 0, false]) {
      const kind = typeof a;
      expect(aRun('a { b c }', { a })).toEqual({
        value: { a },
        problems: [`a.b: "b" was not found in a ${kind}`, `a.c: "c" was not found in a ${kind}`],
      });
      expect(aRun('$.a { }', { a })).toEqual({ value: a, problems: [] });
    }
    expect(aRun('id', 'text').value).toBe('text');
    expect(valueIn('a { b: $ }', { a: [1, 'x'] })).toEqual({ a: [{ b: 1 }, { b: 'x' }] });
  });

  it('scalar · sub-selection where the schema has an object · is missing', () => {
    for (const a of ['', 'text', 0, false]) {
      const { run } = compileMapping(parseSelection('a { b }', { version: '0.3', extensions: false }), {
        objectsOnly: true,
      });
      expect(run({ a })).toEqual({});
    }
  });

  it('element without a value · list · is null in its place', () => {
    expect(aRun('x: a.b', { a: [{ b: 1 }, {}] })).toEqual({
      value: { x: [1, null] },
      problems: ['a.1.b: "b" was not found in an object'],
    });
  });

  it('? · null or missing · is missing, silently, with all that follows', () => {
    for (const a of [null, undefined]) {
      const input = a === undefined ? {} : { a };
      expect(aRun('x: a?.b.c y: a?->first z: $.a? a?', input)).toEqual({ value: {}, problems: [] });
    }
    expect(aRun('x: a?.b', { a: {} }).problems).toEqual(['a.b: "b" was not found in an object']);
    expect(valueIn('x: n->jsonStringify y: n?->jsonStringify', { n: null })).toEqual({ x: 'null' });
  });

  it('?? · null or missing · falls back; only the last failure is a problem', () => {
    expect(aRun('x: $(a ?? b ?? "d")', { b: null })).toEqual({ value: { x: 'd' }, problems: [] });
    expect(aRun('x: $(a ?? b)', {}).problems).toHaveLength(2);
    expect(valueIn('x: $(a ?? 1)', { a: false })).toEqual({ x: false });
  });

  it('?! · missing only · falls back', () => {
    expect(aRun('x: $(a ?! "d") y: $(b ?! "d")', { a: null })).toEqual({
      value: { x: null, y: 'd' },
      problems: [],
    });
  });

  it('absent variable · path · is reported under its name', () => {
    expect(aRun('x: $args.a.b', {})).toEqual({
      value: {},
      problems: ['$args: "$args" was not found in nothing'],
    });
    expect(aRun('x: $args.a.b', {}, { args: { a: [{}] } }).problems).toEqual([
      '$args.a.0.b: "b" was not found in an object',
    ]);
  });

  it('no sink · problems · cost nothing and change nothing', () => {
    const { run } = compileMapping(parseSelection('a b: c->add("x")', { version: '0.3', extensions: false }));
    expect(run({ c: 1 })).toEqual({});
  });
});

describe('variables', () => {
  it('$ · arguments of a method · stays the value of the enclosing selection', () => {
    expect(valueIn('x: $.a->and($.b)', { a: true, b: false })).toEqual({ x: false });
    expect(valueIn('p { x: a->eq($.b) }', { p: { a: 1, b: 1 } })).toEqual({ p: { x: true } });
  });

  it('@ · arguments of a method · is the value it was called on', () => {
    expect(valueIn('x: field->echo({ wrapped: @ })', { field: 1 })).toEqual({ x: { wrapped: 1 } });
    expect(valueIn('x: p->echo([@.a, @.b])', { p: { a: 1, b: 2 } })).toEqual({ x: [1, 2] });
  });

  it('bare key in an expression · reads from $', () => {
    const author = { name: 'Ben' };
    expect(valueIn('x: author->echo([@.name, author.name, author { name }])', { author })).toEqual({
      x: ['Ben', 'Ben', { name: 'Ben' }],
    });
  });

  it('all variables · are read from the run', () => {
    const vars = {
      args: 1,
      this: 2,
      batch: [{ id: 3 }],
      config: 4,
      context: 5,
      status: 200,
      request: 7,
      response: 8,
      env: 9,
    };
    const text = '[$args, $this, $batch.id, $config, $context, $status, $request, $response, $env]';
    expect(aRun(text, undefined, vars, '0.3', parseExpression).value).toEqual([
      1,
      2,
      [3],
      4,
      5,
      200,
      7,
      8,
      9,
    ]);
  });

  it('headers · lists · by quoted name', () => {
    const request = { headers: { 'x-id': ['1', '2'] } };
    expect(aRun("$request.headers.'x-id'->first", undefined, { request }, '0.3', parseExpression).value).toBe(
      '1',
    );
  });

  it('->as · binds for the rest of the path', () => {
    const text = 'adults: users->filter(@->as($u)->echo($u.active)->and($u.age->gt(30))) { n }';
    const users = [
      { active: true, age: 31, n: 1 },
      { active: true, age: 3, n: 2 },
    ];
    expect(valueIn(text, { users })).toEqual({ adults: [{ n: 1 }] });
    expect(valueIn('p->as($n, @.name)->echo([$n, @.name])', { p: { name: 'B' } })).toEqual(['B', 'B']);
    expect(valueIn('p->as($p).items { id owner: $p.id }', { p: { id: 1, items: [{ id: 2 }] } })).toEqual([
      { id: 2, owner: 1 },
    ]);
  });
});

describe('safety', () => {
  it('inherited names · input without them · are missing, not inherited', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(valueIn(`x: ${name} y: a.${name}`, { a: {} })).toEqual({});
    }
    expect(valueIn('x: a.length y: b.length z: c.at', { a: 'abc', b: [[]], c: [1] })).toEqual({
      y: [[]],
      z: [null],
    });
  });

  it('inherited names · own in the input · are read and written as keys', () => {
    const input = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
    const value = valueIn('__proto__ constructor c: __proto__ { polluted }', input) as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'c']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const merged = valueIn('... $', input, {}, '0.4') as object;
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });

  it('text of a mapping · never becomes code', () => {
    const nasty = '"]; globalThis.hacked = 1; [\\u2028`${1}\\u0000"';
    const text = `${nasty}: $.${nasty} b: $(${nasty}) c: x->match([${nasty}, ${nasty}])`;
    expect(Object.values(valueIn(text, { x: 1 }) as object)).toEqual([JSON.parse(nasty)]);
    expect((globalThis as { hacked?: unknown }).hacked).toBeUndefined();
  });

  it('input nested thousands deep · run · exceeds the limit of depth', () => {
    let deep: unknown = { a: 1 };
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(() => aRun('x: list.a', { list: deep })).toThrow(
      expect.objectContaining({ name: 'MappingLimitError', kind: 'depth' }),
    );
  });

  it('input · run · is not changed, parts of it are taken as they are', () => {
    const part = Object.freeze({ b: 1 });
    const input = Object.freeze({ a: part, c: Object.freeze({ d: 2 }) });
    const value = valueIn('a ... $.c a { b }', input, {}, '0.4') as { a: unknown };
    expect(value).toEqual({ a: { b: 1 }, d: 2 });
    expect((valueIn('a', input) as { a: unknown }).a).toBe(part);
  });
});
