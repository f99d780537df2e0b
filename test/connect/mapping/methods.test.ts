// Every method of the table, with values of the right kind, of the wrong kind, and at the edges.

import { describe, expect, it } from 'vitest';
import {
  compileMapping,
  createProblems,
  METHODS,
  parseExpression,
  print,
} from '../../../src/connect/mapping/index.ts';

const seen = new Set<string>();

function run(text: string, input?: unknown): { value: unknown; messages: string[] } {
  const problems = createProblems();
  const mapping = parseExpression(text, { version: '0.4', extensions: true });
  for (const [, name] of print(mapping).matchAll(/->(\w+)/g)) seen.add(name as string);
  const value = compileMapping(mapping).run(input, {}, problems);
  return { value, messages: problems.described.map((p) => p.message) };
}

/** Rows of text and value; `undefined` means missing, and then something must have been reported. */
function table(rows: readonly (readonly [text: string, value: unknown, input?: unknown])[]): void {
  it.each(rows)('%s · gives %j', (text, value, input) => {
    const result = run(String(text), input);
    expect(result.value).toEqual(value);
    expect(result.messages.length > 0).toBe(value === undefined);
  });
}

describe('any value', () => {
  table([
    ['$->echo({ a: @ })', { a: 5 }, 5],
    ['$->as($x)->echo([$x, @])', [1, 1], 1],
    ['$->match([1, "one"], ["1", "text"], [@, "other"])', 'one', 1],
    ['$->match([1, "one"], ["1", "text"], [@, "other"])', 'text', '1'],
    ['$->match([1, "one"], ["1", "text"], [@, "other"])', 'other', true],
    ['$->match([null, "none"])', 'none', null],
    ['$->match([[1, { a: 2 }], "deep"])', 'deep', [1, { a: 2 }]],
    ['$->match([@.kind, @.id])', undefined, { kind: 1 }],
    ['$->match([1, "one"])', undefined, 2],
    ['$->jsonStringify', '{"a":[1,null]}', { a: [1, null] }],
    ['$->jsonParse', { a: [1] }, '{"a":[1]}'],
    ['$->jsonParse', undefined, '{a'],
    ['$->toString', '1.5', 1.5],
    ['$->toString', '', null],
    ['$->toString', 'true', true],
    ['$->toString', undefined, [1]],
    [
      '[$, 1, true, null, [], {}]->map(@->typeof)',
      ['string', 'number', 'boolean', 'null', 'array', 'object'],
      'x',
    ],
  ]);
});

describe('logic', () => {
  table([
    ['$->eq({ b: 2, a: [1] })', true, { a: [1], b: 2 }],
    ['1->eq("1")', false],
    ['1->ne("1")', true],
    ['true->not', false],
    ['1->not', undefined],
    ['true->and(true, false)', false],
    ['false->and($.missing)', false, {}],
    ['true->or($.missing)', true, {}],
    ['false->or(false, true)', true],
    ['true->and($.missing)', undefined, {}],
    ['false->or($.missing, true)', undefined, {}],
    ['null->and(true)', undefined],
    ['null->or(true)', undefined],
    ['2->in([1, 2])', true],
    ['3->in([])', false],
    ['3->in(3)', undefined],
    ['"a"->in("a")', undefined],
    ['3->in(null)', undefined],
    ['3->in($.missing)', undefined, {}],
    ['[1]->in([[1]])', true],
  ]);
});

describe('logic with other kinds', () => {
  it.each([
    ['true->and(1)', true, 1],
    ['true->and(null, false)', false, 1],
    ['false->or(null, 0)', false, 2],
    ['false->or("true", true)', true, 1],
  ])('%s · reports the argument and gives %j', (text, value, problems) => {
    const result = run(text);
    expect([result.value, result.messages.length]).toEqual([value, problems]);
  });
});

describe('numbers', () => {
  table([
    ['2->gt(1)', true],
    ['1->gte(1)', true],
    ['"a"->lt("b")', true],
    ['true->lte(false)', undefined],
    ['true->gt(true)', undefined],
    ['null->gte(null)', undefined],
    ['[1]->lt([2])', undefined],
    ['1->gt("0")', undefined],
    ['1->add(2, 3)', 6],
    ['10->sub(1, 2)', 7],
    ['2->mul(3, 4)', 24],
    ['7->div(2)', 3.5],
    ['98.6->sub(32)->mul(5)->div(9)->gt(36.9)', true],
    ['1->div(0)', undefined],
    ['-7->mod(4)', -3],
    ['1->mod(0)', undefined],
    ['1->add("2")', undefined],
    ['null->add(1)', undefined],
    ['"42"->parseInt', 42],
    ['"-ff"->parseInt(16)', -255],
    ['" 07 "->parseInt', 7],
    ['"12a"->parseInt', undefined],
    ['""->parseInt', undefined],
    ['3.9->parseInt', 3],
    ['"9"->parseInt(8)', undefined],
    ['"9"->parseInt(99)', undefined],
    ['10->parseInt(16)', 16],
    ['10.7->parseInt(16)', 16],
    ['-10->parseInt(2)', -2],
    ['8->parseInt(8)', undefined],
    ['"10"->parseInt($.missing)', undefined, {}],
    ['"10"->parseInt(null)', undefined],
    ['true->parseInt', undefined],
  ]);
});

describe('texts', () => {
  table([
    ['"Nguyễn"->size', 6],
    ['"a😀b"->size', 3],
    ['"a😀b"->slice(1, 2)', '😀'],
    ['"abcdef"->slice(1, 3)', 'bc'],
    ['"abcdef"->slice(-2)', 'ef'],
    ['"abc"->slice("1")', undefined],
    ['"abc"->first', 'a'],
    ['"abc"->last', 'c'],
    ['"abc"->get(-1)', 'c'],
    ['"abc"->get(3)', undefined],
    ['["a", null, 1, true]->joinNotNull("-")', 'a-1-true'],
    ['[]->joinNotNull(",")', ''],
    ['[{}]->joinNotNull(",")', undefined],
    ['["a"]->joinNotNull(1)', undefined],
    ['"a,b,c"->split(",")', ['a', 'b', 'c']],
    ['"a,b,c"->split(",", 2)', ['a', 'b']],
    ['"ab"->split("")', ['a', 'b']],
    ['"a"->split(",", -1)', undefined],
    ['1->split(",")', undefined],
    ['"a"->split(1)', undefined],
    ['" a "->trim', 'a'],
    ['" a "->trimStart', 'a '],
    ['" a "->trimEnd', ' a'],
    ['1->trim', undefined],
  ]);
});

describe('lists', () => {
  table([
    ['$->map(@->mul(2))', [2, 4], [1, 2]],
    ['27->map(@->mul(2))', [54]],
    ['$->map(@.a)', [1], [{ a: 1 }]],
    ['$->filter(@->mod(2)->eq(0))', [2, 4], [1, 2, 3, 4]],
    ['4->filter(@->gt(9))', []],
    ['$->filter(@)', undefined, [true, 1]],
    ['$->find(@.a->eq(2))', { a: 2, b: 1 }, [{ a: 1 }, { a: 2, b: 1 }, { a: 2 }]],
    ['$->find(@)', undefined, [1]],
    ['[1, 2]->first', 1],
    ['[1, 2]->last', 2],
    ['{}->first', {}],
    ['[1, 2, 3]->get(-1)', 3],
    ['[1]->get(1)', undefined],
    ['[1]->get("a")', undefined],
    ['[1, 2, 3]->slice(1)', [2, 3]],
    ['[1, 2, 3]->slice(0, null)', [1, 2, 3]],
    ['[1, 2, 3]->slice(0, "x")', undefined],
    ['5->slice(0)', undefined],
    ['[1, 2]->size', 2],
    ['5->size', undefined],
    ['[[1], 2]->contains([1])', true],
    ['5->contains(5)', undefined],
  ]);

  it('no element, no problem', () => {
    expect(run('[]->first')).toEqual({ value: undefined, messages: [] });
    expect(run('[1]->find(@->eq(2))')).toEqual({ value: undefined, messages: [] });
  });

  it('after a key step · a method takes the whole list; ->map applies to each element', () => {
    const list = [{ field: 1 }, { field: 2 }];
    expect(run('list.field->map(@->mul(2))', { list }).value).toEqual([2, 4]);
    expect(run('list.field->size', { list }).value).toBe(2);
    expect(run('list.field->last', { list }).value).toBe(2);
    expect(run('list.field->first->add(list.field->last)', { list }).value).toBe(3);
    expect(run('$(list.field)->map(@->mul(2))', { list }).value).toEqual([2, 4]);
    expect(run('list->first.field', { list }).value).toBe(1);
  });
});

describe('objects', () => {
  table([
    ['$->entries', [{ key: 'a', value: 1 }], { a: 1 }],
    ['$->entries.key', ['a', 'b'], { a: 1, b: 2 }],
    ['$->keys', ['a'], { a: 1 }],
    ['$->values', [1], { a: 1 }],
    ['$->has("a")', true, { a: null }],
    ['$->has("constructor")', false, { a: null }],
    ['[1]->has(1)', false],
    ['$->get("a")', 1, { a: 1 }],
    ['$->get("constructor")', undefined, {}],
    ['$->get(1)', undefined, {}],
    ['1->get(1)', undefined],
    ['$->size', 1, { a: 1 }],
    ['1->entries', undefined],
    ['1->keys', undefined],
    ['1->values', undefined],
    ['$->keysToCamelCase', { firstName: { last_name: 1 } }, { FIRST_NAME: { last_name: 1 } }],
    ['$->keysToCamelCaseDeep', { maHoSo: [{ tenNguoiNop: 1 }] }, { MaHoSo: [{ 'ten-nguoi_nop': 1 }] }],
    ['1->keysToCamelCase', undefined],
  ]);
});

describe('extension methods', () => {
  table([
    ['"20240229"->date("yyyyMMdd")', '2024-02-29'],
    ['20240131->date("yyyyMMdd")', '2024-01-31'],
    ['"31/12/2023"->date("dd/MM/yyyy")', '2023-12-31'],
    ['"20240101235959"->date("yyyyMMddHHmmss")', '2024-01-01T23:59:59+07:00'],
    ['"2024-01-01T08:05:01.250"->date("yyyy-MM-ddTHH:mm:ss.SSS")', '2024-01-01T08:05:01.250+07:00'],
    ['"20230229"->date("yyyyMMdd")', undefined],
    ['"19000229"->date("yyyyMMdd")', undefined],
    ['"20000229"->date("yyyyMMdd")', '2000-02-29'],
    ['"202402"->date("yyyyMMdd")', undefined],
    ['""->date("yyyyMMdd")', undefined],
    ['"20240101240000"->date("yyyyMMddHHmmss")', undefined],
    ['null->date("yyyyMMdd")', null],
    ['true->date("yyyyMMdd")', undefined],
    ['"19920101"->partialDate', { year: 1992, month: 1, day: 1 }],
    ['"1992-01-31"->partialDate', { year: 1992, month: 1, day: 31 }],
    ['"1992"->partialDate', { year: 1992, month: null, day: null }],
    ['1992->partialDate', { year: 1992, month: null, day: null }],
    ['19920101->partialDate', { year: 1992, month: 1, day: 1 }],
    ['$->partialDate', { year: 1992, month: 1, day: 2 }, { NgayThangNam: '19920102', Nam: '1992' }],
    ['$->partialDate', { year: 1992, month: null, day: null }, { Nam: '1992' }],
    ['$->partialDate', { year: 1992, month: null, day: null }, { NgayThangNam: '', Nam: 1992 }],
    ['$->partialDate', undefined, { NgayThangNam: '', Nam: null }],
    ['$->partialDate', null, null],
    ['"92"->partialDate', undefined],
    ['"19921301"->partialDate', undefined],
    ['"0000"->partialDate', undefined],
    ['[]->partialDate', undefined],
    ['"2024-01-01T18:30:05Z"->formatDate("yyyyMMddHHmmss")', '20240102013005'],
    ['"2024-01-01T18:30:05-05:30"->formatDate("yyyyMMddHHmmss")', '20240102070005'],
    ['"2024-01-01T08:05"->formatDate("HH:mm dd/MM/yyyy")', '08:05 01/01/2024'],
    ['"2024-01-01"->formatDate("yyyyMMddHHmmss")', '20240101000000'],
    ['0->formatDate("yyyy-MM-dd HH:mm:ss.SSS")', '1970-01-01 07:00:00.000'],
    ['1704067199999->formatDate("yyyyMMdd")', '20240101'],
    ['$->formatDate("yyyyMMdd")', '19920102', { year: 1992, month: 1, day: 2 }],
    ['$->formatDate("yyyy")', '1992', { year: 1992, month: null, day: null }],
    ['$->formatDate("yyyyMMdd")', undefined, { year: 1992, month: null, day: null }],
    ['"tomorrow"->formatDate("yyyyMMdd")', undefined],
    ['"2024-02-30"->formatDate("yyyyMMdd")', undefined],
    ['"2024-01-01T25:00Z"->formatDate("yyyyMMdd")', undefined],
    ['100000000000000000->formatDate("yyyyMMdd")', undefined],
    ['null->formatDate("yyyyMMdd")', null],
    ['7->pad(2)', '07'],
    ['"7"->pad(3)', '007'],
    ['"123"->pad(2)', '123'],
    ['"x"->pad(2)', undefined],
    ['-1->pad(2)', undefined],
    ['1->pad(0)', undefined],
    ['null->pad(2)', null],
    ['"Nguye\\u0302\\u0303n"->nfc', 'Nguyễn'],
    ['"nguye\\u0302\\u0303n thị ước"->upper', 'NGUYỄN THỊ ƯỚC'],
    ['null->upper', null],
    ['1->nfc', undefined],
    ['$->personName', 'Nguyễn Thị Thử', { Ho: ' Nguyễn', ChuDem: 'Thị  ', Ten: 'Thử' }],
    ['$->personName', 'Nguyễn Thị Thử', { Ho: '', Ten: 'Nguyễn  Thị Thử' }],
    ['$->personName', 'Trần Thử', { Ho: 'Trần', ChuDem: null, Ten: 'Thử' }],
    ['"  Trần   Thử "->personName', 'Trần Thử'],
    ['$->personName', undefined, { Ho: '', ChuDem: '', Ten: '' }],
    ['$->personName', undefined, { Ho: 1 }],
    ['$->personName', null, null],
    ['5->personName', undefined],
    ['{ a: 1 }->list', [{ a: 1 }]],
    ['[1]->list', [1]],
    ['null->list', []],
  ]);
});

it('the table · every method · has been run above and is described', () => {
  expect([...METHODS.keys()].filter((name) => !seen.has(name))).toEqual([]);
  for (const method of METHODS.values()) {
    expect(method.description).toMatch(/\.$/);
    expect(method.args[0]).toBeLessThanOrEqual(method.args[1]);
  }
});

it('messages · never hold a value', () => {
  for (const text of [
    '$->date("yyyyMMdd")',
    '$->personName',
    '$->pad(3)',
    '$->entries',
    '$->add(1)',
    '$->get(9)',
    '$.x',
  ]) {
    expect(run(text, '001092000001 secret').messages.join()).not.toMatch(/001092000001|secret/);
  }
});
