// Hostile inputs for every method and construct of the mapping language, of any size. The tests count steps on them; the
// bench `growth` measures time.

export interface GrowthCase {
  readonly name: string;
  readonly mapping: string;
  /** An input of about this many bytes as JSON. */
  readonly input: (bytes: number) => unknown;
  /** True when an input of 1 MB needs more than its budget. */
  readonly exceeds?: boolean;
}

const repeat = (unit: string, bytes: number): string =>
  unit.repeat(Math.max(1, Math.floor(bytes / unit.length)));

const list = <T>(bytes: number, size: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.max(1, Math.floor(bytes / size)) }, (_, index) => make(index));

const ones = (bytes: number): number[] => list(bytes, 2, () => 1);
const numbers = (bytes: number): number[] => list(bytes, 7, (index) => index + 100_000);
const empties = (bytes: number): object[] => list(bytes, 3, () => ({}));
const manyKeys = (bytes: number): Record<string, number> =>
  Object.fromEntries(list(bytes, 14, (index) => [`KEY_${100_000 + index}`, 1]));

/** Half of the input is `value`, half a list: the method is called on the value once per element. */
const perElement = (method: string, half: (bytes: number) => unknown): Omit<GrowthCase, 'name'> => ({
  mapping: `$.list->map($.value->${method})`,
  input: (bytes) => ({ value: half(bytes / 2), list: ones(bytes / 2) }),
  exceeds: true,
});

const on = (mapping: string, value: (bytes: number) => unknown): Omit<GrowthCase, 'name'> => ({
  mapping,
  input: (bytes) => ({ value: value(bytes), other: 1 }),
});

const twenty = Array.from({ length: 20 }, (_, index) => `key${index}`).join(' ');
const doubled = (value: string): string => value + '->echo([@, @])'.repeat(24);
// Combining marks in an order that normalization has to reverse.
const MARKS = '\u0323\u0307';
const emoji = (bytes: number): string => repeat('😀', bytes);
const nines = (bytes: number): string => repeat('9', bytes);

const rows: readonly (readonly [name: string, row: Omit<GrowthCase, 'name'>])[] = [
  // constructs
  ['20 keys of empty objects', on(`$.value { ${twenty} }`, empties)],
  ['20 keys of a list of empty objects', { mapping: twenty, input: empties }],
  ['nested lists', on('x: $.value { b { c { d } } }', (n) => list(n, 14, () => ({ b: [{ c: [1] }] })))],
  ['a path through a list', on('x: $.value.a.b.c.d', empties)],
  ['fallbacks', on('$.value->map(@.x ?? @.y ?? 1)', empties)],
  ['spread of many keys', on('$({ ... $.value })', manyKeys)],
  ['spread per element', { ...perElement('echo({ ... @ })', manyKeys) }],
  ['the list per element', { ...on('$.value->map($.value)', ones), exceeds: true }],
  ['a text per element', { ...perElement('echo(@)', (n) => repeat('x', n)) }],
  ['doubled 24 times', { ...on(doubled('$.other'), () => 1), exceeds: true }],
  // forms
  ['echo', on('$.value->map(@->echo([@, 1]))', ones)],
  ['as', on('$.value->map(@->as($v)->echo([$v, 1]))', numbers)],
  ['match', on('$.value->map(@->match([2, "b"], [3, "c"], [4, "d"], [@, "e"]))', ones)],
  ['map in map', { ...on('$.value->map($.value->map(1))', ones), exceeds: true }],
  [
    'filter in filter',
    { ...on('$.value->filter($.value->filter(@->eq(2))->size->eq(0))', ones), exceeds: true },
  ],
  ['find in map', { ...on('$.value->map($.value->find(@->eq(0)))', numbers), exceeds: true }],
  ['and, or', on('$.value->map(true->and(@->eq(1), false->or(@->eq(1))))', ones)],
  ['in', { ...on('$.value->map(0->in($.value))', numbers), exceeds: true }],
  // values
  ['toString', on('$.value->map(@->toString)', numbers)],
  ['jsonStringify', on('$.value->jsonStringify', (n) => repeat('\u0001', n / 6))],
  ['jsonStringify of doubled', { ...on(`${doubled('$.other')}->jsonStringify`, () => 1), exceeds: true }],
  [
    'jsonStringify 40 times',
    { ...on(`$.value${'->jsonStringify'.repeat(40)}`, (n) => repeat('"', n)), exceeds: true },
  ],
  ['jsonParse', on('$.value->jsonParse', (n) => `[${repeat('{},', n)}1]`)],
  ['jsonParse of nested lists', on('$.value->jsonParse', (n) => repeat('[', n / 2) + repeat(']', n / 2))],
  ['jsonParse of long numbers', on('$.value->jsonParse', (n) => `[${repeat('12345678901234567,', n)}1]`)],
  ['jsonParse per element', { ...perElement('jsonParse', (n) => `[${repeat('{},', n)}1]`) }],
  ['typeof', on('$.value->map(@->typeof)', ones)],
  [
    'eq of doubled',
    {
      ...on(
        `$({ a: ${doubled('$.other')}, b: ${doubled('$.other')} })->as($p)->echo($p.a->eq($p.b))`,
        () => 1,
      ),
      exceeds: true,
    },
  ],
  [
    'eq of texts',
    {
      mapping: '$.list->map($.a->eq($.b))',
      input: (n) => ({ a: `${repeat('x', n / 3)}y`, b: `${repeat('x', n / 3)}z`, list: ones(n / 3) }),
      exceeds: true,
    },
  ],
  ['ne', on('$.value->map(@->ne($.other))', ones)],
  ['not', on('$.value->map(@->eq(1)->not)', ones)],
  ['size of a text per element', { ...perElement('size', emoji) }],
  ['size of keys', on('$.value->size', manyKeys)],
  ['first', on('$.value->first', emoji)],
  ['last', on('$.value->last', emoji)],
  ['get per element', { ...perElement('get(-1)', emoji) }],
  ['slice of a text per element', { ...perElement('slice(1, -1)', emoji) }],
  ['slice of a list per element', { ...perElement('slice(1)', ones) }],
  ['contains', { ...on('$.value->map($.value->contains(0))', numbers), exceeds: true }],
  ['entries', on('$.value->entries', manyKeys)],
  ['entries per element', { ...perElement('entries', manyKeys) }],
  ['keys', on('$.value->keys', manyKeys)],
  ['values', on('$.value->values', manyKeys)],
  ['has', on('$.value->map($->has("other"))', ones)],
  ['keysToCamelCase of a long key', on('$.value->keysToCamelCase', (n) => ({ [repeat('A', n)]: 1 }))],
  ['keysToCamelCase of many words', on('$.value->keysToCamelCase', (n) => ({ [repeat('aB_', n)]: 1 }))],
  ['keysToCamelCase of many keys', on('$.value->keysToCamelCase', manyKeys)],
  ['keysToCamelCaseDeep', on('$.value->keysToCamelCaseDeep', (n) => list(n, 9, () => ({ AB: 1 })))],
  [
    'keysToCamelCaseDeep of doubled',
    { ...on(`${doubled('$.other')}->keysToCamelCaseDeep`, () => 1), exceeds: true },
  ],
  // numbers
  ...['gt', 'gte', 'lt', 'lte', 'add', 'sub', 'mul', 'div', 'mod'].map(
    (name) => [name, on(`$.value->map(@->${name}(7))`, ones)] as const,
  ),
  [
    'gt of texts',
    {
      mapping: '$.list->map($.a->gt($.b))',
      input: (n) => ({ a: `${repeat('x', n / 3)}y`, b: `${repeat('x', n / 3)}z`, list: ones(n / 3) }),
      exceeds: true,
    },
  ],
  ['parseInt', on('$.value->parseInt', nines)],
  ['parseInt of base 36', on('$.value->parseInt(36)', nines)],
  ['parseInt per element', { ...perElement('parseInt', nines) }],
  // texts
  ['joinNotNull', on('$.value->joinNotNull(",")', ones)],
  [
    'joinNotNull with a long separator',
    {
      ...perElement('echo($.list->joinNotNull($.value))', (n) => repeat('x', n)),
      mapping: '$.list->joinNotNull($.value)',
    },
  ],
  ['split at a character', on('$.value->split(",")', (n) => repeat('x,', n))],
  ['split into characters', on('$.value->split("")', (n) => repeat('x', n))],
  [
    'split at a long text',
    {
      mapping: '$.a->split($.b)',
      input: (n) => ({ a: repeat('a', n / 2), b: `b${repeat('a', n / 4)}` }),
      exceeds: true,
    },
  ],
  ['trim per element', { ...perElement('trim', (n) => repeat(' ', n)) }],
  ['trimStart', on('$.value->trimStart', (n) => repeat(' ', n))],
  ['trimEnd', on('$.value->trimEnd', (n) => `${repeat(' ', n)}x`)],
  // the extension
  ['date', on('$.value->map(@->date("yyyyMMdd"))', (n) => list(n, 11, () => '20240131'))],
  ['date per element', { ...perElement('date("yyyyMMdd")', (n) => repeat(' ', n)) }],
  ['partialDate', on('$.value->map(@->partialDate)', (n) => list(n, 11, () => '20240131'))],
  [
    'formatDate',
    on('$.value->map(@->formatDate("yyyyMMddHHmmss"))', (n) => list(n, 14, () => 1_704_067_199_999)),
  ],
  ['pad', on('$.value->map(@->pad(5))', ones)],
  ['nfc of marks', on('$.value->nfc', (n) => `a${repeat(MARKS, n)}`)],
  ['nfc of 30 marks each', on('$.value->nfc', (n) => repeat(`a${MARKS.repeat(15)}`, n))],
  ['nfc of letters', on('$.value->nfc', (n) => repeat('e\u0323\u0302', n))],
  ['upper of marks', on('$.value->upper', (n) => `a${repeat(MARKS, n)}`)],
  ['upper of growing letters', on('$.value->upper', (n) => repeat('ß', n))],
  ['personName of marks', on('$.value->personName', (n) => `a${repeat(MARKS, n)}`)],
  ['personName of words', on('$.value->personName', (n) => repeat('e\u0323 ', n))],
  [
    'personName of parts',
    on('$.value->personName', (n) => ({
      Ho: repeat(' x', n / 3),
      ChuDem: repeat('x ', n / 3),
      Ten: repeat('  ', n / 3),
    })),
  ],
  ['list', on('$.value->map(@->list)', ones)],
];

export const GROWTH_CASES: readonly GrowthCase[] = rows.map(([name, row]) => ({ name, ...row }));
