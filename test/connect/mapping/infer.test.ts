// What is known of a mapping before it runs: used variables, portability, output shape; and its parts: subset, print.

import { describe, expect, it } from 'vitest';
import {
  compileMapping,
  type MappingVersion,
  parseSelection,
  print,
  type Shape,
  shapeOf,
  subset,
  usesOf,
} from '../../../src/connect/mapping/index.ts';

const parse = (text: string, version: MappingVersion = '0.4') =>
  parseSelection(text, { version, extensions: true });

const usesIn = (text: string): string[] =>
  usesOf(parse(text)).map((use) => [use.variable, ...use.path].join('.'));

describe('uses', () => {
  it.each([
    ['id: $this.declared.fullName', '$this.declared.fullName'],
    ['id: $this.a?.b->upper', '$this.a.b'],
    ['$batch.code', '$batch.code'],
    ['ids: $batch { id: code name }', '$batch.code $batch.name'],
    ['$args { input { a: x.y } b }', '$args.input.x.y $args.b'],
    ['$args { all: $ }', '$args'],
    ['x: $args->echo({ a: @.a, b: @.b.c })', '$args.a $args.b.c'],
    ['x: $args->as($a)->echo($a.q)', '$args.q'],
    ['x: $args.list->map(@.id)', '$args.list.id'],
    ['x: $args.list->map(1) y: $this.z { k: $(1) }', '$args.list $this.z'],
    ['x: $args.list->filter(@.ok)', '$args.list.ok $args.list'],
    ['x: $(a ?? $config.b ?? $this.c)', '$config.b $this.c'],
    ['x: kind->match(["a", $args.a], [@, $args.b])', '$args.a $args.b'],
    ["x: $request.headers.'x-id'->first y: $status", '$request.headers.x-id $status'],
    ['a { b: $.c @ { d } }', ''],
    ['x: $args.a y: $args.a', '$args.a'],
    ['x: $($args).a.b', '$args.a.b'],
  ])('%s · %s', (text, uses) => {
    expect(usesIn(text).join(' ')).toBe(uses);
  });

  it('portable · extension methods used · is false', () => {
    expect(compileMapping(parse('a b: c->first')).portable).toBe(true);
    expect(compileMapping(parse('a { b: c->echo([@->nfc]) }')).portable).toBe(false);
    expect(compileMapping(parse('a: b->typeof')).portable).toBe(false);
  });
});

describe('shape', () => {
  /** A shape in one line: keys, `[item]`, kinds, `?` for optional, `*` for once per element, `…` for open. */
  const brief = (shape: Shape): string => {
    const mark = shape.optional ? '?' : '';
    if (shape.kind === 'list') return `[${brief(shape.item)}]${mark}`;
    if (shape.kind === 'scalar')
      return `${shape.value === undefined ? shape.type : JSON.stringify(shape.value)}${mark}`;
    if (shape.kind === 'choice') return `(${shape.options.map(brief).join(' | ')})${mark}`;
    if (shape.kind === 'unknown') return `any${mark}`;
    const fields = [...shape.fields].map(([key, value]) => `${key}: ${brief(value)}`);
    return `{${[...fields, ...(shape.open ? ['…'] : [])].join(', ')}}${shape.perElement ? '*' : ''}${mark}`;
  };

  it.each([
    ['id name: a.b', '{id: any, name: any}*'],
    ['a { b c: { d } }', '{a: {b: any, c: {d: any}}*}*'],
    ['$.results { id }', '{id: any}*'],
    ['a.b { c } d', '{c: any, d: any}*'],
    ['x: y? z?', '{x: any?, z: any?}*'],
    [
      'n: a->size s: a->toString b: a->eq(1) l: a->entries',
      '{n: number, s: string, b: boolean, l: [{key: string, value: any}]}*',
    ],
    ['s: a->match(["x", "X"], [@, "Y"]) t: a->match(["x", "X"])', '{s: ("X" | "Y"), t: "X"?}*'],
    ['x: $([a, 1]) y: $({ k: "v" }) z: $(a ?? 0)', '{x: [(any | 1)], y: {k: "v"}, z: (any | 0)}*'],
    ['x: a->map({ id: @ }) y: a->list { id }', '{x: [{id: any}], y: [{id: any}*]}*'],
    ['x: a->first { id } y: $({ k: { z: 1 } }).k.z', '{x: {id: any}*?, y: 1}*'],
    ['d: a->partialDate', '{d: {year: number, month: number?, day: number?}}*'],
    ['id ... a.b', '{id: any, …}*'],
    [
      'id ... k->match(["a", { __typename: "A", x: x }], ["b", { __typename: "B" }])',
      '({id: any, __typename: "A", x: any}* | {id: any, __typename: "B"}*)',
    ],
    ['x: a->as($v, { q: 1 })->echo($v.q) y: b->echo(@)', '{x: 1, y: any}*'],
    ['x: $([{ id: 1 }]).id', '{x: [1]}*'],
  ])('%s · %s', (text, expected) => {
    expect(brief(shapeOf(parse(text)))).toBe(expected);
  });

  it('range · field · points at its source', () => {
    const text = 'id\nname: a.b';
    const shape = shapeOf(parse(text));
    const name = shape.kind === 'object' ? shape.fields.get('name') : undefined;
    expect(text.slice(...(name?.range ?? [0, 0]))).toBe('a.b');
  });
});

describe('subset', () => {
  it.each<[string, Parameters<typeof subset>[1], string]>([
    ['id name: a.b', { name: true }, 'name: a.b'],
    ['a { b c { d e } } f', { a: { c: { e: true } } }, 'a {\n  c {\n    e\n  }\n}'],
    ['$.results { id name }', { id: true }, '$.results {\n  id\n}'],
    ['x.y { a b } z.w { c } d', { b: true }, 'x.y {\n  b\n}'],
    ['x: { a b } y', { x: { b: true } }, 'x: {\n  b\n}'],
    ['... a.b c', {}, '... a.b'],
    ['a', { z: true }, ''],
  ])('%s · %j', (text, needed, expected) => {
    expect(print(subset(parse(text), needed))).toBe(expected);
  });
});

describe('print', () => {
  it.each([
    ['a b:c.d{e}', 'a\nb: c.d {\n  e\n}'],
    ['...$.x # why\n', '... $.x'],
    [`x: $( 'a' ->slice(0,1,) )`, 'x: $("a"->slice(0, 1))'],
    ['x: a? .b? y? { z }', 'x: a?.b?\ny? {\n  z\n}'],
    ['{a b:{c}}', 'a\nb: {\n  c\n}'],
    ['[1 2]', '[1, 2]'],
    ['$->echo({ a, "b c", ... d, e.f { g } })', '$->echo({ a: a, "b c": $."b c", ... d, e.f {\n  g\n} })'],
    ['1.5e2', '150'],
  ])('%s', (text, printed) => {
    expect(print(parse(text))).toBe(printed);
  });

  it('numbers · no exponent · read back the same', () => {
    for (const number of [
      '0.0000001',
      '1000000000000000000000000',
      '-0',
      '123456789012345680000',
      '0.1',
      '6.',
    ]) {
      const mapping = parse(`$(${number})`);
      const again = parse(print(mapping));
      expect(compileMapping(again).run(null)).toBe(compileMapping(mapping).run(null));
      expect(Object.is(compileMapping(again).run(null), Number(number))).toBe(true);
    }
  });
});
