// What the parts of the compiler ask of each other: a writer that also knows how to emit any expression or selection.
// `expressions.ts` makes it; the parts take it as a parameter, so that none has to import its way around a circle.

import type { Expression, Selection } from '../ast.ts';
import type { PathTemplate, Scope, Value, Writer } from './writer.ts';

export interface Emitter extends Writer {
  /** The value of an expression; that a key is missing has been reported when the statements have run. */
  expression(node: Expression, scope: Scope, out: string[]): Value;
  /** The same, but the report of a missing key may be left to the caller (`absent`), who looks at the value anyway. */
  lazy(node: Expression, scope: Scope, out: string[]): Value;
  /** Defines the functions of a selection on a value that comes from `from`. */
  selection(node: Selection, from: PathTemplate, outer: Scope): SelectionCalls;
}

/** Text of calls of a selection's functions: on any value, and on one value with the object to read keys from. */
export interface SelectionCalls {
  readonly any: (value: string) => string;
  readonly one: (value: string, base: string) => string;
}
