// What the emitter of a method step has at hand.

import type { Expression, MethodStep } from '../ast.ts';
import type { Emitter } from './emitter.ts';
import type { Scope, Value } from './writer.ts';

export interface MethodContext {
  readonly emitter: Emitter;
  readonly value: Value;
  readonly step: MethodStep;
  /** The scope of the arguments, in which `@` is the value. */
  readonly scope: Scope;
  readonly site: string;
  /** Name of the variable of the result, which is missing until it is assigned. */
  readonly result: string;
}

export const argument = (context: MethodContext, index: number, out: string[]): string =>
  context.emitter.expression(context.step.args[index] as Expression, context.scope, out).js;
