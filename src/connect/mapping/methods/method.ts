// The definition of a method of the mapping language: name, arguments, result and function.

import type { Expression, MappingVersion, MethodStep } from '../ast.ts';
import type { RunState } from '../budget.ts';
import type { Site } from '../problem.ts';
import type { SyntaxFault } from '../syntax-error.ts';

/** The kind of a method's result, for the inference of output shapes. */
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
  /** First connect version with the method. */
  readonly since: MappingVersion;
  /** False for methods of the extension namespace, which includes methods that are only proposed for the spec. */
  readonly portable: boolean;
  /** Minimum and maximum number of arguments; the maximum may be Infinity. */
  readonly args: readonly [fewest: number, most: number];
  readonly result: MethodResult;
  /** Steps of a call on a small value. Default 4. */
  readonly steps?: number;
  /** True when a missing optional argument counts as omitted; else the result is missing. */
  readonly ignoresMissing?: boolean;
  /** One sentence for the documentation. */
  readonly description: string;
  /** Checks the arguments as written, when the mapping is parsed. */
  readonly check?: (args: readonly Expression[]) => ArgumentFault | undefined;
  readonly run: MethodRun;
}

export interface ArgumentFault {
  readonly at: Expression;
  readonly expected: string;
  readonly hint?: string;
}

export type MethodRun =
  /** The compiler emits the code of the method. */
  | { readonly kind: 'form' }
  /** A function of the value and up to two arguments, called if the value and all required arguments are present. */
  | { readonly kind: 'call'; readonly call: MethodCall }
  /** A function called for each argument, from left to right, on the result so far. */
  | { readonly kind: 'fold'; readonly call: MethodCall }
  /** A function whose argument is a string literal, prepared when the mapping is compiled. */
  | { readonly kind: 'prepared'; readonly prepare: (text: string) => unknown; readonly call: MethodCall };

/**
 * Returns `undefined` for missing, after reporting why. Charges steps for work that depends on the size of its values, and
 * throws nothing but MappingLimitError, whatever JSON values it receives.
 */
export type MethodCall = (run: RunState, site: Site, value: unknown, a?: unknown, b?: unknown) => unknown;

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

/** A method whose argument is a string literal, which is checked when the mapping is parsed. */
export const prepared = <T>(
  row: Row,
  literal: { readonly prepare: (text: string) => T | undefined; readonly expected: string },
  fn: (run: RunState, site: Site, value: unknown, a: T) => unknown,
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

/** Why the method cannot be called with these arguments, as they are written. */
export function callFault(step: MethodStep, method: Method): SyntaxFault | undefined {
  const [fewest, most] = method.args;
  const count = step.args.length;
  if (count < fewest || count > most) {
    return {
      position: step.start,
      expected: argumentCount(fewest, most),
      found: `${count} in ->${step.name}`,
    };
  }
  const fault = method.check?.(step.args);
  if (fault === undefined) return undefined;
  return { position: fault.at.start, expected: fault.expected, found: foundText(fault.at), hint: fault.hint };
}

function foundText(node: Expression): string {
  if (node.kind === 'literal') return JSON.stringify(node.value);
  if (node.kind === 'array') return `a list of ${node.items.length}`;
  return node.kind === 'path' ? 'a path' : node.kind === 'chain' ? 'a fallback chain' : 'an object';
}

function argumentCount(fewest: number, most: number): string {
  if (most === 0) return 'no arguments';
  const many = (count: number): string => `${count} argument${count === 1 ? '' : 's'}`;
  if (most === Number.POSITIVE_INFINITY) return `at least ${many(fewest)}`;
  return fewest === most ? many(fewest) : `${fewest} to ${many(most)}`;
}
