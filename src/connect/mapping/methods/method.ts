// What a method of the mapping language is: one row with its name, its arguments and its function.
// Rows stand in the files beside this one; `table.ts` collects them; `compile.ts` and `shape.ts` read them.

import type { Expression, MappingVersion } from '../ast.ts';
import type { Sink, Site } from '../problem.ts';

/** What a method yields, for the inference of output shapes. */
export type MethodResult =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | 'list'
  | 'same'
  | 'item'
  | 'argument'
  | 'unknown';

export interface Method {
  readonly name: string;
  /** First connect version that has it. */
  readonly since: MappingVersion;
  /** False for methods of our own namespace (and for proposals that no other runtime has yet). */
  readonly portable: boolean;
  /** Fewest and most arguments; `most` may be Infinity. */
  readonly args: readonly [fewest: number, most: number];
  readonly result: MethodResult;
  /** One sentence, used by the documentation and by messages. */
  readonly description: string;
  /** Says what is wrong with the arguments as written, before anything runs. */
  readonly check?: (args: readonly Expression[]) => ArgumentFault | undefined;
  readonly run: MethodRun;
}

export interface ArgumentFault {
  readonly at: Expression;
  readonly expected: string;
  readonly hint?: string;
}

export type MethodRun =
  /** A form: the compiler decides what is evaluated, and when. */
  | { readonly kind: 'form' }
  /** A function of the value and up to two arguments; never called with a missing value. */
  | { readonly kind: 'call'; readonly call: MethodCall }
  /** The same, called for each argument from left to right on the result so far. */
  | { readonly kind: 'fold'; readonly call: MethodCall }
  /** The first argument is a text in the source; it is prepared once, at compilation. */
  | { readonly kind: 'prepared'; readonly prepare: (text: string) => unknown; readonly call: MethodCall };

/** Yields `undefined` for missing, after a report to the sink. Never throws for any JSON value. */
export type MethodCall = (sink: Sink, site: Site, value: unknown, a?: unknown, b?: unknown) => unknown;

type Row = Omit<Method, 'run' | 'since' | 'portable'> & Partial<Pick<Method, 'since' | 'portable'>>;

const FORM: MethodRun = { kind: 'form' };

export const form = (row: Row): Method => ({ since: '0.1', portable: true, ...row, run: FORM });

export const call = (row: Row, fn: MethodCall): Method => ({
  since: '0.1',
  portable: true,
  ...row,
  run: { kind: 'call', call: fn },
});

export const fold = (row: Row, fn: MethodCall): Method => ({
  since: '0.1',
  portable: true,
  ...row,
  run: { kind: 'fold', call: fn },
});

/** A literal text as first argument, checked and prepared before anything runs. */
export const prepared = <T>(
  row: Row,
  literal: { readonly prepare: (text: string) => T | undefined; readonly expected: string },
  fn: (sink: Sink, site: Site, value: unknown, a: T) => unknown,
): Method => ({
  since: '0.1',
  portable: true,
  ...row,
  check: ([first]) => {
    if (first === undefined) return undefined;
    const fits =
      first.kind === 'literal' &&
      typeof first.value === 'string' &&
      literal.prepare(first.value) !== undefined;
    return fits ? undefined : { at: first, expected: literal.expected };
  },
  run: { kind: 'prepared', prepare: literal.prepare, call: fn as MethodCall },
});
