// Wrong mappings and what their author reads; version gates; the bounds that keep hostile text from hurting.

import { describe, expect, it } from 'vitest';
import {
  checkMethods,
  isMappingSyntaxError,
  type Mapping,
  MappingSyntaxError,
  type MappingVersion,
  parseExpression,
  parseSelection,
} from '../../../src/connect/mapping/index.ts';

/** The error, or the first warning as an error. */
function errorOf(
  text: string,
  version: MappingVersion = '0.3',
  extensions = false,
  parse = parseSelection,
): MappingSyntaxError {
  let mapping: Mapping;
  try {
    mapping = parse(text, { version, extensions });
  } catch (error) {
    if (isMappingSyntaxError(error)) return error;
    throw error;
  }
  const [warning] = mapping.warnings ?? [];
  if (warning === undefined) throw new Error(`accepted: ${text}`);
  return new MappingSyntaxError(text, warning);
}

function accepts(text: string, version: MappingVersion, extensions = false): boolean {
  try {
    parseSelection(text, { version, extensions });
    return true;
  } catch (error) {
    if (isMappingSyntaxError(error)) return false;
    throw error;
  }
}

describe('messages', () => {
  it.each([
    ['a { b', 'expected a key, a path or "}", found the end of the mapping'],
    ['a }', 'expected a key, a path or the end of the mapping, found "}"'],
    ['a: }', 'expected a path, found "}"'],
    ['a: b.', 'expected a key after ".", found the end of the mapping'],
    ['a: b.5', 'expected a key after ".", found "5"'],
    ['a: b->', 'expected the name of a method after "->", found the end of the mapping'],
    ['a: b->echo(1', 'expected "," or ")", found the end of the mapping'],
    ['a: b->echo([1 2])', 'expected "," or "]", found "2"'],
    ['a: b->echo({ a 1 })', 'expected ":", found "1"'],
    ['a: b->echo({ a: 1 b: 2 })', 'expected "," or "}", found "b"'],
    ['a: $(1', 'expected ")", found the end of the mapping'],
    ['a: "b', 'expected a closing double quote, found the end of the mapping'],
    ["a: 'b\\'", 'expected a closing single quote, found the end of the mapping'],
    ['page[size]', 'found "[". Write a key with other characters than'],
    ['page[size: $args.n', 'found "[". Write a key with other characters than'],
    ['"page"[size]: $args.n', 'found "[".'],
    ['x-y: a', 'found "-". Write a key with other characters than'],
    ['a, b', 'found ",". Separate the keys of a selection by white space, not by commas'],
    ['a: 5', 'expected a path or "{", found "5". Write a literal as $( … )'],
    ['{ a: 1 }', 'found "{". Write a literal as $( … ), or link connect v0.4, which allows bare literals'],
    ['a: b ?? c', 'found "??". Write a fallback as $( a ?? b )'],
    ['a: $(b ?? c ?! d)', 'expected "??", found "?!". One chain has one operator: put the other in $( … )'],
    [
      'a.b c',
      'expected a named value, found "a". Name the path ("name: path") or select keys of it ("path { a b }")',
    ],
    ['a { $.b }', 'expected a named value, found "$"'],
    ['a: $arg.b', 'expected a known variable, found $arg. Did you mean $args?'],
    ['a: $whatever', 'expected a known variable, found $whatever. Known are $, $args, $this, $batch'],
    ['a: b->as($x)->echo($y)', 'found $y'],
    ['a: b->frist', 'expected a known method, found ->frist. Did you mean ->first?'],
    [
      'a: b->toUpper',
      'expected a known method, found ->toUpper. The table of methods is in docs/connect-spec.md',
    ],
    [
      'a: b->pad(2)',
      'expected a method of the connect spec, found ->pad. It needs @link(url: "https://specs.lienthong.example/mapping/v0.1")',
    ],
    ['a: b->keys', 'expected a method of the connect spec, found ->keys'],
    ['a: b->first(1)', 'expected no arguments, found 1 in ->first'],
    ['a: b->eq', 'expected 1 argument, found 0 in ->eq'],
    ['a: b->slice(1, 2, 3)', 'expected 1 to 2 arguments, found 3 in ->slice'],
    ['a: b->add', 'expected at least 1 argument, found 0 in ->add'],
    [
      'a: b->match(["x", 1], [2])',
      'expected a pair [case, value], found a list of 1. Write the last pair as [@, value] to match any value',
    ],
    ['a: b->as(5)', 'expected a variable to bind, such as $name, found 5'],
    [`a: $(${'9'.repeat(400)})`, 'expected a number within the range of a 64-bit float'],
    [
      'a: $(9007199254740993)',
      'expected a number that a 64-bit float holds exactly, found "9". Write it as a string, in quotes',
    ],
    ['a: $(.12345678901234567890)', 'expected a number that a 64-bit float holds exactly'],
    ['a: đ', 'expected a path, found "đ"'],
  ])('%s', (text, message) => {
    expect(errorOf(text).message).toContain(message);
  });

  it('wrong date pattern · extension methods · the error describes a pattern', () => {
    for (const pattern of ['"yyyyMMxx"', '"yyyyMM"', '$args.p', '5', '"yyyyMMddyyyy"']) {
      expect(errorOf(`a: b->date(${pattern})`, '0.3', true).message).toContain(
        'a pattern in quotes with yyyy, MM and dd',
      );
    }
    expect(errorOf('a: b->formatDate("now")', '0.3', true).message).toContain('a pattern in quotes of yyyy');
  });

  it('error · long mapping · has line, column and a frame with a caret', () => {
    const error = errorOf('id\n  name: a.b\n\tstatus: c->mtach([1, 2])\n');
    expect(error).toMatchObject({ line: 3, column: 11, position: 25, hint: 'Did you mean ->match?' });
    expect(error.message).toBe(
      'Mapping, line 3, column 11: expected a known method, found ->mtach. Did you mean ->match?\n' +
        '   status: c->mtach([1, 2])\n' +
        '            ^',
    );
    const long = errorOf(`${'key '.repeat(100)}]`);
    expect(long.frame.split('\n')[0]?.length).toBeLessThan(110);
    expect(long.frame.split('\n')[1]?.indexOf('^')).toBe(long.frame.split('\n')[0]?.indexOf(']'));
  });

  it('rest after an expression · template · is refused', () => {
    expect(errorOf('$args.a $args.b', '0.3', false, parseExpression).message).toContain(
      'expected the end of the expression, found "$"',
    );
    expect(errorOf('', '0.3', false, parseExpression).message).toContain(
      'expected a value or a path, found the end of the mapping',
    );
  });
});

describe('versions', () => {
  it.each<[string, MappingVersion]>([
    ['a: $.b->eq($.c)', '0.1'],
    ['a: b->eq(c)', '0.3'],
    ['a: $(b)', '0.3'],
    ['a: b->echo([@.x, b { c }])', '0.3'],
    ['a: b?.c', '0.3'],
    ['a: $($.b ?? $.c)', '0.3'],
    ['a: $($.b ?! $.c)', '0.3'],
    ['... a.b', '0.4'],
    ['a { ... b }', '0.4'],
    ['... "x"->match(["x", { a: 1 }])', '0.4'],
    ['a: b->as($x)->echo($x)', '0.3'],
    ['a: $({ ... b })', '0.4'],
    ['a: $(- 4)', '0.1'],
    ['a: $(1.5e2)', '0.4'],
    ['a: $([1 2])', '0.4'],
    ['[1, 2]', '0.4'],
    ['a, b', '0.4'],
    ['a: { b }->size', '0.4'],
    ['a: 5', '0.4'],
    ['a: b ?? c', '0.4'],
    ['{ a: 1 }', '0.4'],
    ['$.a ?? 1', '0.4'],
    ['a: $({ b })', '0.4'],
    ['a { b, c }', '0.4'],
  ])('%s · needs %s', (text, since) => {
    const versions: MappingVersion[] = ['0.1', '0.2', '0.3', '0.4'];
    expect(versions.filter((version) => accepts(text, version))).toEqual(versions.filter((v) => v >= since));
  });

  it('extension methods · without the link · are refused in every version', () => {
    for (const version of ['0.1', '0.4'] as const) {
      expect(accepts('a: b->nfc', version)).toBe(false);
      expect(accepts('a: b->nfc', version, true)).toBe(true);
    }
  });

  it('calls without a result · are warnings, in the order of the text; errors come first', () => {
    const text = 'a: b->frist c: d->size(1) e: f->match([1]) g: h->add';
    const { warnings = [] } = parseSelection(text, { version: '0.4', extensions: false });
    expect(warnings.map(({ found }) => found)).toEqual([
      '->frist',
      '1 in ->size',
      'a list of 1',
      '0 in ->add',
    ]);
    expect(parseSelection('a: b->first', { version: '0.4', extensions: false }).warnings).toBeUndefined();
    expect(() => parseSelection(`${text} i: $nmae`, { version: '0.4', extensions: false })).toThrow('$nmae');
    const many = parseSelection('x: a->frist '.repeat(50), { version: '0.4', extensions: false });
    expect(many.warnings).toHaveLength(10);
  });

  it('checkMethods · several faults · gives all of them in order', () => {
    const mapping = parseSelection('a: b->pad(2) c: d->as($x)->nfc', { version: '0.4', extensions: true });
    const faults = checkMethods(mapping, { version: '0.1', extensions: false });
    expect(faults.map((fault) => [fault.position, fault.found])).toEqual([
      [4, '->pad'],
      [17, '->as'],
      [25, '->nfc'],
    ]);
  });
});

describe('hostile text', () => {
  it.each([
    ['nested groups', 'a: '.concat('$('.repeat(50_000))],
    ['nested selections', 'a { '.repeat(50_000)],
    ['nested lists', `a: $(${'['.repeat(50_000)}`],
    ['nested objects', `a: $(${'{ a: '.repeat(50_000)}`],
    ['nested arguments', `a: ${'b->echo('.repeat(50_000)}`],
    ['long path', `a: b${'.c'.repeat(50_000)}`],
  ])('%s · is refused, not a stack overflow', (_, text) => {
    expect(errorOf(text).message).toMatch(/at most 60/);
    expect(errorOf(text, '0.4').message).toMatch(/at most 60/);
  });
});
