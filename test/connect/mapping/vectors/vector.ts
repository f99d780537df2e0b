// The form of the vectors: cases of the mapping language as data, after the public specification, its grammar and its
// documentation. Each case runs in every version of its range.

import type { MappingVariables, MappingVersion } from '../../../../src/connect/mapping/index.ts';

/** The value of a mapping without a value. */
export const MISSING = undefined;

export interface Vector {
  readonly text: string;
  readonly input: unknown;
  readonly value: unknown;
  /** Number of problems; default none. */
  readonly problems?: number;
  readonly vars?: MappingVariables;
  /** First version with this meaning; default 0.1. */
  readonly since?: MappingVersion;
  /** Last version with this meaning; default 0.4. */
  readonly until?: MappingVersion;
}

/** A mapping, its value, and the number of its problems. */
export type Row = readonly [text: string, value: unknown, problems?: number];

/** Vectors on one input. */
export const on = (
  input: unknown,
  rows: readonly Row[],
  more: Pick<Vector, 'vars' | 'since' | 'until'> = {},
): readonly Vector[] =>
  rows.map(([text, value, problems = 0]) => ({ text, input, value, problems, ...more }));
