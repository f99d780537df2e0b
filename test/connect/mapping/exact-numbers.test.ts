// Numbers that a double cannot hold, on their way through a mapping: as they are, or as a problem, never rounded.

import { describe, expect, it } from 'vitest';
import { compileMapping, createProblems, parseExpression } from '../../../src/connect/mapping/index.ts';
import { parseJsonExact } from '../../../src/exact-number.ts';

/** The result of an expression as JSON, or the message of its first problem. */
function result(text: string, input: string): string | undefined {
  const problems = createProblems();
  const { run } = compileMapping(parseExpression(text, { version: '0.4', extensions: true }));
  const value = run(parseJsonExact(input), {}, problems);
  return problems.described[0]?.message ?? JSON.stringify(value);
}

const ID = '9007199254740993';
const MONEY = '12345678901234567.89';

describe('exact numbers in mappings', () => {
  it.each([
    ['$', ID, ID],
    ['$.a', `{"a":${ID}}`, ID],
    ['{ id: $.a, list: [$.a] }', `{"a":${ID}}`, `{"id":${ID},"list":[${ID}]}`],
    ['$.list.a', `{"list":[{"a":${ID}},{"a":1}]}`, `[${ID},1]`],
    ['$->jsonParse', JSON.stringify(`{"id":${ID},"money":${MONEY}}`), `{"id":${ID},"money":${MONEY}}`],
    ['$->jsonStringify', `[${ID},${MONEY}]`, JSON.stringify(`[${ID},${MONEY}]`)],
    ['$->toString', ID, `"${ID}"`],
    ['$->toString', MONEY, `"${MONEY}"`],
    ['$->joinNotNull("-")', `[${ID},null,1]`, `"${ID}-1"`],
    ['$->typeof', ID, '"number"'],
    ['$->eq($)', ID, 'true'],
    ['$.a->eq($.b)', `{"a":${ID},"b":9007199254740992}`, 'false'],
    ['$.a->eq($.b)', `{"a":${MONEY},"b":12345678901234567.890}`, 'true'],
    ['$.a->ne($.b)', `{"a":${ID},"b":9007199254740995}`, 'true'],
    ['[1, $.a]->contains($.a)', `{"a":${ID}}`, 'true'],
    ['$.a->in([1, $.a])', `{"a":${ID}}`, 'true'],
    ['$.a->gt($.b)', `{"a":${ID},"b":9007199254740992}`, 'true'],
    ['$.a->lte($.b)', `{"a":${ID},"b":9007199254740992}`, 'false'],
    ['$.a->lt($.b)', `{"a":${ID},"b":9007199254740995}`, 'true'],
    ['$->gte(0)', MONEY, 'true'],
    ['$->match([1, "one"], [@, @])', ID, ID],
    ['$->parseInt', ID, ID],
    ['$->parseInt', `"${ID}"`, ID],
    ['$->parseInt', '"-0009007199254740993"', `-${ID}`],
    ['$->parseInt', '"9007199254740992"', '9007199254740992'],
    ['$->first', ID, ID],
    ['$->list', ID, `[${ID}]`],
    ['$->keysToCamelCaseDeep', `{"AN_ID":${ID}}`, `{"anId":${ID}}`],
    ['$->entries', `{"a":${ID}}`, `[{"key":"a","value":${ID}}]`],
    ['$->pad(20)', ID, `"0000${ID}"`],
    ['$->date("yyyyMMddHHmmssSSS")', '20240131235959123', '"2024-01-31T23:59:59.123+07:00"'],
    ['$.a ?? 1', `{"a":${ID}}`, ID],
  ])('%s of %s · is %s', (text, input, expected) => {
    expect(result(text, input)).toBe(expected);
  });

  it.each([
    ['$->add(1)', ID, '->add: cannot calculate with a number that a 64-bit float does not hold exactly'],
    ['1->sub($)', MONEY, '->sub: cannot calculate with a number that a 64-bit float does not hold exactly'],
    ['$->parseInt', MONEY, '->parseInt: cannot truncate a number that a 64-bit float does not hold exactly'],
    [
      '$->parseInt(16)',
      '"fffffffffffffffff"',
      '->parseInt: a 64-bit float does not hold the number of base 16 exactly',
    ],
    ['$->size', ID, '->size: expected a list, a string or an object, found a number'],
    ['$->keys', ID, '->keys: expected an object, found a number'],
    ['$->gt("1")', ID, '->gt: expected two numbers or two strings, found a number and a string'],
    ['$->formatDate("yyyy")', ID, '->formatDate: expected a date with all parts of "yyyy", found a number'],
    ['{ ... $ }', ID, '...: expected an object whose keys to add, found a number'],
    ['$.toJSON', ID, '"toJSON" was not found in a number'],
    ['$.valueOf', ID, '"valueOf" was not found in a number'],
    ['$.text', ID, '"text" was not found in a number'],
  ])('%s of %s · is a problem', (text, input, message) => {
    expect(result(text, input)).toBe(message);
  });

  it('a selection of it · is itself, as of any scalar, and missing where the schema has an object', () => {
    const mapping = parseExpression('{ x: $.a { b } }', { version: '0.4', extensions: true });
    const input = parseJsonExact(`{"a":${ID}}`);
    expect(compileMapping(mapping).run(input)).toEqual(parseJsonExact(`{"x":${ID}}`));
    expect(compileMapping(mapping, { objectsOnly: true }).run(input)).toEqual({});
  });
});
