// The algebra of the mapping language: compiled equals evaluated, print and parse round-trip, the parser's one error,
// subsets leave the rest alone. 10,000 cases each, over fast-check's seeds.

import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileMapping,
  createProblems,
  isMappingSyntaxError,
  type Mapping,
  MappingLimitError,
  type MappingProblem,
  type NeededKeys,
  type ParseOptions,
  parseExpression,
  parseSelection,
  print,
  subset,
} from '../../../src/connect/mapping/index.ts';
import { MAX_DESCRIBED } from '../../../src/connect/mapping/problem.ts';
import { expressionTexts, inputs, selectionTexts, variables } from './arbitrary.ts';
import { evaluate } from './evaluate.ts';

// Two versions: 10,000 cases of what must be exact, fewer of the rest.
const RUNS = Number(process.env.MAPPING_RUNS ?? 5000);
const FEW_RUNS = RUNS / 4;
const VERSIONS = ['0.3', '0.4'] as const;
const options = (version: '0.3' | '0.4'): ParseOptions => ({ version, extensions: true });

/** Random text may be refused; then it must be for a reason. */
function parsed(read: () => Mapping): Mapping | undefined {
  try {
    return read();
  } catch (error) {
    if (!isMappingSyntaxError(error)) throw error;
    return undefined;
  }
}

const withoutOffsets = (mapping: Mapping): unknown =>
  JSON.parse(
    JSON.stringify(mapping, (key, value) =>
      key === 'start' || key === 'end' ? undefined : Object.is(value, -0) ? '-0' : value,
    ),
  );

/** The list without one occurrence of each of the others. */
function without(list: readonly string[], others: readonly string[]): string[] {
  const left = [...list];
  for (const other of others) {
    const at = left.indexOf(other);
    if (at !== -1) left.splice(at, 1);
  }
  return left;
}

/** Problems come in no particular order. */
const inOrder = (problems: readonly MappingProblem[]): string[] =>
  problems.map((p) => JSON.stringify(p)).sort();

/** @returns false for the rare mapping that multiplies its input beyond the budget, which the plain evaluator does not have */
function sameAsEvaluated(mapping: Mapping, input: unknown, vars: object, objectsOnly = false): boolean {
  const problems = createProblems();
  const before = JSON.stringify([input, vars]);
  const { run } = compileMapping(mapping, { objectsOnly });
  let value: unknown;
  try {
    value = run(input, vars, problems);
  } catch (error) {
    if (!(error instanceof MappingLimitError)) throw error;
    expect(() => run(input, vars)).toThrow(MappingLimitError);
    return false;
  }
  const expected = evaluate(mapping, input, vars, objectsOnly);
  // Node's equality, since vitest's takes a key named `constructor` for the class of a value.
  deepStrictEqual(value, expected.value);
  deepStrictEqual(problems.count, expected.problems.length);
  const [described, all] = [inOrder(problems.described), inOrder(expected.problems)];
  // Of very many problems only the first are described.
  if (all.length <= MAX_DESCRIBED / 2) deepStrictEqual(described, all);
  else deepStrictEqual(without(all, described).length, all.length - described.length);
  deepStrictEqual(run(input, vars), expected.value);
  deepStrictEqual(JSON.stringify([input, vars]), before);
  deepStrictEqual(Object.keys(Object.prototype), []);
  return true;
}

describe.each(VERSIONS)('mapping language %s', (version) => {
  it('compiled selection · random input · equals the plain evaluator', { timeout: 120_000 }, () => {
    let accepted = 0;
    let limited = 0;
    fc.assert(
      fc.property(
        selectionTexts(version),
        inputs,
        variables,
        fc.boolean(),
        (text, input, vars, objectsOnly) => {
          const mapping = parsed(() => parseSelection(text, options(version)));
          if (mapping === undefined) return;
          accepted++;
          if (!sameAsEvaluated(mapping, input, vars, objectsOnly)) limited++;
        },
      ),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 2);
    expect(limited).toBeLessThan(RUNS / 100);
  });

  it('compiled expression · random input · equals the plain evaluator', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        expressionTexts(version),
        fc.option(inputs, { nil: undefined }),
        variables,
        (text, input, vars) => {
          const mapping = parsed(() => parseExpression(text, options(version)));
          if (mapping !== undefined) sameAsEvaluated(mapping, input, vars);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('printed mapping · parsed again · is the same tree', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(selectionTexts(version), expressionTexts(version), (selection, expression) => {
        for (const [text, parse] of [
          [selection, parseSelection],
          [expression, parseExpression],
        ] as const) {
          const mapping = parsed(() => parse(text, options(version)));
          if (mapping === undefined) continue;
          const again = parse(print(mapping), options(version));
          expect(withoutOffsets(again)).toEqual(withoutOffsets(mapping));
          expect(print(again)).toBe(print(mapping));
        }
      }),
      { numRuns: FEW_RUNS },
    );
  });

  it('random text · parsed · throws MappingSyntaxError or nothing', { timeout: 120_000 }, () => {
    const tokens = fc.constantFrom(
      ...['a', '$', '$args', '@', '.', '->', '?', '??', '?!', '...', '{', '}', '(', ')', '[', ']', '$(', ','],
      ...[':', '"x"', "'", '"', '#', '\n', ' ', '1', '-', '.5', 'match', 'as', 'true', '\\', 'đ', '\u0000'],
    );
    const noise = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(tokens, { maxLength: 30 }).map((list) => list.join('')),
      fc.tuple(selectionTexts(version), fc.nat(), tokens).map(([text, at, token]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + token + text.slice(cut + 1);
      }),
    );
    fc.assert(
      fc.property(noise, (text) => {
        for (const parse of [parseSelection, parseExpression]) {
          try {
            const mapping = parse(text, options(version));
            compileMapping(mapping).run({ a: 1 }, {});
          } catch (error) {
            if (!isMappingSyntaxError(error)) throw error;
            expect(error.position).toBeGreaterThanOrEqual(0);
            expect(error.position).toBeLessThanOrEqual(text.length);
            expect(error.frame.split('\n')).toHaveLength(2);
          }
        }
      }),
      { numRuns: FEW_RUNS },
    );
  });

  it('subset of a selection · run · gives the wanted part of the whole', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        selectionTexts(version),
        inputs,
        variables,
        fc.subarray(['a', 'b', 'c', 'd', 'list', 'constructor', '__proto__', 'two words']),
        (text, input, vars, keys) => {
          const mapping = parsed(() => parseSelection(text, options(version)));
          if (mapping?.body.kind !== 'selection' || mapping.body.entries.length === 0) return;
          const needed = Object.fromEntries(keys.map((key) => [key, true as const]));
          const all = compileMapping(mapping).run(input, vars);
          const some = compileMapping(subset(mapping, needed)).run(input, vars);
          expect(wanted(some, needed)).toEqual(wanted(all, needed));
        },
      ),
      { numRuns: FEW_RUNS },
    );
  });
});

/** The wanted keys of the objects in a value; an object without any counts as none (there was nothing to select). */
function wanted(value: unknown, needed: NeededKeys): unknown {
  if (Array.isArray(value)) return value.map((item) => wanted(item, needed));
  if (typeof value !== 'object' || value === null) return null;
  const found = Object.entries(value).filter(([key]) => Object.hasOwn(needed, key));
  return found.length === 0 ? null : found;
}
