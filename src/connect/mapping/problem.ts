// Problems that a mapping reports while it runs: values that are missing or of the wrong kind. A problem does not fail
// the mapping. Messages name keys and kinds, never values, which may be personal data.

import { kindName } from './json.ts';

export interface MappingProblem {
  readonly message: string;
  /**
   * Path of the value in the input: keys, list indexes from 0, and `->method` for the result of a method. The path of
   * a variable begins with its name.
   */
  readonly path: readonly (string | number)[];
  /** Offsets into the mapping's source, end exclusive. */
  readonly range: readonly [start: number, end: number];
}

/** The problems of a run. A large answer can have millions: all are counted, the first are described. */
export interface MappingProblems {
  count: number;
  /** At most `MAX_DESCRIBED`, in no particular order. */
  readonly described: MappingProblem[];
}

export const MAX_DESCRIBED = 100;

export const createProblems = (): MappingProblems => ({ count: 0, described: [] });

/** Counts problems while a mapping runs. */
export interface ProblemSink {
  problemCount: number;
  /** The first problems, at most `capacity`. */
  problems: MappingProblem[];
  capacity: number;
}

/** The constant part of the problems of one construct. Negative numbers in `path` are placeholders of list indexes. */
export interface Site {
  readonly path: readonly (string | number)[];
  readonly range: readonly [start: number, end: number];
  /** `->name` of the method, or the key that is read. */
  readonly label: string;
}

/** Reports that a method cannot use its input. Returns missing. */
export function reportInvalid(sink: ProblemSink, site: Site, text: string): undefined {
  sink.problemCount++;
  if (sink.problems.length < sink.capacity) {
    sink.problems.push({ message: `${site.label}: ${text}`, path: [...site.path], range: site.range });
  }
  return undefined;
}

/** Reports that a key is missing in `holder`. Returns missing. */
export function reportMissing(sink: ProblemSink, site: Site, holder: unknown): undefined {
  sink.problemCount++;
  if (sink.problems.length < sink.capacity) {
    const message = `"${site.label}" was not found in ${kindName(holder)}`;
    sink.problems.push({ message, path: [...site.path], range: site.range });
  }
  return undefined;
}

/** Drops the problems reported between two moments, which are given by the numbers of counted and described problems. */
export function dropProblems(
  sink: ProblemSink,
  countedFrom: number,
  describedFrom: number,
  countedTo: number,
  describedTo: number,
): void {
  sink.problemCount -= countedTo - countedFrom;
  if (describedTo > describedFrom) sink.problems.splice(describedFrom, describedTo - describedFrom);
}

/** Inserts a list index, after its marker, into the paths of the described problems from `from` on. */
export function insertIndex(problems: MappingProblem[], from: number, marker: number, index: number): void {
  for (let i = from; i < problems.length; i++) {
    const path = problems[i]?.path as (string | number)[];
    const at = path.indexOf(marker);
    if (at !== -1) path.splice(at + 1, 0, index);
  }
}

/** Removes the markers of list indexes from the paths of the described problems from `from` on. */
export function removeMarkers(problems: MappingProblem[], from: number): void {
  for (let i = from; i < problems.length; i++) {
    const path = problems[i]?.path as (string | number)[];
    for (let j = path.length - 1; j >= 0; j--) {
      const part = path[j];
      if (typeof part === 'number' && part < 0) path.splice(j, 1);
    }
  }
}
