// The budget of a run: steps and output are linear in the input, whatever the mapping and the input are.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputSize, type RunState, stepsFor } from '../../../src/connect/mapping/budget.ts';
import { compileMain } from '../../../src/connect/mapping/compile.ts';
import {
  compileMapping,
  createProblems,
  isMappingSyntaxError,
  type Mapping,
  MappingLimitError,
  METHODS,
  parseSelection,
  print,
} from '../../../src/connect/mapping/index.ts';
import { sizeOf } from '../../../src/connect/mapping/json.ts';
import { multiplicityOf } from '../../../src/connect/mapping/multiplicity.ts';
import { MAX_DESCRIBED } from '../../../src/connect/mapping/problem.ts';
import { inputs, selectionTexts, variables } from './arbitrary.ts';
import { GROWTH_CASES } from './growth-cases.ts';

const OPTIONS = { version: '0.4', extensions: true } as const;
const [KB, KB_32, MB] = [1024, 32 * 1024, 1024 * 1024];

const parsed = (text: string): Mapping => parseSelection(text, OPTIONS);

/** The kind of limit that a run exceeds. */
function limitOf(text: string, input: unknown): string | undefined {
  try {
    compileMapping(parsed(text)).run(input);
    return undefined;
  } catch (error) {
    if (error instanceof MappingLimitError) return error.kind;
    throw error;
  }
}

/** The steps of a run without a limit. */
function stepsOf(text: string, input: unknown): number {
  const start = Number.MAX_SAFE_INTEGER;
  const state: RunState = { steps: start, problemCount: 0, problems: [], capacity: 0 };
  compileMain(parsed(text))(input, {}, state);
  return start - state.steps;
}

describe('hostile inputs of 1 KB, 32 KB and 1 MB', () => {
  const linear = GROWTH_CASES.filter(({ exceeds }) => exceeds !== true);
  it.each(linear)('$name · mapped · within the budget, steps as the input grows', ({ mapping, input }) => {
    const at = [KB, KB_32, MB].map((bytes) => {
      const value = input(bytes);
      expect(limitOf(mapping, value)).toBeUndefined();
      return { steps: stepsOf(mapping, value), size: inputSize(value, {}) };
    });
    const [, medium, large] = at as [(typeof at)[0], (typeof at)[0], (typeof at)[0]];
    for (const { steps, size } of at) expect(steps).toBeLessThanOrEqual(stepsFor(size));
    expect(large.steps * medium.size).toBeLessThanOrEqual(medium.steps * large.size * 1.1);
  });

  const endless = GROWTH_CASES.filter(({ exceeds }) => exceeds === true);
  it.each(endless)('$name · mapped · ends at a limit', ({ mapping, input }) => {
    expect(limitOf(mapping, input(MB))).toMatch(/steps|output/);
    for (const bytes of [KB, KB_32])
      expect([undefined, 'steps', 'output']).toContain(limitOf(mapping, input(bytes)));
  });

  it('every method · has a case', () => {
    const used = new Set(
      GROWTH_CASES.flatMap(({ mapping }) =>
        [...print(parsed(mapping)).matchAll(/->(\w+)/g)].map(([, name]) => name),
      ),
    );
    expect([...METHODS.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('problems', () => {
  it('of a large answer · are counted, and the first are described', () => {
    const items = Array.from({ length: 50_000 }, () => ({}));
    const problems = createProblems();
    const { run } = compileMapping(parsed('items { a b c }'));
    expect(run({ items }, {}, problems)).toEqual({ items });
    expect(problems.count).toBe(150_000);
    expect(problems.described).toHaveLength(MAX_DESCRIBED);
    expect(problems.described.at(-1)?.path).toEqual(['items', 33, 'a']);
  });

  it('of a run that begins again with a larger budget · are counted once', () => {
    const items = Array.from({ length: 30_000 }, () => ({ b: 1 }));
    const problems = createProblems();
    // Two problems before the loop that exceeds the free steps.
    compileMapping(parsed('x y z: items->map(@.b)')).run({ items }, {}, problems);
    expect(problems.count).toBe(2);
    expect(problems.described).toHaveLength(2);
  });

  it('dropped by a fallback · are not counted', () => {
    const problems = createProblems();
    const items = Array.from({ length: 500 }, () => ({}));
    compileMapping(parsed('x: items->map(@.a ?? @.b ?? 1)')).run({ items }, {}, problems);
    expect(problems).toEqual({ count: 0, described: [] });
  });
});

describe('limits', () => {
  const many = Array.from({ length: 3000 }, (_, id) => ({ id, owner: id }));

  it('nested loops over 3,000 elements · exceed the steps', () => {
    expect(limitOf('$.items->map($.items->map($.items->map(1)))', { items: many })).toBe('steps');
  });

  it('a list that is joined with another of the same size by a key · within the budget for hundreds', () => {
    const join = '$.items->map({ id: @.id, owner: @.owner->as($o)->echo($.items->find(@.id->eq($o))) })';
    const items = many.slice(0, 100).map((item) => ({ ...item, name: `element number ${item.id}` }));
    expect(limitOf(join, { items })).toBeUndefined();
  });

  it('long paths and deep selections of lists · cost what they have in keys', () => {
    const path = `$.items${'.a'.repeat(50)}`;
    const selection = `$.items ${'{ a '.repeat(50)}${'}'.repeat(50)}`;
    let item: unknown = 1;
    for (let depth = 0; depth < 50; depth++) item = { a: item };
    for (const text of [path, selection]) {
      expect(stepsOf(text, { items: [item, item, item, item] })).toBeLessThan(4 * 50 * 10);
    }
  });

  it('a short input that grows · exceeds the output', () => {
    expect(limitOf('$.items->map($.items)', { items: many })).toBe('output');
    expect(limitOf(`$.a${'->echo([@, @])'.repeat(20)}`, { a: 1 })).toBe('output');
  });

  it('a mapping that returns each part once · is not limited by the size of its output', () => {
    const text = 'x'.repeat(5_000_000);
    expect(limitOf('a { b }', { a: { b: text } })).toBeUndefined();
  });

  it('an argument that is repeated for each element · is counted each time', () => {
    const { run } = compileMapping(parsed('items { id owner: $args.owner }'));
    const input = { items: many };
    expect(() => run(input, { args: { owner: 'short' } })).not.toThrow();
    expect(() => run(input, { args: { owner: 'x'.repeat(100_000) } })).toThrow(MappingLimitError);
  });

  it('a run after one that exceeded a limit · is as if it were the first', () => {
    const { run } = compileMapping(parsed('x: items->map($.items->map($.items->map(@)))'));
    expect(() => run({ items: many })).toThrow(MappingLimitError);
    const problems = createProblems();
    expect(run({ items: [1] }, {}, problems)).toEqual({ x: [[[1]]] });
    expect(problems.count).toBe(0);
  });

  it('JSON in a text that is nested deeply · is a problem', () => {
    const problems = createProblems();
    const { run } = compileMapping(parsed('$->jsonParse'));
    expect(run(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}, problems)).toBeUndefined();
    expect(problems.described[0]?.message).toBe('->jsonParse: expected at most 64 nested objects and lists');
  });
});

describe('multiplicity', () => {
  it.each([
    ['id name: full { first last }', 1],
    ['a: x b: x', 2],
    ['a: x.y b: x { y z }', 2],
    ['a: x.y b: x.z', 1],
    ['a: x.y c: x { w }', 2],
    ['a: $ b: x', 2],
    ['x->match(["", null], [@, @])', 1],
    ['$->echo([@, @])->echo([@, @])', 4],
    ['$->as($a, @.x)->echo([$a, $a, @.y])', 2],
    ['items { id list { name } }', 1],
    ['items->filter(@.a->eq($.b))', 1],
    ['items->map(@.a)', 1],
    ['items->map($.a)', Number.POSITIVE_INFINITY],
    ['items { id all: $args.all }', Number.POSITIVE_INFINITY],
    ['items->as($i).list { id owner: $i.id }', Number.POSITIVE_INFINITY],
    ['a.b->echo($.c)', 1],
    ['a.b->map($.c)', Number.POSITIVE_INFINITY],
    ['a.b->eq($.c)', 0],
    ['$("constant")', 0],
  ])('%s · is %d', (text, expected) => {
    expect(multiplicityOf(parsed(text))).toBe(expected);
  });

  it('any mapping · returns at most that many copies of its input, and its constants', {
    timeout: 120_000,
  }, () => {
    let finite = 0;
    fc.assert(
      fc.property(selectionTexts('0.4'), inputs, variables, (text, input, vars) => {
        let mapping: Mapping;
        try {
          mapping = parsed(text);
        } catch (error) {
          if (!isMappingSyntaxError(error)) throw error;
          return;
        }
        // Strings that a method writes longer than it read them.
        if (/jsonStringify|joinNotNull|upper|pad|date|entries|keys|split|toString/i.test(text)) return;
        const copies = multiplicityOf(mapping);
        if (copies === Number.POSITIVE_INFINITY) return;
        finite++;
        const start = Number.MAX_SAFE_INTEGER;
        const state: RunState = { steps: start, problemCount: 0, problems: [], capacity: 0 };
        const value = compileMain(mapping)(input, vars, state);
        const executed = start - state.steps + text.length;
        const size = sizeOf(value, Number.POSITIVE_INFINITY);
        expect(size).toBeLessThanOrEqual(
          (copies + 2) * inputSize(input, vars) + (executed + 1) * (text.length + 4),
        );
      }),
      { numRuns: 3000 },
    );
    expect(finite).toBeGreaterThan(100);
  });
});
