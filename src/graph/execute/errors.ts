// The errors of a run: which of them the result shows, where, and which are about a value and not a resolver's own.

import { type GraphQLError, locatedError } from 'graphql';
import type { ErrorList, FieldPlan, Path } from './model.ts';

export function createErrorList(): ErrorList {
  const errors: GraphQLError[] = [];
  const nullPositions = new Set<Path | undefined>();

  const isBelowNull = (path: Path | undefined): boolean => {
    for (let step = path; step !== undefined; step = step.prev) if (nullPositions.has(step)) return true;
    return nullPositions.has(undefined);
  };

  return {
    errors,
    add: (error, path) => {
      if (nullPositions.size > 0 && isBelowNull(path)) return;
      nullPositions.add(path);
      errors.push(error);
    },
  };
}

/** The error with its place in the document and in the result; an error that has a path already stays as it is. */
export const locate = (error: unknown, { nodes }: FieldPlan, path: Path): GraphQLError =>
  locatedError(error, nodes, keysOf(path));

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step: Path | undefined = path; step !== undefined; step = step.prev) keys.push(step.key);
  return keys.reverse();
}
