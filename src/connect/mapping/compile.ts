// Tree to function: the last step of registering a mapping. `connect/` compiles once and runs per call.
// A run never throws and never interprets the tree; problems are made only for a sink, and only when there are any.

import type { Mapping } from './ast.ts';
import { createEmitter } from './compile/expressions.ts';
import { defineRoot } from './compile/selections.ts';
import type { Scope } from './compile/writer.ts';
import type { MappingProblem, Sink } from './problem.ts';
import { finishPaths } from './runtime.ts';
import { inspect, type VariableUse } from './uses.ts';

/** Values of the variables: `$args` is `args`, and so on. An absent one is missing. */
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
   * The mapped value; `undefined` when it is missing. Parts of the input that are taken as they are, are not copied.
   * @param input the decoded body, `$`; `undefined` where there is none (requests)
   * @param problems takes what is missing or of the wrong kind, in no particular order
   */
  readonly run: (input: unknown, vars?: MappingVariables, problems?: MappingProblem[]) => unknown;
  /** Every variable with the path that is read from it, each once. */
  readonly uses: readonly VariableUse[];
  /** True when it uses no method but the connect spec's, so that any other runtime runs it, too. */
  readonly portable: boolean;
}

type Main = (input: unknown, vars: MappingVariables, problems: Sink) => unknown;

/** Compiles a parsed mapping. The tree must come from `parseSelection` or `parseExpression`. */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const main = buildMain(mapping);
  const range = [mapping.start, mapping.end] as const;
  const run: CompiledMapping['run'] = (input, vars, problems) => {
    const sink = problems ?? null;
    const before = sink === null ? 0 : sink.length;
    let value: unknown;
    try {
      value = main(input, vars ?? NO_VARIABLES, sink);
    } catch {
      // Only a value nested thousands of levels deep comes here: the stack is used up.
      sink?.push({ message: 'the value is nested too deeply to be mapped', path: [], range });
    }
    if (sink !== null && sink.length > before) finishPaths(sink, before);
    return value;
  };
  return { run, ...inspect(mapping) };
}

const NO_VARIABLES: MappingVariables = Object.freeze({});

function buildMain(mapping: Mapping): Main {
  const { text, constants } = buildProgram(mapping);
  return new Function('K', text)(constants) as Main;
}

/** The program of a mapping: the text of a function of its constants. Exported for tests that look at it. */
export function buildProgram(mapping: Mapping): { text: string; constants: readonly unknown[] } {
  const emitter = createEmitter();
  const root = { js: 'd', path: [] };
  const scope: Scope = { root, base: null, at: root, bound: new Map() };
  const { body } = mapping;
  if (body.kind === 'selection') return emitter.program(defineRoot(emitter, body, scope));
  const main = emitter.name('r');
  const out: string[] = [];
  const { js } = emitter.expression(body, scope, out);
  emitter.define(main, ['d'], scope, [...out, `return ${js};`]);
  return emitter.program(main);
}
