// Compiles a mapping to a JavaScript function, which does not walk the tree and runs within a budget that is linear in
// the size of its input.

import type { Mapping } from './ast.ts';
import { checkOutput, FREE_STEPS, inputSize, MappingLimitError, type RunState, stepsFor } from './budget.ts';
import type { Emitter } from './compile/emitter.ts';
import { createEmitter } from './compile/expressions.ts';
import { defineRoot } from './compile/selections.ts';
import type { Scope } from './compile/writer.ts';
import { multiplicityOf } from './multiplicity.ts';
import { MAX_DESCRIBED, type MappingProblem, type MappingProblems, removeMarkers } from './problem.ts';
import { analyzeUses, type VariableUse } from './uses.ts';

/** Values of the variables: `$args` is `args`, and so on. An absent variable is missing. */
export interface MappingVariables {
  readonly args?: unknown;
  readonly this?: unknown;
  readonly batch?: unknown;
  readonly config?: unknown;
  readonly context?: unknown;
  readonly status?: unknown;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly env?: unknown;
}

export interface CompiledMapping {
  /**
   * Returns the mapped value; `undefined` when it is missing. Unchanged parts of the input are not copied.
   * @param input the decoded body, `$`; `undefined` when there is no body (requests)
   * @param problems receives the problems
   * @throws MappingLimitError when the run exceeds its budget, or the input is nested too deeply
   */
  readonly run: (input: unknown, vars?: MappingVariables, problems?: MappingProblems) => unknown;
  /** Each distinct variable path that the mapping reads. */
  readonly uses: readonly VariableUse[];
  /** True when the mapping uses methods of the connect spec only, and so runs on any other implementation. */
  readonly portable: boolean;
}

type Main = (input: unknown, vars: MappingVariables, run: RunState) => unknown;

/** Results of mappings that copy parts of their input this often are measured, even when the run is short. */
const MEASURED_COPIES = 4;

export interface CompileOptions {
  /**
   * True when the schema has an object at each sub-selection: a sub-selection of null is null without a problem, and of a
   * scalar that has none of its keys it is missing. Default false, as in the spec: each missing key is reported, and a
   * scalar is kept.
   */
  readonly objectsOnly?: boolean;
}

/** @param mapping a tree from `parseSelection` or `parseExpression` */
export function compileMapping(mapping: Mapping, options: CompileOptions = {}): CompiledMapping {
  const main = compileMain(mapping, options);
  const isMeasured = multiplicityOf(mapping) > MEASURED_COPIES;
  // One state for all runs: a run is synchronous and starts no other run of its mapping.
  const state: RunState = { steps: 0, problemCount: 0, problems: NO_PROBLEMS, capacity: 0 };

  const start = (problems: MappingProblems | undefined, steps: number): void => {
    state.steps = steps;
    state.problemCount = 0;
    state.problems = problems?.described ?? NO_PROBLEMS;
    state.capacity = problems === undefined ? 0 : MAX_DESCRIBED;
  };

  /** A run that needs more than the free steps begins again, with a budget by the size of its input. */
  const runLong = (
    input: unknown,
    vars: MappingVariables,
    problems: MappingProblems | undefined,
  ): unknown => {
    const size = inputSize(input, vars);
    start(problems, stepsFor(size));
    const value = main(input, vars, state);
    checkOutput(value, () => size);
    return value;
  };

  const run: CompiledMapping['run'] = (input, vars = NO_VARIABLES, problems = undefined) => {
    const before = problems === undefined ? 0 : problems.described.length;
    start(problems, FREE_STEPS);
    let value: unknown;
    try {
      value = main(input, vars, state);
      if (isMeasured) checkOutput(value, () => inputSize(input, vars));
    } catch (error) {
      if (!isExhausted(error)) throw asLimit(error);
      if (problems !== undefined) problems.described.length = before;
      try {
        value = runLong(input, vars, problems);
      } catch (limit) {
        throw asLimit(limit);
      }
    }
    if (problems !== undefined && state.problemCount > 0) {
      problems.count += state.problemCount;
      removeMarkers(problems.described, before);
    }
    return value;
  };
  return { run, ...analyzeUses(mapping) };
}

const isExhausted = (error: unknown): boolean => error instanceof MappingLimitError && error.kind === 'steps';

/** A deeply nested value exhausts the stack, which is a RangeError. */
const asLimit = (error: unknown): unknown =>
  error instanceof RangeError ? new MappingLimitError('depth') : error;

const NO_PROBLEMS: MappingProblem[] = [];

const NO_VARIABLES: MappingVariables = Object.freeze({});

/** The function that a run calls; it charges its steps to the state that it receives. */
export function compileMain(mapping: Mapping, { objectsOnly = false }: CompileOptions = {}): Main {
  const emitter = createEmitter(objectsOnly);
  const { text, constants } = emitter.program(defineMain(emitter, mapping));
  return new Function('K', text)(constants) as Main;
}

/** Defines the function of the whole mapping. Returns its name. */
function defineMain(emitter: Emitter, mapping: Mapping): string {
  const root = { js: 'd', path: [] };
  const scope: Scope = { root, base: null, at: root, bound: new Map() };
  const { body } = mapping;
  if (body.kind === 'selection') return defineRoot(emitter, body, scope);
  const main = emitter.name('r');
  const out: string[] = [];
  const { js } = emitter.expression(body, scope, out);
  emitter.define(main, ['d'], scope, [...out, `return ${js};`]);
  return main;
}
