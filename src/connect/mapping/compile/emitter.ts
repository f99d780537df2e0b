// Interface between the parts of the compiler: a writer that emits any expression or selection. The parts receive it as
// a parameter, because they emit each other's constructs and could otherwise only import each other in a cycle.

import type { Expression, Selection } from '../ast.ts';
import type { PathTemplate, Scope, Value, Writer } from './writer.ts';

export interface Emitter extends Writer {
  /** See `CompileOptions`. */
  readonly objectsOnly: boolean;
  /** Emits an expression. The emitted statements also report a missing key. */
  expression(node: Expression, scope: Scope, out: string[]): Value;
  /** Emits an expression, but may leave reporting a missing key to the caller (see `Value.absent`). */
  lazy(node: Expression, scope: Scope, out: string[]): Value;
  /** Defines the functions of a selection on the value at the path `from`. */
  selection(node: Selection, from: PathTemplate, outer: Scope): SelectionCalls;
}

/** The text of calls of a selection's functions. */
export interface SelectionCalls {
  /** On any value: null, a list, an object or a scalar. */
  readonly any: (value: string) => string;
  /** On a value that is neither null nor a list; `base` is the object from which keys are read. */
  readonly single: (value: string, base: string) => string;
}
