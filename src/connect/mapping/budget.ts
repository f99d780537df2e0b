// The budget of a run: how many steps a mapping may execute and how large its result may be, both linear in the size of
// its input. A step is a key that is read or written, a method call, or some characters of a text; it takes a few
// nanoseconds. Loops and methods charge their steps before they run, so a run beyond its budget ends early.

import { type JsonObject, sizeOf } from './json.ts';
import type { ProblemSink } from './problem.ts';

/** The state of a run of a compiled mapping. */
export interface RunState extends ProblemSink {
  /** Steps that the run may still execute. */
  steps: number;
}

export type LimitKind = 'steps' | 'output' | 'depth';

const LIMIT_TEXTS: Readonly<Record<LimitKind, string>> = {
  steps: 'the mapping needs more steps than the size of its input allows',
  output: 'the mapping returns more than the size of its input allows',
  depth: 'the value is nested too deeply to be mapped',
};

/** Thrown when a run exceeds its budget. */
export class MappingLimitError extends Error {
  override readonly name = 'MappingLimitError';
  readonly kind: LimitKind;

  constructor(kind: LimitKind) {
    super(LIMIT_TEXTS[kind]);
    this.kind = kind;
  }
}

// The shipped connectors need up to STEPS steps and OUT units of output per unit of input on their recorded answers.
/** Free for every run: the input is measured only by runs that need more. */
export const FREE_STEPS = 50_000;
const STEPS_PER_UNIT = 20;
const FREE_OUTPUT = 262_144;
const OUTPUT_PER_UNIT = 8;
/** Larger inputs have the budget of this size. */
const MAX_INPUT_SIZE = 67_108_864;

/** Charges steps. @throws MappingLimitError */
export function spend(run: RunState, steps: number): void {
  run.steps -= steps;
  if (run.steps < 0) throw new MappingLimitError('steps');
}

/** Charges steps for characters of a text, at 1 to `perStep`. @throws MappingLimitError */
export const spendText = (run: RunState, length: number, perStep: number): void =>
  spend(run, Math.ceil(length / perStep));

/** The size of everything that a run reads. */
export function inputSize(input: unknown, variables: object): number {
  let size = measurable(input);
  for (const value of Object.values(variables as JsonObject)) size += measurable(value);
  return size;
}

function measurable(value: unknown): number {
  const size = sizeOf(value, MAX_INPUT_SIZE);
  return Math.min(size, MAX_INPUT_SIZE);
}

export const stepsFor = (size: number): number => FREE_STEPS + STEPS_PER_UNIT * size;

/** @throws MappingLimitError */
export function checkOutput(value: unknown, sizeOfInput: () => number): void {
  let size = sizeOf(value, FREE_OUTPUT);
  if (size <= FREE_OUTPUT) return;
  const limit = FREE_OUTPUT + OUTPUT_PER_UNIT * sizeOfInput();
  size = sizeOf(value, limit);
  if (size > limit) throw new MappingLimitError(size === Number.POSITIVE_INFINITY ? 'depth' : 'output');
}
